#include "parse/postgresql_csv.hpp"

#include <array>
#include <cstdint>

#include "base/time.hpp"
#include "parse/grouped_parser.hpp"
#include "parse/json_number.hpp"
#include "parse/parsers.hpp"
#include "parse/postgresql_line.hpp"
#include "parse/quoted_lines.hpp"

namespace weir {
namespace {

const csv_format& format() {
  static const csv_format usual;
  return usual;
}

struct csv_column {
  enum class content : std::uint8_t { text, number, time, client, level };

  std::string_view name;
  content holds = content::text;
};
using content = csv_column::content;

/// In the order of PostgreSQL's documentation ("Using CSV-Format Log Output").
constexpr std::array<csv_column, 26> columns{{{"time", content::time},
                                              {"user"},
                                              {"database"},
                                              {"pid", content::number},
                                              {"client", content::client},
                                              {"session"},
                                              {"line", content::number},
                                              {"command"},
                                              {"session_start"},
                                              {"virtual_transaction"},
                                              {"transaction", content::number},
                                              {"level", content::level},
                                              {"code"},
                                              {"message"},
                                              {"detail"},
                                              {"hint"},
                                              {"query"},
                                              {"query_position", content::number},
                                              {"context"},
                                              {"statement"},
                                              {"statement_position", content::number},
                                              {"location"},
                                              {"application"},
                                              {"backend"},
                                              {"leader_pid", content::number},
                                              {"query_id", content::number}}};
/// Version 13 added the backend, 14 the two numbers behind it.
constexpr std::size_t fewest_columns = 23;

/// `10.0.0.7:51234`, or `[local]`.
void add_client(std::string_view text, field_list& out) {
  const std::size_t colon = text.rfind(':');
  const bool has_port = colon != text.npos && is_json_number(text.substr(colon + 1));
  out.add("client", has_port ? text.substr(0, colon) : text);
  if (has_port) out.add("port", text.substr(colon + 1), text_form::json);
}

/// False if it is nothing that the column may hold.
bool add(const csv_column& to, std::string_view text, field_list& out) {
  switch (to.holds) {
    case content::number:
      out.add(to.name, text, text_form::json);
      return is_json_number(text);
    case content::client:
      add_client(text, out);
      return true;
    case content::level: {
      const std::string_view level = postgresql_level(text);
      out.add(to.name, level);
      return !level.empty();
    }
    case content::time:
      out.add(to.name, text);
      return parse_time(text).has_value();
    case content::text:
      break;
  }
  out.add(to.name, text);
  return true;
}

struct postgresql_csv_options {
  std::string on_invalid = "reject";
};

}  // namespace

std::unique_ptr<line_rule> postgresql_csv_rule() {
  return std::make_unique<quoted_lines>(format());
}

verdict postgresql_csv_parser::parse(std::string_view text, field_list& out) {
  csv_fields fields(text, format());
  std::size_t count = 0;
  for (csv_field f; fields.next(f); ++count) {
    if (count == columns.size()) return reject("more fields than columns", f.at);
    std::string_view value = f.text;
    if (f.doubled) {
      scratch_.clear();
      append_undoubled(f.text, format().quote, scratch_);
      value = out.memory().copy(scratch_);
    }
    if (value.empty() && count > 0) continue;
    if (!add(columns[count], value, out)) return reject("no line of PostgreSQL's CSV", f.at);
  }
  if (!fields.fault().is_keep()) return fields.fault();
  return count < fewest_columns ? reject("fewer fields than columns") : keep;
}

component postgresql_csv() {
  return declare<postgresql_csv_options>(component::role::stage, "postgresql_csv",
                                         "Reads PostgreSQL's log as CSV (csvlog).")
      .describe(
          "What PostgreSQL 9.0 to 17 write with `log_destination = csvlog`: a record may have "
          "several "
          "lines. " +
          std::string{grouped_record_limits_text} +
          " The fields have the names of `postgresql_log` where it has them: time, user, database, "
          "pid, client, port, session, line, command, session_start, virtual_transaction, "
          "transaction, level, code (SQLSTATE), message, detail, hint, query, query_position, "
          "context, statement, statement_position, location, application, backend, leader_pid and "
          "query_id. What is empty is missing. In a log of another language the level is the "
          "English one.\n\nA record of another form is rejected.")
      .option("on_invalid", &postgresql_csv_options::on_invalid, std::string{on_invalid_text},
              on_invalid_choices)
      .example("What failed, and which statement it was",
               "from postgresql.csv | postgresql_csv | where @level >= error | keep message, "
               "statement")
      .makes([](const postgresql_csv_options& o, reporter&) -> product {
        return grouped_parser_stage([] { return std::make_unique<postgresql_csv_parser>(); },
                                    [](const run&) { return postgresql_csv_rule(); }, o.on_invalid);
      });
}

}  // namespace weir
