#include "record/key_sighting.hpp"

#include <bit>
#include <cstring>

#include "record/json_text.hpp"
#include "weir/memory.hpp"

namespace weir {
namespace {

/// Looks for places where a quote stands, the name's first byte, and a quote where the name has
/// ended.
class key_search {
 public:
  key_search(std::string_view text, std::string_view name) noexcept
      : at_(text.data()),
        end_(text.data() + text.size() - name.size() - 1),
        initial_(name[0]),
        to_closing_(name.size() + 1) {}

  /// The next such place, or nullptr.
  const char* next() noexcept {
    bytes16 brackets{};
    bytes16 backslashes{};
    for (; at_ < end_; at_ += 16) {
      const bytes16 here = load16(at_);
      const bytes16 bracket = (here | '\x20') == '{';
      const bytes16 backslash = here == '\\';
      const std::uint32_t fits = bits_of((here == '"') & (load16(at_ + 1) == initial_) &
                                         (load16(at_ + to_closing_) == '"'));
      if (fits != 0) {
        const std::uint32_t before = (fits & (0 - fits)) - 1;
        note(bits_of(brackets) | (bits_of(bracket) & before),
             bits_of(backslashes) | (bits_of(backslash) & before));
        at_ += std::countr_zero(fits);
        return at_ < end_ ? at_++ : nullptr;
      }
      brackets |= bracket;
      backslashes |= backslash;
    }
    note(bits_of(brackets), bits_of(backslashes));
    return nullptr;
  }
  key_sighting at(const char* quote) const noexcept {
    return {quote, brackets_ != 0, backslashes_ != 0};
  }

 private:
  void note(std::uint32_t brackets, std::uint32_t backslashes) noexcept {
    brackets_ |= brackets;
    backslashes_ |= backslashes;
  }

  const char* at_;
  const char* end_;  ///< of the places where an opening quote can stand
  char initial_;
  std::size_t to_closing_;
  std::uint32_t brackets_ = 0;  ///< seen so far
  std::uint32_t backslashes_ = 0;
};

}  // namespace

bool can_sight(std::string_view name) noexcept {
  return !name.empty() && name.size() + 17 <= block_padding;
}

key_sighting sight_key(std::string_view text, std::string_view name) noexcept {
  key_search search(text, name);
  const char* quote = search.next();
  while (quote != nullptr && std::memcmp(quote + 1, name.data(), name.size()) != 0) {
    quote = search.next();
  }
  return search.at(quote);
}

// With no backslash before it no key so far was written in another way, and with no bracket before
// it it lies in no inner object.
std::string_view sighted_value(std::string_view text, std::string_view name,
                               const key_sighting& seen) noexcept {
  if (seen.at == nullptr || seen.behind_bracket || seen.behind_backslash) return {};
  // A name that begins like what follows a string would also fit between two strings.
  if (is_operator(name[0]) || is_blank(name[0])) return {};
  const char* const end = text.data() + text.size();
  const char* const closing = seen.at + 1 + name.size();
  if (closing_quote(seen.at + 1, end) != closing) return {};
  const char* const colon = skip_blanks(closing + 1, end);
  if (colon == end || *colon != ':') return {};
  const char* const first = skip_blanks(colon + 1, end);
  const char* const last = skip_value(first, end);
  return last == end ? std::string_view{} : std::string_view{first, last};
}

}  // namespace weir
