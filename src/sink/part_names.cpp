#include "sink/part_names.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include "sink/name_template.hpp"

namespace weir {
namespace {

std::size_t hash_of(const std::string& stem) {
  return std::hash<std::string>{}(stem);
}

}  // namespace

std::string part_names::name_of(std::string stem, std::uint64_t number) const {
  if (rotates_) add_part_mark(stem);
  return name_of_part(std::move(stem), number);
}

std::uint64_t part_names::latest(const std::string& stem) const {
  const auto known = latest_.find(hash_of(stem));
  return known == latest_.end() ? 0 : known->second;
}

void part_names::note(const std::string& stem, std::uint64_t number) {
  std::uint64_t& latest = latest_[hash_of(stem)];
  latest = std::max(latest, number);
}

}  // namespace weir
