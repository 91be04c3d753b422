// Any file is a pipeline or a list of complaints; no reference reaches the environment.

#include <cstdint>
#include <cstdlib>

#include "engine/diagnostics.hpp"
#include "engine/make_plan.hpp"
#include "engine/yaml_parser.hpp"

namespace {

std::expected<std::string, std::string> any_reference(std::string_view kind,
                                                      const std::string& name) {
  if (kind == "env") return "resolved " + name;
  return std::unexpected{"no file " + name};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weir;
  reporter report;
  const auto text = parse_yaml("pipeline.yaml", {reinterpret_cast<const char*>(data), size},
                               components(), any_reference, report);
  const auto made = make_plan(text, components(), {}, report);
  if (made.has_value() != report.ok()) std::abort();
  if (made && plan_json(*made).empty()) std::abort();
  for (const diagnostic& d : report.found())
    if (span_in_file(text, d.where).offset > text.text.size()) std::abort();
  if (!report.ok() && render(text, report.found(), false).empty()) std::abort();
  return 0;
}
