#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/disk.hpp"
#include "cli/invocation.hpp"
#include "engine/make_plan.hpp"
#include "engine/pipeline_text.hpp"

namespace weir {

/// A pipeline from the command line: as written, what is wrong with it, and the plan if nothing is.
struct loaded {
  pipeline_text text;
  reporter report;
  std::optional<plan> made;
};

/// Reads and checks what `it` names. Opens nothing but the pipeline's own file. Throws weir::error
/// if that cannot be read.
loaded load(const invocation& it, const std::vector<component>& table, disk& files);

/// The pipeline that shows the records of `it.operands`, in the text form.
std::string pipeline_for_inputs(const invocation& it);

/// The pipeline whose source `it.operands` name, an input and its options, in the text form.
std::string pipeline_for_listing(const invocation& it);

/// The ceiling that `it` sets, or the default.
std::uint64_t memory_bytes(const invocation& it);

}  // namespace weir
