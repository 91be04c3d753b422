#include "source/earlier_file.hpp"

#include <gtest/gtest.h>

#include "file_tree.hpp"
#include "gzipped.hpp"
#include "unit/contract.hpp"

namespace weir {
namespace {

TEST(EarlierFile, IsItselfAmongOthersThatBeginAlike) {
  test::surroundings in;
  test::file_tree tree;
  const std::string head(2000, 'h');
  for (const char* name : {"app.log.3.gz", "app.log.2.gz", "app.log.1.gz"}) {
    tree.write(name, test::gzipped(head + "\n" + name + "\n"));
  }
  const auto nobody = [](const std::string&) { return false; };
  for (const char* name : {"app.log.3.gz", "app.log.2.gz", "app.log.1.gz"}) {
    const auto f = as_unread(tree.path(name), tree.path("app.log"), in.with);
    ASSERT_TRUE(f);
    const auto found = find_copy(*f, nobody, in.with);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->path, tree.path(name));
  }
}

}  // namespace
}  // namespace weir
