#include "parse/recognition.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/blank.hpp"
#include "base/utf8.hpp"
#include "parse/auditd.hpp"
#include "parse/cef.hpp"
#include "parse/clf.hpp"
#include "parse/grouped_parser.hpp"
#include "parse/headed_formats.hpp"
#include "parse/journald.hpp"
#include "parse/lines.hpp"
#include "parse/logfmt.hpp"
#include "parse/ltsv.hpp"
#include "parse/mysql_slow.hpp"
#include "parse/named_formats.hpp"
#include "parse/nginx.hpp"
#include "parse/otlp.hpp"
#include "parse/postgresql.hpp"
#include "parse/postgresql_csv.hpp"
#include "parse/recognised_syslog.hpp"
#include "parse/separated_table.hpp"
#include "parse/table_parser.hpp"
#include "parse/windows_event.hpp"
#include "record/json_grammar.hpp"

namespace weir {
namespace {

using event_kind = security_event_parser::kind;

/// logfmt that begins with a pair: free text with an equals sign somewhere is none.
class pairs_in_front final : public line_parser {
 public:
  verdict parse(std::string_view line, field_list& out) override {
    const std::size_t end = line.find_first_of("= \"");
    if (end == line.npos || end == 0 || line[end] != '=') return reject("no key=value in front");
    return pairs_.parse(line, out);
  }

 private:
  logfmt_parser pairs_{logfmt_parser::settings{}};
};

/// LTSV that has tabs: one label is a word in front of anything.
class several_labels final : public line_parser {
 public:
  explicit several_labels(bool status_level)
      : fields_(ltsv_parser::settings{.status_level = status_level}) {}

  verdict parse(std::string_view line, field_list& out) override {
    if (!line.contains('\t')) return reject("no tabs");
    return fields_.parse(line, out);
  }

 private:
  ltsv_parser fields_;
};

/// Log records that were cut out of a document: others may be any JSON.
class log_record_of_document final : public line_parser {
 public:
  verdict parse(std::string_view line, field_list& out) override {
    const bool has_place = line.contains("\"resource\"") || line.contains("\"scope\"");
    const bool has_time = line.contains("imeUnixNano\"") || line.contains("ime_unix_nano\"");
    if (!has_place || !has_time) return reject("no log record of OTLP");
    return records_.parse(line, out);
  }

