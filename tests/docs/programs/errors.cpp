#include <iostream>

#include "weir/pipeline.hpp"

int main() {
  weir::pipeline errors{R"(from app.ndjson | json | where level = "ERROR")"};
  for (const weir::record& r : errors.records()) {
    std::cout << r.number() << ' ' << r.get("msg").text << '\n';
  }
}
