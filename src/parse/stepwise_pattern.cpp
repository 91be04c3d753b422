#include "parse/stepwise_pattern.hpp"

#include <algorithm>
#include <utility>

#include "parse/pattern_parts.hpp"

namespace weir {
namespace {

constexpr std::int64_t small_pattern_memory_bytes = 4 << 20;
constexpr std::size_t most_texts_ahead = 16;

RE2::Options options_of_steps() {
  RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(small_pattern_memory_bytes);
  return options;
}

/// The front of a line is where `^` holds.
void drop_line_begin(pattern_parts& parts) {
  if (parts.empty() || parts[0].is != pattern_part::kind::plain || parts[0].group != 0) return;
  std::string& text = parts[0].text;
  const bool repeated =
      text.size() > 1 && std::string_view{"*+?{"}.find(text[1]) != std::string::npos;
  if (!text.starts_with('^') || repeated) return;
  text.erase(0, 1);
  if (text.empty()) parts.erase(parts.begin());
}

}  // namespace

bool stepwise_pattern::lookahead::fits(std::string_view rest) const noexcept {
  if (line_end) return rest.empty();
  return texts.empty() ||
         std::ranges::any_of(texts, [&](const std::string& t) { return rest.starts_with(t); });
}

std::string stepwise_pattern::lookahead::pattern() const {
  if (line_end) return "$";
  std::string out;
  for (const std::string& t : texts) out += (out.empty() ? "(?:" : "|") + RE2::QuoteMeta(t);
  return out.empty() ? out : out + ")";
}

class step_maker {
 public:
  using lookahead = stepwise_pattern::lookahead;
  using step = stepwise_pattern::step;
  using way = stepwise_pattern::way;

  bool ok() const noexcept { return ok_; }

  way make(const pattern_parts& parts, const lookahead& behind) {
    way made{{}, behind, nullptr};
    for (std::size_t i = 0; i < parts.size(); ++i) {
      made.steps.push_back(make(parts[i], ahead_of(std::span{parts}.subspan(i + 1), behind)));
    }
    return made;
  }

 private:
  step make(const pattern_part& p, const lookahead& ahead) {
    if (p.is == pattern_part::kind::literal) return {p.text, p.group};
    if (p.is == pattern_part::kind::plain) return make_plain(p, ahead);
    std::vector<way> ways;
    for (const pattern_parts& parts : p.ways) {
      ways.push_back(make(parts, ahead));
      const bool can_be_unsure = parts.size() > 1;
      const bool others_follow = ways.size() < p.ways.size();
      if (can_be_unsure && others_follow) ways.back().whole = compile_if_small(parts, ahead);
    }
    return {std::move(ways), p.group};
  }

  step make_plain(const pattern_part& p, const lookahead& ahead) {
    if (p.text == "$") return {stepwise_pattern::line_end{}, p.group};
    auto compiled = compile(p.text, ahead);
    ok_ = ok_ && compiled->ok();
    return {stepwise_pattern::small_pattern{std::move(compiled), ahead.length()}, p.group};
  }

  static std::unique_ptr<const RE2> compile(const std::string& text, const lookahead& ahead) {
    return std::make_unique<const RE2>("(?:" + text + ")" + ahead.pattern(), options_of_steps());
  }

  static std::unique_ptr<const RE2> compile_if_small(const pattern_parts& parts,
                                                     const lookahead& ahead) {
    auto compiled = compile(text_of(parts), ahead);
    return compiled->ok() ? std::move(compiled) : nullptr;
  }

  static lookahead ahead_of(std::span<const pattern_part> parts, const lookahead& behind) {
    if (parts.empty()) return behind;
    const pattern_part& p = parts[0];
    if (p.is == pattern_part::kind::literal) return {{p.text}, false};
    if (p.is == pattern_part::kind::plain) return {{}, p.text == "$"};
    const lookahead rest = ahead_of(parts.subspan(1), behind);
    std::optional<lookahead> all;
    for (const pattern_parts& way : p.ways) {
      lookahead next = ahead_of(way, rest);
      all = all ? either(*std::move(all), std::move(next)) : std::move(next);
    }
    return *std::move(all);
  }

