#pragma once
#include <cstdint>
#include <string_view>

#include "record/json_members.hpp"
#include "record/parsed_fields.hpp"
#include "weir/record.hpp"

namespace weir {

/// Which names the fields of a record may have, so that most of those that it lacks need no look.
class seen_names {
 public:
  explicit seen_names(const record& r) noexcept {
    if (r.shape() == shape::fields) {
      for (const parsed_field* f = fields_of(r); f->name != nullptr; ++f) add(f->key());
    } else if (r.shape() == shape::json && r.index() != record::no_index) {
      for_each_member(r, [this](const member& m) { add(m.key); });
    } else {
      places_ = ~std::uint64_t{0};
    }
  }

  bool may_have(std::string_view name) const noexcept { return (places_ & place_of(name)) != 0; }

 private:
  static std::uint64_t place_of(std::string_view name) noexcept {
    const auto first = name.empty() ? 0u : static_cast<unsigned char>(name[0]);
    return std::uint64_t{1} << ((first * 5 + name.size()) % 64);
  }
  void add(std::string_view name) noexcept {
    const bool escaped = name.contains('\\');
    places_ |= escaped ? ~std::uint64_t{0} : place_of(name);
  }

  std::uint64_t places_ = 0;
};

}  // namespace weir
