#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir {

/// A stretch of a pipeline's text, in bytes.
struct text_span {
  std::size_t offset = 0;
  std::size_t length = 0;
  friend bool operator==(const text_span&, const text_span&) = default;
};

/// A piece of the user's text and where it stands in the whole.
struct located_text {
  std::string text;
  text_span where;
};

/// One complaint about a pipeline's text: what is wrong, where, and what to do.
struct diagnostic {
  std::string message;  ///< lower case, no full stop: "unknown stage `jsn`"
  text_span where;
  std::string hint;  ///< "did you mean `json`?"; may be empty
  bool warning = false;
};

/// Collects complaints, so that one run shows them all.
class reporter {
 public:
  void error(std::string message, text_span where, std::string hint = {}) {
    found_.push_back({std::move(message), where, std::move(hint), false});
    ++errors_;
  }
  void warn(std::string message, text_span where, std::string hint = {}) {
    found_.push_back({std::move(message), where, std::move(hint), true});
  }
  bool ok() const noexcept { return errors_ == 0; }
  const std::vector<diagnostic>& found() const noexcept { return found_; }

 private:
  std::vector<diagnostic> found_;
  std::size_t errors_ = 0;
};

}  // namespace weir
