#pragma once
#include <string>

#include "engine/plan.hpp"
#include "engine/strategy.hpp"
#include "source/outlook.hpp"

namespace weir {

/// What a plan will do: how it reads and why so, what --state would make of what was seen of the
/// input, its stages with their options, what each sink guarantees, where rejects go, and the
/// memory that it may take.
std::string explain(const plan& of, const estimate& seen, const strategy_choice& how,
                    std::size_t lanes, std::uint64_t memory_bytes);

/// What a run will cost, in a few lines.
std::string shown_outlook(const outlook& of);

}  // namespace weir
