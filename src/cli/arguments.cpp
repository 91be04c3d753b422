#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "base/nearest.hpp"
#include "cli/command_options.hpp"
#include "cli/help.hpp"
#include "cli/invocation.hpp"

namespace weir {
namespace {

/// The option that `app` has and that the first unknown one of the arguments was meant to be.
std::string hint_for_option(const CLI::App& app, std::span<const char* const> arguments) {
  std::vector<std::string> known;
  for (const CLI::Option* o : app.get_options()) known.push_back(o->get_name());
  for (const std::string_view word : arguments) {
    const std::string_view name = word.substr(0, word.find('='));
    if (name == "-f" || name == "--follow")
      return "to follow a file write: weir 'from follow PATH | auto'";
    if (!name.starts_with("--") || std::ranges::find(known, name) != known.end()) continue;
    if (const auto meant = nearest(name, known)) return "did you mean `" + *meant + "`?";
  }
  return "see `" + app.get_name() + " --help`";
}

constexpr std::uint64_t most_lanes = 1024;
constexpr std::uint64_t least_memory_bytes = 1 << 20;

/// A value that no command takes, wherever its option stands.
std::optional<misuse> out_of_range(const invocation& it) {
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
  return std::nullopt;
}

/// What CLI11 was given for `name` before it gave up.
std::vector<std::string> given_for(const CLI::App& app, const std::string& name) {
  const CLI::Option* const option = app.get_option_no_throw(name);
  return option ? option->results() : std::vector<std::string>{};
}

/// Where `app` was told to write the report. Without anything to run, and where it is what is to be
/// run, that may be a file that lost its place: it is left alone.
std::string report_path_of(const CLI::App& app) {
  const std::vector<std::string> paths = given_for(app, "--report");
  const std::vector<std::string> operands = given_for(app, "PIPELINE");
  if (paths.empty() || operands.empty()) return {};
  const bool is_operand = std::ranges::find(operands, paths.back()) != operands.end();
  return is_operand ? std::string{} : paths.back();
}

/// Lets `app` fill `out`; `--help` turns it into a call for help.
std::expected<invocation, misuse> parse(CLI::App& app, invocation& out,
                                        std::span<const char* const> arguments) {
  const auto complaint = [&app](std::string message, std::string hint) {
    return std::unexpected(misuse{std::move(message), std::move(hint), report_path_of(app)});
  };
  try {
    // CLI11 takes its arguments from the back.
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::CallForHelp&) {
    return invocation{.what = action::help, .help = app.help()};
  } catch (const CLI::ExtrasError& e) {
    return complaint(e.what(), hint_for_option(app, arguments));
  } catch (const CLI::ParseError& e) {
    return complaint(e.what(), "see `" + app.get_name() + " --help`");
  }
  if (auto found = out_of_range(out)) return complaint(found->message, found->hint);
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

bool selects(const invocation& it) {
  return !(it.where + it.search + it.since + it.until).empty();
}

/// What stands where it does not belong.
std::optional<misuse> misused(const invocation& it, const std::vector<component>& table) {
  if (it.operands.empty()) {
    return misuse{"nothing to do",
                  "see `weir --help`; standard input is `-`: `cat app.log | weir -`"};
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
  if (it.given == subject::text && selects(it)) {
    return misuse{"--where, --search, --since and --until are for files",
                  "in a pipeline write `| where EXPR`, `| search TEXT` or `| time since=2h`"};
  }
  return std::nullopt;
}

std::expected<invocation, misuse> understand_operands(std::span<const char* const> arguments,
                                                      const std::vector<component>& table,
                                                      bool piped) {
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
  if (piped && understood->operands.empty() && selects(*understood)) understood->operands = {"-"};
  if (!understood->operands.empty()) {
    const bool text = looks_like_pipeline(understood->operands.front(), table);
    understood->given = text ? subject::text : subject::inputs;
  }
  if (auto complaint = misused(*understood, table)) {
    complaint->report_path = report_path_of(app);
    return std::unexpected(*complaint);
  }
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

/// `weir sort --help` asks for what `weir describe sort` says.
bool asks_about_component(std::span<const char* const> arguments, std::size_t first,
                          const std::vector<component>& table) {
  if (arguments.size() != 2 || first != 0) return false;
  const std::string_view option = arguments[1];
  return (option == "--help" || option == "-h") &&
         std::ranges::find(table, arguments[0], &component::name) != table.end();
}

/// `help run` is `run --help`.
std::expected<invocation, misuse> help_for(std::span<const char* const> about,
                                           const std::vector<component>& table) {
  const subcommand* const one = about.empty() ? nullptr : find_subcommand(about.front());
  if (one == nullptr || one->what == action::help) {
    return understand_operands(std::array{"--help"}, table, false);
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
  if (const auto meant = nearest_subcommand(argument)) return "did you mean `" + *meant + "`?";
  if (!argument.contains(" | ")) return {};
  const std::string_view first = argument.substr(0, argument.find(' '));
  if (nearest(first, std::array<std::string, 1>{"from"})) {
    return fmt::format("did you mean `from`? write: weir 'from{}'", argument.substr(first.size()));
  }
  return fmt::format("a pipeline that reads a file begins with `from`; write: weir 'from {}'",
                     argument);
}

std::expected<invocation, misuse> understand(std::span<const char* const> arguments,
                                             const std::vector<component>& table, bool piped) {
  const std::size_t first = operand_behind_options(arguments);
  const subcommand* const chosen =
      first < arguments.size() ? find_subcommand(arguments[first]) : nullptr;
  if (asks_about_component(arguments, first, table))
    return invocation{.what = action::describe, .operands = {arguments[0]}};
  if (chosen == nullptr) return understand_operands(arguments, table, piped);
  std::vector<const char*> rest(arguments.begin(), arguments.end());
  rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(first));
  if (chosen->what == action::help) return help_for(rest, table);
  return understand_subcommand(*chosen, rest, table);
}

}  // namespace weir
