#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace weir {

/// How many single edits (insert, delete, replace, swap two neighbours) lead from `a` to `b`: the
/// optimal string alignment distance. O(|a| * |b|).
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The name that somebody who wrote `wrong` probably meant: the closest one, if it is close enough
/// to be worth suggesting (a third of the letters wrong at most). The earlier one wins a tie.
std::optional<std::string> nearest(std::string_view wrong, std::span<const std::string> names);

}  // namespace weir
