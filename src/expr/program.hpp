#pragma once
#include <memory>
#include <optional>
#include <vector>

#include "expr/compare.hpp"
#include "expr/scratch.hpp"
#include "weir/component.hpp"
#include "weir/diagnostic.hpp"
#include "weir/record.hpp"

namespace weir::expr {

struct tree;

/// A compiled expression. Immutable; copies share it, and many threads may run it, each with a
/// scratch of its own.
class program {
 public:
  explicit program(std::shared_ptr<const tree> compiled) noexcept : tree_(std::move(compiled)) {}

  /// The value for `r`. It may view the record, the program, and `s` until its next reset.
  value evaluate(const record& r, scratch& s) const;
  /// Whether it holds for `r`; what is neither true nor false is unknown. Resets `s`.
  truth test(const record& r, scratch& s) const;

  /// The value if it is the same for every record, else nullptr. Lives as long as the program.
  const value* constant() const noexcept;

  /// The fields that it looks at, without virtual ones.
  std::vector<field_path> fields() const;
  /// It looks at `@level` or `@time`, which are found in fields of several names.
  bool uses_usual_fields() const noexcept;
  /// It looks at `@level`, or compares a severity.
  bool uses_level() const noexcept;

 private:
  std::shared_ptr<const tree> tree_;
};

/// Compiles an expression. Reports everything that is wrong with it; then the result is empty.
std::optional<program> compile(const located_text& source, reporter& report);
/// The same for one that has to be true or false.
std::optional<program> compile_condition(const located_text& source, reporter& report);

/// What `condition`, which stands at `where`, looks at.
condition_fields fields_of(const program& condition, text_span where);

}  // namespace weir::expr
