#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "record/json_members.hpp"
#include "weir/record.hpp"

namespace weir {

/// Writes records for people, one line each: time, level, message, then the other fields as
/// key=value.
///
///   2026-01-02T03:04:05Z ERROR upstream timed out service=api status=504 path="/a b"
///
/// Time, level and message are the top-level fields of the usual names (`timestamp`, `severity`,
/// `msg`, ...). Whatever the record holds, the line is safe to show: see `append_visible`.
class pretty {
 public:
  explicit pretty(bool color) noexcept : color_(color) {}

  /// Appends `r` and a line break.
  void write(const record& r, std::string& out);

 private:
  void read_members(const record& r);
  /// The member that has the first name of `names` that occurs; null if there is none.
  const member* named(std::span<const std::string_view> names) const;
  /// The text of a value without quotes and escapes. Valid until the next call.
  std::string_view content_of(const member& m);
  void append_level(std::string_view level, std::string& out) const;
  void append_field(const member& m, std::string& out);
  void append_painted(std::string_view color, std::string_view text, std::string& out) const;

  bool color_;
  std::vector<member> members_;
  std::string json_;  ///< that the members lie in, of a record that was not JSON yet
  std::string scratch_;
};

}  // namespace weir
