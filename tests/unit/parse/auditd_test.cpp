#include "parse/auditd.hpp"

#include <gtest/gtest.h>

#include "unit/parse/parsing.hpp"

namespace weir {
namespace {

std::string read(std::string_view line) {
  return test::outcome_of(std::make_unique<auditd_parser>(), line);
}

TEST(Auditd, PairsBecomeFields) {
  EXPECT_EQ(read("type=SYSCALL msg=audit(1364481363.243:24287): arch=c000003e exit=-13 a0=12 "
                 "pid=3538 comm=\"cat a\" key=(null)"),
            R"({"type":"SYSCALL","time":"1364481363.243","serial":24287,"arch":"c000003e",)"
            R"("exit":-13,"a0":"12","pid":3538,"comm":"cat a"})");
}

TEST(Auditd, AMessageOfAProgramIsTakenApart) {
  EXPECT_EQ(read("node=web-1 type=USER_AUTH msg=audit(1.5:7): pid=1 msg='op=PAM:x acct=\"ana\" "
                 "hostname=? res=success'"),
            R"({"node":"web-1","type":"USER_AUTH","time":"1.5","serial":7,"pid":1,"op":"PAM:x",)"
            R"("acct":"ana","res":"success"})");
}

TEST(Auditd, WordsThatAreNoPairAreText) {
  EXPECT_EQ(read("type=AVC msg=audit(1.5:7): avc:  denied  { read } for  pid=1 name=\"x"),
            R"({"type":"AVC","time":"1.5","serial":7,"pid":1,"name":"\"x",)"
            R"("text":"avc: denied { read } for"})");
}

TEST(Auditd, RejectsWhatIsNone) {
  EXPECT_EQ(read("audit: x"), "expected type= @ 0");
  EXPECT_EQ(read("type=A msg=x"), "expected msg=audit(TIME:SERIAL): @ 7");
}

}  // namespace
}  // namespace weir
