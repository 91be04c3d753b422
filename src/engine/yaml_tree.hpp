#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "weir/diagnostic.hpp"

namespace weir {

struct yaml_member;

/// One node of a YAML document, with its place in the file.
struct yaml_node {
  enum class kind : std::uint8_t { null, scalar, sequence, map };

  kind what = kind::null;
  /// A scalar's value, for null what stands in the file. `where` is its content without quotes.
  located_text text;
  bool quoted = false;
  /// The file holds `text` at `where` as it stands: no escapes, no folded lines.
  bool exact = true;
  std::vector<yaml_node> items;
  std::vector<yaml_member> members;  ///< keys are scalars, each once

  text_span where() const noexcept { return text.where; }
  /// From `begin` to the end of what is in it.
  text_span from(std::size_t begin) const noexcept;
};

struct yaml_member {
  yaml_node key;
  yaml_node value;
};

/// Depth of nesting that is accepted.
inline constexpr std::size_t yaml_depth_max = 64;

/// Reads the one document of `text`, which is UTF-8. Nothing if it is no YAML, is nested too
/// deeply, holds several documents, anchors, aliases or tags: all reported. Repeated keys are
/// reported and left out. An empty document is a null.
std::optional<yaml_node> read_yaml(std::string_view text, reporter& report);

}  // namespace weir
