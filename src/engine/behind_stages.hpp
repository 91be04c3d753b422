#pragma once
#include <cstddef>
#include <cstdint>

#include "engine/plan.hpp"

namespace weir {

enum class place_in_plan : std::uint8_t { root, branch };

/// Chains the section's stages behind `in`. Runs of stateless per-batch stages go on `lanes`
/// threads if that is more than one. In a branch a stage that ends by itself abandons nothing.
stream behind_stages(stream in, const section& of, const context& with, std::size_t lanes,
                     place_in_plan where = place_in_plan::root);

}  // namespace weir
