#include "sink/compression.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "weir/error.hpp"

namespace weir {
namespace {

/// An ending that promises what weir does not write would be a lie.
void check_ending(std::string_view name) {
  constexpr std::array<std::string_view, 8> others{".xz", ".lzma", ".bz2", ".lz4",
                                                   ".br", ".Z",    ".zip", ".7z"};
  const auto promised = std::ranges::find_if(
      others, [name](std::string_view ending) { return name.ends_with(ending); });
  if (promised == others.end()) return;
  throw error(exit_code::usage, fmt::format("{}: `{}` is not written", name, *promised),
              "name it .gz or .zst for a compressed file; compress=none writes plain text under "
              "this name");
}

codec codec_of(const std::string& name, const std::string& compress) {
  if (compress != "auto") return codec_named(compress).value_or(codec::none);
  if (name.ends_with(".gz")) return codec::gzip;
  if (name.ends_with(".zst")) return codec::zstd;
  check_ending(name);
  return codec::none;
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
