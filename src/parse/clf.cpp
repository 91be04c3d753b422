#include "parse/clf.hpp"

#include <cstring>
#include <utility>

#include "base/ascii.hpp"
#include "base/time.hpp"
#include "parse/parsers.hpp"
#include "parse/request_line.hpp"

namespace weir {
namespace {

constexpr std::string_view none = "-";

/// Without leading zeros, so that it is a number of JSON as it stands.
bool is_whole_number(std::string_view text) noexcept {
  return all_digits(text) && (text.size() == 1 || text[0] != '0');
}

/// A `-` stands for no value, as does the empty text.
void add(field_list& out, std::string_view name, std::string_view text) {
  if (text != none && !text.empty()) out.add(name, text);
}

/// Reads a line from the left.
class reader {
 public:
  reader(std::string_view line, bool lenient) noexcept
      : begin_(line.data()), at_(begin_), end_(begin_ + line.size()), lenient_(lenient) {}

  std::uint32_t place() const noexcept { return static_cast<std::uint32_t>(at_ - begin_); }
  bool at_end() const noexcept { return at_ == end_; }
  char here() const noexcept { return at_ == end_ ? '\0' : *at_; }
  std::string_view rest() const noexcept { return between(at_, end_); }

  bool take(char c) noexcept {
    if (at_ == end_ || *at_ != c) return false;
    ++at_;
    return true;
  }
  /// Up to the next blank or the end.
  std::string_view word() noexcept {
    const char* const from = at_;
    while (at_ != end_ && *at_ != ' ') ++at_;
    return between(from, at_);
  }
  /// The words of a list, `a, b`; one word if it is none.
  std::string_view words_with_commas() noexcept {
    const char* const from = at_;
    while (word().ends_with(',') && at_ != end_) ++at_;
    return between(from, at_);
  }
  /// Makes `text`, which was read last, reach up to the blank in front of the next `[`.
  std::string_view up_to_bracket(std::string_view text) noexcept {
    for (const char* p = at_; p + 1 < end_; ++p) {
      if (p[0] != ' ' || p[1] != '[') continue;
      at_ = p + 1;
      return between(text.data(), p);
    }
    return text;
  }
  /// The content of the brackets that begin here; a null view if there are none.
  std::string_view bracketed() noexcept {
    if (here() != '[') return {};
    const void* const close = std::memchr(at_, ']', static_cast<std::size_t>(end_ - at_));
    if (close == nullptr) return {};
    const char* const from = std::exchange(at_, static_cast<const char*>(close) + 1) + 1;
    return between(from, at_ - 1);
  }
  /// The content of the quotes that begin here; a null view if they have no end.
  std::string_view quoted() noexcept {
    const char* const from = at_ + 1;
    for (const char* p = from; (p = find_quote(p)) != nullptr; ++p) {
      if (is_escaped(from, p) || (lenient_ && p + 1 != end_ && p[1] != ' ')) continue;
      at_ = p + 1;
      return between(from, p);
    }
    return {};
  }

 private:
  static std::string_view between(const char* from, const char* to) noexcept {
    return {from, static_cast<std::size_t>(to - from)};
  }
  const char* find_quote(const char* from) const noexcept {
    return static_cast<const char*>(std::memchr(from, '"', static_cast<std::size_t>(end_ - from)));
  }
  static bool is_escaped(const char* from, const char* quote) noexcept {
    const char* p = quote;
    while (p != from && p[-1] == '\\') --p;
    return (quote - p) % 2 == 1;
  }

