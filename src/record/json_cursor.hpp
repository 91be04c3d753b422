#pragma once
#include <cstdint>
#include <string_view>

#include "record/json_text.hpp"
#include "weir/record.hpp"

namespace weir {

/// Steps over the tokens of valid JSON: the structural characters, and the first byte of each
/// string and scalar. Tokens come from the batch's index where it has one; this is the cheap way.
class indexed_cursor {
 public:
  /// Precondition: `r` has an index.
  explicit indexed_cursor(const record& r) noexcept
      : base_(r.store().index->base),
        next_(r.store().index->at.get() + r.index()),
        last_(r.store().index->at.get() + r.store().index->count),
        end_(r.text().data() + r.text().size()) {}

  /// The next token, or the text's end.
  const char* next() noexcept {
    if (next_ == last_) return end_;
    const char* const token = base_ + *next_;
    if (token >= end_) return end_;
    ++next_;
    return token;
  }
  const char* end() const noexcept { return end_; }

 private:
  const char* base_;
  const std::uint32_t* next_;
  const std::uint32_t* last_;
  const char* end_;
};

/// The same by reading the text. For single records whose text a stage has rewritten.
class json_text_cursor {
 public:
  explicit json_text_cursor(std::string_view json) noexcept
      : end_(json.data() + json.size()), next_(skip_blanks(json.data(), end_)) {}

  const char* next() noexcept {
    const char* const token = next_;
    if (token == end_) return end_;
    skip_token();
    next_ = skip_blanks(next_, end_);
    return token;
  }
  const char* end() const noexcept { return end_; }

 private:
  void skip_token() noexcept {
    if (*next_ == '"') {
      next_ = skip_string(next_, end_);
    } else if (is_operator(*next_)) {
      ++next_;
    } else {
      next_ = skip_scalar(next_ + 1, end_);
    }
  }

  const char* end_;
  const char* next_;
};

}  // namespace weir
