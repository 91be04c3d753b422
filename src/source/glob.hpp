#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

/// True if `text` has characters that mean something to a glob: `* ? [ {`.
bool has_wildcards(std::string_view text) noexcept;

/// Whether `name` matches one component of a glob: `*` (any text), `?` (any character), `[a-z]`,
/// `[!a-z]`, `\` before a character that stands for itself. Bytes, no locale. A name that begins
/// with a dot matches only a pattern that does. Time O(name * pattern), no recursion.
bool matches_component(std::string_view pattern, std::string_view name) noexcept;

/// A glob over paths, as the shell has it: `{a,b}` are alternatives, `**` stands for any number of
/// directories, and `**.gz` for `**/*.gz`. Immutable.
///
/// Walking a tree, one carries the set of places that the patterns have come to; so every path is
/// met once, however many alternatives match it.
class glob {
 public:
  /// A place in one alternative: its components from `at` on are still to be matched.
  struct place {
    std::size_t alternative;
    std::size_t at;
    friend bool operator==(const place&, const place&) = default;
  };
  using places = std::vector<place>;

  explicit glob(std::string_view pattern);

  /// The directory that every match lies in: "" for the current one, else with its final slash.
  const std::string& base() const noexcept { return base_; }
  places start() const;
  /// Where the patterns have come to after entering directory `name`. Empty: nothing below matches.
  places enter(const places& from, std::string_view name) const;
  /// True if a file `name` in the directory of `from` is a match.
  bool accepts(const places& from, std::string_view name) const;
  /// True if the file `path`, as it is called seen from `base()`, is a match.
  bool matches(std::string_view path) const;

 private:
  std::string base_;
  std::vector<std::vector<std::string>> alternatives_;  // components below base_
};

}  // namespace weir