  const char* begin_;
  const char* at_;
  const char* end_;
  bool lenient_;
};

/// `name:80`, as Apache's vhost_combined begins.
bool names_port(std::string_view host) noexcept {
  const std::size_t colon = host.rfind(':');
  return colon != host.npos && all_digits(host.substr(colon + 1)) &&
         (host.find(':') == colon || host.starts_with('['));
}

/// Everything in front of the time.
verdict read_client(reader& in, field_list& out, const clf_parser::settings& how) {
  std::string_view host = how.more ? in.words_with_commas() : in.word();
  if (!in.take(' ')) return reject("expected a blank behind the host", in.place());
  std::string_view ident = in.word();
  if (!in.take(' ')) return reject("expected a blank behind the ident", in.place());
  std::string_view user = in.word();
  if (!in.take(' ')) return reject("expected a blank behind the user", in.place());
  if (in.here() != '[' && names_port(host)) {
    out.add("vhost", host);
    host = std::exchange(ident, std::exchange(user, in.word()));
    if (!in.take(' ')) return reject("expected a blank behind the user", in.place());
  }
  if (in.here() != '[' && how.lenient) user = in.up_to_bracket(user);
  if (in.here() != '[') return reject("expected the time in brackets", in.place());
  add(out, "host", host);
  add(out, "ident", ident);
  add(out, "user", user);
  return keep;
}

/// Request, status and size.
verdict read_answer(reader& in, field_list& out, bool status_level) {
  if (!in.take(' ') || in.here() != '"')
    return reject("expected the request in quotes", in.place());
  const std::uint32_t request_at = in.place();
  const std::string_view request = in.quoted();
  if (request.data() == nullptr) return reject("quoted text without end", request_at);
  add_request(out, request);
  const std::uint32_t status_at = in.place() + 1;
  const std::string_view status = in.take(' ') ? in.word() : std::string_view{};
  if (status != none) {
    if (status.size() != 3 || !all_digits(status)) return reject("malformed status", status_at);
    out.add("status", status_number(status), text_form::json);
  }
  const std::uint32_t size_at = in.place() + 1;
  const std::string_view size = in.take(' ') ? in.word() : std::string_view{};
  if (size != none) {
    if (!is_whole_number(size)) return reject("malformed size", size_at);
    out.add("bytes", size, text_form::json);
  }
  if (status_level && status != none) out.add("level", level_of_status(status));
  return keep;
}

/// What the Combined Log Format adds.
verdict read_agent(reader& in, field_list& out, bool more) {
  for (const std::string_view name : {"referer", "agent"}) {
    if (in.at_end()) return keep;
    if (!in.take(' ') || in.here() != '"') break;
    const std::uint32_t at = in.place();
    const std::string_view text = in.quoted();
    if (text.data() == nullptr) return reject("quoted text without end", at);
    add(out, name, text);
  }
  if (in.at_end()) return keep;
  if (!more) return reject("text behind the last field", in.place());
  in.take(' ');
  add(out, "rest", in.rest());
  return keep;
}

struct clf_options {
  bool lenient = false;
  bool status_level = false;
  std::string on_invalid = "reject";
};

}  // namespace

bool clf_parser::is_time(std::string_view text) {
  if (text == known_time_) return true;
  if (!parse_clf(text)) return false;
  known_time_ = text;
  return true;
}

verdict clf_parser::parse(std::string_view line, field_list& out) {
  reader in(line, how_.lenient);
  if (const verdict v = read_client(in, out, how_); !v.is_keep()) return v;
  const std::uint32_t time_at = in.place();
  const std::string_view time = in.bracketed();
  if (time.empty() || (!how_.lenient && !is_time(time))) return reject("malformed time", time_at);
  add(out, "time", time);
  if (const verdict v = read_answer(in, out, how_.status_level); !v.is_keep()) return v;
  return read_agent(in, out, how_.more);
}

component clf() {
  return declare<clf_options>(component::role::stage, "clf",
                              "Reads the access logs of web servers (Common, Combined).")
      .describe(
          "Common and Combined Log Format, as Apache, nginx and others write them; each line by "
          "itself, and with the virtual host (`name:port`) in front if it is there. The fields are "
          "vhost, host, ident, user, time, method, path, protocol, status, bytes, referer and "
          "agent; status and bytes are integers. A `-` or an empty text is a missing field. A "
          "request that is not `METHOD PATH HTTP/x`, as strangers send it, is the field request. "
          "Texts stay as the server wrote them, with its escapes.\n\n"
          "Strict by default: a line with anything else is rejected. With lenient=true the user "
          "may hold blanks, the time be any text, quoted texts hold bare quotes, and what stands "
          "behind the last field is the field rest; the host may be a list of addresses, as "
          "proxies forward it. `auto` takes lines with such a list or such a rest, and nothing "
          "else that is lenient.")
      .option("lenient", &clf_options::lenient, "Take lines that differ a little.")
      .option("status_level", &clf_options::status_level, std::string{status_level_text})
      .option("on_invalid", &clf_options::on_invalid, std::string{on_invalid_text},
              on_invalid_choices)
      .example("Failed requests", "from access.log | clf | where status >= 400")
      .makes([](const clf_options& o, reporter&) -> product {
        const clf_parser::settings how{.lenient = o.lenient, .status_level = o.status_level};
        stage made =
            line_parser_stage([how] { return std::make_unique<clf_parser>(how); }, o.on_invalid);
        made.gives_no_level = !o.status_level;
        return made;
      });
}

}  // namespace weir
