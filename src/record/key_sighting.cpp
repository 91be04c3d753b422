#include "record/key_sighting.hpp"

#include <bit>
#include <cstring>

#include "record/json_text.hpp"
#include "weir/memory.hpp"

namespace weir {
namespace {

constexpr sighting nowhere{};
constexpr sighting uncertain{""};

/// Looks for places where a quote stands, the name's first byte behind it, and a quote where the
/// name has ended.
class key_search {
 public:
  key_search(std::string_view text, std::string_view name) noexcept
      : at_(text.data()),
        end_(text.data() + text.size() - name.size() - 1),
        initial_(fill16(name[0])),
        to_closing_(name.size() + 1) {}

  /// The next such place, or nullptr.
  const char* next() noexcept {
    for (; at_ < end_; at_ += 16) {
      const bytes16 here = load16(at_);
      const bytes16 key =
          (here == '"') & (load16(at_ + 1) == initial_) & (load16(at_ + to_closing_) == '"');
      const bytes16 bracket = (here | '\x20') == '{';
      const bytes16 backslash = here == '\\';
      if (bits_of(key | bracket | backslash) == 0) [[likely]]
        continue;
      const std::uint32_t keys = bits_of(key);
      const std::uint32_t before = keys == 0 ? ~0u : (keys & (0 - keys)) - 1;
      brackets_ |= bits_of(bracket) & before;
      backslashes_ |= bits_of(backslash) & before;
      if (keys == 0) continue;
      at_ += std::countr_zero(keys);
      return at_ < end_ ? at_++ : nullptr;
    }
    return nullptr;
  }
  // Of what stands before the place, or in all of the text and perhaps in some bytes behind it.
  bool saw_bracket() const noexcept { return brackets_ != 0; }
  bool saw_backslash() const noexcept { return backslashes_ != 0; }

 private:
  const char* at_;
  const char* end_;  ///< of the places where an opening quote can stand
  bytes16 initial_;
  std::size_t to_closing_;
  std::uint32_t brackets_ = 0;
  std::uint32_t backslashes_ = 0;
};

/// The first place of `"name"`, as a key or as anything else, or nullptr.
inline const char* find_quoted(key_search& search, std::string_view name) noexcept {
  for (;;) {
    const char* const quote = search.next();
    if (quote == nullptr || std::memcmp(quote + 1, name.data(), name.size()) == 0) return quote;
  }
}

bool can_look_for(std::string_view name) noexcept {
  return !name.empty() && name.size() + 17 <= block_padding;
}

/// A name that begins like what may follow a string would also fit between two strings.
bool fits_between_strings(std::string_view name) noexcept {
  return is_operator(name[0]) || is_blank(name[0]);
}

/// The value behind the key at `quote`, if a key of that size stands there.
sighting value_behind(const char* quote, std::size_t key_bytes, const char* end) noexcept {
  const char* const closing = quote + 1 + key_bytes;
  if (closing_quote(quote + 1, end) != closing) return uncertain;
  const char* const colon = skip_blanks(closing + 1, end);
  if (colon == end || *colon != ':') return uncertain;
  const char* const first = skip_blanks(colon + 1, end);
  const char* const last = skip_value(first, end);
  if (last == end || last == first) return uncertain;
  return {{first, last}};
}

}  // namespace

// With no backslash before it, no key before it was written in another way; with no bracket before
// it, it lies in no inner object.
sighting sight_member(std::string_view object, std::string_view name) noexcept {
  if (!object.starts_with('{') || !can_look_for(name)) return uncertain;
  key_search search(object.substr(1), name);
  const char* const quote = find_quoted(search, name);
  if (search.saw_backslash()) return uncertain;
  if (quote == nullptr) return nowhere;
  if (search.saw_bracket() || fits_between_strings(name)) return uncertain;
  return value_behind(quote, name.size(), object.data() + object.size());
}

bool lacks_key(std::string_view text, std::string_view name) noexcept {
  if (!can_look_for(name)) return false;
  key_search search(text, name);
  return find_quoted(search, name) == nullptr && !search.saw_backslash();
}

}  // namespace weir
