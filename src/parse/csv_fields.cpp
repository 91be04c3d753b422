#include "parse/csv_fields.hpp"

#include <cstring>

#include "base/ascii.hpp"

namespace weir {
namespace {

constexpr std::size_t none = std::string_view::npos;

std::size_t find(std::string_view text, char c, std::size_t from) noexcept {
  if (from >= text.size()) return none;
  const void* const found = std::memchr(text.data() + from, c, text.size() - from);
  return found == nullptr ? none
                          : static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
}

/// The end of what may stand behind a closing quote, seen from `at`: blanks, if they are allowed.
std::size_t behind_blanks(std::string_view text, std::size_t at, const csv_format& how) noexcept {
  while (how.lenient && at < text.size() && text[at] == ' ') ++at;
  return at;
}

bool ends_field(std::string_view text, std::size_t at, const csv_format& how) noexcept {
  at = behind_blanks(text, at, how);
  return at == text.size() || text[at] == how.delimiter;
}

/// The quote that closes the field whose content goes on at `from`; `doubled` is set if there are
/// doubled ones in front of it. Lenient: only one that a delimiter or the end follows.
std::size_t closing_quote(std::string_view text, std::size_t from, const csv_format& how,
                          bool& doubled) noexcept {
  for (std::size_t at = find(text, how.quote, from); at != none; at = find(text, how.quote, at)) {
    const bool pair = at + 1 < text.size() && text[at + 1] == how.quote;
    if (!pair && (!how.lenient || ends_field(text, at + 1, how))) return at;
    doubled = doubled || pair;
    at += pair ? 2 : 1;
  }
  return none;
}

}  // namespace

char told_separator(std::string_view line) noexcept {
  if (line.starts_with('"') && line.ends_with('"') && line.size() > 2)
    line = line.substr(1, line.size() - 2);
  const bool is_told = line.size() == 5 && lower_case(line.substr(0, 4)) == "sep=";
  return is_told ? line[4] : '\0';
}

void append_undoubled(std::string_view text, char quote, std::string& out) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    out += text[at];
    if (text[at] == quote && text.substr(at + 1).starts_with(quote)) ++at;
  }
}

csv_fields::csv_fields(std::string_view record, const csv_format& how) noexcept
    : left_(record),
      how_(how),
      begin_(record.data()),
      any_quote_(how.quote != csv_format::no_quote && find(record, how.quote, 0) != none) {}

bool csv_fields::fail(std::string_view why, std::size_t at) noexcept {
  const auto before = static_cast<std::size_t>(left_.data() - begin_);
  fault_ = reject(why, static_cast<std::uint32_t>(before + at));
  return false;
}

/// Ends the field, whose content is [from, to), at the next delimiter behind it.
bool csv_fields::end_at(csv_field& f, std::size_t from, std::size_t to) noexcept {
  f.text = left_.substr(from, to - from);
  const std::size_t stop = f.quoted ? behind_blanks(left_, to + 1, how_) : to;
  more_ = stop < left_.size();
  left_.remove_prefix(more_ ? stop + 1 : left_.size());
  return true;
}

bool csv_fields::next(csv_field& f) noexcept {
  if (!more_ || !fault_.is_keep()) return false;
  f = csv_field{};
  f.at = static_cast<std::uint32_t>(left_.data() - begin_);
  return any_quote_ && left_.starts_with(how_.quote) ? quoted(f) : plain(f);
}

bool csv_fields::plain(csv_field& f) noexcept {
  const std::size_t end = std::min(find(left_, how_.delimiter, 0), left_.size());
  if (any_quote_ && !how_.lenient) {
    const std::size_t quote = find(left_.substr(0, end), how_.quote, 0);
    if (quote != none) return fail("quote in an unquoted field", quote);
  }
  return end_at(f, 0, end);
}

bool csv_fields::quoted(csv_field& f) noexcept {
  f.quoted = true;
  const std::size_t close = closing_quote(left_, 1, how_, f.doubled);
  if (close != none && ends_field(left_, close + 1, how_)) return end_at(f, 1, close);
  if (close != none) return fail("text behind a closing quote", close + 1);
  if (!how_.lenient) return fail("quoted field without end", 0);
  f.text = left_.substr(1);
  more_ = false;
  return true;
}

void csv_quotes::take(std::string_view line) noexcept {
  if (how_.quote == csv_format::no_quote) return;
  if (!open_ && find(line, how_.quote, 0) == none) return;
  bool doubled = false;
  for (std::size_t at = 0; at <= line.size(); ++at) {  // from field to field
    if (open_ || (at < line.size() && line[at] == how_.quote)) {
      const std::size_t close = closing_quote(line, open_ ? at : at + 1, how_, doubled);
      open_ = close == none;
      if (open_) return;
      at = close + 1;
    }
    at = find(line, how_.delimiter, at);
    if (at == none) return;
  }
}

}  // namespace weir
