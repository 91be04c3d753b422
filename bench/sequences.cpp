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

class requested_counter final : public requested_sequence {
 public:
  bool next(const weir::pull& wanted, std::uint64_t& out) override {
    out = wanted.drain ? 0 : next_++;
    return true;
  }

 private:
  std::uint64_t next_ = 0;
};

}  // namespace

std::unique_ptr<sequence> count_virtually() {
  return std::make_unique<counter>();
}

std::unique_ptr<requested_sequence> count_virtually_on_request() {
  return std::make_unique<requested_counter>();
}

weir::generator<std::uint64_t> count_lazily() {
  for (std::uint64_t n = 0;; ++n) {
    std::uint64_t item = n;
    co_yield item;
  }
}

weir::generator<std::uint64_t, weir::pull> count_lazily_on_request() {
  for (std::uint64_t n = 0;; ++n) {
    std::uint64_t item = (co_await weir::request).drain ? 0 : n;
    co_yield item;
  }
}

}  // namespace bench
