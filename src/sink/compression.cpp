#include "sink/compression.hpp"

#include <fmt/format.h>

#include "weir/error.hpp"

namespace weir {
namespace {

codec codec_of(const std::string& name, const std::string& compress) {
  if (compress != "auto") return codec_named(compress).value_or(codec::none);
  if (name.ends_with(".gz")) return codec::gzip;
  return name.ends_with(".zst") ? codec::zstd : codec::none;
}

}  // namespace

std::unique_ptr<encoder> make_packer(compression c) {
  return c.as == codec::none ? nullptr : make_encoder(c.as, c.level);
}

std::vector<std::string> compress_choices() {
  return {"auto", "none", "gzip", "zstd"};
}

compression compression_of(const std::string& name, const std::string& compress,
                           std::optional<std::int64_t> level) {
  const codec as = codec_of(name, compress);
  if (!level) return {.as = as};
  if (as == codec::none) throw error(exit_code::usage, "`level` needs `compress`");
  if (*level < 1 || *level > highest_level(as)) {
    throw error(exit_code::usage, fmt::format("level {} is not one of {}'s, 1 to {}", *level,
                                              name_of(as), highest_level(as)));
  }
  return {.as = as, .level = static_cast<int>(*level)};
}

}  // namespace weir
