#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "weir/value.hpp"

namespace weir {

/// How the bytes of a shard are cut into records. A parser says so (`stage::cut_by`), as it alone
/// knows its format; whoever has the bytes cuts them.
struct framing {
  enum class by : std::uint8_t {
    lines,
    json,      ///< JSON values, however many lines they have
    elements,  ///< XML elements of one name
    octets,    ///< RFC 6587: messages with their length in front, and lines beside them
    content,   ///< whichever of these the shard's beginning looks like
  };
  by how = by::lines;
  /// json: where the arrays are whose elements are the records, in each document; arrays on the way
  /// stand for all of their elements. Empty: each value is a record, and an array at the top stands
  /// for its elements.
  field_path records = {};
  /// json: names on the way are the same in another case and with underscores: `scope_logs`.
  bool loose_names = false;
  /// json: members of the objects on the way to an array, in front of it, that each of its records
  /// gets as well, unless it has them.
  std::vector<std::string> copied = {};
  std::size_t max_depth = 1024;  ///< json: of one record
  std::string element = {};      ///< elements: their name
};

}  // namespace weir
