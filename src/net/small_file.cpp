#include "net/small_file.hpp"

#include <span>

namespace weir {
namespace {

constexpr std::size_t file_bytes_max = 1 << 20;

}  // namespace

std::optional<std::string> read_small_file(disk& files, const std::string& path) {
  auto opened = files.open(path, open_for::reading);
  if (!opened) return std::nullopt;
  std::string text(file_bytes_max, '\0');
  std::size_t size = 0;
  while (size < text.size()) {
    const auto got = (*opened)->read(std::span<char>{text}.subspan(size));
    if (!got) return std::nullopt;
    if (*got == 0) break;
    size += *got;
  }
  text.resize(size);
  return text;
}

}  // namespace weir
