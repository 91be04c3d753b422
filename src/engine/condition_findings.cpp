#include "engine/condition_findings.hpp"

#include <algorithm>
#include <memory>

#include "engine/field_watch.hpp"

namespace weir {
namespace {

void collect_absent(const std::shared_ptr<const field_watch>& watch,
                    std::vector<absent_field>& names) {
  if (!watch) return;
  for (const absent_field& name : watch->absent()) {
    if (std::ranges::find(names, name) == names.end()) names.push_back(name);
  }
}

void collect_absent(const section& of, std::vector<absent_field>& names) {
  for (const planned_stage& s : of.stages) collect_absent(s.watch, names);
  collect_absent(of.sink.watch, names);
  if (of.split) {
    for (const planned_branch& b : of.split->branches) collect_absent(b.watch, names);
  }
  for_each_behind(of, [&](const section& next) { collect_absent(next, names); });
}

}  // namespace

std::uint64_t type_mismatches_in(const section& of) {
  std::uint64_t sum = 0;
  for (const planned_stage& s : of.stages) {
    if (s.made.type_mismatches) sum += s.made.type_mismatches->load();
  }
  for_each_behind(of, [&](const section& next) { sum += type_mismatches_in(next); });
  return sum;
}

std::vector<absent_field> absent_fields_in(const section& of) {
  std::vector<absent_field> names;
  collect_absent(of, names);
  return names;
}

}  // namespace weir
