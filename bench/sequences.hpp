#pragma once
#include <cstdint>
#include <memory>

#include "weir/generator.hpp"
#include "weir/stream.hpp"

namespace bench {

/// What a program without generators would use. Defined in another file than its user, as pipelines
/// are put together at run time: neither side can be inlined.
class sequence {
 public:
  virtual ~sequence() = default;
  virtual bool next(std::uint64_t& out) = 0;
};

/// 0, 1, 2, ... without end, three times.
std::unique_ptr<sequence> count_virtually();
weir::generator<std::uint64_t> count_lazily();
weir::generator<std::uint64_t, weir::pull> count_on_request();

}  // namespace bench
