#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "record/json_splice.hpp"

namespace weir {

struct renaming {
  std::string from;
  std::string to;
};

/// Changes fields by copying the record's text around them; bytes that are not touched stay as they
/// were. A text record becomes JSON first. Names compare unescaped. The new text lies in the
/// record's store; the values that are assigned may view the old one. Reuse one editor for many
/// records: it keeps its memory. One thread at a time. Cost: one pass over the record's top-level
/// tokens and one copy.
class json_editor {
 public:
  /// Sets fields: an existing one in place (further duplicates of it go), new ones at the end in
  /// the order of `fields`. A `missing` value sets nothing. Precondition: the names differ.
  void set(record& r, std::span<const assignment> fields);
  /// Takes out the fields at `paths`, all duplicates of them too.
  /// Precondition: the paths name members only, no elements.
  void drop(record& r, std::span<const field_path> paths);
  /// Takes out everything but the fields at `paths`. Same precondition.
  void keep(record& r, std::span<const field_path> paths);
  /// Renames top-level fields in place, all at once, so that two may swap. Where a field takes the
  /// name of another one, that one goes; so do duplicates of a renamed field.
  void rename(record& r, std::span<const renaming> names);

 private:
  void make_json(record& r);
  void commit(record& r);

  void set_any(record& r, std::span<const assignment> fields);

  json_splicer splicer_;
  std::string out_;
  std::vector<char> seen_;
};

}  // namespace weir
