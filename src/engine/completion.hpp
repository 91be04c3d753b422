#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "weir/component.hpp"

namespace weir {

enum class shell : std::uint8_t { bash, zsh, fish };
/// Nothing for a shell that has no completion here.
std::optional<shell> shell_of(std::string_view name) noexcept;

/// What the command itself understands, each with its one-line help.
struct command_shape {
  std::vector<std::pair<std::string, std::string>> subcommands;
  std::vector<std::pair<std::string, std::string>> flags;  ///< "--report"
  /// The values of a flag that has only some, and what follows a subcommand: words with blanks
  /// between them.
  std::vector<std::pair<std::string, std::string>> choices = {};
  std::vector<std::pair<std::string, std::string>> verbs = {};
};

/// A completion script: subcommands, flags, the components behind `describe`, files elsewhere.
std::string completion(shell for_shell, const command_shape& command,
                       const std::vector<component>& table);

}  // namespace weir
