// error: (use of|call to).*deleted
#include <utility>

#include "weir/generator.hpp"

weir::generator<int> twice(weir::generator<int>& g) {
#ifdef MISUSE
  return g;
#else
  return std::move(g);
#endif
}
