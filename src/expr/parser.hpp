#pragma once
#include <memory>

#include "expr/tree.hpp"
#include "weir/diagnostic.hpp"

namespace weir::expr {

/// The longest expression, and the deepest nesting, that is read.
inline constexpr std::size_t max_source_bytes = 64 * 1024;
inline constexpr std::size_t max_depth = 200;

/// Reads an expression by the grammar of docs/expressions. nullptr after reporting every syntax
/// error; types are not looked at yet.
///
///   or < and < not < = != < <= > >= ~ !~ in like between is < + - < * / % < unary minus
std::unique_ptr<tree> parse(const located_text& source, reporter& report);

}  // namespace weir::expr
