#include <iostream>

#include "weir/generator.hpp"
#include "weir/memory.hpp"

weir::generator<int> squares() {
  for (int i = 1;; ++i) {
    int square = i * i;
    co_yield square;
  }
}

int main() {
  for (const int square : squares()) {
    if (square > 20) break;
    std::cout << square << '\n';
  }
  weir::budget memory{1024};
  return memory.try_take(1024) && memory.exhausted() ? 0 : 1;
}
