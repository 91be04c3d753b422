#include "record/as_json.hpp"

#include <simdjson.h>

#include <cstdint>

#include "base/utf8.hpp"

namespace weir {

bool can_be_json(const record& r) noexcept {
  return r.shape() != shape::text || simdjson::validate_utf8(r.text().data(), r.text().size());
}

verdict reject_as_not_utf8(const record& r) noexcept {
  return reject(not_utf8, static_cast<std::uint32_t>(first_invalid_utf8(r.text())));
}

}  // namespace weir
