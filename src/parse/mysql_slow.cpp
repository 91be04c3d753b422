#include "parse/mysql_slow.hpp"

#include <algorithm>

#include "base/ascii.hpp"
#include "base/blank.hpp"
#include "base/text_front.hpp"
#include "parse/grouped_parser.hpp"
#include "parse/json_number.hpp"
#include "parse/parsers.hpp"

namespace weir {
namespace {

constexpr std::string_view time_in_front = "# Time: ";
constexpr std::string_view user_in_front = "# User@Host: ";
constexpr std::string_view explain_in_front = "# explain: ";

/// What a server writes when it opens the log: its version, its port, and names of columns.
bool is_opening(std::string_view line) noexcept {
  return line.ends_with(". started with:") || line.starts_with("Tcp port: ") ||
         line.starts_with("TCP Port: ") ||
         ((line.starts_with("Time ") || line.starts_with("Time\t")) &&
          line.contains(" Id Command"));
}

class mysql_slow_lines final : public line_rule {
 public:
  place next(const record& line) override {
    const std::string_view text = line.text();
    if (is_opening(text)) at_ = where::outside;
    if (at_ == where::outside || begins(text)) return begin(text);
    if (at_ != where::statement) at_ = text.starts_with('#') ? where::head : where::statement;
    return {.joins = true, .open = true};
  }
  void reset() override { at_ = where::outside; }
  fate whole(const record& r) override { return is_opening(r.text()) ? blank : live; }

 private:
  enum class where : std::uint8_t { outside, time, head, statement };

  /// Statements that ended in the same second share one time.
  bool begins(std::string_view text) const noexcept {
    return text.starts_with(time_in_front) ||
           (text.starts_with(user_in_front) && at_ != where::time);
  }
  place begin(std::string_view text) {
    at_ = text.starts_with(time_in_front)   ? where::time
          : text.starts_with(user_in_front) ? where::head
                                            : where::outside;
    return {.joins = false, .open = at_ != where::outside};
  }

