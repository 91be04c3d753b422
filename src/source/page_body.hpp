#pragma once
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "weir/value.hpp"

namespace weir {

/// The body of an answer that is one page of records.
class page_body {
 public:
  /// A JSON text with an array of records at `records`; an empty path if it is that array itself.
  /// It is checked whole. Else what is wrong with it, in words for the user.
  static std::expected<page_body, std::string> json(std::string text, const field_path& records);
  /// A record a line.
  static page_body lines(std::string text);

  std::uint64_t records() const noexcept { return records_; }
  /// Tells pages with different bodies apart.
  std::uint64_t hash() const noexcept { return hash_; }
  std::size_t held_bytes() const noexcept { return text_.capacity(); }

  /// Whether there is anything at `path`, be it null.
  bool has(const field_path& path) const;
  /// An object or array with something in it.
  bool is_structure_at(const field_path& path) const;
  /// The text of a string or a number in it; empty if there is none at `path`.
  std::string text_at(const field_path& path) const;
  /// Neither missing nor null, false, 0 or empty.
  bool is_true_at(const field_path& path) const;

  /// Its records, a line each: their text as it stands, but for line breaks, which become blanks.
  /// They take the place of the text, so that nothing else can be asked any more.
  std::string_view take_lines();

 private:
  explicit page_body(std::string text);

  std::string text_;
  std::uint64_t hash_;
  std::uint64_t records_ = 0;
  std::size_t array_from_ = 0;  ///< its bracket, if it has records
  bool is_lines_ = false;
};

}  // namespace weir
