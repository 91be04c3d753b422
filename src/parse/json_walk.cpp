#include "parse/json_walk.hpp"

#include <algorithm>
#include <cstring>

#include "base/ascii.hpp"
#include "record/json_grammar.hpp"

namespace weir {
namespace {

/// Whether a scalar may end before `c`. A token after a blank is in the index and fails there.
bool ends_scalar(char c) noexcept {
  switch (c) {
    case ',':
    case '}':
    case ']':
    case ' ':
    case '\t':
    case '\n':
    case '\r':
      return true;
    default:
      return false;
  }
}

bool is_word(const char* p, const char* word, std::size_t size) noexcept {
  return std::memcmp(p, word, size) == 0 && ends_scalar(p[size]);
}

bool is_number(const char* p, const char* end) noexcept {
  const char* q = p + (*p == '-');
  if (*q == '0') {
    ++q;
  } else {
    while (is_digit(*q)) ++q;
  }
  if (q != p + (*p == '-') && ends_scalar(*q)) return true;
  const std::size_t length = json_number_length({p, static_cast<std::size_t>(end - p)});
  return length > 0 && ends_scalar(p[length]);
}

bool is_scalar(const char* p, const char* end) noexcept {
  switch (*p) {
    case '"':
      return true;
    case 't':
      return is_word(p, "true", 4);
    case 'f':
      return is_word(p, "false", 5);
    case 'n':
      return is_word(p, "null", 4);
    default:
      return (*p == '-' || is_digit(*p)) && is_number(p, end);
  }
}

/// One bit a level, the innermost lowest: is it an array? Deeper objects are left to the slow
/// check.
class nesting {
 public:
  explicit nesting(std::size_t max_depth) noexcept
      : max_depth_(std::min<std::size_t>(max_depth, 64)) {}
  bool push(bool array) noexcept {
    kinds_ = kinds_ << 1 | static_cast<std::uint64_t>(array);
    return ++depth_ <= max_depth_;
  }
  void pop() noexcept {
    kinds_ >>= 1;
    --depth_;
  }
  bool in_array() const noexcept { return (kinds_ & 1) != 0; }
  bool closed() const noexcept { return depth_ == 0; }

 private:
  std::uint64_t kinds_ = 0;
  std::size_t depth_ = 0;
  std::size_t max_depth_;
};

}  // namespace

// Each state looks at one token. `p >= end` is asked once for every key and every value, which
// keeps the walk inside the index: at most two tokens are read between two such questions.
const std::uint32_t* walk_json_object(const char* base, const std::uint32_t* at, const char* end,
                                      std::size_t max_depth) noexcept {
  nesting open(max_depth);
  const char* p = base + *at;
  if (p >= end || *p != '{') return nullptr;

value:
  if (*p == '{') {
    if (!open.push(false)) return nullptr;
    p = base + *++at;
    if (*p == '}') goto close;
    goto key;
  }
  if (*p == '[') {
    if (!open.push(true)) return nullptr;
    p = base + *++at;
    if (*p == ']') goto close;
    if (p >= end) return nullptr;
    goto value;
  }
  if (!is_scalar(p, end)) return nullptr;

after_value:
  p = base + *++at;
  if (*p == ',') {
    p = base + *++at;
    if (!open.in_array()) goto key;
    if (p >= end) return nullptr;
    goto value;
  }
  if (*p != (open.in_array() ? ']' : '}')) return nullptr;

close:
  if (p >= end) return nullptr;
  open.pop();
  if (!open.closed()) goto after_value;
  return at + 1;

key:
  if (p >= end || *p != '"') return nullptr;
  if (base[*++at] != ':') return nullptr;
  p = base + *++at;
  if (p >= end) return nullptr;
  goto value;
}

}  // namespace weir
