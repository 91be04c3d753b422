#include <iostream>

#include "weir/error.hpp"
#include "weir/pipeline.hpp"

int main() {
  try {
    weir::pipeline all{"from app.ndjson | json | batch 4"};
    for (const weir::batch& b : all.batches()) {
      std::cout << b.size() << " records, " << b.text_bytes() << " bytes\n";
    }
    weir::pipeline wrong{"from app.ndjson | jsn"};
  } catch (const weir::error& e) {
    std::cout << e.what() << '\n';
    return e.code() == weir::exit_code::usage ? 0 : 1;
  }
}
