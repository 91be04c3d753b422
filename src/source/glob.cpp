#include "source/glob.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "source/wildcard.hpp"

namespace weir {
namespace {

/// The components of a path; `**.gz` gives two, `**` and `*.gz`. The root is an empty first one.
std::vector<std::string> components_of(std::string_view path) {
  std::vector<std::string> parts;
  while (true) {
    const auto slash = path.find('/');
    auto part = path.substr(0, slash);
    if (part.starts_with("**") && part.size() > 2) {
      parts.emplace_back("**");
      part.remove_prefix(1);
    }
    if (!part.empty() || parts.empty()) parts.emplace_back(part);
    if (slash == path.npos) return parts;
    path.remove_prefix(slash + 1);
  }
}

void add_once(glob::places& to, glob::place p) {
  if (std::ranges::find(to, p) == to.end()) to.push_back(p);
}

bool visible_directory(std::string_view name) {
  return !name.starts_with('.');
}

}  // namespace

bool has_wildcards(std::string_view text) noexcept {
  return text.find_first_of("*?[{") != text.npos;
}

// Only the latest star is ever retried: what an earlier one could give, the later one can as well.
bool matches_component(std::string_view pattern, std::string_view name) noexcept {
  if (name.starts_with('.') && !pattern.starts_with('.')) return false;
  std::optional<std::string_view> after_star;
  std::string_view retry;
  while (!name.empty()) {
    if (pattern.starts_with('*')) {
      pattern.remove_prefix(1);
      after_star = pattern;
      retry = name;
      continue;
    }
    if (const auto rest = match_one(pattern, name[0])) {
      pattern = *rest;
      name.remove_prefix(1);
      continue;
    }
    if (!after_star) return false;
    retry.remove_prefix(1);
    name = retry;
    pattern = *after_star;
  }
  return pattern.find_first_not_of('*') == pattern.npos;
}

glob::glob(std::string_view pattern) {
  for (const auto& one : expand_braces(pattern)) alternatives_.push_back(components_of(one));
  // What all alternatives begin with and holds no wildcard need not be searched.
  auto shared = [this](const std::string& component) {
    return std::ranges::all_of(alternatives_, [&](const auto& parts) {
      return parts.size() > 1 && parts.front() == component;
    });
  };
  while (true) {
    const std::string first = alternatives_.front().front();
    if (has_wildcards(first) || first.contains('\\') || !shared(first)) return;
    base_ += first + "/";
    for (auto& parts : alternatives_) parts.erase(parts.begin());
  }
}

glob::places glob::start() const {
  places all;
  for (std::size_t i = 0; i < alternatives_.size(); ++i) all.push_back({i, 0});
  return all;
}

glob::places glob::enter(const places& from, std::string_view name) const {
  places next;
  for (place p : from) {
    const auto& parts = alternatives_[p.alternative];
    // `**` may stand for this directory, or for none: then what follows it is tried as well.
    for (; parts[p.at] == "**"; ++p.at) {
      if (visible_directory(name)) add_once(next, p);
      if (p.at + 1 == parts.size()) break;
    }
    if (parts[p.at] != "**" && p.at + 1 < parts.size() && matches_component(parts[p.at], name))
      add_once(next, {p.alternative, p.at + 1});
  }
  return next;
}

bool glob::matches(std::string_view path) const {
  places at = start();
  for (auto slash = path.find('/'); slash != path.npos; slash = path.find('/')) {
    at = enter(at, path.substr(0, slash));
    path.remove_prefix(slash + 1);
  }
  return accepts(at, path);
}

bool glob::accepts(const places& from, std::string_view name) const {
  return std::ranges::any_of(from, [&](place p) {
    const auto& parts = alternatives_[p.alternative];
    while (parts[p.at] == "**" && p.at + 1 < parts.size()) ++p.at;
    if (p.at + 1 < parts.size()) return false;
    return parts[p.at] == "**" ? visible_directory(name) : matches_component(parts[p.at], name);
  });
}

}  // namespace weir
