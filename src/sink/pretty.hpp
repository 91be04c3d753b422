#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "record/json_members.hpp"
#include "weir/record.hpp"

namespace weir {

/// Writes records for people: time, level, message, then the other fields as key=value. Of a text
/// with line breaks, a stack trace for example, each further line is a line of its own, indented.
///
///   2026-01-02T03:04:05Z ERROR upstream timed out service=api status=504 path="/a b"
///       at shop.Orders.pay(Orders.java:42)
///
/// Time, level and message are the top-level fields of the usual names (`timestamp`, `severity`,
/// `msg`, ...). Whatever the record holds, the text is safe to show: see `append_visible`.
class pretty {
 public:
  explicit pretty(bool color) noexcept : color_(color) {}

  /// Appends `r`, which ends with a line break.
  void write(const record& r, std::string& out);

 private:
  void read_members(const record& r);
  /// The member that has the first name of `names` that occurs; null if there is none.
  const member* named(std::span<const std::string_view> names) const;
  /// The text of a value without quotes and escapes. Valid until the next call.
  std::string_view content_of(const member& m);
  bool is_field(const member& m) const noexcept;
  bool has_lines(const member& m);
  void append_first_line(std::string& out);
  void append_lines_of(const member& m, std::string& out);
  void append_key(const member& m, std::string& out);
  void append_level(std::string_view level, std::string& out) const;
  void append_field(const member& m, std::string& out);
  void append_painted(std::string_view color, std::string_view text, std::string& out) const;

  bool color_;
  std::vector<member> members_;
  // Those of them that have a place of their own; null for none:
  const member* time_ = nullptr;
  const member* level_ = nullptr;
  const member* message_ = nullptr;
  std::string json_;  ///< that the members lie in, of a record that was not JSON yet
  std::string scratch_;
};

}  // namespace weir
