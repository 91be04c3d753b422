#include "parse/stepwise_pattern.hpp"

#include <gtest/gtest.h>

#include <array>
#include <random>

#include "parse/grok_translate.hpp"
#include "parse/pattern_parts.hpp"

// RE2 itself says what is right: whatever the steps decide has to be what the whole pattern gives.

namespace weir {
namespace {

using outcome = stepwise_pattern::outcome;
using groups = std::vector<re2::StringPiece>;

/// `lit{abc} plain{a*} 1=choice{plain{x}|}`
std::string shown(const pattern_parts& parts) {
  std::string out;
  for (const pattern_part& p : parts) {
    if (!out.empty()) out += ' ';
    if (p.group != 0) out += std::to_string(p.group) + "=";
    if (p.is != pattern_part::kind::choice) {
      out += (p.is == pattern_part::kind::literal ? "lit{" : "plain{") + p.text + "}";
      continue;
    }
    out += "choice{";
    for (const pattern_parts& way : p.ways) out += shown(way) + "|";
    out.back() = '}';
  }
  return out;
}

std::string parts_of(std::string_view pattern) {
  const auto parts = read_pattern_parts(pattern);
  return parts ? shown(*parts) : "no parts";
}

TEST(PatternParts, AreCutAtTheGroupsThatCapture) {
  EXPECT_EQ(parts_of("ab(c)"), "lit{ab} 1=plain{(?:c)}");
  EXPECT_EQ(parts_of("a\\.(?:b(x|y)c)d"), "lit{a.b} 1=plain{(?:x|y)} lit{cd}");
  EXPECT_EQ(parts_of("(a(b)c)"), "1=choice{lit{a} 2=plain{(?:b)} lit{c}}");
  EXPECT_EQ(parts_of("(?:-|(x)) "), "choice{lit{-}|1=plain{(?:x)}} lit{ }");
  EXPECT_EQ(parts_of("(a)|b"), "choice{1=plain{(?:a)}|lit{b}}");
}

TEST(PatternParts, WhatStandsBetweenTwoGroupsIsOnePlainPart) {
  EXPECT_EQ(parts_of("a: *b?[)c](?:x|y)- $"), "lit{a:} plain{ *b?[)c](?:x|y)\\-\\ $}");
  EXPECT_EQ(parts_of("(a)ä?: \\d{2}-(b)"),
            "1=plain{(?:a)} plain{ä?\\:\\ \\d{2}} lit{-} 2=plain{(?:b)}");
  EXPECT_EQ(parts_of("(a)[[:alpha:]\\]^]+{,2}"),
            "1=plain{(?:a)} plain{[[:alpha:]\\]^]+} lit{{,2}}");
}

TEST(PatternParts, ARepeatedLetterStandsThereOnceAtLeast) {
  EXPECT_EQ(parts_of("(a) +-\\.+?(b)"),
            "1=plain{(?:a)} lit{ } plain{ *\\-\\.\\.*?} 2=plain{(?:b)}");
}

TEST(PatternParts, AnOptionalGroupIsAChoice) {
  EXPECT_EQ(parts_of("(a)?"), "choice{1=plain{(?:a)}|}");
  EXPECT_EQ(parts_of("(?:b(a))??"), "choice{|lit{b} 1=plain{(?:a)}}");
  EXPECT_EQ(parts_of("(?:b|a)?"), "plain{(?:b|a)?}");
}

TEST(PatternParts, AreNotToldOfWhatDoesNotComeApart) {
  for (const char* pattern : {"(a)*", "(?:x(a))+", "(a){2}", "(a)?+", "(?i)(a)", "(?i:x)(a)",
                              "\\x41(a)", "\\Q.\\E(a)", "(?P<n>a)"}) {
    EXPECT_EQ(parts_of(pattern), "no parts") << pattern;
  }
}

std::string_view view(const re2::StringPiece& piece) {
  return {piece.data(), piece.size()};
}

void expect_same(const groups& found, const groups& expected, const std::string& where) {
  for (std::size_t i = 0; i < found.size(); ++i) {
    EXPECT_EQ(view(found[i]), view(expected[i])) << "group " << i << " of " << where;
    EXPECT_EQ(found[i].data(), expected[i].data()) << "group " << i << " of " << where;
  }
}

/// What the steps say of `line`, at its front and where RE2 finds a match; a test's failure if RE2
/// says otherwise.
outcome judged(const RE2& whole, const stepwise_pattern& steps, const std::string& line) {
  const int count = whole.NumberOfCapturingGroups() + 1;
  groups expected(static_cast<std::size_t>(count));
  const groups none = expected;
  const bool matches = whole.Match(line, 0, line.size(), RE2::UNANCHORED, expected.data(), count);
  const std::size_t at =
      matches ? static_cast<std::size_t>(expected[0].data() - line.data()) : line.size() + 1;
  outcome first = outcome::unsure;
  for (const std::size_t from : {at, std::size_t{0}}) {
    if (from > line.size()) continue;
    groups found = none;
    const std::string where = whole.pattern() + "\nat " + std::to_string(from) + " of " + line;
    first = steps.match_at(from, line, found);
    if (first == outcome::match) {
      EXPECT_EQ(from, at) << where;
      expect_same(found, expected, where);
    } else if (first == outcome::no_match) {
      EXPECT_NE(from, at) << where;
      expect_same(found, none, where);
    }
  }
  return first;
}

using random_source = std::mt19937_64;

std::size_t below(std::size_t end, random_source& random) {
  return random() % end;
}

/// A pattern of few letters, so that its parts often compete for the same text.
std::string random_pattern(random_source& random, int depth) {
  constexpr std::array<const char*, 22> atoms{
      "a",    "a+",  " +?",

      "b",    " ",   "-",   "ab",  "a ",  ".",  "[ab]",     "[^ ]",      "\\w",
      "\\S+", "\\b", "a*",  "b+?", ".*?", ".*", "\\w{1,2}", "(?:ab?|b)", "(?:a|ab)(?:c|bc)?",
      "(?:)"};
  constexpr std::array<const char*, 6> repeats{"", "", "", "?", "??", "*"};
  std::string out;
  for (std::size_t n = 1 + below(4, random); n > 0; --n) {
    if (depth == 0 || below(3, random) == 0) {
      out += atoms[below(atoms.size(), random)];
      continue;
    }
    out += below(3, random) == 0 ? "(?:" : "(";
    out += random_pattern(random, depth - 1);
    if (below(3, random) == 0) out += "|" + random_pattern(random, depth - 1);
    if (below(9, random) == 0) out += "|";
    out += ")";
    out += repeats[below(repeats.size(), random)];
  }
  return out;
}

std::string random_line(random_source& random) {
  constexpr std::string_view letters = "aaabbb  -c";
  std::string out;
  for (std::size_t n = below(10, random); n > 0; --n) out += letters[below(letters.size(), random)];
  return out;
}

TEST(StepwisePattern, DecidesAsTheWholePatternDoes) {
  random_source random(5);
  std::array<std::size_t, 3> seen{};
  for (int i = 0; i < 4000; ++i) {
    std::string pattern = random_pattern(random, 3);
    if (below(4, random) == 0) pattern.insert(0, "^");
    if (below(4, random) == 0) pattern += '$';
    const RE2 whole(pattern, RE2::Quiet);
    if (!whole.ok()) continue;
    const auto steps = stepwise_pattern::of(pattern);
    if (!steps) continue;
    for (int line = 0; line < 20; ++line) {
      ++seen[static_cast<std::size_t>(judged(whole, *steps, random_line(random)))];
    }
    if (HasFailure()) break;
  }
  for (const std::size_t often : seen) EXPECT_GT(often, 3000u);
}

TEST(StepwisePattern, IsUnsureWhereAWayIsTooLargeToAsk) {
  RE2::Options large;
  large.set_max_mem(64 << 20);
  large.set_log_errors(false);
  const std::string pattern = "(?:(a*)(a[\\pL]{1,90})([\\pL]{1,90}-)([\\pL]{1,90}-)x|(a))";
  const auto steps = stepwise_pattern::of(pattern);
  ASSERT_TRUE(steps);
  EXPECT_EQ(judged(RE2(pattern, large), *steps, "aaa-b-x"), outcome::unsure);
}

struct log_line {
  const char* pattern;
  const char* text;
};

constexpr log_line usual_lines[] = {
    {"%{HTTPD_COMMONLOG}",
     R"(192.168.10.255 - - [02/Jan/2026:09:14:07 +0100] "GET /a?b=%20c HTTP/1.1" 200 -)"},
    {"%{HTTPD_COMBINEDLOG}",
     R"(2001:db8::17 - ann@x.org [02/Jan/2026:09:14:07 +0100] "GET / HTTP/1.1" 404 12 "-" "Mozilla/5.0")"},
    {"^%{HTTPD_COMBINEDLOG}$",
     R"x(web-1.example.org - -x [02/Jan/2026:09:14:07 +0100] "-" 408 0 "https://e.org/" "a (b; c)")x"},
    {"%{HTTPD_ERRORLOG}",
     "[Mon Dec 01 06:30:07.123456 2025] [core:error] [pid 12:tid 34] [client 10.1.2.3:80] AH1: no"},
    {"%{SYSLOGBASE} %{GREEDYDATA:rest}", "Mar 16 00:01:25 evita sshd[1713]: connect from 10.0.0.9"},
    {"%{SYSLOGLINE}", "Mar 16 00:01:25 evita kernel: usb 1-1: reset"},
    {"%{SYSLOG5424LINE}",
     "<191>1 2009-06-30T18:30:00+02:00 paxton.local grokdebug 4123 - [id1 foo=\"bar\"] Hello"},
    {"%{CRONLOG}", "Feb 14 03:01:01 host crond[9]: (root) CMD (run-parts /etc/cron.hourly)"},
    {"%{TIMESTAMP_ISO8601:t} %{LOGLEVEL:l} %{GREEDYDATA:m}",
     "2026-01-02T09:14:07.250Z ERROR could not connect"},
    {"%{TIMESTAMP_ISO8601:t}\\s+%{LOGLEVEL:l}\\s+\\[%{DATA:thread}\\] %{NOTSPACE:logger} - "
     "%{GREEDYDATA:m}",
     "2026-01-02 09:14:07,250 INFO  [main] org.example.Main - started"},
    {"%{HAPROXYHTTP}",
     "Dec  9 13:01:26 localhost haproxy[28029]: 127.0.0.1:39759 [09/Dec/2013:12:59:46.633] "
     "loadbalancer "
     "default/instance8 0/51536/1/48082/99627 200 83285 - - ---- 87/87/87/1/0 0/67 {77.24.148.74} "
     "\"GET /path/to/image HTTP/1.1\""},
};

std::string mutated(std::string line, random_source& random) {
  constexpr std::string_view likely = " -\"[]:./%@09azA,(){}\t";
  for (std::size_t n = below(4, random); n > 0; --n) {
    const std::size_t at = below(line.size(), random);
    switch (below(4, random)) {
      case 0:
        line.erase(at, 1 + below(4, random));
        break;
      case 1:
        line.insert(at, line.substr(below(line.size(), random), below(90, random)));
        break;
      default:
        line[at] = likely[below(likely.size(), random)];
    }
    if (line.empty()) line = "-";
  }
  return line;
}

TEST(StepwisePattern, ReadsUsualLinesWithoutTheWholePattern) {
  for (const log_line& l : usual_lines) {
    const grok_translation made = translate_grok(l.pattern, {}, standard_grok(grok_names::ecs));
    const auto steps = stepwise_pattern::of(made.pattern);
    ASSERT_TRUE(steps) << l.pattern;
    EXPECT_EQ(judged(RE2(made.pattern, RE2::Quiet), *steps, l.text), outcome::match) << l.pattern;
  }
}

TEST(StepwisePattern, DecidesOnLinesThatAreNearlyUsualAsTheWholePatternDoes) {
  random_source random(7);
  int decided = 0;
  for (const log_line& l : usual_lines) {
    const grok_translation made = translate_grok(l.pattern, {}, standard_grok(grok_names::ecs));
    const auto steps = stepwise_pattern::of(made.pattern);
    ASSERT_TRUE(steps) << l.pattern;
    const RE2 whole(made.pattern, RE2::Quiet);
    for (int i = 0; i < 400; ++i) {
      const std::string line = mutated(l.text, random);
      const outcome alone = judged(whole, *steps, line);
      if (alone == outcome::match) judged(whole, *steps, "<7> " + line);
      if (alone != outcome::unsure) ++decided;
    }
  }
  EXPECT_GT(decided, 2000);
}

}  // namespace
}  // namespace weir
