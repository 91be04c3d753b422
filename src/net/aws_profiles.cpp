#include "net/aws_profiles.hpp"

#include <algorithm>
#include <functional>

#include "net/small_file.hpp"

namespace weir {
namespace {

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") + 1 - first);
}

/// Calls `each(section, name, value)` for the lines of an ini file. Indented lines belong to values
/// that nobody here reads.
void read_ini(std::string_view text,
              const std::function<void(const std::string&, std::string, std::string)>& each) {
  std::string section;
  while (!text.empty()) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    const auto content = trimmed(line);
    if (content.empty() || content[0] == '#' || content[0] == ';') continue;
    if (content.starts_with('[')) {
      section = trimmed(content.substr(1, content.find(']') - 1));
      continue;
    }
    const auto equals = content.find('=');
    if (line[0] == ' ' || line[0] == '\t' || equals == content.npos) continue;
    each(section, std::string{trimmed(content.substr(0, equals))},
         std::string{trimmed(content.substr(equals + 1))});
  }
}

std::string file_path(const environment& env, const char* variable, std::string_view usual) {
  if (auto named = env(variable)) return *named;
  return env("HOME").value_or("").append(usual);
}

}  // namespace

aws_profiles::aws_profiles(const environment& env, disk& files) {
  const auto config = file_path(env, "AWS_CONFIG_FILE", "/.aws/config");
  const auto credentials = file_path(env, "AWS_SHARED_CREDENTIALS_FILE", "/.aws/credentials");
  if (const auto text = read_small_file(files, config)) read_config(*text);
  if (const auto text = read_small_file(files, credentials)) read_credentials(*text);
}

void aws_profiles::read_config(std::string_view text) {
  constexpr std::string_view prefix = "profile ";
  read_ini(text, [&](const std::string& section, std::string name, std::string value) {
    const bool named = section.starts_with(prefix);
    if (!named && section != "default") return;
    const std::string profile{named ? trimmed(std::string_view{section}.substr(prefix.size()))
                                    : std::string_view{section}};
    all_[profile][std::move(name)] = std::move(value);
  });
}

void aws_profiles::read_credentials(std::string_view text) {
  read_ini(text, [&](const std::string& section, std::string name, std::string value) {
    all_[section][std::move(name)] = std::move(value);
  });
}

const aws_profile* aws_profiles::find(const std::string& name) const {
  const auto found = all_.find(name);
  return found == all_.end() ? nullptr : &found->second;
}

std::optional<std::string> aws_profiles::value(const std::string& profile,
                                               const std::string& name) const {
  const aws_profile* const known = find(profile);
  if (known == nullptr) return std::nullopt;
  const auto found = known->find(name);
  if (found == known->end() || found->second.empty()) return std::nullopt;
  return found->second;
}

}  // namespace weir
