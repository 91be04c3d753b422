#include <algorithm>
#include <functional>
#include <unordered_map>

#include "parse/json.hpp"
#include "parse/parsers.hpp"
#include "parse/recognition.hpp"
#include "parse/request_line.hpp"
#include "parse/table_parser.hpp"
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

/// Recognises the format of each shard by its first lines and reads it by that; lines of another
/// format by whatever takes them. The rest stays text. One thread.
class auto_parsing {
 public:
  auto_parsing(const context& with, const stage_id& stage, bool status_level)
      : with_(with),
        pool_(with.pool),
        stage_(stage),
        formats_(recognisable_formats(status_level)),
        how_tables_{.status_level = status_level},
        tables_(
            std::make_shared<headed_tables>([this](const shard& s) { return table_of(s); }, with)),
        others_(std::make_unique<any_known>(formats_), pool_, stage, true) {}

  const std::shared_ptr<headed_tables>& tables() const noexcept { return tables_; }

  /// Decides for the shards of `lines` that are new.
  void decide(batch& lines) {
    std::span<record> left = lines.all();
    while (!left.empty()) {
      const auto same = of_one_shard(left);
      left = left.subspan(same.size());
      reader_for(same);
    }
  }

  void operator()(batch& lines) {
    std::span<record> left = lines.all();
    while (!left.empty()) {
      const auto same = of_one_shard(left);
      left = left.subspan(same.size());
      reader_for(same)(lines, same);
      if (std::ranges::any_of(same, is_open)) read_others(lines, same);
    }
  }

 private:
  using reader = std::function<void(batch&, std::span<record>)>;
  /// Shards that are read at a time, and some more: one that is forgotten is recognised anew.
  static constexpr std::size_t decisions_max = 4096;

  const reader& reader_for(std::span<const record> same) {
    const shard& of = same[0].source();
    if (&of == decided_for_) return *decided_;
    auto known = decisions_.find(of.identity);
    if (known == decisions_.end()) {
      if (decisions_.size() == decisions_max) decisions_.clear();
      std::string kept = kept_table(same[0]);
      known =
          decisions_.emplace(of.identity, kept.empty() ? recognised(same) : std::move(kept)).first;
    }
    decided_for_ = &of;
    decided_ = &reader_of(known->second);
    return *decided_;
  }

  /// The table whose header another run kept of the shard; empty for none.
  std::string kept_table(const record& first) const {
    if (!with_.parser_state || first.number() == 1) return {};
    const std::string kept = with_.parser_state(first.source());
    const std::string_view header = std::string_view{kept}.substr(kept.find('\n') + 1);
    for (const known_table& t : recognisable_tables()) {
      const auto kind = t.format->kind_of(header.substr(0, header.find('\n')));
      if (kind == headed_format::line::header) return std::string{t.stage};
    }
    return {};
  }

  const headed_format* table_of(const shard& s) const {
    const auto decided = decisions_.find(s.identity);
    if (decided == decisions_.end()) return nullptr;
    const auto tables = recognisable_tables();
    const auto known = std::ranges::find(tables, decided->second, &known_table::stage);
    return known == tables.end() ? nullptr : known->format;
  }

  std::string recognised(std::span<const record> same) const {
    std::vector<std::string_view> lines;
    for (const record& r : same) {
      if (r.is_live()) lines.push_back(r.text());
      if (lines.size() == recognition_lines) break;
    }
    return recognise_lines(lines, *formats_, pool_).stage;
  }

  const reader& reader_of(const std::string& stage) {
    const auto known = readers_.find(stage);
    if (known != readers_.end()) return known->second;
    return readers_.emplace(stage, make_reader(stage)).first->second;
  }

  reader make_reader(const std::string& stage) const {
    if (stage == "json" || stage == "text") {
      return [json = std::make_shared<json_parser>(pool_, false, json_depth, stage_, true)](
                 batch& b, std::span<record> some) { (*json)(b, some); };
    }
    const auto format = std::ranges::find(*formats_, stage, &known_format::stage);
    auto parser = format == formats_->end() ? std::make_unique<table_parser>(tables_, how_tables_)
                                            : format->parser();
    return [lines = std::make_shared<line_parsing>(std::move(parser), pool_, stage_, true)](
               batch& b, std::span<record> some) { (*lines)(b, some); };
  }

  void read_others(batch& lines, std::span<record> some) {
    for (record& r : some) {
      if (is_open(r) && r.text().starts_with('{') && check_json_object(r.text()).ok()) {
        r.set_shape(shape::json);
      }
    }
    others_(lines, some);
  }

  const context& with_;
  std::shared_ptr<block_pool> pool_;
  const stage_id& stage_;
  std::shared_ptr<const known_formats> formats_;
  table_settings how_tables_;
  std::shared_ptr<headed_tables> tables_;
  line_parsing others_;
  std::unordered_map<std::string, std::string> decisions_;  ///< by the shard's identity
  std::unordered_map<std::string, reader> readers_;         ///< by format
  const shard* decided_for_ = nullptr;
  const reader* decided_ = nullptr;
};

stream recognised_records(stream in, const context* with, const stage_id* id, bool status_level) {
  const auto parsing = std::make_shared<auto_parsing>(*with, *id, status_level);
  in = each_batch(std::move(in), [parsing](batch& b) { parsing->decide(b); });
  return under_headers(
      std::move(in), parsing->tables(), [parsing](batch& b) { (*parsing)(b); }, with);
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
          "clouds, servers and programs below, tables with a header (zeek, w3c, vpc_flow), CEF, "
          "LEEF, auditd, syslog, logfmt, and plain lines that begin with a time. Right behind the "
          "source it also recognises files that are no lines: JSON documents one after the other, "
          "over many lines or in an array, those of CloudTrail, CloudWatch, Azure and OTLP, and "
          "Windows events in XML. `weir explain` says what was recognised, and so does a run on a "
          "terminal.\n\n"
          "All other lines are read by the first format that takes them, so a mixed file is read "
          "line by line; what no format takes stays text, the field message. Nothing is rejected. "
          "CSV and lines that belong together are not recognised.")
      .option("status_level", &auto_options::status_level, std::string{status_level_text})
      .example(
          "Whatever it is",
          "from access.log auth.log app.ndjson | auto | where @time >= \"2026-01-02T09:14:08Z\"")
      .makes([](const auto_options& o, reporter&) -> product {
        stage made;
        made.parser = true;
        made.cut_by = framing{.how = framing::by::content};
        made.whole = [status_level = o.status_level](stream in, const context& with,
                                                     const stage_id& id) {
          return recognised_records(std::move(in), &with, &id, status_level);
        };
        return made;
      });
}

}  // namespace weir
