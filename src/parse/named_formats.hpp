#pragma once
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "parse/layout.hpp"
#include "parse/line_parser.hpp"
#include "parse/regex.hpp"
#include "record/line_groups.hpp"

namespace weir {

/// A log format told by data, and a line of it that the tests read. Its parser, its component, its
/// page and its place in `auto` come from this.
struct named_format {
  std::string_view name;
  std::string_view summary;
  std::string_view description;
  /// Of RE2, each group a field; the first match counts. For the pieces `%{...}` in them see
  /// named_format.cpp.
  std::span<const std::string_view> patterns = {};
  level_by_group level = {};           ///< of patterns
  std::string_view fields = {};        ///< or a layout, with what its names mean
  std::string_view older_fields = {};  ///< of lines that `fields` does not read
  layout_names names = {};             ///< of patterns only the status counts
  std::unique_ptr<line_parser> (*own_parser)() = nullptr;  ///< or one that is told by no pattern
  /// Of a format whose records have several lines: what their first ones match, and what the others
  /// do, with the same pieces.
  std::string_view first_line = {};
  std::string_view further_line = {};
  std::string_view sample;
  std::string_view becomes;  ///< the sample, as JSON
};

// By family, special formats before general ones.
std::span<const named_format> cloud_formats();
std::span<const named_format> server_formats();
std::span<const named_format> service_formats();
std::span<const named_format> console_formats();
std::span<const named_format> program_formats();

/// All of them, in this order.
const std::vector<named_format>& named_formats();

/// The format called `name`. Precondition: there is one.
const named_format& named_format_called(std::string_view name);

/// A parser of the format; only layouts have settings, and patterns with a status its level. What
/// it is made of is compiled once and shared.
make_line_parser parser_of(const named_format& f, layout_settings how = {});

/// Which lines of the format belong together; empty if each is a record.
line_groups::make_rule rule_of(const named_format& f);

/// The stage of a format.
component component_of(const named_format& f);

}  // namespace weir
