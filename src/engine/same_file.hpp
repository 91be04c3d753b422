#pragma once
#include <string>
#include <vector>

#include "base/disk.hpp"
#include "engine/plan.hpp"

namespace weir {

/// Refuses a run that would destroy what it reads or writes: a sink, the dead letter or the report
/// that is one of the inputs, or two outputs that are one file. Files are compared by what they
/// are, so links do not hide them. Throws weir::error (usage) before anything is opened. Looks at
/// named files, at standard input, and at directories that are read as a whole; what a glob matches
/// is not looked at.
void refuse_same_files(const plan& of, const std::vector<std::string>& other_outputs, disk& files);

}  // namespace weir
