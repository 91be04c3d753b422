#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "parse/line_parser.hpp"

namespace weir {

/// A dissect pattern taken apart: fields and the delimiters between them.
struct dissect_pattern {
  struct piece {
    std::string name;  ///< empty for what is skipped
    enum class part : unsigned char { field, appended, named, name } is = part::field;
    int order = 0;          ///< among the appended ones of a name
    bool padded = false;    ///< `->`: repeats of the delimiter behind it go too
    std::string delimiter;  ///< behind it; empty for the last one
  };

  std::string prefix;  ///< in front of the first field
  std::vector<piece> pieces;
};

/// Reads `%{a} - %{b}`: see the component's description. Empty, and a complaint in `error`, if it
/// is no such pattern.
std::shared_ptr<const dissect_pattern> read_dissect(std::string_view text, std::string& error);

/// Reads lines by the delimiters between their fields, each found from the left.
class dissect_parser final : public line_parser {
 public:
  dissect_parser(std::shared_ptr<const dissect_pattern> pattern, bool infer);

  verdict parse(std::string_view line, field_list& out) override;

 private:
  verdict split(std::string_view line);
  void add(std::size_t piece, field_list& out);
  void add_joined(const std::string& name, field_list& out);

  std::shared_ptr<const dissect_pattern> pattern_;
  bool infer_;
  std::vector<std::string_view> found_;  ///< by piece
};

}  // namespace weir
