#include "stage/field_list.hpp"

#include <algorithm>

#include "expr/tree.hpp"
#include "record/as_json.hpp"

namespace weir {
namespace {

void report_no_field(const located_text& spelled, reporter& report) {
  report.error(
      "`" + spelled.text + "` is no field", spelled.where,
      "a name with other characters than letters, digits, `_`, `@` and `$` goes between backticks");
}

bool is_virtual(const located_text& spelled) {
  return std::ranges::find(expr::special_field_names, spelled.text) !=
         expr::special_field_names.end();
}

/// Else `set @level = ...` would write a field that nobody who asks for `@level` sees.
void report_virtual(const located_text& spelled, reporter& report) {
  const std::string name = spelled.text.substr(1);
  report.error("`" + spelled.text + "` is not a field of the record: weir finds it out",
               spelled.where,
               "name it `" + name + "`; a field that is really called so goes between backticks");
}

}  // namespace

std::vector<field_path> read_fields(const std::vector<clause>& body, reporter& report) {
  std::vector<field_path> paths;
  for (const clause& c : body) {
    field_path path = parse_path(c.key.text);
    const auto is_element = [](const auto& segment) { return segment.element >= 0; };
    if (path.segments.empty()) {
      report_no_field(c.key, report);
    } else if (is_virtual(c.key)) {
      report_virtual(c.key, report);
    } else if (std::ranges::any_of(path.segments, is_element)) {
      report.error("`" + c.key.text + "` is an element of an array", c.key.where,
                   "name the whole field");
    } else {
      paths.push_back(std::move(path));
    }
  }
  return paths;
}

std::string read_field_name(const located_text& spelled, std::string_view stage_name,
                            reporter& report) {
  const field_path path = parse_path(spelled.text);
  if (is_virtual(spelled)) {
    report_virtual(spelled, report);
  } else if (path.segments.size() == 1) {
    return path.segments.front().name;
  } else if (path.segments.empty()) {
    report_no_field(spelled, report);
  } else {
    report.error("`" + std::string{stage_name} + "` works on top-level fields, not on `" +
                     spelled.text + "`",
                 spelled.where, "a name that holds a dot goes between backticks");
  }
  return {};
}

stage edit_fields(const std::vector<clause>& body, reporter& report,
                  void (json_editor::*edit)(record&, std::span<const field_path>)) {
  stage made;
  made.stateless = true;
  made.per_batch = [paths = read_fields(body, report), edit](const context&,
                                                             const stage_id& id) -> batch_function {
    return [paths, edit, editor = json_editor{}, &id](batch& b) mutable {
      b.apply(id, [&](record& r) {
        if (!can_be_json(r)) return reject_as_not_utf8(r);
        (editor.*edit)(r, paths);
        return keep;
      });
    };
  };
  return made;
}

}  // namespace weir
