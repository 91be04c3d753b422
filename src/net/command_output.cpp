#include "net/command_output.hpp"

#include <array>
#include <cstdio>

namespace weir {
namespace {

constexpr std::size_t output_bytes_max = 64 << 10;

}  // namespace

std::optional<std::string> output_of_command(const std::string& command) {
  std::FILE* const from = ::popen(command.c_str(), "re");
  if (from == nullptr) return std::nullopt;
  std::string out;
  std::array<char, 4096> some{};
  while (out.size() <= output_bytes_max) {
    const std::size_t got = std::fread(some.data(), 1, some.size(), from);
    if (got == 0) break;
    out.append(some.data(), got);
  }
  const bool good = ::pclose(from) == 0;
  return good && out.size() <= output_bytes_max ? std::optional{out} : std::nullopt;
}

}  // namespace weir
