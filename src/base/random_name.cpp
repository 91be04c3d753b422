#include "base/random_name.hpp"

#include <fmt/format.h>

#include <random>

namespace weir {

std::string random_name() {
  std::random_device device;
  std::string name;
  for (int i = 0; i < 4; ++i) name += fmt::format("{:08x}", device());
  return name;
}

}  // namespace weir
