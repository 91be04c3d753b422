// Any text is a pipeline or a list of complaints that point into it.

#include <cstdint>
#include <cstdlib>

#include "engine/diagnostics.hpp"
#include "engine/make_plan.hpp"
#include "engine/text_parser.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace weir;
  reporter report;
  const auto text =
      parse_text("pipeline", {reinterpret_cast<const char*>(data), size}, components(), report);
  for (const diagnostic& d : report.found())
    if (d.where.offset + d.where.length > size) std::abort();
  const auto made = make_plan(text, components(), {}, report);
  if (made.has_value() != report.ok()) std::abort();
  if (made && plan_json(*made).empty()) std::abort();
  if (!report.ok() && render(text, report.found(), true).empty()) std::abort();
  return 0;
}
