#include "engine/completion.hpp"

#include <fmt/format.h>

#include <set>

namespace weir {
namespace {

using words = std::vector<std::pair<std::string, std::string>>;

/// Each name once, with the summary of its first component: `file` reads and writes.
words component_words(const std::vector<component>& table) {
  words all;
  std::set<std::string> seen;
  for (const component& c : table)
    if (seen.insert(c.name).second) all.emplace_back(c.name, c.summary);
  return all;
}

std::string names(const words& all) {
  std::string line;
  for (const auto& [name, summary] : all) line += (line.empty() ? "" : " ") + name;
  return line;
}

/// In single quotes for a shell.
std::string quoted(std::string_view text, std::string_view quote_in_quotes) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'')
      out += quote_in_quotes;
    else
      out += c;
  }
  return out + '\'';
}

std::string bash(const command_shape& command, const words& described) {
  return fmt::format(
      R"(# bash completion for weir
_weir() {{
  local word=${{COMP_WORDS[COMP_CWORD]}}
  case ${{COMP_WORDS[1]}} in
    describe) COMPREPLY=($(compgen -W "{}" -- "$word")); return ;;
    completion) COMPREPLY=($(compgen -W "bash zsh fish" -- "$word")); return ;;
  esac
  if [[ $word == -* ]]; then
    COMPREPLY=($(compgen -W "{}" -- "$word"))
  elif [[ $COMP_CWORD -eq 1 ]]; then
    COMPREPLY=($(compgen -W "{}" -- "$word") $(compgen -f -- "$word"))
  else
    COMPREPLY=($(compgen -f -- "$word"))
  fi
}}
complete -o filenames -F _weir weir
)",
      names(described), names(command.flags), names(command.subcommands));
}

/// `'name:summary'`, as zsh's _describe reads it.
std::string zsh_words(const words& all) {
  std::string lines;
  for (const auto& [name, summary] : all)
    lines += fmt::format("    {}\n", quoted(name + ":" + summary, R"('\'')"));
  return lines;
}

std::string zsh(const command_shape& command, const words& described) {
  return fmt::format(R"(#compdef weir
_weir() {{
  local -a subcommands components flags
  subcommands=(
{})
  components=(
{})
  flags=(
{})
  case $words[2] in
    describe) _describe component components; return ;;
    completion) _values shell bash zsh fish; return ;;
  esac
  if [[ $PREFIX == -* ]]; then
    _describe option flags
  elif (( CURRENT == 2 )); then
    _describe command subcommands
    _files
  else
    _files
  fi
}}
compdef _weir weir
)",
                     zsh_words(command.subcommands), zsh_words(described),
                     zsh_words(command.flags));
}

std::string fish(const command_shape& command, const words& described) {
  std::string script = "# fish completion for weir\n";
  const auto add = [&](std::string_view condition, std::string_view what,
                       std::string_view summary) {
    script +=
        fmt::format("complete -c weir {}{} -d {}\n", condition, what, quoted(summary, R"(\')"));
  };
  for (const auto& [name, summary] : command.subcommands)
    add("-n __fish_use_subcommand ", "-a " + name, summary);
  for (const auto& [name, summary] : described)
    add("-f -n '__fish_seen_subcommand_from describe' ", "-a " + name, summary);
  for (const char* name : {"bash", "zsh", "fish"})
    add("-f -n '__fish_seen_subcommand_from completion' ", fmt::format("-a {}", name), "a shell");
  for (const auto& [name, summary] : command.flags)
    add("", (name.starts_with("--") ? "-l " : "-s ") + name.substr(name.find_first_not_of('-')),
        summary);
  return script;
}

}  // namespace

std::optional<shell> shell_of(std::string_view name) noexcept {
  if (name == "bash") return shell::bash;
  if (name == "zsh") return shell::zsh;
  if (name == "fish") return shell::fish;
  return std::nullopt;
}

std::string completion(shell for_shell, const command_shape& command,
                       const std::vector<component>& table) {
  const words described = component_words(table);
  switch (for_shell) {
    case shell::bash:
      return bash(command, described);
    case shell::zsh:
      return zsh(command, described);
    case shell::fish:
      return fish(command, described);
  }
  return {};
}

}  // namespace weir
