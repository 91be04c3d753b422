#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace weir {

/// Which keys of an object store are meant. Like a glob over paths, with two differences that keep
/// any object from being left out: `**` stands for any text, and a name that begins with a dot is
/// like any other. `*` and `?` do not match a slash; `[a-z]`, `{a,b}` and `\` are as in a glob; a
/// directory's `**/` may stand for none. Text without wildcards is a key, or with a final slash (or
/// empty) everything below it. Immutable.
class key_pattern {
 public:
  explicit key_pattern(std::string text);

  bool matches(std::string_view key) const noexcept;
  /// The text without wildcards that keys are listed by: sorted, none begins with another.
  const std::vector<std::string>& prefixes() const noexcept { return prefixes_; }
  /// Names exactly one key.
  bool is_key() const noexcept { return is_key_; }
  const std::string& text() const noexcept { return text_; }

 private:
  std::string text_;
  bool is_key_;
  std::vector<std::string> alternatives_;
  std::vector<std::string> prefixes_;
};

}  // namespace weir
