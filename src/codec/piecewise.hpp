#pragma once
#include "codec/decoder.hpp"

namespace weir {

/// A decoder whose library says nothing of what it gave in a call that ends in an error. So no call
/// gets more than a block's header or a block's data: what the library asked for.
class piecewise_decoder : public decoder {
 public:
  decoded step(std::string_view& in, std::span<char>& out) final;

 protected:
  /// Hands `in` to the library, shortens both by what it used, and tells by `wants` what it asks
  /// for next.
  virtual decoded decode(std::string_view& in, std::span<char>& out) = 0;
  void wants(std::size_t bytes) noexcept { wants_ = bytes; }

 private:
  std::size_t wants_ = 0;
};

}  // namespace weir
