#include "codec/piecewise.hpp"

namespace weir {

decoded piecewise_decoder::step(std::string_view& in, std::span<char>& out) {
  decoded result{decoded::kind::more};
  do {
    std::string_view piece = in.substr(0, wants_);
    const std::size_t size = piece.size();
    result = decode(piece, out);
    in.remove_prefix(size - piece.size());
  } while (result.what == decoded::kind::more && !in.empty() && !out.empty());
  return result;
}

}  // namespace weir
