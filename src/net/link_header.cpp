#include "net/link_header.hpp"

#include <algorithm>
#include <optional>

#include "base/ascii.hpp"

namespace weir {
namespace {

struct link {
  std::string_view target;
  std::string relations;  ///< lower case, between blanks
  bool anchored = false;
};

/// Reads the links of one header. What is no link ends it.
class link_reader {
 public:
  explicit link_reader(std::string_view text) : rest_(text) {}

  std::optional<link> next() {
    while (take(',')) {
    }
    if (!take('<')) return std::nullopt;
    const auto end = rest_.find('>');
    if (end == rest_.npos) return std::nullopt;
    link out{.target = rest_.substr(0, end), .relations = {}};
    rest_.remove_prefix(end + 1);
    while (take(';')) read_parameter(out);
    return out;
  }

 private:
  void read_parameter(link& into) {
    const std::string name = lower_case(take_token());
    const std::string value = take('=') ? take_value() : std::string{};
    if (name == "anchor") into.anchored = true;
    // The first one counts (RFC 8288, 3.3).
    if (name == "rel" && into.relations.empty()) into.relations = " " + lower_case(value) + " ";
  }

  std::string take_value() {
    if (!take('"')) return std::string{take_token()};
    std::string out;
    while (!rest_.empty() && rest_.front() != '"') {
      if (rest_.front() == '\\' && rest_.size() > 1) rest_.remove_prefix(1);
      out += rest_.front();
      rest_.remove_prefix(1);
    }
    take('"');
    return out;
  }

  std::string_view take_token() {
    skip_blanks();
    const auto token = rest_.substr(0, rest_.find_first_of(" \t=;,\""));
    rest_.remove_prefix(token.size());
    return token;
  }

  bool take(char wanted) {
    skip_blanks();
    if (!rest_.starts_with(wanted)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  void skip_blanks() {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t"), rest_.size()));
  }

  std::string_view rest_;
};

}  // namespace

std::string link_target(const http_head& head, std::string_view relation) {
  const std::string wanted = " " + lower_case(relation) + " ";
  for (const http_header& h : head.headers) {
    if (lower_case(h.name) != "link") continue;
    link_reader links(h.value);
    while (const auto l = links.next()) {
      if (!l->anchored && l->relations.contains(wanted)) return std::string{l->target};
    }
  }
  return {};
}

}  // namespace weir
