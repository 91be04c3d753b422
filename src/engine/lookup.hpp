#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "weir/component.hpp"

namespace weir {

/// "source", "stage" or "sink".
std::string_view name_of(component::role r) noexcept;

/// The component of that role and name, or nullptr. It lives as long as the table.
const component* find_component(const std::vector<component>& table, component::role is,
                                std::string_view name) noexcept;

/// Says that `name` is no component of that role: what it is instead, or what was probably meant.
void report_unknown(const std::vector<component>& table, component::role is,
                    const located_text& name, reporter& report);

/// What `from ARG...` or `to ARG...` names: a component by its name, by the scheme of a URL,
/// standard input or output for `-`, or else the file that has the first argument as its path.
/// `where` is the whole of it. Nothing if it reported.
std::optional<step_text> resolve_endpoint(const std::vector<component>& table, component::role is,
                                          std::vector<argument> arguments, text_span where,
                                          reporter& report);

/// Standard input or output, for a pipeline that names none.
step_text standard_endpoint(const std::vector<component>& table, component::role is,
                            text_span where);

}  // namespace weir
