#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <string_view>
#include <utility>

#include "cli/help.hpp"
#include "cli/invocation.hpp"

namespace weir {
namespace {

struct subcommand {
  const char* name;
  action what;
  const char* summary;
};

constexpr std::array subcommands{
    subcommand{"run", action::run, "Run a pipeline: its text, or a YAML file."},
    subcommand{"check", action::check, "Find every error in a pipeline, without touching data."},
    subcommand{"explain", action::explain,
               "Show the plan of a pipeline, what it guarantees and the memory it needs."},
    subcommand{"list", action::list, "List all sources, stages and sinks."},
    subcommand{"describe", action::describe,
               "Say what a source, stage or sink does, with its options and examples."},
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

const subcommand* find_subcommand(std::string_view name) {
  for (const subcommand& s : subcommands) {
    if (s.name == name) return &s;
  }
  return nullptr;
}

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
      ->option_text("FILE");
  app.add_option("--state", out.state_directory,
                 "Keep checkpoints in this directory; the same command goes on from them.")
      ->option_text("DIR");
  app.add_flag("--accept-changed-pipeline", out.accept_changed_pipeline,
               "Go on with --state although the pipeline was changed.");
}

void add_running(CLI::App& app, invocation& out) {
  add_planning(app, out);
  app.add_option("--report", out.report_path, "Write what became of the records to this file.")
      ->option_text("FILE");
  app.add_option_function("--dry-run", read_into(out.dry_run, "--dry-run"),
                          "Read N records and deliver none: show what would be.")
      ->option_text("N");
  app.add_option_function(
         "--give-up-after", read_into(out.give_up_after, "--give-up-after"),
         "Wait so long for a sink that is down or a disk that is full (default: for "
         "ever with --state or an endless source, else 1m).")
      ->option_text("TIME");
  app.add_option_function("--max-reject-share",
                          read_into(out.max_reject_share, "--max-reject-share"),
                          "Stop when more than this share, 0 to 1, of the last 1,000 records is "
                          "rejected (default: never).")
      ->option_text("SHARE");
  app.add_flag("-q,--quiet", out.quiet, "No progress and no summary.");
}

/// What `weir FILE...` takes beside.
void add_selection(CLI::App& app, invocation& out) {
  app.add_option("-w,--where", out.where, "Of files: only records for which EXPR is true.")
      ->option_text("EXPR");
  app.add_option("-s,--search", out.search, "Of files: only records that contain TEXT.")
      ->option_text("TEXT");
  app.add_option("--since", out.since, "Of files: only records from a time on; 2h is 2 h ago.")
      ->option_text("TIME");
  app.add_option("--until", out.until, "Of files: only records before a time.")
      ->option_text("TIME");
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
      app.add_option("NAME", out.operands, "A name that `weir list` shows.")
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
}

void add_options(CLI::App& app, action what, invocation& out) {
  if (what == action::run || what == action::dlq) add_running(app, out);
  if (what == action::check || what == action::explain) add_planning(app, out);
  if (what == action::dlq) add_dead_letter_options(app, out);
  if (what == action::run || what == action::dlq || what == action::check ||
      what == action::explain) {
    add_diagnostics(app, out);
  }
  if (what == action::checkpoint) app.add_flag("--json", out.json, "Show it as JSON.");
  if (what == action::ls) app.add_flag("--json", out.json, "One JSON object a line.");
}

/// What `weir` takes without a subcommand.
void add_all(CLI::App& app, invocation& out) {
  app.set_help_flag("-h,--help", "Show this help.");
  add_running(app, out);
  add_diagnostics(app, out);
  add_selection(app, out);
}

/// Lets `app` fill `out`; `--help` turns it into a call for help.
std::expected<invocation, misuse> parse(CLI::App& app, invocation& out,
                                        std::span<const char* const> arguments) {
  try {
    // CLI11 takes its arguments from the back.
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::CallForHelp&) {
    return invocation{.what = action::help, .help = app.help()};
  } catch (const CLI::ParseError& e) {
    return std::unexpected(misuse{e.what(), "see `" + app.get_name() + " --help`"});
  }
  return out;
}

/// A replay is a run of the pipeline that it was given.
std::expected<invocation, misuse> as_replay(invocation it, const std::vector<component>& table) {
  if (it.verb != "replay") {
    if (it.pipeline.empty()) return it;
    return std::unexpected(misuse{"--pipeline is for `weir dlq replay`", "leave it out"});
  }
  if (it.pipeline.empty()) {
    return std::unexpected(
        misuse{"replay needs a pipeline", "write --pipeline fixed.yaml, or its text in quotes"});
  }
  it.what = action::run;
  it.given = looks_like_pipeline(it.pipeline, table) ? subject::text : subject::file;
  it.replayed_path = std::exchange(it.operands.front(), it.pipeline);
  return it;
}

std::expected<invocation, misuse> understand_subcommand(const subcommand& chosen,
                                                        std::span<const char* const> rest,
                                                        const std::vector<component>& table) {
  invocation out{.what = chosen.what};
  CLI::App app{chosen.summary, std::string{"weir "} + chosen.name};
  app.set_help_flag("-h,--help", "Show this help.");
  add_options(app, chosen.what, out);
  add_operands(app, chosen.what, out);
  auto understood = parse(app, out, rest);
  if (understood && understood->what == action::dlq) return as_replay(*understood, table);
  if (understood && (chosen.what == action::run || chosen.what == action::check ||
                     chosen.what == action::explain)) {
    if (understood->what == chosen.what) {
      understood->given =
          looks_like_pipeline(understood->operands.front(), table) ? subject::text : subject::file;
    }
  }
  return understood;
}

/// Complaints about operands that CLI11 does not know of.
constexpr std::uint64_t most_lanes = 1024;
constexpr std::uint64_t least_memory_bytes = 1 << 20;

std::optional<misuse> misused(const invocation& it, const std::vector<component>& table) {
  if (it.operands.empty()) {
    return misuse{"nothing to do",
                  "see `weir --help`; standard input is `-`: `cat app.log | weir -`"};
  }
  if (it.dry_run == 0)
    return misuse{"--dry-run 0 would show nothing", "write how many records to read"};
  if (it.lanes == 0 || it.lanes > most_lanes) {
    return misuse{fmt::format("--lanes has to be from 1 to {}", most_lanes),
                  "leave it out to use the cores"};
  }
  if (it.memory && it.memory->bytes < least_memory_bytes) {
    return misuse{"--memory has to be at least 1MiB", "less could not hold what is being read"};
  }
  if (it.max_reject_share && !(*it.max_reject_share >= 0 && *it.max_reject_share <= 1)) {
    return misuse{"--max-reject-share has to be from 0 to 1", "0.5 is half of the records"};
  }
  const std::string& first = it.operands.front();
  if (find_subcommand(first)) {
    return misuse{"`" + first + "` does not come first", "write `weir " + first + " ...`"};
  }
  if (it.given == subject::text && it.operands.size() > 1) {
    return misuse{"`" + it.operands[1] + "` follows the pipeline",
                  "one pipeline at a time; its text is one argument, in quotes"};
  }
  if (it.given == subject::inputs && looks_like_pipeline(first + " ", table) &&
      it.operands.size() > 1) {
    return misuse{"a pipeline's text has to be one argument",
                  "put it in quotes: weir 'from app.log | json | to out.ndjson'; "
                  "for a file of that name write `./" +
                      first + "`"};
  }
  const bool selects = !(it.where + it.search + it.since + it.until).empty();
  if (it.given == subject::text && selects) {
    return misuse{"--where, --search, --since and --until are for files",
                  "in a pipeline write `| where EXPR`, `| search TEXT` or `| time since=2h`"};
  }
  return std::nullopt;
}

std::expected<invocation, misuse> understand_operands(std::span<const char* const> arguments,
                                                      const std::vector<component>& table) {
  invocation out;
  CLI::App app{"Streams logs and events from where they are to where they should be.", "weir"};
  app.footer(std::string{help_footer});
  bool version = false;
  app.add_flag("--version", version, "Print weir's version.");
  add_all(app, out);
  app.add_option("PIPELINE", out.operands, "A pipeline's text, or files to show: paths, globs, -.")
      ->option_text("| FILE...");
  auto understood = parse(app, out, arguments);
  if (!understood || understood->what == action::help) return understood;
  if (version) return invocation{.what = action::version};
  if (!understood->operands.empty()) {
    const bool text = looks_like_pipeline(understood->operands.front(), table);
    understood->given = text ? subject::text : subject::inputs;
  }
  if (auto complaint = misused(*understood, table)) return std::unexpected(*complaint);
  return understood;
}

/// Where the first argument stands that is no option, nor the value of one.
std::size_t operand_behind_options(std::span<const char* const> arguments) {
  invocation unused;
  CLI::App app;
  add_all(app, unused);
  std::size_t i = 0;
  while (i < arguments.size()) {
    const std::string_view word = arguments[i];
    if (!word.starts_with('-') || word == "-" || word == "--") break;
    const CLI::Option* const option = app.get_option_no_throw(arguments[i]);
    i += option != nullptr && option->get_items_expected_max() > 0 ? 2 : 1;
  }
  return std::min(i, arguments.size());
}

/// `help run` is `run --help`.
std::expected<invocation, misuse> help_for(std::span<const char* const> about,
                                           const std::vector<component>& table) {
  const subcommand* const one = about.empty() ? nullptr : find_subcommand(about.front());
  if (one == nullptr || one->what == action::help) {
    return understand_operands(std::array{"--help"}, table);
  }
  return understand_subcommand(*one, std::array{"--help"}, table);
}

}  // namespace

bool looks_like_pipeline(std::string_view argument, const std::vector<component>& table) {
  argument.remove_prefix(std::min(argument.find_first_not_of(" \t\n"), argument.size()));
  const std::size_t end = argument.find_first_of(" \t\n");
  if (end == std::string_view::npos) return false;
  const std::string_view word = argument.substr(0, end);
  return word == "from" || word == "to" ||
         std::ranges::find(table, word, &component::name) != table.end();
}

std::string hint_for_pipeline(std::string_view argument, const std::vector<component>& table) {
  const bool leading_bar = argument.starts_with('|');
  argument.remove_prefix(std::min(argument.find_first_not_of("| "), argument.size()));
  if (std::ranges::find(table, argument, &component::name) != table.end()) {
    return fmt::format("for standard input through `{0}` write: weir '{0} | to stdout'", argument);
  }
  if (leading_bar) return fmt::format("a pipeline begins without `|`; write: weir '{}'", argument);
  if (!argument.contains(" | ")) return {};
  return fmt::format("a pipeline that reads a file begins with `from`; write: weir 'from {}'",
                     argument);
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

std::expected<invocation, misuse> understand(std::span<const char* const> arguments,
                                             const std::vector<component>& table) {
  const std::size_t first = operand_behind_options(arguments);
  const subcommand* const chosen =
      first < arguments.size() ? find_subcommand(arguments[first]) : nullptr;
  if (chosen == nullptr) return understand_operands(arguments, table);
  std::vector<const char*> rest(arguments.begin(), arguments.end());
  rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(first));
  if (chosen->what == action::help) return help_for(rest, table);
  return understand_subcommand(*chosen, rest, table);
}

}  // namespace weir
