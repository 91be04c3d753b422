#include "parse/logfmt.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/blank.hpp"
#include "parse/json_number.hpp"
#include "parse/parsers.hpp"
#include "parse/quoted.hpp"
#include "parse/syslog_text.hpp"
#include "record/json_grammar.hpp"

namespace weir {
namespace {

/// `a=1 b=2`: constants, so that the usual lines are read as fast as they can be.
struct usual_signs {
  static bool separates(char c) noexcept { return is_blank(c); }
  static bool assigns(char c) noexcept { return c == '='; }
  static bool pads(char) noexcept { return false; }
};

/// `a: 1, b: 2`, `a:1 b:2`.
struct chosen_signs {
  bool separates(char c) const noexcept { return separator == ' ' ? is_blank(c) : c == separator; }
  bool assigns(char c) const noexcept { return c == assign; }
  /// Whether it may stand around a key or value without being part of it.
  bool pads(char c) const noexcept { return separator != ' ' && is_blank(c); }

  char separator;
  char assign;
};

/// Reads the pairs of one line from the left.
template <typename Signs>
class pair_reader {
 public:
  pair_reader(std::string_view line, logfmt_parser::settings how, Signs signs,
              field_list& out) noexcept
      : line_(line), how_(how), signs_(signs), out_(out) {}

  verdict read() {
    take_syslog_number();
    while (skip_separators()) {
      if (const verdict v = read_pair(); !v.is_keep()) return v;
    }
    if (!any_value_) return reject("no key=value in the line");
    return keep;
  }

 private:
  /// `<189>`, with which firewalls send their pairs.
  void take_syslog_number() {
    std::string_view behind = line_;
    if (!take_priority(behind)) return;
    at_ = line_.size() - behind.size();
    out_.add("syslog_number", line_.substr(1, at_ - 2), text_form::json);
  }
  /// False at the end.
  bool skip_separators() noexcept {
    while (at_ < line_.size() && (signs_.separates(line_[at_]) || signs_.pads(line_[at_]))) ++at_;
    return at_ < line_.size();
  }
  void skip_padding() noexcept {
    while (at_ < line_.size() && signs_.pads(line_[at_])) ++at_;
  }
  std::string_view without_padding(std::string_view text) const noexcept {
    while (!text.empty() && signs_.pads(text.back())) text.remove_suffix(1);
    return text;
  }
  bool ends_key(char c) const noexcept {
    return signs_.separates(c) || signs_.assigns(c) || c == '"';
  }
  verdict fault(std::string_view why, std::size_t at) const noexcept {
    return reject(why, static_cast<std::uint32_t>(at));
  }

  verdict read_pair() {
    const std::size_t from = at_;
    while (at_ < line_.size() && !ends_key(line_[at_])) ++at_;
    if (how_.lenient && at_ < line_.size() && line_[at_] == '"') skip_word(from);
    const std::string_view key = without_padding(line_.substr(from, at_ - from));
    if (key.size() > field_list::longest_name) return fault("key too long", from);
    const bool at_end = at_ == line_.size();
    if (!at_end && line_[at_] == '"') return fault("quote in a key", at_);
    if (at_end || !signs_.assigns(line_[at_])) {
      out_.add(key, "true", text_form::json);
      return keep;
    }
    if (key.empty() && !how_.lenient) return fault("value without a key", at_);
    ++at_;
    skip_padding();
    any_value_ = true;
    return read_value(key);
  }

  void skip_word(std::size_t from) noexcept {
    at_ = from;
    while (at_ < line_.size() && !signs_.separates(line_[at_]) && !signs_.assigns(line_[at_]))
      ++at_;
  }

  verdict read_value(std::string_view key) {
    if (at_ < line_.size() && line_[at_] == '"') return read_quoted(key);
    const std::size_t from = at_;
    while (at_ < line_.size() && !signs_.separates(line_[at_]) && line_[at_] != '"') ++at_;
    if (at_ < line_.size() && line_[at_] == '"') {
      if (!how_.lenient) return fault("quote in a value", at_);
      while (at_ < line_.size() && !signs_.separates(line_[at_])) ++at_;
    }
    const std::string_view text = without_padding(line_.substr(from, at_ - from));
    out_.add(key, text,
             how_.infer && is_json_number_or_bool(text) ? text_form::json : text_form::plain);
    return keep;
  }

