#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <vector>

#include "cli/invocation.hpp"

namespace weir {
namespace {

std::vector<component> table() {
  std::vector<component> out;
  for (const char* name : {"generate", "json", "where", "count"}) {
    component& c = out.emplace_back();
    c.name = name;
  }
  return out;
}

std::expected<invocation, misuse> understood(std::vector<const char*> arguments) {
  return understand(arguments, table());
}

invocation accepted(const std::vector<const char*>& arguments) {
  auto it = understood(arguments);
  if (!it) {
    ADD_FAILURE() << it.error().message;
    return {};
  }
  return *std::move(it);
}

std::string complaint(const std::vector<const char*>& arguments) {
  const auto it = understood(arguments);
  return it ? "accepted" : it.error().message + " | " + it.error().hint;
}

TEST(Arguments, TakeTextThatBeginsWithFromForAPipeline) {
  const invocation it = accepted({"from app.log | json"});
  EXPECT_EQ(it.what, action::run);
  EXPECT_EQ(it.given, subject::text);
  EXPECT_EQ(it.operands, std::vector<std::string>{"from app.log | json"});
}

TEST(Arguments, TakeTextThatBeginsWithAComponentForAPipeline) {
  EXPECT_EQ(accepted({"json | where a = 1"}).given, subject::text);
  EXPECT_EQ(accepted({"\n  where a = 1"}).given, subject::text);
}

TEST(Arguments, TakeAnythingElseForFiles) {
  EXPECT_EQ(accepted({"app.log"}).given, subject::inputs);
  EXPECT_EQ(accepted({"json"}).given, subject::inputs);
  EXPECT_EQ(accepted({"-"}).given, subject::inputs);
  EXPECT_EQ(accepted({"./where is it.log"}).given, subject::inputs);
  EXPECT_EQ(accepted({"whereabouts of x.log"}).given, subject::inputs);
}

TEST(Arguments, TakeManyFiles) {
  const invocation it = accepted({"a.log", "b.gz", "-w", "level = 'ERROR'", "--since", "2h"});
  EXPECT_EQ(it.operands, (std::vector<std::string>{"a.log", "b.gz"}));
  EXPECT_EQ(it.where, "level = 'ERROR'");
  EXPECT_EQ(it.since, "2h");
}

TEST(Arguments, TakeOptionsOnEitherSideOfThePipeline) {
  const invocation before = accepted({"--report", "r.json", "from a", "--quiet"});
  EXPECT_EQ(before.report_path, "r.json");
  EXPECT_TRUE(before.quiet);
  EXPECT_EQ(before.given, subject::text);
}

TEST(Arguments, TellAPipelineFileFromAPipelineTextBehindRun) {
  EXPECT_EQ(accepted({"run", "pipeline.yaml"}).given, subject::file);
  EXPECT_EQ(accepted({"run", "from a | json"}).given, subject::text);
  EXPECT_EQ(accepted({"check", "p.yaml", "--json"}).what, action::check);
  EXPECT_EQ(accepted({"explain", "from a"}).what, action::explain);
}

TEST(Arguments, ReadNumbersAndSizesAsPipelinesDo) {
  const invocation it =
      accepted({"from a", "--lanes", "2", "--memory", "64MiB", "--dry-run", "10"});
  EXPECT_EQ(it.lanes, 2U);
  EXPECT_EQ(it.memory.value().bytes, 64U << 20);
  EXPECT_EQ(it.dry_run, 10U);
}

TEST(Arguments, LeaveDefaultsToThePlan) {
  const invocation it = accepted({"from a"});
  EXPECT_FALSE(it.lanes);
  EXPECT_FALSE(it.memory);
  EXPECT_FALSE(it.dry_run);
  EXPECT_EQ(it.strategy, "");
  EXPECT_EQ(it.color, when::automatic);
}

TEST(Arguments, KnowTheOtherSubcommands) {
  EXPECT_EQ(accepted({"list"}).what, action::list);
  EXPECT_EQ(accepted({"schema"}).what, action::schema);
  EXPECT_EQ(accepted({"version"}).what, action::version);
  EXPECT_EQ(accepted({"--version"}).what, action::version);
  EXPECT_EQ(accepted({"completion", "bash"}).operands, std::vector<std::string>{"bash"});
  EXPECT_EQ(accepted({"describe", "file", "where"}).operands.size(), 2U);
}

TEST(Arguments, ShowHelpForTheCommandAndForEachSubcommand) {
  for (const auto& asked : {accepted({"help"}), accepted({"--help"}), accepted({"a.log", "-h"})}) {
    EXPECT_EQ(asked.what, action::help);
    EXPECT_NE(asked.help.find("weir run pipeline.yaml"), std::string::npos);
  }
  EXPECT_NE(accepted({"run", "--help"}).help.find("--dead-letter"), std::string::npos);
  EXPECT_EQ(accepted({"help", "run"}).help, accepted({"run", "--help"}).help);
}

TEST(Arguments, DescribeAComponentWhoseHelpIsAskedFor) {
  for (const char* option : {"--help", "-h"}) {
    const invocation it = accepted({"json", option});
    EXPECT_EQ(it.what, action::describe);
    EXPECT_EQ(it.operands, std::vector<std::string>{"json"});
  }
  EXPECT_EQ(accepted({"json", "app.log", "--help"}).what, action::help);
}

TEST(Arguments, MayStandInFrontOfASubcommand) {
  const invocation run = accepted({"--quiet", "--lanes", "2", "run", "p.yaml"});
  EXPECT_EQ(run.given, subject::file);
  EXPECT_TRUE(run.quiet);
  EXPECT_EQ(run.lanes, 2U);
  EXPECT_EQ(accepted({"-q", "dlq", "ls", "dead.ndjson"}).what, action::dlq);
  EXPECT_EQ(accepted({"--report", "run", "from a"}).report_path, "run");
}

TEST(HintForPipeline, KnowsWhatWasProbablyMeant) {
  EXPECT_EQ(hint_for_pipeline("json", table()),
            "for standard input through `json` write: weir 'json | to stdout'");
  EXPECT_EQ(
      hint_for_pipeline("app.ndjson | json", table()),
      "a pipeline that reads a file begins with `from`; write: weir 'from app.ndjson | json'");
  EXPECT_EQ(hint_for_pipeline("form app.ndjson | json", table()),
            "did you mean `from`? write: weir 'from app.ndjson | json'");
  EXPECT_EQ(hint_for_pipeline("| json | to count", table()),
            "a pipeline begins without `|`; write: weir 'json | to count'");
  EXPECT_EQ(hint_for_pipeline("| json", table()), hint_for_pipeline("json", table()));
  EXPECT_EQ(hint_for_pipeline("chek", table()), "did you mean `check`?");
  EXPECT_EQ(hint_for_pipeline("app.log", table()), "");
}

TEST(Arguments, SayWhatIsWrongAndWhatToDo) {
  EXPECT_EQ(complaint({}),
            "nothing to do | see `weir --help`; standard input is `-`: `cat app.log | weir -`");
  EXPECT_EQ(complaint({"from a | to b", "--dry-run", "0"}),
            "--dry-run 0 would show nothing | write how many records to read");
  EXPECT_EQ(complaint({"from a | to b", "--lanes", "100000"}),
            "--lanes has to be from 1 to 1024 | leave it out to use the cores");
  EXPECT_EQ(complaint({"from a | to b", "--memory", "4KiB"}),
            "--memory has to be at least 1MiB | less could not hold what is being read");
  EXPECT_EQ(complaint({"from a | to b", "--max-reject-share", "50"}),
            "--max-reject-share has to be from 0 to 1 | 0.5 is half of the records");
  for (const char* const option : {"--state", "--dead-letter", "--report"}) {
    EXPECT_EQ(complaint({"from a | to b", option, ""}),
              std::string{option} + ": the name is empty | see `weir --help`");
  }
  EXPECT_EQ(complaint({"run"}), "PIPELINE is required | see `weir run --help`");
  EXPECT_EQ(
      complaint({"from a", "b"}),
      "`b` follows the pipeline | one pipeline at a time; its text is one argument, in quotes");
  EXPECT_EQ(complaint({"app.log", "run", "p.yaml"}), "accepted");
  EXPECT_EQ(complaint({"from a", "--bogus"}),
            "The following argument was not expected: --bogus | see `weir --help`");
  EXPECT_EQ(complaint({"from a", "--staet", "x"}),
            "The following argument was not expected: --staet | did you mean `--state`?");
  EXPECT_EQ(complaint({"-f", "app.log"}),
            "The following argument was not expected: -f | to follow a file write: weir 'from "
            "follow PATH | auto'");
}

TEST(Arguments, MeanTheSameBehindASubcommand) {
  EXPECT_EQ(complaint({"run", "p.yaml", "--dry-run", "0"}),
            "--dry-run 0 would show nothing | write how many records to read");
  EXPECT_EQ(complaint({"run", "p.yaml", "--max-reject-share", "50"}),
            "--max-reject-share has to be from 0 to 1 | 0.5 is half of the records");
  EXPECT_EQ(complaint({"check", "p.yaml", "--lanes", "9999"}),
            "--lanes has to be from 1 to 1024 | leave it out to use the cores");
  EXPECT_EQ(complaint({"explain", "p.yaml", "--lanes", "0"}),
            "--lanes has to be from 1 to 1024 | leave it out to use the cores");
  EXPECT_EQ(complaint({"dlq", "replay", "d", "--pipeline", "p.yaml", "--memory", "4KiB"}),
            "--memory has to be at least 1MiB | less could not hold what is being read");
}

TEST(Arguments, NoticeAPipelineThatTheShellTookApart) {
  EXPECT_EQ(complaint({"from", "app.log"}),
            "a pipeline's text has to be one argument | put it in quotes: "
            "weir 'from app.log | json | to out.ndjson'; for a file of that name write `./from`");
}

TEST(Arguments, RefuseToSelectFromAPipeline) {
  EXPECT_EQ(complaint({"from a", "--where", "x = 1"}),
            "--where, --search, --since and --until are for files | in a pipeline write "
            "`| where EXPR`, `| search TEXT` or `| time since=2h`");
}

TEST(Arguments, MeanStandardInputWhereRecordsAreSelectedAndItIsNoTerminal) {
  for (const char* option : {"-w", "-s", "--since"}) {
    const std::vector<const char*> arguments{option, "2h"};
    const auto piped = understand(arguments, table(), true);
    ASSERT_TRUE(piped);
    EXPECT_EQ(piped->operands, std::vector<std::string>{"-"});
    EXPECT_EQ(piped->given, subject::inputs);
    EXPECT_NE(complaint(arguments).find("nothing to do"), std::string::npos);
  }
  EXPECT_FALSE(understand({}, table(), true));
}

TEST(Arguments, RefuseValuesThatAreNone) {
  EXPECT_NE(complaint({"from a", "--lanes", "many"}).find("--lanes: `many` is not"),
            std::string::npos);
  EXPECT_NE(complaint({"from a", "--memory", "much"}).find("--memory: `much` is not"),
            std::string::npos);
  EXPECT_NE(complaint({"from a", "--strategy", "luck"}).find("--strategy"), std::string::npos);
  EXPECT_EQ(complaint({"from a", "--color", "pink"}),
            "--color: `pink` is not auto, always or never | see `weir --help`");
  EXPECT_NE(complaint({"completion", "tcsh"}).find("tcsh"), std::string::npos);
}

TEST(Arguments, NameTheState) {
  const auto it = understood({"from a", "--state", "dir", "--accept-changed-pipeline"});
  ASSERT_TRUE(it);
  EXPECT_EQ(it->state_directory, "dir");
  EXPECT_TRUE(it->accept_changed_pipeline);
}

}  // namespace
}  // namespace weir
