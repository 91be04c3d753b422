#pragma once
#include <cstdint>

#include "engine/pipeline_text.hpp"
#include "weir/diagnostic.hpp"

namespace weir {

/// In which form a hint has to be written.
enum class reader_of : std::uint8_t { text, yaml };

/// Warns of what a pipeline sets and nothing else in it names, where that may be a text that lacks
/// its quotes: `set: { host: web-1 }` subtracts 1 from the field `web`; if `single`, `set: { env:
/// prod }` reads the field `prod`. The input is not looked at, so it is no error.
void warn_of_bare_words(const pipeline_text& of, reader_of reads, bool single, reporter& report);

}  // namespace weir
