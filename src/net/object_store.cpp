#include "net/object_store.hpp"

#include <fmt/format.h>

namespace weir {

std::string listed_etag(std::string text) {
  if (text.empty() || text.starts_with("W/")) return {};
  return text.starts_with('"') ? text : fmt::format("\"{}\"", text);
}

}  // namespace weir
