#pragma once
#include <re2/re2.h>

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace weir {

/// A pattern in steps, each matched by itself where the one before it ended: RE2 finds where a
/// small pattern ends many times as fast as what the groups of a big one hold. Where every step
/// fits as it would choose alone, that is the match (docs/design/020 says why); else the whole
/// pattern has to be asked. Immutable: all threads may share one.
class stepwise_pattern {
 public:
  enum class outcome : unsigned char {
    match,     ///< the pattern matches there
    no_match,  ///< it matches nothing that begins there
    unsure,    ///< it may match with another choice in an earlier step
  };

  /// Nothing if the pattern does not come apart. Precondition: RE2 takes it.
  static std::optional<stepwise_pattern> of(std::string_view pattern);

  /// At a match, `groups` hold what RE2 would put there; at no_match they are as they were.
  /// Preconditions: they are one more than the pattern has, and empty; `at` is 0 or where a match
  /// begins.
  outcome match_at(std::size_t at, std::string_view line, std::span<re2::StringPiece> groups) const;

 private:
  friend class step_maker;
  friend class step_walk;

  /// What has to stand behind a step: one of some texts of equal length, or nothing more.
  struct lookahead {
    std::vector<std::string> texts;
    bool line_end = false;

    bool is_unknown() const noexcept { return texts.empty() && !line_end; }
    std::size_t length() const noexcept { return texts.empty() ? 0 : texts[0].size(); }
    bool fits(std::string_view rest) const noexcept;
    std::string pattern() const;
  };
  struct small_pattern {
    std::unique_ptr<const RE2> compiled;  ///< with what has to stand behind it
    std::size_t ahead_length;
  };
  struct line_end {};
  struct way;
  struct step {
    std::variant<std::string, small_pattern, line_end, std::vector<way>> what;
    int group = 0;
  };
  struct way {
    std::vector<step> steps;
    lookahead behind;
    std::unique_ptr<const RE2> whole;  ///< says whether it matches at all; may be missing
  };

  way steps_;
};

}  // namespace weir
