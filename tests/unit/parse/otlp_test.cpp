#include "parse/otlp.hpp"

#include <gtest/gtest.h>

#include "expr/severity.hpp"
#include "record/record_time.hpp"
#include "unit/parse/parsing.hpp"

namespace weir {
namespace {

std::string read(std::string_view line) {
  return test::outcome_of(std::make_unique<otlp_parser>(), line);
}

TEST(Otlp, ValuesLoseTheirWrapping) {
  EXPECT_EQ(
      read(
          R"({"body":{"stringValue":"a\n"},"attributes":[{"key":"i","value":{"intValue":"10"}},)"
          R"({"key":"d","value":{"doubleValue":1.5}},{"key":"b","value":{"boolValue":true}},)"
          R"({"key":"l","value":{"arrayValue":{"values":[{"stringValue":"x"},{}]}}},)"
          R"({"key":"m","value":{"kvlistValue":{"values":[{"key":"k","value":{"bytesValue":"aGk="}}]}}}]})"),
      R"({"body":"a\n","attributes":{"i":10,"d":1.5,"b":true,"l":["x",null],"m":{"k":"aGk="}}})");
}

TEST(Otlp, NamesOfTheDefinitionBecomeThoseOfItsJson) {
  EXPECT_EQ(read(R"({"time_unix_nano":"1650917400000000000","body":{"string_value":"x"}})"),
            R"({"timeUnixNano":1650917400000000000,"body":"x"})");
}

TEST(Otlp, ResourceAndScopeKeepWhatTheyHave) {
  EXPECT_EQ(
      read(R"({"resource":{"attributes":[],"dropped_attributes_count":1},"scope":{"name":"s"}})"),
      R"({"resource":{"attributes":{},"droppedAttributesCount":1},"scope":{"name":"s"}})");
}

TEST(Otlp, OddShapesStayAsTheyAre) {
  EXPECT_EQ(read(R"({"body":"x","attributes":{"a":1},"timeUnixNano":"soon","flags":1})"),
            R"({"body":"x","attributes":{"a":1},"timeUnixNano":"soon","flags":1})");
  EXPECT_EQ(read(R"({"body":{"kvlistValue":7},"attributes":[7,{"key":"a"}]})"),
            R"({"body":{},"attributes":{"a":null}})");
  EXPECT_EQ(read("[1]"), "not an object @ 0");
}

TEST(Otlp, HasALevelAndATime) {
  const batch b = test::parsed(
      std::make_unique<otlp_parser>(),
      R"({"observedTimeUnixNano":"2","timeUnixNano":"1544712660300000001","severityNumber":17})");
  EXPECT_EQ(time_of(*b.begin()), 1544712660300000001);
  EXPECT_EQ(expr::level_of(*b.begin()), expr::severity::error);
}

}  // namespace
}  // namespace weir
