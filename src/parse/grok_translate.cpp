#include "parse/grok_translate.hpp"

#include <algorithm>
#include <array>

#include "base/nearest.hpp"

namespace weir {
namespace {

constexpr std::size_t deepest = 64;
constexpr std::size_t longest = 1 << 20;

std::vector<std::string> path_of(std::string_view field) {
  if (!field.starts_with('[')) return {std::string{field}};
  std::vector<std::string> path;
  while (field.starts_with('[')) {
    const std::size_t end = std::min(field.find(']'), field.size());
    path.emplace_back(field.substr(1, end - 1));
    field.remove_prefix(std::min(end + 1, field.size()));
  }
  return path;
}

grok_capture::conversion conversion_of(std::string_view type) noexcept {
  using enum grok_capture::conversion;
  if (type == "int" || type == "integer" || type == "long") return integer;
  return type == "float" || type == "double" ? real : none;
}

/// The standard patterns whose match keeps clear of other digits.
struct edges_of_digits {
  std::string_view pattern;
  bool in_front;
  bool behind;
};
constexpr std::array<edges_of_digits, 8> edges{{{"BASE10NUM", true, false},
                                                {"NUMBER", true, false},
                                                {"IPV4", true, true},
                                                {"IP", true, true},
                                                {"IPORHOST", true, true},
                                                {"TIME", false, true},
                                                {"SYSLOGTIMESTAMP", false, true},
                                                {"HAPROXYTIME", false, true}}};

class translator {
 public:
  translator(const grok_definitions& own, const grok_definitions& standard)
      : own_(own), standard_(standard) {}

  grok_translation translate(std::string_view pattern) {
    put_pattern(pattern);
    if (made_.pattern.size() > longest) fail("the pattern is too long", {});
    const auto needs_edges = [](const grok_capture& c) {
      return c.begins_at_edge || c.ends_at_edge;
    };
    if (std::ranges::any_of(made_.captures, needs_edges)) put_edges_of_words();
    return std::move(made_);
  }

 private:
  void fail(std::string error, std::string hint) {
    if (!made_.error.empty()) return;
    made_.error = std::move(error);
    made_.hint = std::move(hint);
  }

  void put_edges_of_words() {
    std::size_t from = 0;
    for (const std::size_t at : edges_) {
      made_.at_words.append(made_.pattern, from, at - from) += "\\b";
      from = at;
    }
    made_.at_words.append(made_.pattern, from);
  }

  void put_pattern(std::string_view text) {
    if (++depth_ > deepest) return fail("the pattern refers to itself", {});
    for (std::size_t at = 0; at < text.size() && made_.error.empty();) {
      const std::string_view rest = text.substr(at);
      at += std::max<std::size_t>(1, put_next(rest));
    }
    --depth_;
  }

  /// Puts what `rest` begins with; returns its length.
  std::size_t put_next(std::string_view rest) {
    if (made_.pattern.size() > longest) return rest.size();
    if (rest.starts_with("%{")) return put_reference(rest);
    switch (rest[0]) {
      case '\\':
        return put_escape(rest);
      case '[':
        return put_class(rest);
      case '(':
        return put_group(rest);
      case '*':
      case '+':
      case '?':
        return put_repeat(rest);
      default:
        made_.pattern += rest[0];
        return 1;
    }
  }

  std::size_t put_reference(std::string_view rest) {
    const std::size_t end = rest.find('}');
    if (end == rest.npos) {
      fail("`%{` without its `}`", {});
      return rest.size();
    }
    std::string_view inside = rest.substr(2, end - 2);
    const std::string_view name = take_part(inside);
    const std::string_view field = take_part(inside);
    const std::string* const definition = find(name);
    if (definition == nullptr) {
      fail("no grok pattern is called `" + std::string{name} + "`", suggestion(name));
      return rest.size();
    }
    open(field, inside);
    if (!field.empty()) mark_edges(made_.captures.back(), name);
    put_pattern(*definition);
    made_.pattern += ')';
    return end + 1;
  }

  static void mark_edges(grok_capture& of, std::string_view name) noexcept {
    const auto known = std::ranges::find(edges, name, &edges_of_digits::pattern);
    if (known == edges.end()) return;
    of.begins_at_edge = known->in_front;
    of.ends_at_edge = known->behind;
  }

  static std::string_view take_part(std::string_view& from) noexcept {
    const std::string_view part = from.substr(0, from.find(':'));
    from.remove_prefix(std::min(from.size(), part.size() + 1));
    return part;
  }

