// error: read-only|const-qualified
#include "weir/generator.hpp"

#ifdef MISUSE
using sequence = weir::generator<const int>;
#else
using sequence = weir::generator<int>;
#endif

void clear(sequence& g) { *g.next() = 0; }
