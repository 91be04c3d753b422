// An endless sequence costs nothing until it is asked: the loop decides how much of it exists.
#include <cstdint>
#include <iostream>

#include "weir/generator.hpp"

weir::generator<const std::uint64_t> fibonacci() {
  std::uint64_t current = 0;
  std::uint64_t following = 1;
  while (true) {
    co_yield current;
    const std::uint64_t sum = current + following;
    current = following;
    following = sum;
  }
}

// A sequence made of another one: it, too, is endless and lazy.
weir::generator<const std::uint64_t> even_only(weir::generator<const std::uint64_t> numbers) {
  for (const std::uint64_t& n : numbers) {
    if (n % 2 == 0) co_yield n;
  }
}

int main() {
  std::cout << "the even Fibonacci numbers below a million:";
  for (const std::uint64_t n : even_only(fibonacci())) {
    if (n >= 1'000'000) break;  // leaving the loop ends both sequences
    std::cout << ' ' << n;
  }
  std::cout << '\n';
}