  verdict read_quoted(std::string_view key) {
    const std::size_t from = at_ + 1;
    const std::size_t end = closing_quote(line_, from);
    if (end == line_.npos) {
      if (!how_.lenient) return fault("quoted text without end", at_);
      at_ = line_.size();
      out_.add(key, line_.substr(from));
      return keep;
    }
    const std::string_view content = line_.substr(from, end - from);
    at_ = end + 1;
    skip_padding();
    if (!how_.lenient && at_ < line_.size() && !signs_.separates(line_[at_])) {
      return fault("text behind a closing quote", at_);
    }
    return add_quoted(key, content, from);
  }

  verdict add_quoted(std::string_view key, std::string_view content, std::size_t at) {
    if (content.find('\\') == content.npos) {
      out_.add(key, content);
    } else if (json_escapes_valid(content)) {
      out_.add(key, content, text_form::escaped);
    } else {
      const unquoted text = unquote(content, out_.memory());
      if (!text.ok() && !how_.lenient) return fault("unknown escape", at + text.fault_at);
      out_.add(key, text.content);
    }
    return keep;
  }

  std::string_view line_;
  logfmt_parser::settings how_;
  [[no_unique_address]] Signs signs_;
  field_list& out_;
  std::size_t at_ = 0;
  bool any_value_ = false;
};

struct logfmt_options {
  bool lenient = false;
  bool infer = true;
  std::string separator = "blank";
  std::string assign = "equals";
  std::string on_invalid = "reject";
};

constexpr std::array<std::pair<std::string_view, char>, 6> signs{{{"blank", ' '},
                                                                  {"comma", ','},
                                                                  {"semicolon", ';'},
                                                                  {"pipe", '|'},
                                                                  {"equals", '='},
                                                                  {"colon", ':'}}};

/// Precondition: it is one of `signs`, as the choices of the options are.
char sign_called(std::string_view name) {
  return std::ranges::find(signs, name, &std::pair<std::string_view, char>::first)->second;
}

}  // namespace

verdict logfmt_parser::parse(std::string_view line, field_list& out) {
  if (how_.separator == ' ' && how_.assign == '=')
    return pair_reader(line, how_, usual_signs{}, out).read();
  return pair_reader(line, how_, chosen_signs{how_.separator, how_.assign}, out).read();
}

component logfmt() {
  return declare<logfmt_options>(component::role::stage, "logfmt",
                                 "Reads key=value lines (logfmt).")
      .describe(
          "Pairs `key=value` and `key=\"quoted value\"` with blanks between them. A key without a "
          "value is true, one with an empty value an empty text. An unquoted number, true or false "
          "is such a value; a quoted one is a text, with the escapes of JSON and Go resolved. "
          "`<189>` in "
          "front, as firewalls send it, is the field syslog_number.\n\n"
          "Strict by default: a line without any `=`, a quote inside of a key or an unquoted "
          "value, a quoted text without end, a value without a key and an unknown escape reject "
          "the line. With lenient=true they are taken as text.\n\n"
          "Other key=value lines say what stands between their pairs (separator=) and between a "
          "key "
          "and its value (assign=): `a=1, b=\"x y\"` has commas, `a:1 b:2` colons. Where pairs are "
          "not separated by blanks, values may hold some, and those around keys and values do not "
          "count.")
      .option("lenient", &logfmt_options::lenient, "Take lines that break the rules.")
      .option("infer", &logfmt_options::infer,
              "Take unquoted numbers, true and false as what they look like.")
      .option("separator", &logfmt_options::separator, "What stands between pairs.",
              {.choices = {"blank", "comma", "semicolon", "pipe"}})
      .option("assign", &logfmt_options::assign, "What stands between a key and its value.",
              {.choices = {"equals", "colon"}})
      .option("on_invalid", &logfmt_options::on_invalid, std::string{on_invalid_text},
              on_invalid_choices)
      .example("Slow queries", "from service.logfmt | logfmt | where took > 100")
      .example("Pairs with commas between them",
               "from text \"level=warn, msg=no answer\" | logfmt separator=comma")
      .makes([](const logfmt_options& o, reporter&) -> product {
        const logfmt_parser::settings how{.lenient = o.lenient,
                                          .infer = o.infer,
                                          .separator = sign_called(o.separator),
                                          .assign = sign_called(o.assign)};
        return line_parser_stage([how] { return std::make_unique<logfmt_parser>(how); },
                                 o.on_invalid);
      });
}

}  // namespace weir
