#include <algorithm>
#include <functional>
#include <unordered_map>

#include "parse/first_lines.hpp"
#include "parse/grouped_parser.hpp"
#include "parse/journald.hpp"
#include "parse/json.hpp"
#include "parse/parsers.hpp"
#include "parse/recognition.hpp"
#include "parse/request_line.hpp"
#include "parse/shard_formats.hpp"
#include "parse/table_parser.hpp"
#include "record/container_parts.hpp"
#include "record/json_grammar.hpp"

namespace weir {
namespace {

/// Reads a line by the first format that takes it.
class any_known final : public line_parser {
 public:
  explicit any_known(std::shared_ptr<const known_formats> formats) : formats_(std::move(formats)) {
    for (const known_format& f : *formats_) parsers_.push_back(f.parser());
  }

  verdict parse(std::string_view line, field_list& out) override {
    for (const auto& p : parsers_) {
      if (p->parse(line, out).is_keep()) {
        out.keep_names(formats_);  // of this batch's other lines as well
        return keep;
      }
      out.undo();
    }
    return reject("no known format");
  }

 private:
  std::shared_ptr<const known_formats> formats_;
  std::vector<std::unique_ptr<line_parser>> parsers_;
};

bool is_open(const record& r) noexcept {
  return r.is_live() && r.shape() == shape::text;
}

/// The records at the front that are of one shard.
std::span<record> of_one_shard(std::span<record> records) {
  const auto other = std::ranges::find_if(
      records, [&](const record& r) { return &r.source() != &records[0].source(); });
  return records.first(static_cast<std::size_t>(other - records.begin()));
}

/// Reads each shard by the format that its first lines have; lines of another format by whatever
/// takes them. The rest stays text. One thread.
class auto_parsing {
 public:
  auto_parsing(const context& with, const stage_id& stage, bool status_level)
      : pool_(with.pool),
        stage_(stage),
        formats_(recognisable_formats(status_level)),
        shards_(std::make_shared<shard_formats>(formats_, with)),
        inside_(inside_of(with)),
        how_tables_{.status_level = status_level},
        tables_(std::make_shared<headed_tables>([this](const shard& s) { return table_of(s); },
                                                inside_)),
        others_(std::make_unique<any_known>(formats_), pool_, stage, true) {}

  const std::shared_ptr<headed_tables>& tables() const noexcept { return tables_; }

  const std::shared_ptr<shard_formats>& shards() const noexcept { return shards_; }
  /// What the readers of shards are to see.
  const context& inside() const noexcept { return inside_; }

  /// Whether its lines may be parts of lines.
  bool has_parts(const shard& of) const {
    const shard_format* const known = shards_->known(of);
    return known != nullptr && known->has_parts;
  }

  /// Which lines of a shard make up a record; null where each is one.
  std::unique_ptr<line_rule> rule_of(const run& first) const {
    const shard_format* const known = shards_->known(*first.source);
    if (known == nullptr) return nullptr;
    if (known->table) return known->table->rule();
    const known_format* const format = format_called(known->stage);
    return format == nullptr || !format->rule ? nullptr : format->rule(first);
  }

  void operator()(batch& lines) {
    std::span<record> left = lines.all();
    while (!left.empty()) {
      const auto same = of_one_shard(left);
      left = left.subspan(same.size());
      reader_of(shards_->of(same))(lines, same);
      if (std::ranges::any_of(same, is_open)) read_others(lines, same);
    }
  }
  /// Adds to what runs have to know what was decided.
  void keep_decisions(batch& records) {
    for (run& r : records.runs()) r.parser_state = shards_->state_of(*r.source, r.parser_state);
  }

 private:
  using reader = std::function<void(batch&, std::span<record>)>;

  static context inside_of(const context& with) {
    context inside = with;
    if (with.parser_state)
      inside.parser_state = [kept = with.parser_state](const shard& of) {
        return shard_formats::inner_of(kept(of));
      };
    return inside;
  }

  std::shared_ptr<const headed_format> table_of(const shard& of) const {
    const shard_format* const known = shards_->known(of);
    return known == nullptr ? nullptr : known->table;
  }

  /// Null for JSON, tables and text.
  const known_format* format_called(std::string_view stage) const {
    const auto found = std::ranges::find(*formats_, stage, &known_format::stage);
    return found == formats_->end() ? nullptr : &*found;
  }

  const reader& reader_of(const shard_format& format) {
    std::string key = format.stage;
    for (const std::string& stage : format.asked_first) key.append(", ").append(stage);
    const auto known = readers_.find(key);
    if (known != readers_.end()) return known->second;
    return readers_.emplace(std::move(key), make_reader(format)).first->second;
  }

