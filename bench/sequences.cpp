#include "sequences.hpp"

namespace bench {
namespace {

class counter final : public sequence {
 public:
  bool next(std::uint64_t& out) override {
    out = next_++;
    return true;
  }

 private:
  std::uint64_t next_ = 0;
};

}  // namespace

std::unique_ptr<sequence> count_virtually() {
  return std::make_unique<counter>();
}

weir::generator<std::uint64_t> count_lazily() {
  for (std::uint64_t n = 0;; ++n) {
    std::uint64_t item = n;
    co_yield item;
  }
}

// Asks for the request at each step, as every stage does.
weir::generator<std::uint64_t, weir::pull> count_on_request() {
  for (std::uint64_t n = 0;; ++n) {
    const weir::pull& wanted = co_await weir::request;
    std::uint64_t item = wanted.drain ? 0 : n;
    co_yield item;
  }
}

}  // namespace bench
