#include "parse/windows_event.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <ctime>

#include "expr/severity.hpp"
#include "parse/xml_tree.hpp"
#include "record/record_time.hpp"
#include "unit/parse/parsing.hpp"

namespace weir {
namespace {

std::string read(std::string_view line) {
  return test::outcome_of(std::make_unique<windows_event_parser>(), line);
}

std::string event(std::string_view inside) {
  return "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'>" +
         std::string{inside} + "</Event>";
}

TEST(WindowsEvent, PartsOfItsSystemAreFields) {
  EXPECT_EQ(
      read(event("<System><Provider Name='P' Guid='{1}'/><EventID Qualifiers='16384'>7</EventID>"
                 "<Level>2</Level><Keywords>0x8</Keywords><Correlation/>"
                 "<TimeCreated SystemTime='2023-10-12T10:38:24.5435062Z'/>"
                 "<Execution ProcessID='1' ThreadID='2'/></System>")),
      R"({"Provider":{"Name":"P","Guid":"{1}"},"Qualifiers":16384,"EventID":7,"level":"error",)"
      R"("Level":2,"Keywords":"0x8","TimeCreated":"2023-10-12T10:38:24.5435062Z",)"
      R"("Execution":{"ProcessID":"1","ThreadID":"2"}})");
}

TEST(WindowsEvent, DataIsKnownByItsName) {
  EXPECT_EQ(read(event("<System/><EventData><Data Name='a'>x &amp; y </Data><Data Name='b'/>"
                       "<Data>1</Data><Data> </Data><Binary>00</Binary></EventData>")),
            R"({"EventData":{"a":"x & y ","b":"","Data":["1",""],"Binary":"00"}})");
}

TEST(WindowsEvent, OtherPartsAreObjects) {
  EXPECT_EQ(
      read(event("<System/><UserData><x:L xmlns:x='u' k='v'><A>1</A><B c='2'>t</B><B/></x:L>"
                 "</UserData><RenderingInfo Culture='en'><Message>m</Message></RenderingInfo>")),
      R"({"UserData":{"L":{"k":"v","A":"1","B":[{"c":"2","#text":"t"},""]}},)"
      R"("RenderingInfo":{"Culture":"en","Message":"m"}})");
}

/// Processor time.
template <class Work>
std::clock_t cost_of(Work work) {
  const std::clock_t begin = std::clock();
  work();
  return std::clock() - begin;
}

TEST(WindowsEvent, OfManyPartsCostsLittleMoreThanReadingIt) {
  std::string data;
  for (int i = 0; i < 9'900; ++i) data += fmt::format("<D{}>x</D{}>", i, i);
  const std::string wide = event("<System/><UserData>" + data + "</UserData>");
  xml_tree tree;
  const std::clock_t reading = cost_of([&] {
    for (int i = 0; i < 10; ++i) ASSERT_TRUE(tree.read(wide).ok());
  });
  std::string out;
  EXPECT_LT(cost_of([&] { write_json(tree.root(), out); }), reading);
  EXPECT_TRUE(out.ends_with(R"("D9898":"x","D9899":"x"}})"));
}

TEST(WindowsEvent, HasALevelAndATime) {
  const batch b = test::parsed(std::make_unique<windows_event_parser>(),
                               event("<System><Level>1</Level><TimeCreated "
                                     "SystemTime='2023-10-12T10:38:24.543506200Z'/></System>"));
  EXPECT_EQ(time_of(*b.begin()), 1697107104543506200);
  EXPECT_EQ(expr::level_of(*b.begin()), expr::severity::critical);
}

TEST(WindowsEvent, ExpandsNoEntities) {
  EXPECT_TRUE(read("<!DOCTYPE x [<!ENTITY a 'aaaa'>]>" + event("<System>&a;</System>"))
                  .starts_with("parsing aborted"));
  EXPECT_TRUE(read(event("<System>&a;</System>")).starts_with("undefined entity"));
}

TEST(WindowsEvent, RejectsWhatIsNone) {
  EXPECT_EQ(read("<Event><System></Event>"), "mismatched tag @ 17");
  EXPECT_EQ(read("<Events/>"), "not an Event @ 0");
  EXPECT_EQ(read("<Event/>"), "an Event without System @ 0");
  std::string deep;
  for (int i = 0; i < 200; ++i) deep += "<a>";
  EXPECT_TRUE(read("<Event>" + deep).starts_with("too many or too deep elements"));
}

}  // namespace
}  // namespace weir
