#pragma once
#include <string_view>

namespace weir {

/// What `weir --help` shows below the options: the subcommands, and examples that run as they
/// stand.
inline constexpr std::string_view help_footer = R"(
Commands:
  run PIPELINE        Run a pipeline: its text, or a YAML file.
  check PIPELINE      Find every error in it, without touching data.
  explain PIPELINE    Show the plan, what it guarantees and the memory it needs.
  list                All sources, stages and sinks.
  describe NAME...    What one does, its options and examples.
  schema              The JSON schema of pipeline files.
  checkpoint VERB DIR Show what a --state holds (inspect), or repair its log (repair).
  dlq VERB FILE       Rejected records: count (ls), show, or replay them.
  ls INPUT...         What a source would read: times, sizes and names.
  completion SHELL    Completion for bash, zsh or fish.

Examples:
  weir app.log
      Show the records of a file, prettily.
  weir --where 'level = "ERROR"' 'logs/*.gz'
      Only the errors, of many compressed files.
  weir 'from app.log | json | where level in ("WARN","ERROR") | to errors.ndjson'
      Run a pipeline.
  cat app.log | weir 'json | where status >= 500 | to count'
      Read standard input.
  weir run pipeline.yaml --report report.json
      Run a pipeline file and account for every record.

Exit codes: 0 all well, 1 some records were rejected, 2 wrong usage or pipeline, 66 no such input,
69 a server is unavailable, 74 reading or writing failed, 75 the state is in use by another run,
129, 130 and 143 ended by a signal.
)";

}  // namespace weir
