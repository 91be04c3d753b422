#include <algorithm>
#include <array>
#include <utility>

#include "parse/csv.hpp"
#include "parse/parsers.hpp"

namespace weir {
namespace {

struct csv_options {
  std::string columns;
  std::string header = "auto";
  std::string delimiter = "comma";
  std::string quote = "\"";
  std::string comment;
  std::string types = "text";
  bool lenient = false;
  byte_size max_record{1 << 20};
  std::string on_invalid = "reject";
};

struct tsv_options : csv_options {
  tsv_options() {
    delimiter = "tab";
    quote = "none";
  }
};

/// What a table's reading needs to know, the same for all shards.
struct csv_reading {
  csv_parser::settings how;
  csv_header given;  ///< without names: each shard has its own
  bool has_header = true;
  bool keep_others = false;
  group_limits limits;
};

/// The character that an option names; 0 and a complaint if it is none.
char character(std::string_view option, std::string_view text, reporter& report) {
  constexpr std::array<std::pair<std::string_view, char>, 6> names{
      {{"comma", ','},
       {"tab", '\t'},
       {"semicolon", ';'},
       {"pipe", '|'},
       {"space", ' '},
       {"none", csv_format::no_quote}}};
  const auto named = std::ranges::find(names, text, &std::pair<std::string_view, char>::first);
  if (named != names.end()) return named->second;
  const bool one = text.size() == 1 && static_cast<unsigned char>(text[0]) < 0x80 &&
                   text[0] != '\n' && text[0] != '\r';
  if (one) return text[0];
  report.error("`" + std::string{option} + "` is one ASCII character", {},
               "comma, tab, semicolon, pipe, space, or the character itself");
  return '\0';
}

csv_reading reading_of(const csv_options& o, reporter& report) {
  csv_reading r;
  csv_format& format = r.how.format;
  format = {.delimiter = character("delimiter", o.delimiter, report),
            .quote = character("quote", o.quote, report),
            .comment = o.comment,
            .lenient = o.lenient};
  const bool delimited = format.delimiter != csv_format::no_quote;
  if (o.delimiter == "none") report.error("a table needs a `delimiter`", {});
  if (delimited && format.delimiter == format.quote)
    report.error("`delimiter` and `quote` are the same character", {});
  if (o.max_record.bytes == 0 || o.max_record.bytes > (1u << 30))
    report.error("`max_record` must lie between 1 and 1GiB", {});
  r.how.infer = o.types == "infer";
  r.has_header = o.header == "auto" ? o.columns.empty() : o.header == "yes";
  if (!o.columns.empty()) r.given = read_csv_header(o.columns, {});
  if (!r.given.fault.is_keep()) report.error("`columns` is no list of names", {}, "a,b,c");
  r.given.fixed = !o.lenient && (r.has_header || !o.columns.empty());
  r.keep_others = o.on_invalid == "keep";
  r.limits = {.bytes = o.max_record.bytes,
              .rejects = true,
              .leaves_cut_records = true,
              .breaks_as_read = true};
  return r;
}

std::string kept_of(const run& first, const context& with) {
  return with.parser_state ? with.parser_state(*first.source) : std::string{};
}

stream csv_records(stream in, csv_reading how, const context* with, const stage_id* id) {
  const auto headers = std::make_shared<csv_headers>(how.given);
  const auto lines_of = [how, with, headers](const run& first) -> std::unique_ptr<line_rule> {
    return std::make_unique<csv_lines>(how.how.format, how.has_header, !how.given.names.empty(),
                                       first, kept_of(first, *with), headers);
  };
  line_parsing parse(std::make_unique<csv_parser>(how.how, headers), with->pool, *id,
                     how.keep_others);
  stream records = grouped(std::move(in), lines_of, how.limits, id, with);
  while (batch* const some = records.next(co_await request)) {
    parse(*some);
    for (const run& r : some->runs()) {
      if (r.ends) headers->forget(*r.source);
    }
    co_yield *some;
  }
}

stage stage_of(csv_reading how) {
  const std::uint64_t most_bytes = how.limits.bytes;
  return stage{.per_batch = {},
               .whole =
                   [how = std::move(how)](stream in, const context& with, const stage_id& id) {
                     return csv_records(std::move(in), how, &with, &id);
                   },
               .parser = true,
               .holds_min_bytes = block_bytes,
               .holds_max_bytes = 2 * most_bytes};
}

template <class Options>
component declared(std::string name, std::string summary, std::string text, example shown) {
  const auto of = [](auto csv_options::* member) {
    return static_cast<std::remove_reference_t<decltype(Options{}.*member)> Options::*>(member);
  };
  declare<Options> table(component::role::stage, std::move(name), std::move(summary));
  table.describe(std::move(text));
  table.option("columns", of(&csv_options::columns),
               "What the fields are called, with commas between the names; empty: as the header "
               "says, or column1, column2, ... without one.");
  table.option("header", of(&csv_options::header),
               "Whether each file begins with a header; auto means yes unless `columns` is given.",
               {.choices = {"auto", "yes", "no"}});
  table.option("delimiter", of(&csv_options::delimiter),
               "What stands between fields: comma, tab, semicolon, pipe, space, or a character.");
  table.option("quote", of(&csv_options::quote), "What quotes a field: a character, or none.");
  table.option("comment", of(&csv_options::comment),
               "Lines that begin with this text hold no record.");
  table.option("types", of(&csv_options::types),
               "Fields are texts, or unquoted ones are the numbers, true, false and null (also "
               "for nothing at all) that they look like.",
               {.choices = {"text", "infer"}});
  table.option("lenient", of(&csv_options::lenient), "Take records that break the rules.");
  table.option("max_record", of(&csv_options::max_record),
               "A record over several lines is rejected once it has so many bytes.");
  table.option("on_invalid", of(&csv_options::on_invalid), std::string{on_invalid_text},
               on_invalid_choices);
  table.example(std::move(shown.title), std::move(shown.pipeline));
  return table.makes([](const Options& o, reporter& report) -> product {
    return stage_of(reading_of(o, report));
  });
}

constexpr const char* rules_of_tables =
    "Strict by default: a record with more or fewer fields than columns, a quote inside of an "
    "unquoted field, text behind a closing quote and a quoted field without end are rejected. With "
    "lenient=true such quotes are text, blanks behind a closing quote are skipped, missing fields "
    "are left out and further ones are called columnN.\n\n"
    "The header belongs to its file and is kept with --state. Where reading begins behind it "
    "(`weir dlq replay`, `from follow` with tail=true), records are rejected unless `columns` "
    "names the fields. A column without a name is called "
    "columnN, and a repeated name gets _2. A first line `sep=;`, as Excel has it, is no header; if "
    "it names another delimiter than the stage, the file's records are rejected. Blank lines, "
    "comments and the header are no records: "
    "the report counts them as `blank`.";

}  // namespace

component csv() {
  return declared<csv_options>(
      "csv", "Reads tables of comma-separated values (CSV, RFC 4180).",
      "Each record has the fields that the header of its file, or `columns`, names. A field in "
      "quotes may hold delimiters, doubled quotes and line breaks: then several lines are one "
      "record, which has the place of its first line, and the others count as joined.\n\n" +
          std::string{rules_of_tables},
      {"Slow orders", "from orders.csv | csv types=infer | where total > 100"});
}

component tsv() {
  return declared<tsv_options>(
      "tsv", "Reads tables of tab-separated values (TSV).",
      "The same as `csv` with tabs for commas; quotes are text unless `quote` is given.\n\n" +
          std::string{rules_of_tables},
      {"One column", "from users.tsv | tsv | keep name"});
}

}  // namespace weir
