#pragma once
#include <cstdint>
#include <deque>
#include <string>

#include "weir/value.hpp"

namespace weir::expr {

/// Memory for what expressions compute, and what they count. One per lane; never shared. It keeps
/// its memory between records, so that the steady state allocates nothing.
class scratch {
 public:
  /// `now_ns`: what `now()` means, nanoseconds since 1970.
  explicit scratch(std::int64_t now_ns = 0) : now_ns_(now_ns) {}

  /// Forgets the texts of the last record: values that view them end here.
  void reset() noexcept { used_ = 0; }

  /// An empty text to write to. It stays in its place until `reset`.
  std::string& fresh() {
    if (used_ == texts_.size()) texts_.emplace_back();
    std::string& text = texts_[used_++];
    text.clear();
    return text;
  }

  /// The content of a string value, its escapes resolved.
  std::string_view content(const value& v) {
    if (!v.escaped) return v.text;
    std::string& out = fresh();
    unescape(v.text, out);
    return out;
  }

  std::int64_t now_ns() const noexcept { return now_ns_; }

  /// How often an operator or function met values of a type that it does not work on; the result
  /// was unknown or null.
  std::uint64_t type_mismatches = 0;

 private:
  std::deque<std::string> texts_;
  std::size_t used_ = 0;
  std::int64_t now_ns_;
};

}  // namespace weir::expr
