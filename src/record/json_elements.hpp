#pragma once
#include <string_view>

#include "record/json_text.hpp"

namespace weir {

/// Steps over the elements of an array in valid JSON.
class json_elements {
 public:
  explicit json_elements(std::string_view array) noexcept
      : end_(array.data() + array.size()), at_(skip_blanks(array.data() + 1, end_)) {}

  bool done() const noexcept { return at_ == end_ || *at_ == ']'; }
  std::string_view next() noexcept {
    const char* const first = at_;
    const char* const last = skip_value(first, end_);
    at_ = skip_blanks(last, end_);
    if (at_ != end_ && *at_ == ',') at_ = skip_blanks(at_ + 1, end_);
    return {first, last};
  }

 private:
  const char* end_;
  const char* at_;
};

}  // namespace weir
