// Any text is an expression or gets complaints that lie inside it; any expression runs on any
// record without a fault.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "expr/program.hpp"
#include "weir/batch.hpp"

namespace {

constexpr const char* record_text =
    R"({"level":"WARN","status":503,"n":null,"x":1.5,"big":12345678901234567890123,"s":"a\u00e9\n",)"
    R"("o":{"a":[1,{"b":2}]},"time":"2026-01-02T03:04:05Z","t":true})";

void run(const weir::expr::program& p) {
  weir::batch b(std::make_shared<weir::block_pool>(std::make_shared<weir::budget>(1 << 20)));
  b.open_run(std::make_shared<weir::shard>(weir::shard{.name = "fuzz", .identity = "fuzz"}),
             {0, 0});
  weir::record& r = b.add(b.store().memory.copy(record_text), 1, 0);
  weir::expr::scratch memory;
  p.test(r, memory);
  r.set_shape(weir::shape::json);
  p.test(r, memory);
  std::string json;
  weir::write_json(p.evaluate(r, memory), json);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text{reinterpret_cast<const char*>(data), size};
  weir::reporter report;
  const auto compiled = weir::expr::compile({text, {0, text.size()}}, report);
  for (const weir::diagnostic& d : report.found()) {
    if (d.message.empty() || d.where.offset + d.where.length > text.size()) std::abort();
  }
  if (compiled.has_value() != report.ok()) std::abort();
  if (compiled) run(*compiled);
  return 0;
}
