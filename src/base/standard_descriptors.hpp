#pragma once

namespace weir {

/// Occupies standard input, output and error where the process was started without them (`<&-`,
/// `>&-`). Otherwise the first files that it opens would get their numbers: it would wait for
/// records from a file of its own, or deliver them into it. Reading and writing then fail; messages
/// go nowhere. Call it before anything is opened.
void occupy_standard_descriptors() noexcept;

}  // namespace weir
