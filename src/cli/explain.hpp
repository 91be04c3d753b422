#pragma once
#include <string>

#include "engine/plan.hpp"
#include "engine/strategy.hpp"

namespace weir {

/// What a plan will do: how it reads and why so, what --state would make of what was seen of the
/// input, its stages with their options, what each sink guarantees, where rejects go, and the
/// memory that it may take.
std::string explain(const plan& of, const estimate& seen, const strategy_choice& how,
                    std::size_t lanes, std::uint64_t memory_bytes);

}  // namespace weir
