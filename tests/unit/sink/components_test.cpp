#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "sink/sinks.hpp"
#include "sink_fixture.hpp"

namespace weir {
namespace {

class sink_components_test : public test::sink_fixture {
 protected:
  using arguments = std::vector<std::pair<std::string, std::string>>;

  /// The sink that `of` makes of `written`, or null after complaints.
  std::unique_ptr<sink> bound_to(const component& of, const arguments& written) {
    step_text step;
    for (const auto& [name, text] : written) {
      step.arguments.push_back({.name = {name, {}}, .value = {text, {}}});
    }
    std::optional<bound> made = of.bind(step, report_);
    return made ? std::get<std::unique_ptr<sink>>(std::move(made->made)) : nullptr;
  }
  std::string complaint() const { return report_.ok() ? "" : report_.found().front().message; }

  reporter report_;
};

TEST_F(sink_components_test, count_prints_the_number_of_live_records_at_the_end) {
  const auto out = bound_to(count_sink(), {});
  ASSERT_TRUE(out);
  out->open(with_);
  batch some = records({"{}", "{}", "{}"});
  some.end_record(some.all()[0], rejected);
  testing::internal::CaptureStdout();
  EXPECT_TRUE(out->write(some));
  EXPECT_TRUE(out->write(records({"{}"})));
  EXPECT_TRUE(out->close());
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "3\n");
}

TEST_F(sink_components_test, null_accepts_everything) {
  const auto out = bound_to(null_sink(), {});
  ASSERT_TRUE(out);
  out->open(with_);
  EXPECT_TRUE(out->write(records({"{}"})));
  EXPECT_TRUE(out->prepare());
  EXPECT_TRUE(out->commit({}));
  EXPECT_TRUE(out->close());
}

TEST_F(sink_components_test, a_file_takes_its_path_first_and_options_by_name) {
  const auto out = bound_to(file_sink(), {{"", path("out.ndjson")},
                                          {"rotate_bytes", "1MiB"},
                                          {"rotate_every", "1h"},
                                          {"format", "text"},
                                          {"compress", "zstd"},
                                          {"level", "19"}});
  ASSERT_TRUE(out) << complaint();
  out->open(with_);
  EXPECT_TRUE(out->write(records({"plain"}, shape::text)));
  EXPECT_TRUE(out->close());
  EXPECT_EQ(output_of("zstd -dcq < " + path("out-000001.ndjson")), "plain\n");
}

TEST_F(sink_components_test, a_dash_as_path_is_standard_output) {
  const auto out = bound_to(file_sink(), {{"", "-"}});
  ASSERT_TRUE(out) << complaint();
  testing::internal::CaptureStdout();
  out->open(with_);
  EXPECT_TRUE(out->write(records({R"({"n":1})"})));
  EXPECT_TRUE(out->close());
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "{\"n\":1}\n");
}

TEST_F(sink_components_test, wrong_options_are_complaints_and_not_exceptions) {
  EXPECT_FALSE(bound_to(file_sink(), {{"", "out-{a.ndjson"}}));
  EXPECT_EQ(complaint(), "out-{a.ndjson: `{` without `}`; a brace itself is `{{`");
}

TEST_F(sink_components_test, a_level_beyond_the_codec_is_a_complaint) {
  EXPECT_FALSE(bound_to(file_sink(), {{"", "out.gz"}, {"level", "10"}}));
  EXPECT_EQ(complaint(), "level 10 is not one of gzip's, 1 to 9");
}

}  // namespace
}  // namespace weir
