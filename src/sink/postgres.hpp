#pragma once
#include <memory>
#include <optional>
#include <string>

#include "weir/component.hpp"

namespace weir {

struct postgres_options {
  secret_url url;  ///< as libpq takes it, with or without `table=NAME` among its parameters
  std::string table = {};
  std::optional<bool> create = {};
  bool times = false;
};

/// What `to postgres://HOST/DB?table=NAME` writes to. Throws weir::error (usage) if no table is
/// named.
std::unique_ptr<sink> make_postgres_sink(const postgres_options& options);

}  // namespace weir
