#include <algorithm>
#include <functional>
#include <unordered_map>

#include "parse/json.hpp"
#include "parse/parsers.hpp"
#include "parse/recognition.hpp"
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
  auto_parsing(std::shared_ptr<block_pool> pool, const stage_id& stage)
      : pool_(std::move(pool)),
        stage_(stage),
        formats_(recognisable_formats()),
        others_(std::make_unique<any_known>(formats_), pool_, stage, true) {}

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
      known = decisions_.emplace(of.identity, recognised(same)).first;
    }
    decided_for_ = &of;
    decided_ = &reader_of(known->second);
    return *decided_;
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
    return [lines = std::make_shared<line_parsing>(format->parser(), pool_, stage_, true)](
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

  std::shared_ptr<block_pool> pool_;
  const stage_id& stage_;
  std::shared_ptr<const known_formats> formats_;
  line_parsing others_;
  std::unordered_map<std::string, std::string> decisions_;  ///< by the shard's identity
  std::unordered_map<std::string, reader> readers_;         ///< by format
  const shard* decided_for_ = nullptr;
  const reader* decided_ = nullptr;
};

struct no_options {};

}  // namespace

component auto_stage() {
  return declare<no_options>(component::role::stage, "auto",
                             "Recognises the format of each file and reads it.")
      .describe(
          "The first hundred lines of a file decide which of the formats that weir knows takes "
          "the most of them: JSON, access logs (clf, nginx main and ingress), the formats of "
          "clouds, servers and programs below, CEF, LEEF, auditd, syslog, logfmt, and plain lines "
          "that begin with a time. `weir explain` says what was recognised, and so does a run on a "
          "terminal.\n\n"
          "All other lines are read by the first format that takes them, so a mixed file is read "
          "line by line; what no format takes stays text, the field message. Nothing is rejected. "
          "Formats whose lines need their neighbours (CSV, lines that belong together) are not "
          "recognised.")
      .example(
          "Whatever it is",
          "from access.log auth.log app.ndjson | auto | where @time >= \"2026-01-02T09:14:08Z\"")
      .makes([](const no_options&, reporter&) -> product {
        stage made;
        made.parser = true;
        made.per_batch = [](const context& with, const stage_id& id) -> batch_function {
          const auto parsing = std::make_shared<auto_parsing>(with.pool, id);
          return [parsing](batch& b) { (*parsing)(b); };
        };
        return made;
      });
}

}  // namespace weir