  const std::string* find(std::string_view name) const {
    if (const auto mine = own_.find(name); mine != own_.end()) return &mine->second;
    const auto known = standard_.find(name);
    return known == standard_.end() ? nullptr : &known->second;
  }

  std::string suggestion(std::string_view name) const {
    std::vector<std::string> names;
    for (const auto* from : {&own_, &standard_}) {
      for (const auto& [known, definition] : *from) names.push_back(known);
    }
    const auto close = nearest(name, names);
    return close ? "did you mean `" + *close + "`?" : "define it: define='NAME pattern'";
  }

  void open(std::string_view field, std::string_view type) {
    if (field.empty()) {
      made_.pattern += "(?:";
      return;
    }
    made_.captures.push_back({path_of(field), conversion_of(type)});
    made_.pattern += '(';
  }

  std::size_t put_escape(std::string_view rest) {
    const char c = rest.size() > 1 ? rest[1] : '\0';
    if ((c >= '1' && c <= '9') || c == 'k') {
      fail("the pattern has a back-reference, `\\" + std::string(1, c) + "`",
           "patterns run in linear time: write out what it may be");
    } else if (c == 'h') {
      made_.pattern += "[0-9A-Fa-f]";
    } else if (c == 'Z') {
      made_.pattern += "(?:\\n?\\z)";
    } else {
      made_.pattern += rest.substr(0, 2);
    }
    return 2;
  }

  std::size_t put_class(std::string_view rest) {
    std::size_t at = 1;
    if (rest.substr(at).starts_with('^')) ++at;
    if (rest.substr(at).starts_with(']')) ++at;  // as the first one it is itself
    made_.pattern += rest.substr(0, at);
    int depth = 1;
    while (at < rest.size()) {
      if (rest[at] == ']' && --depth == 0) break;
      at += put_class_member(rest.substr(at), depth);
    }
    made_.pattern += ']';
    return at + 1;
  }

  /// A class inside of a class adds its members; classes by name are Unicode's.
  std::size_t put_class_member(std::string_view rest, int& depth) {
    constexpr std::string_view alnum = "[:alnum:]";
    if (rest[0] == ']') return 1;
    if (rest.starts_with(alnum)) {
      made_.pattern += "\\pL\\pM\\pN";
      return alnum.size();
    }
    if (rest.starts_with("\\h")) {
      made_.pattern += "0-9A-Fa-f";
      return 2;
    }
    const bool named = rest.starts_with("[:") && rest.find(":]") != rest.npos;
    if (rest[0] == '[' && !named) {
      ++depth;
      return 1;
    }
    const std::size_t length = named ? rest.find(":]") + 2 : rest[0] == '\\' ? 2 : 1;
    made_.pattern += rest.substr(0, length);
    return std::min(length, rest.size());
  }

  std::size_t put_group(std::string_view rest) {
    for (const std::string_view construct : {"(?=", "(?!", "(?<=", "(?<!"}) {
      if (!rest.starts_with(construct)) continue;
      fail("the pattern has a look-around, `" + std::string{construct} + "...)`",
           "patterns run in linear time: match what stands there instead");
      return rest.size();
    }
    if (rest.starts_with("(?>")) {
      made_.pattern += "(?:";
      return 3;
    }
    for (const std::string_view opening : {"(?<", "(?P<"}) {
      const std::size_t end = rest.find('>');
      if (!rest.starts_with(opening) || end == rest.npos) continue;
      open(rest.substr(opening.size(), end - opening.size()), {});
      return end + 1;
    }
    if (rest.starts_with("(?#edge)")) edges_.push_back(made_.pattern.size());
    if (rest.starts_with("(?#")) return std::min(rest.find(')'), rest.size() - 1) + 1;
    made_.pattern += rest.starts_with("(?") ? "(" : "(?:";
    return 1;
  }

  /// A `+` behind another repeat makes it possessive, which changes no match that a line's pattern
  /// is written for. A `?*` is a `*`.
  std::size_t put_repeat(std::string_view rest) {
    if (rest.starts_with("?*")) return 1;
    made_.pattern += rest[0];
    return rest.substr(1).starts_with('+') ? 2 : 1;
  }

  const grok_definitions& own_;
  const grok_definitions& standard_;
  grok_translation made_;
  std::vector<std::size_t> edges_;  ///< places in the pattern
  std::size_t depth_ = 0;
};

}  // namespace

grok_translation translate_grok(std::string_view pattern, const grok_definitions& own,
                                const grok_definitions& standard) {
  return translator(own, standard).translate(pattern);
}

}  // namespace weir
