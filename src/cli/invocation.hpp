#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/completion.hpp"
#include "weir/component.hpp"

namespace weir {

enum class action : std::uint8_t {
  run,
  check,
  explain,
  describe,
  list,
  schema,
  completion,
  checkpoint,
  dlq,
  ls,
  help,
  version,
};

/// What the command was given to work on.
enum class subject : std::uint8_t {
  nothing,
  text,    ///< a pipeline, as one string
  file,    ///< a pipeline, as a YAML file
  inputs,  ///< files whose records are to be shown
};

enum class when : std::uint8_t { automatic, always, never };

/// A command line, understood but not acted upon.
struct invocation {
  action what = action::run;
  subject given = subject::nothing;
  /// A pipeline's text or path; an input and its options; the paths, globs or `-` to show; names of
  /// components; a shell; a state directory or dead letter.
  std::vector<std::string> operands{};
  std::string verb{};  ///< for action::checkpoint and action::dlq: what to do with it

  std::string replayed_path{};           ///< a dead letter that stands for the pipeline's source
  std::string pipeline{};                ///< as `dlq replay` was given it
  std::string reason{};                  ///< of dead records: only with this in their reason
  std::optional<std::uint64_t> limit{};  ///< of dead records: at most so many
  bool whole_records = false;            ///< of dead records: however long, on a terminal too

  // Of the records of `inputs`, show only these. Empty for all.
  std::string where{};
  std::string search{};
  std::string since{};
  std::string until{};

  std::string report_path{};
  std::string dead_letter_path{};
  std::string state_directory{};
  bool accept_changed_pipeline = false;
  std::optional<std::uint64_t> lanes{};  ///< none: the cores
  std::optional<byte_size> memory{};     ///< none: the default
  std::string strategy{};                ///< empty: the plan decides
  std::optional<std::uint64_t> dry_run{};
  std::optional<double> max_reject_share{};
  std::optional<std::chrono::nanoseconds> give_up_after{};  ///< none: the run decides
  bool quiet = false;
  bool json = false;
  when color = when::automatic;
  std::string help{};  ///< for action::help: what to show
};

/// What is wrong with a command line, and what to do.
struct misuse {
  std::string message;
  std::string hint;
  /// Where a report of it is wanted; empty if nobody asked for one, or may have meant another path.
  std::string report_path{};
};

/// Understands a command line; `arguments` begins behind the program's name. `table` tells a
/// pipeline from a path. `piped`: standard input is no terminal, and is read where records are to
/// be selected and nothing is named. No I/O.
std::expected<invocation, misuse> understand(std::span<const char* const> arguments,
                                             const std::vector<component>& table,
                                             bool piped = false);

/// The subcommands and options of `weir`, for completion.
command_shape shape_of_command();

/// True if `argument` is a pipeline and not a path: it begins with `from`, `to` or a component's
/// name, and a blank.
bool looks_like_pipeline(std::string_view argument, const std::vector<component>& table);

/// What to do about `argument` if no such file exists and it was probably meant as a pipeline;
/// empty if it was not.
std::string hint_for_pipeline(std::string_view argument, const std::vector<component>& table);

}  // namespace weir
