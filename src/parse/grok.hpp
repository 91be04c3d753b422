#pragma once
#include <re2/re2.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "parse/grok_translate.hpp"
#include "parse/line_parser.hpp"
#include "parse/stepwise_pattern.hpp"

namespace weir {

/// A field that a grok pattern makes, or an object of such fields.
struct grok_field {
  std::string name;
  std::vector<int> groups;  ///< that may hold its text; the first one that does counts
  grok_capture::conversion to = grok_capture::conversion::none;
  std::vector<grok_field> members;
};

/// A group that must not be cut out of a longer run of digits, at its begin or at its end.
struct grok_edges {
  std::size_t group;
  bool begin;
  bool end;
};

/// A translated pattern, compiled once and shared by all threads.
struct grok_pattern {
  explicit grok_pattern(const grok_translation& from);

  /// Finds the leftmost match and what its groups hold. Precondition: it compiled.
  bool match(std::string_view line, std::vector<re2::StringPiece>& groups) const;

  RE2 compiled;
  /// Asked where a group of a match has digits beyond its edge; empty where none has edges.
  std::optional<RE2> at_words;
  std::vector<grok_edges> edges;
  std::optional<stepwise_pattern> steps;  ///< the same, for most lines many times as fast
  std::vector<grok_field> fields;

 private:
  bool match_loosely(std::string_view line, std::vector<re2::StringPiece>& groups) const;
  bool cuts_digits(std::string_view line, const std::vector<re2::StringPiece>& groups) const;
};

using grok_patterns = std::vector<std::unique_ptr<const grok_pattern>>;

/// Reads lines by grok patterns: the first one that matches gives the fields. An empty text is a
/// missing field.
class grok_parser final : public line_parser {
 public:
  explicit grok_parser(std::shared_ptr<const grok_patterns> patterns);

  verdict parse(std::string_view line, field_list& out) override;

 private:
  std::string_view text_of(const grok_field& f) const noexcept;
  void add(const grok_field& f, field_list& out);
  void append_object(const std::vector<grok_field>& members);
  void append_value(const grok_field& f, std::string_view text);

  std::shared_ptr<const grok_patterns> patterns_;
  std::vector<re2::StringPiece> found_;
  std::string json_;
};

}  // namespace weir
