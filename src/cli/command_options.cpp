#include "cli/command_options.hpp"

#include <CLI/CLI.hpp>
#include <array>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/nearest.hpp"

namespace weir {
namespace {

constexpr std::array subcommands{
    subcommand{"run", action::run, "Run a pipeline: its text, or a YAML file."},
    subcommand{"check", action::check, "Find every error in a pipeline, without touching data."},
    subcommand{"explain", action::explain,
               "Show the plan of a pipeline, what it guarantees and the memory it needs."},
    subcommand{"list", action::list, "List all sources, stages and sinks."},
    subcommand{"describe", action::describe,
               "Say what a source, stage, sink or function does, with its options and examples."},
    subcommand{"schema", action::schema, "Print the JSON schema of pipeline files."},
    subcommand{"checkpoint", action::checkpoint,
               "Look into the directory of a --state, or repair its log."},
    subcommand{"dlq", action::dlq,
               "Look into a dead letter, or send its records through a repaired pipeline."},
    subcommand{"ls", action::ls, "List what a source would read: time, size and name."},
    subcommand{"completion", action::completion, "Print the completion for a shell."},
    subcommand{"help", action::help, "Show how weir is used."},
    subcommand{"version", action::version, "Print weir's version."},
};

/// Reads a value as weir's pipelines do.
template <class T>
std::function<void(const std::string&)> read_into(std::optional<T>& out, std::string option) {
  return [&out, option = std::move(option)](const std::string& text) {
    T value{};
    if (const conversion expected = convert(text, value)) {
      throw CLI::ValidationError(option, "`" + text + "` is not " + *expected);
    }
    out = value;
  };
}

void add_diagnostics(CLI::App& app, invocation& out) {
  static const std::map<std::string, when> words{
      {"auto", when::automatic}, {"always", when::always}, {"never", when::never}};
  app.add_flag("--json", out.json, "Say what is wrong with a pipeline as JSON.");
  const auto choose = [&out](const std::string& text) {
    const auto found = words.find(text);
    if (found == words.end()) {
      throw CLI::ValidationError("--color", "`" + text + "` is not auto, always or never");
    }
    out.color = found->second;
  };
  app.add_option_function<std::string>("--color", choose,
                                       "Colours: auto (on a terminal), always or never.")
      ->option_text("WHEN");
}

/// An empty name is a variable that was not set: the run would do without what was asked for.
CLI::Validator some_name() {
  const auto missing = [](const std::string& given) {
    return std::string{given.empty() ? "the name is empty" : ""};
  };
  return {missing, ""};
}

void add_patience(CLI::App& app, invocation& out, const std::string& description) {
  app.add_option_function("--give-up-after", read_into(out.give_up_after, "--give-up-after"),
                          description)
      ->option_text("TIME");
}

/// What decides the plan.
void add_planning(CLI::App& app, invocation& out) {
  app.add_option_function("--lanes", read_into(out.lanes, "--lanes"),
                          "Threads for the stages (default: the cores).")
      ->option_text("N");
  app.add_option_function(
         "--memory", read_into(out.memory, "--memory"),
         "Ceiling for the bytes that weir holds (default: 256MiB, less in a small cgroup).")
      ->option_text("SIZE");
  app.add_option("--strategy", out.strategy,
                 "array, chunked or streaming (default: by the size in sight).")
      ->option_text("NAME")
      ->check(CLI::IsMember({"array", "chunked", "streaming"}).description(""));
  app.add_option("--dead-letter", out.dead_letter_path, "Write rejected records to this file.")
      ->option_text("FILE")
      ->check(some_name());
  app.add_option("--state", out.state_directory,
                 "Keep checkpoints in this directory; the same command goes on from them.")
      ->option_text("DIR")
      ->check(some_name());
  app.add_flag("--accept-changed-pipeline", out.accept_changed_pipeline,
               "Go on with --state although the pipeline was changed.");
}

void add_running(CLI::App& app, invocation& out) {
  add_planning(app, out);
  app.add_option("--report", out.report_path, "Write what became of the records to this file.")
      ->option_text("FILE")
      ->check(some_name());
  app.add_option_function("--dry-run", read_into(out.dry_run, "--dry-run"),
                          "Read N records and deliver none: show what would be.")
      ->option_text("N");
  add_patience(app, out,
               "Wait so long for a sink that is down, a disk that is full, a server that is read "
               "from (default: 1m; for sinks and disks for ever with --state or an endless "
               "source).");
  app.add_option_function("--max-reject-share",
                          read_into(out.max_reject_share, "--max-reject-share"),
                          "Stop when more than this share, 0 to 1, of the last 1,000 records is "
                          "rejected (default: never).")
      ->option_text("SHARE");
  app.add_flag("-q,--quiet", out.quiet,
               "No progress and no summary; one line if records are rejected.");
}

/// What `weir FILE...` takes beside.
void add_selection(CLI::App& app, invocation& out) {
  app.add_option("-w,--where", out.where, "Of files: only records for which EXPR is true.")
      ->option_text("EXPR");
  app.add_option("-s,--search", out.search, "Of files: only records that contain TEXT.")
      ->option_text("TEXT");
  app.add_option("--since", out.since,
                 "Of files: only records from a time on (UTC if it names no zone); 2h is 2 h ago.")
      ->option_text("TIME");
  app.add_option("--until", out.until, "Of files: only records before a time, in the same forms.")
      ->option_text("TIME");
}

/// What only `weir dlq` takes.
void add_dead_letter_options(CLI::App& app, invocation& out) {
  app.add_option("--pipeline", out.pipeline,
                 "For replay: a pipeline's text or file; the dead letter stands for its source.")
      ->option_text("PIPELINE");
  app.add_option("--reason", out.reason, "For show: only records with TEXT in their reason.")
      ->option_text("TEXT");
  app.add_option_function("--limit", read_into(out.limit, "--limit"),
                          "For show: at most N records.")
      ->option_text("N");
  app.add_flag("--whole", out.whole_records,
               "For show: records whole on a terminal, too, however long.");
}

}  // namespace

const subcommand* find_subcommand(std::string_view name) {
  for (const subcommand& s : subcommands) {
    if (s.name == name) return &s;
  }
  return nullptr;
}

std::optional<std::string> nearest_subcommand(std::string_view word) {
  std::vector<std::string> names;
  for (const subcommand& s : subcommands) names.emplace_back(s.name);
  return nearest(word, names);
}

void add_operands(CLI::App& app, action what, invocation& out) {
  switch (what) {
    case action::run:
    case action::check:
    case action::explain:
      app.add_option("PIPELINE", out.operands, "A pipeline's text, or the path of a YAML file.")
          ->required()
          ->expected(1)
          ->option_text(" ");
      break;
    case action::describe:
      app.add_option("NAME", out.operands, "A name that `weir list` shows, or a function's.")
          ->required()
          ->option_text("...");
      break;
    case action::completion:
      app.add_option("SHELL", out.operands, "bash, zsh or fish.")
          ->required()
          ->expected(1)
          ->option_text(" ")
          ->check(CLI::IsMember({"bash", "zsh", "fish"}).description(""));
      break;
    case action::checkpoint:
      app.add_option("VERB", out.verb,
                     "inspect: show what the log says. repair: cut it back to before its damage.")
          ->required()
          ->option_text(" ")
          ->check(CLI::IsMember({"inspect", "repair"}).description(""));
      app.add_option("DIR", out.operands, "The directory that --state named.")
          ->required()
          ->expected(1)
          ->option_text(" ");
      break;
    case action::dlq:
      app.add_option(
             "VERB", out.verb,
             "ls: count the records. show: show them. replay: send them through --pipeline.")
          ->required()
          ->option_text(" ")
          ->check(CLI::IsMember({"ls", "show", "replay"}).description(""));
      app.add_option("FILE", out.operands, "A dead letter, or a directory that --state named.")
          ->required()
          ->expected(1)
          ->option_text(" ");
      break;
    case action::ls:
      app.add_option("INPUT", out.operands,
                     "A path, a glob or the URL of a bucket, and options of that source: "
                     "s3://acme-logs/app/** region=eu-central-1")
          ->required()
          ->option_text("...");
      break;
    default:
      break;
  }
}

void add_options(CLI::App& app, action what, invocation& out) {
  if (what == action::run || what == action::dlq) add_running(app, out);
  if (what == action::check || what == action::explain) add_planning(app, out);
  if (what == action::dlq) add_dead_letter_options(app, out);
  if (what == action::run || what == action::dlq || what == action::check ||
      what == action::explain) {
    add_diagnostics(app, out);
  }
  if (what == action::explain || what == action::ls)
    add_patience(app, out, "Wait so long for a server that is down (default: 5s).");
  if (what == action::checkpoint) app.add_flag("--json", out.json, "Show it as JSON.");
  if (what == action::ls) app.add_flag("--json", out.json, "One JSON object a line.");
}

void add_all(CLI::App& app, invocation& out) {
  app.set_help_flag("-h,--help", "Show this help.");
  add_running(app, out);
  add_diagnostics(app, out);
  add_selection(app, out);
}

command_shape shape_of_command() {
  invocation unused;
  CLI::App app;
  add_all(app, unused);
  add_dead_letter_options(app, unused);
  command_shape out;
  for (const subcommand& s : subcommands) out.subcommands.emplace_back(s.name, s.summary);
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) {
      out.flags.emplace_back("--" + name, option->get_description());
    }
  }
  out.choices = {{"--strategy", "array chunked streaming"}, {"--color", "auto always never"}};
  out.verbs = {{"dlq", "ls show replay"}, {"checkpoint", "inspect repair"}};
  return out;
}

}  // namespace weir
