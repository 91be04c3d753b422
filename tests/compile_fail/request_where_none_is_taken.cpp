// error: no matching (member )?function.*next|constraints not satisfied
#include "weir/generator.hpp"

int* step(weir::generator<int>& g) {
#ifdef MISUSE
  return g.next(1);
#else
  return g.next();
#endif
}
