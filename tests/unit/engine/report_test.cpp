#include "engine/report.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace weir {
namespace {

using nlohmann::json;

TEST(a_report, is_valid_json_also_with_names_that_are_not_utf8) {
  run_report r;
  r.sinks.emplace_back("\xff", account{});
  r.unreadable.emplace_back("a\xc0\xaf");
  const json read = json::parse(report_json(r));
  // From: printf '\377' | base64, and so on.
  EXPECT_EQ(read["sinks"][0]["name"], (json{{"$base64", "/w=="}}));
  EXPECT_EQ(read["unreadable"], json::array({{{"$base64", "YcCv"}}}));
}

}  // namespace
}  // namespace weir
