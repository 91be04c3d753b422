#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "record/json_edit.hpp"
#include "weir/component.hpp"

namespace weir {

/// The paths that a stage was given as its body. Reports what is no path, and elements of arrays,
/// which `drop` and `keep` leave alone.
std::vector<field_path> read_fields(const std::vector<clause>& body, reporter& report);

/// A stateless stage that edits every record by the fields of its body.
stage edit_fields(const std::vector<clause>& body, reporter& report,
                  void (json_editor::*edit)(record&, std::span<const field_path>));

/// The name of a top-level field; empty after a complaint of stage `stage_name`.
std::string read_field_name(const located_text& spelled, std::string_view stage_name,
                            reporter& report);

}  // namespace weir
