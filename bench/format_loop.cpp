// The yardsticks for formats that are not JSON, written by hand with the same libraries and checks.
//
//   format_loop clf IN OUT      from IN | clf | where status >= 400 | to OUT
//   format_loop regex IN OUT    from IN | regex PATTERN | where status >= 400 | to OUT
//
// Both read the Combined Log Format, every field typed, to the byte like weir; PATTERN has a group
// for each of eleven fields and stands below.
#include <re2/re2.h>
#include <simdjson.h>

#include <array>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

#include "input.hpp"
#include "output.hpp"

namespace {

using namespace bench;

constexpr std::string_view pattern =
    R"re(^(?P<host>\S+) (?P<ident>\S+) (?P<user>\S+) \[(?P<time>[^\]]+)\] "(?P<method>\S+) )re"
    R"re((?P<path>\S+) (?P<protocol>[^"]+)" (?P<status>\d+) (?P<bytes>\d+) "(?P<referer>[^"]*)" )re"
    R"re("(?P<agent>[^"]*)"$)re";
constexpr std::array<std::string_view, 11> names{"host",   "ident",   "user",     "time",
                                                 "method", "path",    "protocol", "status",
                                                 "bytes",  "referer", "agent"};
constexpr std::size_t status_at = 7;
constexpr std::size_t bytes_at = 8;

using fields = std::array<std::string_view, names.size()>;

struct counts {
  std::uint64_t lines = 0;
  std::uint64_t kept = 0;
  std::uint64_t rejected = 0;
  std::uint64_t bytes = 0;
};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_number(std::string_view text) {
  for (const char c : text) {
    if (!is_digit(c)) return false;
  }
  return !text.empty() && (text.size() == 1 || text[0] != '0');
}

int two_digits(std::string_view text, std::size_t at) {
  return is_digit(text[at]) && is_digit(text[at + 1]) ? (text[at] - '0') * 10 + text[at + 1] - '0'
                                                      : 99;
}

/// `02/Jan/2026:09:14:07 +0100`
bool is_time(std::string_view text) {
  constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
  if (text.size() != 26 || text[2] != '/' || text[6] != '/' || text[11] != ':' || text[14] != ':' ||
      text[17] != ':' || text[20] != ' ' || (text[21] != '+' && text[21] != '-')) {
    return false;
  }
  const std::size_t month = months.find(text.substr(3, 3));
  const int day = two_digits(text, 0);
  return month != months.npos && month % 3 == 0 && day >= 1 && day <= 31 &&
         two_digits(text, 7) < 99 && two_digits(text, 9) < 99 && two_digits(text, 12) < 24 &&
         two_digits(text, 15) < 60 && two_digits(text, 18) < 61 && two_digits(text, 22) < 24 &&
         two_digits(text, 24) < 60;
}

/// Cuts `text` off the front of `rest` up to `end`, which goes as well. False if there is none.
bool take_to(std::string_view& rest, char end, std::string_view& text) {
  const void* const found = std::memchr(rest.data(), end, rest.size());
  if (found == nullptr) return false;
  text = {rest.data(), static_cast<std::size_t>(static_cast<const char*>(found) - rest.data())};
  rest.remove_prefix(text.size() + 1);
  return true;
}

bool take(std::string_view& rest, char c) {
  if (!rest.starts_with(c)) return false;
  rest.remove_prefix(1);
  return true;
}

/// The content of quotes, whose closing one has no backslash in front of it.
bool take_quoted(std::string_view& rest, std::string_view& text) {
  if (!take(rest, '"')) return false;
  for (std::size_t at = rest.find('"'); at != rest.npos; at = rest.find('"', at + 1)) {
    if (at > 0 && rest[at - 1] == '\\') continue;
    text = rest.substr(0, at);
    rest.remove_prefix(at + 1);
    return true;
  }
  return false;
}

class clf_judge {
 public:
  bool read(std::string_view line, fields& out) {
    std::string_view request;
    if (!take_to(line, ' ', out[0]) || !take_to(line, ' ', out[1]) || !take_to(line, ' ', out[2]) ||
        !take(line, '[') || !take_to(line, ']', out[3]) || !is_known_time(out[3]) ||
        !take(line, ' ') || !take_quoted(line, request) || !take(line, ' ') ||
        !take_to(line, ' ', out[status_at]) || !take_to(line, ' ', out[bytes_at]) ||
        !take_quoted(line, out[9]) || !take(line, ' ') || !take_quoted(line, out[10]) ||
        !line.empty()) {
      return false;
    }
    const std::size_t first = request.find(' ');
    const std::size_t last = request.rfind(' ');
    if (first == last || !request.substr(last + 1).starts_with("HTTP/")) return false;
    out[4] = request.substr(0, first);
    out[5] = request.substr(first + 1, last - first - 1);
    out[6] = request.substr(last + 1);
    return out[status_at].size() == 3 && is_number(out[status_at]) && is_number(out[bytes_at]);
  }

 private:
  bool is_known_time(std::string_view text) {
    if (text == known_) return true;
    if (!is_time(text)) return false;
    known_ = text;
    return true;
  }
  std::string known_;
};

class regex_judge {
 public:
  bool read(std::string_view line, fields& out) {
    std::array<re2::StringPiece, names.size() + 1> groups;
    if (!compiled_.Match({line.data(), line.size()}, 0, line.size(), RE2::UNANCHORED, groups.data(),
                         static_cast<int>(groups.size()))) {
      return false;
    }
    for (std::size_t i = 0; i < out.size(); ++i)
      out[i] = {groups[i + 1].data(), groups[i + 1].size()};
    return true;
  }

 private:
  RE2 compiled_{re2::StringPiece{pattern.data(), pattern.size()}};
};

void put_string(std::string_view text, file_output& out) {
  out.put("\"");
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t at = std::min(text.find_first_of("\"\\", from), text.size());
    out.put(text.substr(from, at - from));
    if (at < text.size()) out.put(text[at] == '"' ? "\\\"" : "\\\\");
    from = at + 1;
  }
  out.put("\"");
}

/// A dash stands for nothing in the log format, not to a pattern.
void put_record(const fields& found, bool dash_is_none, file_output& out) {
  const char* before = "{\"";
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (dash_is_none && (found[i] == "-" || found[i].empty())) continue;
    out.put(before);
    before = ",\"";
    out.put(names[i]);
    out.put("\":");
    i == status_at || i == bytes_at ? out.put(found[i]) : put_string(found[i], out);
  }
  out.put("}\n");
}

template <class Judge>
counts filter(const char* in_path, const char* out_path, bool dash_is_none) {
  file_input in(in_path);
  file_output out(out_path);
  Judge judge;
  counts seen;
  seen.bytes = each_line(in, [&](std::string_view line) {
    ++seen.lines;
    fields found;
    if (!simdjson::validate_utf8(line.data(), line.size()) || !judge.read(line, found)) {
      ++seen.rejected;
      return;
    }
    int status = 0;
    std::from_chars(found[status_at].data(), found[status_at].data() + found[status_at].size(),
                    status);
    if (status < 400) return;
    ++seen.kept;
    put_record(found, dash_is_none, out);
  });
  out.flush();
  return seen;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view mode = argc == 4 ? argv[1] : "";
  if (mode != "clf" && mode != "regex") fail("usage: format_loop clf|regex IN OUT");
  const counts seen = mode == "clf" ? filter<clf_judge>(argv[2], argv[3], true)
                                    : filter<regex_judge>(argv[2], argv[3], false);
  std::fprintf(stderr, "%ju lines, %ju kept, %ju rejected\n",
               static_cast<std::uintmax_t>(seen.lines), static_cast<std::uintmax_t>(seen.kept),
               static_cast<std::uintmax_t>(seen.rejected));
}
