#pragma once
#include "weir/batch.hpp"
#include "weir/record.hpp"

namespace weir {

/// False for a text record that cannot become JSON, which must be UTF-8. For parsed ones it costs
/// nothing.
bool can_be_json(const record& r) noexcept;

/// Why such a record is rejected.
inline constexpr std::string_view not_utf8 = "invalid UTF-8";
/// The verdict on one: it names the first bad byte.
verdict reject_as_not_utf8(const record& r) noexcept;

}  // namespace weir
