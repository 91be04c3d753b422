#include "engine/expand_references.hpp"

#include <algorithm>
#include <utility>

#include "base/duration.hpp"
#include "engine/scan.hpp"
#include "parse/json_number.hpp"

namespace weir {
namespace {

/// Whether the end of what was read so far stands in quotes, as the expressions' lexer sees it.
class quote_state {
 public:
  void read(std::string_view text) noexcept {
    for (const char c : text) {
      if (hidden_)
        hidden_ = false;
      else if (quote_ == 0 && is_quote(c))
        quote_ = c;
      else if (c == quote_)
        quote_ = 0;
      else
        hidden_ = c == '\\' && (quote_ == '"' || quote_ == '\'');
    }
  }

  /// 0 outside of quotes.
  char quote() const noexcept { return quote_; }
  /// True once for a backslash at the end, which must not hide what a reference begins with.
  bool take_backslash() noexcept { return std::exchange(hidden_, false); }

 private:
  char quote_ = 0;
  bool hidden_ = false;
};

/// `value` as more of what stands between two `quote`s.
std::string inside_quotes(std::string_view value, char quote) {
  const char escape = quote == '`' ? '`' : '\\';
  std::string out;
  for (const char c : value) {
    if (c == quote || c == escape) out += escape;
    out += c;
  }
  return out;
}

std::string with_quotes(std::string_view value, char quote) {
  return quote + inside_quotes(value, quote) + quote;
}

/// Blanks around it keep it from growing together with what stands beside it.
std::string operand(const std::string& value) {
  const bool literal = value == "true" || value == "false" || value == "null" ||
                       is_json_number(value) || parse_duration(value);
  return " " + (literal ? value : with_quotes(value, '"')) + " ";
}

std::string name_or_path(const std::string& value) {
  constexpr std::string_view others = ".@[]-";
  const bool plain = !value.empty() && std::ranges::all_of(value, [&](char c) {
    return is_word_char(c) || others.contains(c);
  });
  return plain ? value : with_quotes(value, '`');
}

class expander {
 public:
  expander(const yaml_node& node, scalar_place place, const reference_reader& references,
           reporter& report)
      : node_(node), place_(place), references_(references), report_(report) {}

  std::optional<std::string> expand() {
    const std::string_view text = node_.text.text;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t begin = text.find("${", at);
      keep(text.substr(at, begin - at));
      if (begin == std::string_view::npos) break;
      const std::size_t end = text.find('}', begin);
      if (begin > at && text[begin - 1] == '$') {
        keep("{");
        at = begin + 2;
        continue;
      }
      resolve(begin, end);
      at = end == std::string_view::npos ? text.size() : end + 1;
    }
    if (!good_) return std::nullopt;
    return std::move(out_);
  }

 private:
  void keep(std::string_view text) {
    out_ += text;
    if (place_ != scalar_place::value) quotes_.read(text);
  }

  void resolve(std::size_t begin, std::size_t end) {
    const std::string_view text = node_.text.text;
    const auto length = std::min(end, text.size() - 1) + 1 - begin;
    const text_span where =
        node_.exact ? text_span{node_.where().offset + begin, length} : node_.where();
    const auto inside = text.substr(begin + 2, length < 3 ? 0 : length - 3);
    const auto colon = inside.find(':');
    const auto what = inside.substr(0, colon);
    if (end == std::string_view::npos || colon == std::string_view::npos ||
        (what != "env" && what != "file") || colon + 1 == inside.size()) {
      return refuse("this is no reference", where,
                    "write ${env:NAME} or ${file:PATH}, or $${ for a plain ${");
    }
    const auto value = references_(what, std::string{inside.substr(colon + 1)});
    if (!value)
      return refuse(value.error(), where, what == "env" ? "set it, or write the value here" : "");
    if (quotes_.take_backslash()) out_ += '\\';
    out_ += in_place(*value);
  }

  void refuse(std::string message, text_span where, std::string hint) {
    report_.error(std::move(message), where, std::move(hint));
    good_ = false;
  }

  std::string in_place(const std::string& value) const {
    if (place_ == scalar_place::value) return value;
    if (quotes_.quote() != 0) return inside_quotes(value, quotes_.quote());
    return place_ == scalar_place::names ? name_or_path(value) : operand(value);
  }

  const yaml_node& node_;
  scalar_place place_;
  const reference_reader& references_;
  reporter& report_;
  quote_state quotes_;
  std::string out_;
  bool good_ = true;
};

}  // namespace

std::optional<std::string> expand_references(const yaml_node& node, scalar_place place,
                                             const reference_reader& references, reporter& report) {
  return expander{node, place, references, report}.expand();
}

}  // namespace weir
