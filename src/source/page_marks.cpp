#include "source/page_marks.hpp"

#include <fmt/format.h>

#include <charconv>
#include <utility>

namespace weir {
namespace {

/// The number at the front of `text`, which loses it and the blank behind it.
std::uint64_t take_number(std::string_view& text) {
  std::uint64_t value = 0;
  const auto* const end = std::from_chars(text.data(), text.data() + text.size(), value).ptr;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (text.starts_with(' ')) text.remove_prefix(1);
  return value;
}

}  // namespace

std::string to_token(const page_mark& mark) {
  return fmt::format("{} {} {}", mark.begin.offset, mark.begin.number, mark.place);
}

page_mark mark_in(std::string_view token) {
  page_mark out;
  out.begin.offset = take_number(token);
  out.begin.number = take_number(token);
  out.place = token;
  return out;
}

void page_marks::clear() {
  const std::lock_guard lock(mutex_);
  marks_.clear();
}

void page_marks::note(page_mark page) {
  const std::lock_guard lock(mutex_);
  marks_.push_back(std::move(page));
}

std::string page_marks::token_at(position at) {
  const std::lock_guard lock(mutex_);
  while (marks_.size() > 1 && marks_[1].begin.number <= at.number) marks_.pop_front();
  return marks_.empty() ? std::string{} : to_token(marks_.front());
}

}  // namespace weir
