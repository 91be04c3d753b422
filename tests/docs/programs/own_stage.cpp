#include <cstdint>
#include <iostream>

#include "weir/pipeline.hpp"

int main() {
  weir::pipeline slow{"from app.ndjson | json | keep service, status, duration_ms"};
  slow.each(
      [](weir::record& r) -> weir::verdict {
        const weir::value took = r.get("duration_ms");
        if (took.type != weir::kind::integer) return weir::reject("no duration");
        if (took.integer < 1000) return weir::drop;
        r.set("slow", weir::value::of(true));
        return weir::keep;
      },
      "only slow ones");
  const weir::run_result done = slow.run();
  std::cout << done.in << " in, " << done.delivered << " delivered, " << done.filtered
            << " filtered\n";
  return static_cast<int>(done.exit);
}
