#include "source/glob.hpp"

#include <fnmatch.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "base/disk.hpp"
#include "file_tree.hpp"
#include "source/listing.hpp"
#include "weir/error.hpp"

namespace weir {
namespace {

using test::file_tree;

/// Random text over few characters, so that matches are common.
std::string text_over(std::string_view alphabet) {
  const auto length = *rc::gen::inRange<std::size_t>(0, 7);
  std::string text;
  for (std::size_t i = 0; i < length; ++i)
    text += alphabet[*rc::gen::inRange<std::size_t>(0, alphabet.size())];
  return text;
}

// The C library's fnmatch is the reference.
TEST(GlobComponent, MatchesAsFnmatchDoes) {
  rc::check([] {
    const auto pattern = text_over("ab.*?");
    const auto name = text_over("ab.");
    const bool expected = fnmatch(pattern.c_str(), name.c_str(), FNM_PERIOD | FNM_NOESCAPE) == 0;
    // A leading wildcard that matches nothing in front of a dot is where shells differ as well.
    RC_PRE(!name.empty() && !(name[0] == '.' && !pattern.empty() && pattern[0] != '.'));
    RC_ASSERT(matches_component(pattern, name) == expected);
  });
}

TEST(GlobComponent, MatchesSetsAsFnmatchDoes) {
  for (const char* pattern :
       {"[ab]", "[!ab]", "[a-c]x", "[]a]", "[!]a]", "[a-]", "a[", "[a", "\\*", "\\[a"}) {
    for (const char* name :
         {"a", "b", "c", "-", "]", "[", "ax", "cx", "dx", "*", "a[", "[a", "\\"}) {
      EXPECT_EQ(matches_component(pattern, name), fnmatch(pattern, name, 0) == 0)
          << pattern << " and " << name;
    }
  }
}

TEST(GlobComponent, TakesLinearTimeWhereBacktrackingWouldExplode) {
  std::string pattern;
  for (int i = 0; i < 40; ++i) pattern += "*a";
  EXPECT_FALSE(matches_component(pattern + "b", std::string(10'000, 'a')));
}

std::vector<std::string> listed(std::vector<std::string> paths, unreadable_inputs& unreadable) {
  const auto files = real_disk();
  std::vector<std::string> all;
  auto found = named_files(std::move(paths), *files, unreadable);
  while (const std::string* path = found.next()) all.push_back(*path);
  return all;
}

class Listing : public testing::Test {
 protected:
  Listing() {
    for (const char* name : {"b.log", "a.log", "c.gz", ".hidden.log", "sub/d.log", "sub/deep/e.log",
                             "sub/deep/f.gz", "sub/.git/g.log", "odd[1].log", "zeta/h.log"}) {
      tree_.write(name, name);
    }
  }
  /// What the patterns below the tree give, relative to it.
  std::vector<std::string> list(std::vector<std::string> patterns) {
    for (auto& p : patterns) p = tree_.path(p);
    unreadable_inputs none;
    auto all = listed(std::move(patterns), none);
    for (auto& path : all) path.erase(0, tree_.root().size() + 1);
    return all;
  }
  file_tree tree_;
};
using names = std::vector<std::string>;

TEST_F(Listing, GivesADirectoryRecursivelyInByteOrderWithoutHiddenFiles) {
  EXPECT_EQ(list({""}), (names{"a.log", "b.log", "c.gz", "odd[1].log", "sub/d.log",
                               "sub/deep/e.log", "sub/deep/f.gz", "zeta/h.log"}));
  EXPECT_EQ(list({"sub/"}), (names{"sub/d.log", "sub/deep/e.log", "sub/deep/f.gz"}));
}

TEST_F(Listing, KeepsTheOrderOfNamedPaths) {
  EXPECT_EQ(list({"zeta", "b.log", "a.log"}), (names{"zeta/h.log", "b.log", "a.log"}));
}

TEST_F(Listing, ExpandsGlobsAsBashDoes) {
  for (const char* pattern :
       {"*.log", "?.log", "[ab].log", "*/*.log", "**/*.log", "sub/**/*.gz", "{a,b}.log",
        "{sub,zeta}/*.log", "**/deep/*", ".*.log", "s*/d*/*.gz", "sub/.git/*.log",
        "{sub/deep,zeta}/*", "{a.log,sub/{d.log,deep/*}}"}) {
    const std::string command = "cd " + tree_.root() +
                                " && bash -O globstar -O nullglob -c 'for f in " + pattern +
                                "; do [ -f \"$f\" ] && echo \"$f\"; done | LC_ALL=C sort -u'";
    std::unique_ptr<FILE, int (*)(FILE*)> shell(popen(command.c_str(), "r"), pclose);
    names expected;
    char line[256];
    while (fgets(line, sizeof line, shell.get())) expected.emplace_back(line, strlen(line) - 1);
    ASSERT_FALSE(expected.empty()) << pattern;
    EXPECT_EQ(list({pattern}), expected) << pattern;
  }
}

TEST_F(Listing, TakesTwoStarsInFrontOfANameForAnyDirectory) {
  EXPECT_EQ(list({"**.gz"}), (names{"c.gz", "sub/deep/f.gz"}));
  EXPECT_EQ(list({"sub/**"}), (names{"sub/d.log", "sub/deep/e.log", "sub/deep/f.gz"}));
}

TEST_F(Listing, ReadsAPathThatExistsForWhatItIs) {
  EXPECT_EQ(list({"odd[1].log"}), (names{"odd[1].log"}));
  EXPECT_EQ(list({"odd\\[?\\].log"}), (names{"odd[1].log"}));
  EXPECT_EQ(list({".hidden.log"}), (names{".hidden.log"}));
  EXPECT_EQ(list({"sub/.git"}), (names{"sub/.git/g.log"}));
}

TEST_F(Listing, MeetsAFileOnceHoweverManyAlternativesMatchIt) {
  EXPECT_EQ(list({"{a,[a-b],*}.log"}), (names{"a.log", "b.log", "odd[1].log"}));
}

TEST_F(Listing, NamesWhatIsMissing) {
  for (const char* missing : {"nothing.log", "a.log/below", "*.txt", "nowhere/*.log", "**/x"}) {
    try {
      list({"a.log", missing});
      FAIL() << missing;
    } catch (const error& e) {
      EXPECT_EQ(e.code(), exit_code::no_input);
      EXPECT_NE(std::string{e.what()}.find(missing), std::string::npos) << e.what();
      EXPECT_FALSE(e.hint().empty());
    }
  }
}

TEST_F(Listing, EntersNoDirectoryFromWithinItself) {
  std::filesystem::create_directory_symlink(tree_.path("sub"), tree_.path("sub/deep/loop"));
  EXPECT_EQ(list({"sub"}), (names{"sub/d.log", "sub/deep/e.log", "sub/deep/f.gz"}));
}

TEST_F(Listing, FollowsLinksToFiles) {
  std::filesystem::create_symlink(tree_.path("a.log"), tree_.path("zeta/link.log"));
  std::filesystem::create_symlink("dangling", tree_.path("zeta/nowhere.log"));
  EXPECT_EQ(list({"zeta/*"}), (names{"zeta/h.log", "zeta/link.log"}));
}

}  // namespace
}  // namespace weir
