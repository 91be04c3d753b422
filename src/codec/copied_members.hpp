#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

/// The members of a document's objects that each record of the arrays behind them gets as well: see
/// framing::copied.
class copied_members {
 public:
  /// Begins the member `key`, the wanted one number `name`, of the object `level` steps down.
  void begin(std::size_t level, std::size_t name, std::string_view key);
  /// More of the latest one's value; line breaks become blanks.
  void append(std::string_view value);
  /// A checkpoint could not keep them. What comes then is not kept.
  bool are_too_long() const noexcept { return bytes_ > bytes_max; }

  /// The latest one is broken.
  void forget_latest();
  /// Those of objects further down than `level` hold no longer.
  void forget_below(std::size_t level);
  void clear();

  /// Appends those for a record that has `own` itself: `"a":1,"b":2`.
  void write(const std::vector<bool>& own, std::string& out) const;
  /// Appends a line for each, with its line break in front, as `restore` reads it.
  void write_state(std::string& out) const;
  /// Takes such a line, unless it is none or its number is not below `names`.
  void restore(std::string_view line, std::size_t names);

 private:
  static constexpr std::size_t bytes_max = 60 << 10;

  struct copy {
    std::size_t level;
    std::size_t name;
    std::string member;  ///< key and value
  };
  std::vector<copy> all_;
  std::size_t bytes_ = 0;
};

}  // namespace weir
