#include "codec/copied_members.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace weir {

void copied_members::begin(std::size_t level, std::size_t name, std::string_view key) {
  all_.push_back({level, name, fmt::format("\"{}\":", key)});
  bytes_ += all_.back().member.size();
}

void copied_members::append(std::string_view value) {
  if (are_too_long()) return;
  std::string& member = all_.back().member;
  const auto before = static_cast<std::ptrdiff_t>(member.size());
  member += value;
  std::replace(member.begin() + before, member.end(), '\n', ' ');
  bytes_ += value.size();
}

void copied_members::forget_latest() {
  bytes_ -= all_.back().member.size();
  all_.pop_back();
}

void copied_members::forget_below(std::size_t level) {
  while (!all_.empty() && all_.back().level > level) forget_latest();
}

void copied_members::clear() {
  all_.clear();
  bytes_ = 0;
}

void copied_members::write(const std::vector<bool>& own, std::string& out) const {
  for (const copy& c : all_) {
    if (own[c.name]) continue;
    if (!out.empty()) out += ',';
    out += c.member;
  }
}

void copied_members::write_state(std::string& out) const {
  for (const copy& c : all_) out += fmt::format("\n{} {} {}", c.level, c.name, c.member);
}

void copied_members::restore(std::string_view line, std::size_t names) {
  copy c{};
  const char* const end = line.data() + line.size();
  const auto level = std::from_chars(line.data(), end, c.level);
  if (level.ptr == end) return;
  const auto name = std::from_chars(level.ptr + 1, end, c.name);
  if (name.ptr == end || c.name >= names) return;
  c.member.assign(name.ptr + 1, end);
  bytes_ += c.member.size();
  all_.push_back(std::move(c));
}

}  // namespace weir
