#include "parse/postgresql.hpp"

#include <algorithm>
#include <string>

#include "base/ascii.hpp"
#include "parse/grouped_parser.hpp"
#include "parse/json_number.hpp"
#include "parse/parsers.hpp"
#include "parse/postgresql_line.hpp"

namespace weir {
namespace {

class postgresql_lines final : public line_rule {
 public:
  place next(const record& line) override {
    const std::string_view text = line.text();
    if (text.starts_with('\t')) return {.joins = open_, .open = open_};
    const auto read = read_postgresql_line(text);
    const std::string_view pid = read ? read_postgresql_prefix(read->prefix).pid : "";
    const bool joins = open_ && read && is_postgresql_addition(read->level) && pid == pid_;
    open_ = read.has_value();
    pid_ = pid;
    return {.joins = joins, .open = open_};
  }
  void reset() override { open_ = false; }

 private:
  bool open_ = false;
  std::string pid_;  ///< of the message; several processes write one log
};

void add(field_list& out, std::string_view name, std::string_view text) {
  if (!text.empty()) out.add(name, text);
}

void add_number(field_list& out, std::string_view name, std::string_view digits) {
  if (digits.empty()) return;
  out.add(name, digits, is_json_number(digits) ? text_form::json : text_form::plain);
}

/// What a line and those that go on say, without the tabs in front of these.
void add_text(field_list& out, std::string_view name, std::string_view text) {
  if (text.find("\n\t") == text.npos) return out.add(name, text);
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    plain += text[i];
    if (text[i] == '\n' && text.substr(i + 1).starts_with('\t')) ++i;
  }
  out.add(name, out.memory().copy(plain));
}

/// How much of `text` belongs to the line that it begins with.
std::size_t length_with_continuations(std::string_view text) noexcept {
  std::size_t end = text.find('\n');
  while (end != text.npos && text.substr(end + 1).starts_with('\t')) end = text.find('\n', end + 1);
  return std::min(end, text.size());
}

/// `detail` for DETAIL; empty if it is no addition.
std::string_view addition_name(std::string_view level) noexcept {
  for (const std::string_view name :
       {"detail", "hint", "context", "statement", "query", "location", "backtrace"}) {
    if (lower_case(level) == name) return name;
  }
  return {};
}

void add_prefix(const postgresql_line& line, const postgresql_prefix& prefix, field_list& out) {
  out.add("time", line.time);
  if (!prefix.is_known) out.add("prefix", line.prefix);
  add_number(out, "pid", prefix.pid);
  add_number(out, "line", prefix.line);
  add(out, "session", prefix.session);
  add(out, "user", prefix.user);
  add(out, "database", prefix.database);
  add(out, "application", prefix.application);
  add(out, "client", prefix.client.host);
  add_number(out, "port", prefix.client.port);
  add(out, "code", prefix.code);
}

struct postgresql_options {
  std::string on_invalid = "reject";
};

}  // namespace

std::unique_ptr<line_rule> postgresql_rule() {
  return std::make_unique<postgresql_lines>();
}

verdict postgresql_parser::parse(std::string_view text, field_list& out) {
  std::string_view left = text;
  bool is_head = true;
  while (!left.empty()) {
    const std::string_view piece = left.substr(0, length_with_continuations(left));
    left.remove_prefix(std::min(piece.size() + 1, left.size()));
    const auto line = read_postgresql_line(piece);
    if (!line) return reject("no line of PostgreSQL");
    if (!is_head) {
      add_text(out, addition_name(line->level), line->message);
      continue;
    }
    const postgresql_prefix prefix = read_postgresql_prefix(line->prefix);
    if (!prefix.is_known && !line->two_blanks) return reject("no line of PostgreSQL");
    add_prefix(*line, prefix, out);
    out.add("level", line->level);
    add_text(out, "message", line->message);
    is_head = false;
  }
  return keep;
}

component postgresql_log() {
  return declare<postgresql_options>(component::role::stage, "postgresql_log",
                                     "Reads PostgreSQL's log.")
      .describe(
          "A record is a message with all that belongs to it: what DETAIL, HINT, CONTEXT, QUERY, "
          "STATEMENT and LOCATION add are the fields detail, hint, ..., and lines that go on "
          "(PostgreSQL indents them by a tab) belong to what they continue. " +
          std::string{grouped_record_limits_text} +
          "\n\nThe log_line_prefix begins with a time (`%m`, `%t`, `%n`); behind it `[%p]`, "
          "`[%p-%l]`, `[%p]: [%l-1]`, `%u@%d`, `%u@%d/%a`, "
          "`user=%u,db=%d,app=%a,client=%h`, `%r`, `%h`, `%c`, `%e` and Amazon RDS's "
          "`:%r:%u@%d:[%p]:` are known in any order, as pgBadger, Debian and the clouds have them. "
          "The fields are time, pid, line, session, user, database, application, client, port, "
          "code (SQLSTATE), level and message; a prefix that holds anything else is the field "
          "prefix as well. In a log of another language (`FEHLER:`, `ANWEISUNG:`) the level and "
          "the names of fields are the English ones.\n\nA line of another form is rejected.")
      .option("on_invalid", &postgresql_options::on_invalid, std::string{on_invalid_text},
              on_invalid_choices)
      .example("What failed, and which statement it was",
               "from text \"2026-01-02 09:14:07.123 UTC [1187] ana@shop ERROR:  relation "
               "\\\"orders\\\" does not exist\" | postgresql_log | where @level >= error")
      .makes([](const postgresql_options& o, reporter&) -> product {
        return grouped_parser_stage([] { return std::make_unique<postgresql_parser>(); },
                                    [](const run&) { return postgresql_rule(); }, o.on_invalid);
      });
}

}  // namespace weir
