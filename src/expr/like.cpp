#include "expr/like.hpp"

#include <cstddef>

namespace weir::expr {
namespace {

bool is_continuation(char c) noexcept {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

std::size_t next_character(std::string_view text, std::size_t at) noexcept {
  ++at;
  while (at < text.size() && is_continuation(text[at])) ++at;
  return at;
}

/// Walks a text and a pattern side by side; at a mismatch it goes back to the last `%` and lets
/// that take one more character. Earlier ones need no second look: what they took was the shortest.
class matcher {
 public:
  matcher(std::string_view text, std::string_view pattern, char escape) noexcept
      : text_(text), pattern_(pattern), escape_(escape) {}

  bool run() noexcept {
    while (t_ < text_.size()) {
      if (!step() && !retry()) return false;
    }
    while (at_percent()) ++p_;
    return p_ == pattern_.size();
  }

 private:
  bool at_percent() const noexcept {
    return p_ < pattern_.size() && pattern_[p_] == '%' && escape_ != '%';
  }

  bool step() noexcept {
    if (p_ == pattern_.size()) return false;
    const char c = pattern_[p_];
    if (escape_ != 0 && c == escape_) return literal(p_ + 1);
    if (c == '%') {
      retry_p_ = ++p_;
      retry_t_ = t_;
      return true;
    }
    if (c != '_') return literal(p_);
    ++p_;
    t_ = next_character(text_, t_);
    return true;
  }

  bool literal(std::size_t at) noexcept {
    if (at >= pattern_.size() || pattern_[at] != text_[t_]) return false;
    p_ = at + 1;
    ++t_;
    return true;
  }

  bool retry() noexcept {
    if (retry_p_ == std::string_view::npos) return false;
    retry_t_ = next_character(text_, retry_t_);
    t_ = retry_t_;
    p_ = retry_p_;
    return true;
  }

  std::string_view text_;
  std::string_view pattern_;
  char escape_;
  std::size_t t_ = 0;
  std::size_t p_ = 0;
  std::size_t retry_p_ = std::string_view::npos;
  std::size_t retry_t_ = 0;
};

}  // namespace

bool like(std::string_view text, std::string_view pattern, char escape) noexcept {
  return matcher{text, pattern, escape}.run();
}

bool valid_like_pattern(std::string_view pattern, char escape) noexcept {
  for (std::size_t i = 0; escape != 0 && i < pattern.size(); ++i) {
    if (pattern[i] == escape && ++i == pattern.size()) return false;
  }
  return true;
}

}  // namespace weir::expr
