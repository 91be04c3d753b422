#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace weir {

/// A line of a container's log, as CRI (`TIME stdout F TEXT`) or Docker (`{"log":"TEXT\n",...}`)
/// writes it. Views lie in the line.
struct container_line {
  std::string_view stream;                      ///< stdout, stderr; of no container's line: empty
  std::string_view before;                      ///< the line up to its text
  std::string_view text;                        ///< of CRI as it is, of Docker with JSON's escapes
  std::string_view behind;                      ///< the line behind its text
  std::size_t tag_at = std::string_view::npos;  ///< of CRI: where P or F stands in `before`
  bool partial = false;                         ///< the text goes on with the stream's next line
};

/// What `line` is. O(line), without looking at more than its beginning for CRI.
container_line read_container_line(std::string_view line);

/// One line that has the text of all `parts`, in order: the first with what the others add, and
/// whole if the last one is. Precondition: there is one; all are of one stream.
std::string whole_line_of(const std::vector<container_line>& parts);

}  // namespace weir