  where at_ = where::outside;
};

void add(field_list& out, std::string_view name, std::string_view text) {
  if (text.empty() || name.size() > field_list::longest_name) return;
  out.add(name, text, is_json_number(text) ? text_form::json : text_form::plain);
}

/// Takes a line off the front.
std::string_view take_line(std::string_view& left) noexcept {
  const std::string_view line = first_line(left);
  left.remove_prefix(std::min(line.size() + 1, left.size()));
  return line;
}

/// The name that `text` begins with, `Query_time` in front of a colon and a blank; empty if none.
std::string_view name_of_pair(std::string_view text) noexcept {
  std::size_t size = 0;
  while (size < text.size() && (is_letter(text[size]) || is_digit(text[size]) || text[size] == '_'))
    ++size;
  const std::string_view behind = text.substr(size);
  return behind == ":" || behind.starts_with(": ") ? text.substr(0, size) : std::string_view{};
}

/// Up to the next pair.
std::string_view take_value(std::string_view& left) noexcept {
  std::size_t end = left.find(' ');
  while (end != left.npos && name_of_pair(left.substr(end + 1)).empty())
    end = left.find(' ', end + 1);
  const std::string_view value = left.substr(0, end);
  left.remove_prefix(value.size());
  return trimmed(value);
}

/// `root[ana] @ db1 [10.0.0.7]  Id:    42`: the user's account, the user, and from where.
void add_user(std::string_view text, field_list& out) {
  const std::size_t open = text.find('[');
  const std::size_t close = text.find("] @ ");
  if (open == text.npos || close == text.npos || close < open) return;
  const std::string_view user = text.substr(open + 1, close - open - 1);
  add(out, "user", user.empty() ? trimmed(text.substr(0, open)) : user);
  const std::string_view from = text.substr(close + 4);
  const std::size_t address = from.find('[');
  add(out, "host", trimmed(from.substr(0, address)));
  if (address == from.npos) return;
  const std::string_view behind = from.substr(address + 1);
  add(out, "ip", behind.substr(0, behind.find(']')));
}

/// `Query_time: 2.000479  Lock_time: 0.000000`; words that are no pair are nothing.
void add_pairs(std::string_view text, field_list& out) {
  while (!text.empty()) {
    const std::string_view name = name_of_pair(text);
    const std::size_t word_end = std::min(text.find(' '), text.size());
    text.remove_prefix(name.empty() ? std::min(word_end + 1, text.size()) : name.size() + 1);
    if (name.empty()) continue;
    const std::string_view value = take_value(text);
    if (!value.empty()) add(out, out.memory().copy(lower_case(name)), value);
    text = trimmed(text);
  }
}

void add_head_line(std::string_view line, field_list& out) {
  if (take_front(line, time_in_front)) {
    // An old server's is in its own zone, which nothing tells; `timestamp` is in UTC.
    out.add(line.contains('T') ? "time" : "local_time", trimmed(line));
    return;
  }
  if (take_front(line, user_in_front)) {
    add_user(line, out);
    line.remove_prefix(std::min(line.rfind(']') + 1, line.size()));
  }
  take_front(line, "# ");
  add_pairs(trimmed(line), out);
}

/// The number behind `timestamp=` in `SET last_insert_id=1,timestamp=1767345247;`.
std::string_view timestamp_of(std::string_view statement) noexcept {
  constexpr std::string_view name = "timestamp=";
  const std::size_t at = statement.find(name);
  if (!statement.starts_with("SET ") || at == statement.npos) return {};
  const std::string_view number = statement.substr(at + name.size());
  return number.substr(0, number.find_first_not_of("0123456789."));
}

/// The statement, and what the log says in front of it in SQL of its own.
void add_statement(std::string_view left, field_list& out) {
  std::string_view rest = left;
  std::string_view line = take_line(rest);
  if (lower_case(line.substr(0, 4)) == "use " && line.ends_with(';')) {
    add(out, "database", trimmed(line.substr(4, line.size() - 5)));
    left = rest;
    line = take_line(rest);
  }
  const std::string_view timestamp = timestamp_of(line);
  if (!timestamp.empty()) {
    add(out, "timestamp", timestamp);
    left = rest;
  }
  if (!left.empty()) out.add("query", left);
}

struct mysql_slow_options {
  std::string on_invalid = "reject";
};

}  // namespace

std::unique_ptr<line_rule> mysql_slow_rule() {
  return std::make_unique<mysql_slow_lines>();
}

verdict mysql_slow_parser::parse(std::string_view text, field_list& out) {
  if (!text.starts_with("# ") || !text.contains("\n# Query_time: "))
    return reject("no record of a slow query log");
  std::string_view left = text;
  std::string_view plan;
  while ((left.starts_with("# ") || left.starts_with("#\n")) &&
         !left.starts_with("# administrator command: ")) {
    const std::string_view line = take_line(left);
    if (line.starts_with(explain_in_front)) {
      const std::string_view row = line.substr(explain_in_front.size());
      const char* const from = plan.empty() ? row.data() : plan.data();
      plan = {from, static_cast<std::size_t>(row.data() + row.size() - from)};
    } else {
      add_head_line(line, out);
    }
  }
  if (!plan.empty()) out.add("explain", plan);
  add_statement(left, out);
  return keep;
}

component mysql_slow() {
  return declare<mysql_slow_options>(component::role::stage, "mysql_slow",
                                     "Reads the slow query log of MySQL, MariaDB and Percona.")
      .describe(
          "A record is a statement with the lines in front that tell of it. " +
          std::string{grouped_record_limits_text} +
          " The fields are time, user, host, ip, what else stands there by its name in "
          "small letters (id, query_time, lock_time, rows_sent, rows_examined, ...: numbers where "
          "they "
          "are), explain, database (from `use`), timestamp (seconds since 1970, when the statement "
          "began) and query. The time of an old server or of MariaDB, `# Time: 260102  9:14:07`, "
          "is in a zone that nobody tells, and stands only in front of the first statement of a "
          "second: it is the field local_time, and the record's time is timestamp.\n\n"
          "What a server writes when it opens the log is no record: the report counts those lines "
          "as `blank`. Other lines are rejected.")
      .option("on_invalid", &mysql_slow_options::on_invalid, std::string{on_invalid_text},
              on_invalid_choices)
      .example("The slowest", "from slow.log | mysql_slow | where query_time > 1 | keep query")
      .makes([](const mysql_slow_options& o, reporter&) -> product {
        return grouped_parser_stage([] { return std::make_unique<mysql_slow_parser>(); },
                                    [](const run&) { return mysql_slow_rule(); }, o.on_invalid);
      });
}

}  // namespace weir
