// error: begin
#include "weir/generator.hpp"

#ifdef MISUSE
using sequence = weir::generator<int, int>;
#else
using sequence = weir::generator<int>;
#endif

int sum(sequence g) {
  int total = 0;
  for (const int i : g) total += i;
  return total;
}
