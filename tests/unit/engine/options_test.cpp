#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "weir/component.hpp"

namespace weir {
namespace {

using namespace std::chrono_literals;

template <class T>
std::optional<T> read(std::string_view text) {
  T out{};
  if (convert(text, out)) return std::nullopt;
  return out;
}

TEST(convert, booleans_have_three_spellings_each) {
  for (const char* yes : {"true", "yes", "on"}) EXPECT_EQ(read<bool>(yes), true);
  for (const char* no : {"false", "no", "off"}) EXPECT_EQ(read<bool>(no), false);
  for (const char* other : {"", "1", "TRUE", "truely"}) EXPECT_EQ(read<bool>(other), std::nullopt);
}

TEST(convert, integers_are_whole_and_in_range) {
  EXPECT_EQ(read<std::int64_t>("-9223372036854775808"), INT64_MIN);
  EXPECT_EQ(read<std::uint64_t>("18446744073709551615"), UINT64_MAX);
  for (const char* bad :
       {"", "1.0", "1e3", "0x10", " 1", "1 ", "+1", "1_000", "9223372036854775808"})
    EXPECT_EQ(read<std::int64_t>(bad), std::nullopt) << bad;
  EXPECT_EQ(read<std::uint64_t>("-1"), std::nullopt);
}

TEST(convert, numbers_are_finite) {
  EXPECT_EQ(read<double>("0.25"), 0.25);
  EXPECT_EQ(read<double>("1e3"), 1000);
  for (const char* bad : {"", "nan", "inf", "1e999", "1,5", "0.5x"})
    EXPECT_EQ(read<double>(bad), std::nullopt);
}

TEST(convert, sizes_have_binary_and_decimal_units) {
  const auto size = [](std::string_view text) {
    const auto s = read<byte_size>(text);
    return s ? std::optional{s->bytes} : std::nullopt;
  };
  EXPECT_EQ(size("4096"), 4096u);
  EXPECT_EQ(size("64KiB"), 65'536u);
  EXPECT_EQ(size("64K"), 65'536u);
  EXPECT_EQ(size("1MB"), 1'000'000u);
  EXPECT_EQ(size("2GiB"), 2'147'483'648u);
  EXPECT_EQ(size("17B"), 17u);
  EXPECT_EQ(size("16777215TiB"), 16777215ULL << 40);
  for (const char* bad : {"", "KiB", "1 KiB", "-1", "1.5GiB", "1XB", "16777216TiB"})
    EXPECT_EQ(size(bad), std::nullopt) << bad;
}

RC_GTEST_PROP(show, a_size_reads_back, (std::uint64_t bytes)) {
  byte_size again;
  RC_ASSERT(!convert(show(byte_size{bytes}), again));
  RC_ASSERT(again.bytes == bytes);
}

TEST(convert, a_url_has_a_port_that_there_is) {
  for (const char* good : {"http://h", "https://h:65535/a:b", "http://h:/", "http://u:p@[::1]:80/",
                           "http://[::1]/", "http://h?at=1:2"}) {
    web_url url;
    EXPECT_EQ(convert(good, url), std::nullopt) << good;
    EXPECT_EQ(url.text, good);
  }
  for (const char* bad :
       {"http://h:65536", "http://h:0/", "http://h:x/", "http://u:p@[::1]:99999"}) {
    web_url url;
    EXPECT_NE(convert(bad, url), std::nullopt) << bad;
  }
}

TEST(convert, a_moment_is_a_time_a_date_or_a_duration_back) {
  moment m;
  for (const char* text : {"", "2h", "2026-01-02", "2026-01-02T03:04:05+01:00", "1767323045"}) {
    EXPECT_EQ(convert(text, m), std::nullopt) << text;
    EXPECT_EQ(show(m), text);
  }
  EXPECT_TRUE(convert("yesterday", m));
}

TEST(show, a_secret_never_prints) {
  EXPECT_EQ(show(secret{"hunter2"}), "***");
  EXPECT_EQ(show(secret{}), "");
  EXPECT_EQ(show(secret_url{"postgres://u:hunter2@h/db"}), "postgres://u:*******@h/db");
}

/// The options of a `batch` as the design has it.
struct batch_options {
  std::uint64_t records = 1000;
  byte_size bytes{1 << 20};
  std::chrono::nanoseconds timeout = 1s;
  std::string mode = "fast";
  bool exact = false;
  std::vector<std::string> tags;
};

component batch_component() {
  return declare<batch_options>(component::role::stage, "batch", "Groups records.")
      .option("records", &batch_options::records, "Most records.", positional)
      .option("bytes", &batch_options::bytes, "Most bytes.", positional)
      .option("timeout", &batch_options::timeout, "Longest wait.", positional)
      .option("mode", &batch_options::mode, "How.", {.choices = {"fast", "safe"}})
      .option("exact", &batch_options::exact, "Never fewer.")
      .option("tags", &batch_options::tags, "Labels.")
      .makes([](const batch_options&, reporter&) { return stage{}; });
}

argument bare(std::string value) {
  return {{}, {std::move(value), {}}, false};
}
argument quoted(std::string value) {
  return {{}, {std::move(value), {}}, true};
}
argument named(std::string name, std::string value) {
  return {{std::move(name), {}}, {std::move(value), {}}, false};
}

step_text step_of(std::string name, std::vector<argument> arguments) {
  step_text step;
  step.name.text = std::move(name);
  step.arguments = std::move(arguments);
  return step;
}

using shown = std::vector<std::pair<std::string, std::string>>;

/// What the options became, or the first complaint as "message / hint".
struct outcome {
  shown options;
  std::string complaint;
};
outcome bind(std::vector<argument> arguments) {
  reporter report;
  const auto step = step_of("batch", std::move(arguments));
  auto made = batch_component().bind(step, report);
  if (made) return {std::move(made->options), {}};
  const auto& first = report.found().front();
  return {{}, first.message + " / " + first.hint};
}

TEST(assign_options, without_arguments_the_defaults_of_the_struct_hold) {
  EXPECT_EQ(bind({}).options, (shown{{"records", "1000"},
                                     {"bytes", "1MiB"},
                                     {"timeout", "1s"},
                                     {"mode", "fast"},
                                     {"exact", "false"},
                                     {"tags", ""}}));
}

TEST(assign_options, positional_values_find_the_option_of_their_type_in_any_order) {
  const auto wanted =
      bind({named("records", "10"), named("bytes", "64KiB"), named("timeout", "2s")});
  ASSERT_EQ(wanted.complaint, "");
  EXPECT_EQ(bind({bare("10"), bare("64KiB"), bare("2s")}).options, wanted.options);
  EXPECT_EQ(bind({bare("2s"), bare("64KiB"), bare("10")}).options, wanted.options);
  EXPECT_EQ(bind({bare("64KiB"), bare("2s"), named("records", "10")}).options, wanted.options);
}

TEST(assign_options, an_option_of_many_values_collects_them) {
  const auto got = bind({named("tags", "a"), named("tags", "b")});
  EXPECT_EQ(got.options.back(), (std::pair<std::string, std::string>{"tags", "a b"}));
}

TEST(assign_options, a_quoted_value_is_no_number) {
  EXPECT_EQ(
      bind({quoted("10")}).complaint,
      "unexpected value for `batch` / usage: batch [RECORDS] [BYTES] [TIMEOUT] [OPTION=VALUE ...]");
}

TEST(assign_options, complaints_say_what_to_do) {
  EXPECT_EQ(bind({named("timeuot", "2s")}).complaint,
            "unknown option `timeuot` of `batch` / did you mean `timeout`?");
  EXPECT_EQ(bind({named("colour", "red")}).complaint,
            "unknown option `colour` of `batch` / its options are records, bytes, timeout, mode, "
            "exact, tags");
  EXPECT_EQ(bind({named("records", "1"), named("records", "2")}).complaint,
            "`records` is given twice / keep one of them");
  EXPECT_EQ(bind({named("timeout", "2")}).complaint,
            "`timeout` takes a duration such as 2s, 150ms or 1h30m / ");
  EXPECT_EQ(bind({named("mode", "slow")}).complaint, "`mode` takes one of fast, safe / ");
  EXPECT_EQ(bind({bare("exact")}).complaint, "unexpected value for `batch` / write `exact=true`");
  EXPECT_EQ(bind({bare("safe")}).complaint, "unexpected value for `batch` / write `mode=safe`");
}

TEST(assign_options, every_fault_is_reported) {
  reporter report;
  const auto step = step_of("batch", {named("x", "1"), named("timeout", "2"), bare("?")});
  EXPECT_FALSE(batch_component().bind(step, report));
  EXPECT_EQ(report.found().size(), 3u);
}

TEST(assign_options, a_missing_required_option_is_reported) {
  struct path_options {
    std::string path;
  };
  const auto file = declare<path_options>(component::role::sink, "file", "Writes.")
                        .option("path", &path_options::path, "Where.", required)
                        .makes([](const path_options&, reporter&) { return stage{}; });
  reporter report;
  const auto step = step_of("file", {});
  EXPECT_FALSE(file.bind(step, report));
  ASSERT_EQ(report.found().size(), 1u);
  EXPECT_EQ(report.found()[0].message, "`file` needs its `path`");
  EXPECT_EQ(report.found()[0].hint, "usage: file PATH");
}

}  // namespace
}  // namespace weir
