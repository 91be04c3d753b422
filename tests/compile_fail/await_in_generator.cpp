// error: cannot convert|no viable conversion
#include <coroutine>

#include "weir/generator.hpp"

weir::generator<int, int> wait_for_something() {
#ifdef MISUSE
  co_await std::suspend_always{};
#else
  co_await weir::request;
#endif
}
