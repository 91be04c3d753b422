#include "sink/part_token.hpp"

#include <fmt/format.h>

#include <charconv>

#include "base/text_front.hpp"

namespace weir {
namespace {

/// The form may change one day; an empty token is none at all.
constexpr std::string_view token_heading = "parts 1\n";

/// A stem may hold any byte, so its length stands in front of it.
void add(std::string& out, std::string_view kind, const part_place& p) {
  out += fmt::format("{} {} {} {} ", kind, p.number, p.bytes, p.stem.size());
  out += p.stem;
  out += '\n';
}

bool take_number(std::string_view& from, std::uint64_t& number) {
  const auto [end, fault] = std::from_chars(from.data(), from.data() + from.size(), number);
  if (fault != std::errc{}) return false;
  from.remove_prefix(static_cast<std::size_t>(end - from.data()));
  return take_front(from, " ");
}

std::optional<part_place> take_place(std::string_view& from) {
  part_place p;
  std::uint64_t stem_bytes = 0;
  const bool numbers =
      take_number(from, p.number) && take_number(from, p.bytes) && take_number(from, stem_bytes);
  if (!numbers || stem_bytes >= from.size()) return std::nullopt;
  p.stem = from.substr(0, stem_bytes);
  from.remove_prefix(stem_bytes);
  if (!take_front(from, "\n")) return std::nullopt;
  return p;
}

}  // namespace

std::string to_token(const parts_progress& p) {
  std::string out{token_heading};
  for (const part_place& open : p.open) add(out, "open", open);
  for (const part_place& whole : p.whole) add(out, "whole", whole);
  if (p.shown) add(out, "shown", *p.shown);
  return out;
}

std::optional<parts_progress> parts_in(std::string_view token) {
  parts_progress out;
  if (!take_front(token, token_heading)) return std::nullopt;
  while (!token.empty()) {
    const bool open = take_front(token, "open ");
    const bool whole = !open && take_front(token, "whole ");
    if (!open && !whole && !take_front(token, "shown ")) return std::nullopt;
    auto place = take_place(token);
    if (!place) return std::nullopt;
    if (open) {
      out.open.push_back(std::move(*place));
    } else if (whole) {
      out.whole.push_back(std::move(*place));
    } else {
      out.shown = std::move(place);
    }
  }
  return out;
}

}  // namespace weir