  /// What reads a shard of a known format, or a table.
  std::unique_ptr<line_parser> parser_of_shard(const shard_format& of) const {
    if (of.table) return std::make_unique<table_parser>(tables_, how_tables_);
    if (of.asked_first.empty()) return format_called(of.stage)->of_file()();
    auto in_turn = std::make_shared<known_formats>();
    for (const std::string& stage : of.asked_first) in_turn->push_back(*format_called(stage));
    in_turn->push_back(*format_called(of.stage));
    return std::make_unique<any_known>(std::move(in_turn));
  }

  reader make_reader(const shard_format& of) const {
    if (of.stage == "json" || of.stage == "text") {
      return [json = std::make_shared<json_parser>(pool_, false, json_depth, stage_, true)](
                 batch& b, std::span<record> some) { (*json)(b, some); };
    }
    if (of.stage == "journald") {
      return
          [this](batch& b, std::span<record> some) { read_journal_entries(b, some, true, stage_); };
    }
    auto lines = std::make_shared<line_parsing>(parser_of_shard(of), pool_, stage_, true);
    return [lines](batch& b, std::span<record> some) { (*lines)(b, some); };
  }

  void read_others(batch& lines, std::span<record> some) {
    for (record& r : some) {
      if (is_open(r) && r.text().starts_with('{') && check_json_object(r.text()).ok()) {
        r.set_shape(shape::json);
      }
    }
    others_(lines, some);
  }

  std::shared_ptr<block_pool> pool_;
  const stage_id& stage_;
  std::shared_ptr<const known_formats> formats_;
  std::shared_ptr<shard_formats> shards_;
  context inside_;
  table_settings how_tables_;
  std::shared_ptr<headed_tables> tables_;
  line_parsing others_;
  std::unordered_map<std::string, reader> readers_;  ///< by formats
};

constexpr container_parts::limits part_limits{.timeout = std::chrono::seconds{1}};

stream recognised_records(stream in, const context* with, const stage_id* id, bool status_level) {
  const auto parsing = std::make_shared<auto_parsing>(*with, *id, status_level);
  in = join_lines(std::move(in), std::make_unique<first_lines>(parsing->shards(), with->pool),
                  false, with);
  in = grouped(
      std::move(in), [parsing](const run& first) { return parsing->rule_of(first); },
      grouped_record_limits, id, &parsing->inside());
  in = with_whole_lines(std::move(in), part_limits, id, &parsing->inside(),
                        [parsing](const shard& of) { return parsing->has_parts(of); });
  in = under_headers(
      std::move(in), parsing->tables(), [parsing](batch& b) { (*parsing)(b); }, &parsing->inside());
  return each_batch(std::move(in), [parsing](batch& b) { parsing->keep_decisions(b); });
}

struct auto_options {
  bool status_level = false;
};

}  // namespace

component auto_stage() {
  return declare<auto_options>(component::role::stage, "auto",
                               "Recognises the format of each file and reads it.")
      .describe(
          "The first hundred lines of a file decide which of the formats that weir knows takes "
          "the most of them: JSON, access logs (clf, nginx main and ingress), the formats of "
          "clouds, servers and programs below, tables with a header (zeek, w3c, vpc_flow, csv, "
          "tsv), CEF, LEEF, auditd, syslog, LTSV, logfmt, and plain lines that begin with a time. "
          "Right behind the "
          "source it also recognises files that are no lines: JSON documents one after the other, "
          "over many lines or in an array, those of CloudTrail, CloudWatch, Azure and OTLP, and "
          "Windows events in XML. `weir explain` says what was recognised, and so does a run on a "
          "terminal.\n\n"
          "All other lines are read by the first format that takes them, so a mixed file is read "
          "line by line; what no format takes stays text, the field message. So do lines between "
          "JSON documents, and those of a document that is broken. What is over max_line or "
          "no UTF-8 is rejected, and a broken record inside of an array or of XML. "
          "In a table with commas, tabs, semicolons or bars, unquoted numbers, true and false are "
          "such values; its header and nine of ten lines have to be sure, so name `csv` where it "
          "has none. A quoted field goes on for a hundred lines at most, and only if the record "
          "then has all columns. Parts of lines in logs of containers (CRI, Docker) are "
          "joined, as `container` does it, and so are the lines of journald, mysql_slow and "
          "postgresql_log; "
          "other lines that belong together are not recognised.")
      .option("status_level", &auto_options::status_level, std::string{status_level_text})
      .example(
          "Whatever it is",
          "from access.log auth.log app.ndjson | auto | where @time >= \"2026-01-02T09:14:08Z\"")
      .makes([](const auto_options& o, reporter&) -> product {
        stage made;
        made.parser = true;
        made.cut_by = framing{.how = framing::by::content};
        made.holds_min_bytes = block_bytes;
        made.holds_max_bytes = 2 * part_limits.bytes + 2 * grouped_record_limits.bytes;
        made.whole = [status_level = o.status_level](stream in, const context& with,
                                                     const stage_id& id) {
          return recognised_records(std::move(in), &with, &id, status_level);
        };
        return made;
      });
}

}  // namespace weir
