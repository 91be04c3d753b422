#include "engine/references.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <cstdlib>
#include <fstream>

namespace weir {
namespace {

std::expected<std::string, std::string> read_variable(const std::string& name) {
  const char* const value = std::getenv(name.c_str());
  if (value == nullptr)
    return std::unexpected{fmt::format("the environment variable `{}` is not set", name)};
  return value;
}

std::expected<std::string, std::string> read_small_file(const std::string& path) {
  constexpr std::size_t most_bytes = 64 << 10;
  std::ifstream in{path, std::ios::binary};
  std::string content(most_bytes + 1, '\0');
  in.read(content.data(), static_cast<std::streamsize>(content.size()));
  if (!in.eof() && !in) return std::unexpected{fmt::format("the file `{}` cannot be read", path)};
  content.resize(static_cast<std::size_t>(in.gcount()));
  if (content.size() > most_bytes)
    return std::unexpected{fmt::format("the file `{}` is larger than 64 KiB", path)};
  if (content.ends_with('\n')) content.pop_back();
  if (content.ends_with('\r')) content.pop_back();
  return content;
}

}  // namespace

std::expected<std::string, std::string> read_reference(std::string_view kind,
                                                       const std::string& name) {
  auto value = kind == "env" ? read_variable(name) : read_small_file(name);
  if (value && !simdjson::validate_utf8(*value))
    return std::unexpected{fmt::format("`{}` is not UTF-8", name)};
  return value;
}

}  // namespace weir