 private:
  otlp_parser records_;
};

make_line_parser nginx_parser(std::string_view format, layout_settings how) {
  const auto plan = nginx_layout(format);
  return [plan, how] { return std::make_unique<layout_parser>(plan, how); };
}

bool is_json(std::string_view line) {
  return trimmed(line).starts_with('{') && check_json_object(line).ok();
}

/// The first lines in a batch of their own, to be read again and again. Blank ones end.
batch batch_of(std::span<const std::string_view> lines, const std::shared_ptr<block_pool>& pool) {
  batch b(pool);
  b.open_run(std::make_shared<const shard>(shard{.name = "", .identity = "sample"}), {});
  for (const std::string_view line : lines) {
    const std::string_view kept = b.store().memory.copy(line);
    b.add(kept, b.all().size() + 1, b.all().size());
    if (b.size() == recognition_lines) break;
  }
  b.advance({b.all().size(), b.all().size()});
  for (record& r : b.all()) has_text(b, r);
  return b;
}

std::size_t matches(batch& sample, std::unique_ptr<line_parser> parser,
                    const std::shared_ptr<block_pool>& pool) {
  const stage_id nobody{first_rule, ""};
  line_parsing(std::move(parser), pool, nobody, true)(sample);
  std::size_t n = 0;
  for (record& r : sample) {
    if (r.shape() == shape::fields) ++n;
    r.set_text(r.raw(), shape::text);
  }
  return n;
}

/// Where a tenth of the lines is sure, those count that may stand beside them.
std::size_t matches(batch& sample, const known_format& format,
                    const std::shared_ptr<block_pool>& pool) {
  const std::size_t sure = matches(sample, format.parser(), pool);
  if (!format.beside_sure || sure == 0 || sure * 10 < sample.size()) return sure;
  return matches(sample, format.beside_sure(), pool);
}

/// How many lines are in its records, which may have several.
std::size_t grouped_matches(batch sample, const known_format& format,
                            const std::shared_ptr<block_pool>& pool) {
  const stage_id nobody{first_rule, ""};
  for (record& r : sample) {
    // It would make the whole record invalid; journald's may hold any bytes.
    if (first_invalid_utf8(r.text()) != r.text().size()) sample.end_record(r, blank);
  }
  const std::size_t lines = sample.size();
  line_groups groups(format.rule, grouped_record_limits, nobody, pool);
  groups.take(sample, time_point{});
  groups.end_due(never);
  line_parsing parse(format.parser(), pool, nobody, true);
  std::size_t records = 0;
  std::size_t others = 0;
  while (groups.is_ready()) {
    batch some = groups.take_ready();
    parse(some);
    for (const record& r : some) ++(r.shape() == shape::fields ? records : others);
  }
  return records > 0 ? lines - others : 0;
}

/// The records of the lines, as `rule` joins them.
stream records_of(batch b, std::unique_ptr<line_rule> rule, std::shared_ptr<block_pool> pool) {
  if (!rule) {
    co_yield b;
    co_return;
  }
  const stage_id nobody{first_rule, ""};
  line_groups groups([&rule](const run&) { return std::move(rule); }, grouped_record_limits, nobody,
                     pool);
  groups.take(b, time_point{});
  groups.end_due(never);
  while (groups.is_ready()) {
    batch some = groups.take_ready();
    co_yield some;
  }
}

/// Any line with a time in front is one of its own. So it counts only where no other takes most of
/// them: one odd line among a thousand must not cost all others their fields.
constexpr std::string_view takes_nearly_all = "plain";

/// How many lines are such a table's: records, and what stands between them if there is a header.
std::size_t table_matches(batch sample, const std::shared_ptr<const headed_format>& format,
                          const std::shared_ptr<block_pool>& pool) {
  const std::size_t lines = sample.size();
  const bool has_header = std::ranges::any_of(sample, [&format](const record& r) {
    return format->kind_of(r.text()) == headed_format::line::header;
  });
  const stage_id nobody{first_rule, ""};
  const context with{.pool = pool};
  const auto tables =
      std::make_shared<headed_tables>([&format](const shard&) { return format; }, with);
  line_parsing parse(std::make_unique<table_parser>(tables, table_settings{}), pool, nobody, true);
  stream read = under_headers(
      records_of(std::move(sample), format->rule(), pool), tables, [&parse](batch& b) { parse(b); },
      &with);
  std::size_t records = 0;
  std::size_t others = 0;
  while (const batch* const b = read.next(pull{})) {
    for (const record& r : *b) ++(r.shape() == shape::fields ? records : others);
  }
  return has_header ? lines - others : records;
}

/// Null if the lines do not look like one.
std::shared_ptr<const separated_table> separated_table_of(const batch& lines) {
  std::vector<std::string_view> texts;
  for (const record& r : lines) texts.push_back(r.text());
  auto found = separated_table::at_front(texts);
  return found && found->is_likely(texts) ? found : nullptr;
}

}  // namespace

std::span<const known_table> recognisable_tables() {
  static const std::array<known_table, 3> all{{{"zeek", unowned(zeek_format())},
                                               {"w3c", unowned(w3c_format())},
                                               {"vpc_flow", unowned(vpc_flow_format())}}};
  return all;
}

std::shared_ptr<const known_formats> recognisable_formats(bool status_level) {
  const layout_settings how{.status_level = status_level};
  auto all = std::make_shared<known_formats>();
  all->push_back(
      {"cef", [] { return std::make_unique<security_event_parser>(event_kind::cef, false); }});
  all->push_back(
      {"leef", [] { return std::make_unique<security_event_parser>(event_kind::leef, false); }});
  all->push_back({"otlp", [] { return std::make_unique<log_record_of_document>(); }, true});
  all->push_back({"windows_event", [] { return std::make_unique<windows_event_parser>(); }});
  all->push_back({"auditd", [] { return std::make_unique<auditd_parser>(); }});
  // In front of what the containers' own lines look like.
  all->push_back({"cri", parser_of(named_format_called("cri"))});
  all->push_back({"clf", [status_level] {
                    return std::make_unique<clf_parser>(
                        clf_parser::settings{.status_level = status_level});
                  }});
  all->push_back({.stage = "journald",
                  .parser = [] { return std::make_unique<journal_entry_sight>(); },
                  .rule = [](const run&) { return journald_rule(); }});
  all->push_back({.stage = "mysql_slow",
                  .parser = [] { return std::make_unique<mysql_slow_parser>(); },
                  .rule = [](const run&) { return mysql_slow_rule(); }});
  all->push_back({.stage = "postgresql_csv",
                  .parser = [] { return std::make_unique<postgresql_csv_parser>(); },
                  .rule = [](const run&) { return postgresql_csv_rule(); }});
  all->push_back({.stage = "postgresql_log",
                  .parser = [] { return std::make_unique<postgresql_parser>(); },
                  .rule = [](const run&) { return postgresql_rule(); }});
  all->push_back({"nginx main", nginx_parser("main", how)});
  all->push_back({"nginx ingress", nginx_parser("ingress", how)});
  for (const named_format& f : named_formats()) {
    if (f.name == takes_nearly_all) {
      all->push_back({"clf lenient=true", [status_level] {
                        return std::make_unique<clf_parser>(
                            clf_parser::settings{.status_level = status_level, .more = true});
                      }});
      all->push_back({.stage = "syslog", .parser = sure_syslog, .beside_sure = syslog_beside_sure});
      all->push_back(
          {"ltsv", [status_level] { return std::make_unique<several_labels>(status_level); }});
      all->push_back({"logfmt", [] { return std::make_unique<pairs_in_front>(); }});
    }
    if (f.name != "cri")
      all->push_back(
          {.stage = std::string{f.name}, .parser = parser_of(f, how), .rule = rule_of(f)});
  }
  return all;
}

recognition recognise_lines(std::span<const std::string_view> lines, const known_formats& formats,
                            const std::shared_ptr<block_pool>& pool, bool whole) {
  batch sample = batch_of(lines, pool);
  recognition best{.stage = "text", .matched = 0, .lines = sample.size()};
  const auto take = [&best](std::string_view stage, std::size_t n,
                            std::shared_ptr<const headed_format> table = nullptr) {
    if (n > best.matched) best = {std::string{stage}, n, best.lines, std::move(table)};
  };
  std::vector<std::string> taking_some;
  const auto look = [&](bool at_json) {
    for (const known_format& f : formats) {
      if (f.is_json != at_json) continue;
      if (best.matched == best.lines) break;
      const std::size_t n =
          f.rule ? grouped_matches(batch_of(lines, pool), f, pool) : matches(sample, f, pool);
      if (f.stage == takes_nearly_all && 4 * best.matched >= 3 * n) continue;
      take(f.stage, n);
      if (f.stage != takes_nearly_all && 10 * n >= best.lines) taking_some.push_back(f.stage);
    }
  };
  look(true);
  take("json", static_cast<std::size_t>(std::ranges::count_if(
                   sample, [](const record& r) { return is_json(r.text()); })));
  for (const known_table& t : recognisable_tables()) {
    if (best.matched == best.lines) break;
    take(t.stage, table_matches(batch_of(lines, pool), t.format, pool), t.format);
  }
  look(false);
  const auto separated = whole ? separated_table_of(sample) : nullptr;
  if (best.matched < best.lines && separated) {
    const std::size_t n = table_matches(batch_of(lines, pool), separated, pool);
    if (n * 10 >= best.lines * 9) take(separated->stage(), n, separated);
  }
  if (best.stage == takes_nearly_all) best.asked_first = std::move(taking_some);
  return best;
}

std::string to_text(const recognition& r, std::string_view unit) {
  if (r.stage == "text") return "text, of no known format";
  const std::string share =
      std::to_string(r.matched) + " of " + std::to_string(r.lines) + " " + std::string{unit};
  if (r.stage == takes_nearly_all)
    return r.stage + ", of no known format (a time in " + share + ")";
  return r.stage + " (" + share + ")";
}

}  // namespace weir
