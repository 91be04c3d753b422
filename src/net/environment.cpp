#include "net/environment.hpp"

#include <cstdlib>

namespace weir {

environment process_environment() {
  return [](const std::string& name) -> std::optional<std::string> {
    const char* const value = std::getenv(name.c_str());
    if (value == nullptr || *value == '\0') return std::nullopt;
    return value;
  };
}

std::optional<std::string> first_of(const environment& from,
                                    std::initializer_list<const char*> names) {
  for (const char* const name : names)
    if (auto value = from(name)) return value;
  return std::nullopt;
}

}  // namespace weir
