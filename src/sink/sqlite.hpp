#pragma once
#include <memory>
#include <optional>
#include <string>

#include "weir/sink.hpp"

namespace weir {

struct sqlite_options {
  std::string url;  ///< a file, with or without `sqlite:` in front and `?table=NAME` behind it
  std::string table = {};
  std::optional<bool> create = {};
};

/// What `to sqlite:FILE?table=NAME` writes to. Throws weir::error (usage) if no table is named.
std::unique_ptr<sink> make_sqlite_sink(const sqlite_options& options);

}  // namespace weir
