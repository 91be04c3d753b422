#include "source/neighbours.hpp"

#include "codec/codec.hpp"
#include "codec/decode.hpp"

namespace weir {

std::string_view last_part(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

std::vector<std::string> neighbours(const std::string& path, disk& files) {
  const std::string directory = path.substr(0, path.rfind('/') + 1);
  auto paths = files.list(directory_of(path)).value_or(std::vector<std::string>{});
  for (std::string& name : paths) name.insert(0, directory);
  return paths;
}

std::string head_of(const std::string& path, std::size_t most, disk& files) {
  std::string head(most, '\0');
  const auto input = files.open(path, open_for::reading);
  const auto got = input ? (*input)->read_at(head, 0) : std::unexpected(input.error());
  head.resize(got.value_or(0));
  return head;
}

bool is_compressed(const std::string& path, disk& files) {
  return sniff(head_of(path, sniff_bytes, files), true) != codec::none;
}

}  // namespace weir
