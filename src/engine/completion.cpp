#include "engine/completion.hpp"

#include <fmt/format.h>

#include <set>

#include "engine/shell_quote.hpp"

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

/// Branches of a `case` that offer words and end the function, on `condition` where there is one.
std::string bash_branches(const words& all, std::string_view condition = "") {
  std::string lines;
  for (const auto& [name, offered] : all)
    lines += fmt::format("    {}) {}COMPREPLY=($(compgen -W \"{}\" -- \"$word\")){} ;;\n", name,
                         condition.empty() ? "" : fmt::format("if {}; then ", condition), offered,
                         condition.empty() ? "; return" : "; return; fi");
  return lines;
}

std::string bash(const command_shape& command, const words& described) {
  const words operands{{"describe", names(described)},
                       {"help", names(command.subcommands)},
                       {"completion", "bash zsh fish"}};
  return fmt::format(
      R"(# bash completion for weir
_weir() {{
  local word=${{COMP_WORDS[COMP_CWORD]}} command= at
  for ((at = 1; at < COMP_CWORD; at++)); do
    [[ ${{COMP_WORDS[at]}} == -* ]] || {{ command=${{COMP_WORDS[at]}}; break; }}
  done
  case ${{COMP_WORDS[COMP_CWORD - 1]}} in
{}  esac
  case $command in
{}{}  esac
  if [[ $word == -* ]]; then
    COMPREPLY=($(compgen -W "{}" -- "$word"))
  elif [[ -z $command ]]; then
    COMPREPLY=($(compgen -W "{}" -- "$word") $(compgen -f -- "$word"))
  else
    COMPREPLY=($(compgen -f -- "$word"))
  fi
}}
complete -o filenames -F _weir weir
)",
      bash_branches(command.choices), bash_branches(operands),
      bash_branches(command.verbs, "((at + 1 == COMP_CWORD))"), names(command.flags),
      names(command.subcommands));
}

/// `'name:summary'`, as zsh's _describe reads it.
std::string zsh_words(const words& all) {
  std::string lines;
  for (const auto& [name, summary] : all)
    lines += fmt::format("    {}\n", shell_quoted(name + ":" + summary));
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
    script += fmt::format("complete -c weir {}{} -d {}\n", condition, what,
                          shell_quoted(summary, R"(\')"));
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
