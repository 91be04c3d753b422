// error: no matching (member )?function.*result|has no member.*result
#include "weir/generator.hpp"

#ifdef MISUSE
using sequence = weir::generator<int>;
#else
using sequence = weir::generator<int, void, int>;
#endif

void total(sequence& g) { g.result(); }
