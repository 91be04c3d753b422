#include "record/as_json.hpp"

#include <simdjson.h>

namespace weir {

bool can_be_json(const record& r) noexcept {
  return r.shape() != shape::text || simdjson::validate_utf8(r.text().data(), r.text().size());
}

}  // namespace weir