  static lookahead either(lookahead a, lookahead b) {
    if (a.is_unknown() || b.is_unknown() || a.line_end != b.line_end) return {};
    if (a.line_end) return a;
    a.texts.insert(a.texts.end(), b.texts.begin(), b.texts.end());
    const std::size_t length = std::min(a.length(), b.length());
    for (std::string& t : a.texts) t.resize(length);
    std::ranges::sort(a.texts);
    a.texts.erase(std::ranges::unique(a.texts).begin(), a.texts.end());
    return a.texts.size() > most_texts_ahead ? lookahead{} : a;
  }

  bool ok_ = true;
};

class step_walk {
 public:
  using outcome = stepwise_pattern::outcome;

  step_walk(std::string_view line, std::span<re2::StringPiece> groups) noexcept
      : line_(line), groups_(groups) {}

  /// `at` moves on if it matches.
  outcome take(const stepwise_pattern::way& way, std::size_t& at) {
    bool forced = true;  // so far, nothing else could have been taken
    std::size_t to = at;
    for (const stepwise_pattern::step& s : way.steps) {
      const std::size_t from = to;
      const outcome o = std::visit([&](const auto& what) { return take(what, to); }, s.what);
      if (o != outcome::match) return failed(o, forced);
      forced = forced && is_forced(s);
      if (s.group > 0) groups_[static_cast<std::size_t>(s.group)] = piece(from, to);
    }
    if (!way.behind.fits(line_.substr(to))) return failed(outcome::no_match, forced);
    at = to;
    return outcome::match;
  }

  re2::StringPiece piece(std::size_t from, std::size_t to) const noexcept {
    return {line_.data() + from, to - from};
  }

 private:
  outcome take(const std::string& literal, std::size_t& at) const noexcept {
    if (!line_.substr(at).starts_with(literal)) return outcome::no_match;
    at += literal.size();
    return outcome::match;
  }

  outcome take(stepwise_pattern::line_end, std::size_t& at) const noexcept {
    return at == line_.size() ? outcome::match : outcome::no_match;
  }

  outcome take(const stepwise_pattern::small_pattern& p, std::size_t& at) const {
    const re2::StringPiece text = piece(0, line_.size());
    re2::StringPiece found;
    if (!p.compiled->Match(text, at, text.size(), RE2::ANCHOR_START, &found, 1)) {
      return outcome::no_match;
    }
    at += found.size() - p.ahead_length;
    return outcome::match;
  }

  outcome take(const std::vector<stepwise_pattern::way>& ways, std::size_t& at) {
    for (const stepwise_pattern::way& way : ways) {
      const outcome o = take(way, at);
      if (o == outcome::match || (o == outcome::unsure && may_match(way, at))) return o;
      clear(way);
    }
    return outcome::no_match;
  }

  bool may_match(const stepwise_pattern::way& way, std::size_t at) const {
    const re2::StringPiece text = piece(0, line_.size());
    return !way.whole || way.whole->Match(text, at, text.size(), RE2::ANCHOR_START, nullptr, 0);
  }

  void clear(const stepwise_pattern::way& way) noexcept {
    for (const stepwise_pattern::step& s : way.steps) {
      groups_[static_cast<std::size_t>(s.group)] = {};
      if (const auto* ways = std::get_if<std::vector<stepwise_pattern::way>>(&s.what)) {
        for (const stepwise_pattern::way& inner : *ways) clear(inner);
      }
    }
  }

  static bool is_forced(const stepwise_pattern::step& s) noexcept {
    return std::holds_alternative<std::string>(s.what) ||
           std::holds_alternative<stepwise_pattern::line_end>(s.what);
  }

  static outcome failed(outcome o, bool forced) noexcept { return forced ? o : outcome::unsure; }

  std::string_view line_;
  std::span<re2::StringPiece> groups_;
};

std::optional<stepwise_pattern> stepwise_pattern::of(std::string_view pattern) {
  std::optional<pattern_parts> parts = read_pattern_parts(pattern);
  if (!parts) return std::nullopt;
  drop_line_begin(*parts);
  step_maker maker;
  std::optional<stepwise_pattern> made{std::in_place};
  made->steps_ = maker.make(*parts, {});
  if (!maker.ok()) made.reset();
  return made;
}

stepwise_pattern::outcome stepwise_pattern::match_at(std::size_t at, std::string_view line,
                                                     std::span<re2::StringPiece> groups) const {
  step_walk walk(line, groups);
  std::size_t to = at;
  const outcome o = walk.take(steps_, to);
  if (o == outcome::match) groups[0] = walk.piece(at, to);
  return o;
}

}  // namespace weir
