#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "codec/encode.hpp"

namespace weir {

/// How bytes are stored.
struct compression {
  codec as = codec::none;
  int level = default_level;
};
/// Null for codec::none.
std::unique_ptr<encoder> make_packer(compression c);

/// The values of a `compress` option.
std::vector<std::string> compress_choices();
/// What the options `compress` and `level` ask for; `auto` goes by the ending of `name`. Throws
/// weir::error (usage) if they do not fit together, or if `auto` finds an ending that stands for
/// another compression.
compression compression_of(const std::string& name, const std::string& compress,
                           std::optional<std::int64_t> level);

}  // namespace weir
