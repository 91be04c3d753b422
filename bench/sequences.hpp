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

/// The same when the caller says what it wants.
class requested_sequence {
 public:
  virtual ~requested_sequence() = default;
  virtual bool next(const weir::pull& wanted, std::uint64_t& out) = 0;
};

// 0, 1, 2, ... without end.
std::unique_ptr<sequence> count_virtually();
std::unique_ptr<requested_sequence> count_virtually_on_request();
weir::generator<std::uint64_t> count_lazily();
weir::generator<std::uint64_t, weir::pull> count_lazily_on_request();

}  // namespace bench
