// error: no matching (member )?function.*next
#include "weir/generator.hpp"

int* step(weir::generator<int, int>& g) {
#ifdef MISUSE
  return g.next();
#else
  return g.next(1);
#endif
}
