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

/// A translated pattern, compiled once and shared by all threads.
struct grok_pattern {
  explicit grok_pattern(const grok_translation& from);

  /// Finds the leftmost match and what its groups hold. Precondition: it compiled.
  bool match(std::string_view line, std::vector<re2::StringPiece>& groups) const;

  RE2 compiled;
  std::optional<stepwise_pattern> steps;  ///< the same, for most lines many times as fast
  std::vector<grok_field> fields;
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
