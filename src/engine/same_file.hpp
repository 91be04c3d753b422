#pragma once
#include <string>
#include <vector>

#include "base/disk.hpp"
#include "engine/plan.hpp"

namespace weir {

/// Refuses a run that would destroy what it reads or writes: a sink, the dead letter or the report
/// that is one of the inputs, or two outputs that are one file. Files are compared by what they
/// are, so links do not hide them; an output that a glob or a directory of the input would match is
/// refused by its name, whether it is there yet or not. Throws weir::error (usage) before anything
/// is opened.
void refuse_same_files(const plan& of, const std::vector<std::string>& other_outputs, disk& files);

}  // namespace weir
