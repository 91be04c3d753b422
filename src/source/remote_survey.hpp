#pragma once
#include <optional>

#include "net/http_client.hpp"
#include "source/outlook.hpp"
#include "source/reading.hpp"
#include "source/remote_source.hpp"

namespace weir {

/// What it takes to read the objects of an inventory as `how` has it: walks the listing,
/// for some seconds at the most, and looks into a few objects. Nothing if
/// there is no listing.
std::optional<outlook> survey_objects(remote_inventory& all, http_client& client,
                                      const remote_options& how, const context& with);

}  // namespace weir
