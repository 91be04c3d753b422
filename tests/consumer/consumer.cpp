#include <cstddef>
#include <iostream>

#include "weir/pipeline.hpp"

// Three records, of which the text keeps two and the program's own stage one.
weir::pipeline failures() {
  weir::pipeline of{
      R"(from text '{"n":1,"level":"ERROR"}\n{"n":2,"level":"INFO"}\n{"n":3,"level":"ERROR"}\n'
                       | json | where level = "ERROR" | set seen = true)"};
  of.each([](weir::record& r) { return r.number() == 3 ? weir::keep : weir::drop; },
          "only the third");
  return of;
}

int main() {
  auto one_by_one = failures();
  for (const weir::record& r : one_by_one.records()) std::cout << r.text() << '\n';

  std::size_t in_batches = 0;
  auto batched = failures();
  for (const weir::batch& b : batched.batches()) in_batches += b.size();
  std::cout << in_batches << " in batches\n";
}
