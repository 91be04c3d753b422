#include "parse/json.hpp"

#include <algorithm>
#include <cstring>
#include <limits>
#include <memory>
#include <optional>
#include <utility>

#include "parse/json_strings.hpp"
#include "parse/json_walk.hpp"
#include "parse/lines.hpp"
#include "record/json_grammar.hpp"

namespace weir {
namespace {

/// What `trust` asks of a record besides UTF-8 and strings that end.
bool has_braces(std::string_view text) noexcept {
  if (text.size() >= 2 && text.front() == '{' && text.back() == '}') return true;
  const std::string_view bare = trimmed(text);
  return bare.size() >= 2 && bare.front() == '{' && bare.back() == '}';
}

/// The first token at or behind `place`, which lies behind `at`. Eight steps at a time: a record
/// has some fifty tokens.
const std::uint32_t* skip_to(const std::uint32_t* at, const std::uint32_t* last,
                             std::uint32_t place) noexcept {
  while (last - at > 8 && at[8] < place) at += 8;
  while (at != last && *at < place) ++at;
  return at;
}

struct json_options {
  bool trust = false;
  std::uint64_t max_depth = json_depth;
  std::string on_invalid = "reject";
  bool documents = false;
  std::string records;
  std::vector<std::string> copy;
};

constexpr std::size_t most_copied = 64;
constexpr std::size_t longest_name = 256;

/// Nothing for lines.
std::optional<framing> cut_of(const json_options& o, reporter& report) {
  const bool cuts = o.documents || !o.records.empty();
  if (!o.copy.empty() && o.records.empty())
    report.error("`copy` is for the records of an array", {}, "say with `records` where it is");
  if (o.copy.size() > most_copied) report.error("`copy` takes at most 64 names", {});
  if (!cuts) return std::nullopt;
  framing how{.how = framing::by::json,
              .records = parse_path(o.records),
              .copied = o.copy,
              .max_depth = static_cast<std::size_t>(o.max_depth)};
  const auto is_no_name = [](const field_path::segment& s) {
    return s.element >= 0 || s.name.size() > longest_name;
  };
  const auto& path = how.records.segments;
  if (path.empty() != o.records.empty() || std::ranges::any_of(path, is_no_name))
    report.error("`records` is no path of names", {}, "records=Records, or records=a.b");
  return how;
}

}  // namespace

json_parser::json_parser(std::shared_ptr<block_pool> pool, bool trust, std::size_t max_depth,
                         const stage_id& stage, bool keep_others)
    : indexer_(std::move(pool)),
      trust_(trust),
      max_depth_(max_depth),
      keep_others_(keep_others),
      stage_(stage) {}

void json_parser::operator()(batch& lines, std::span<record> some) {
  std::span<record> left = some;
  while (!left.empty()) {
    const auto group = left.first(neighbours(left));
    left = left.subspan(group.size());
    trust_ ? trust_group(lines, group) : parse_group(lines, group);
  }
}

// Nothing is kept of what the check sees: most records are dropped for a field near their front,
// which is found faster in the text than a whole line is indexed.
void json_parser::trust_group(batch& lines, std::span<record> group) {
  const bool all_good = json_strings_end_in_line(joint_text(group));
  for (record& r : group) {
    if (!has_text(lines, r)) continue;
    const bool good = all_good || json_strings_end_in_line(r.text());
    if (good && has_braces(r.text())) {
      r.set_shape(shape::json);
    } else {
      parse_alone(lines, r);
    }
  }
}

void json_parser::parse_group(batch& lines, std::span<record> group) {
  if (group.size() == 1) {
    if (has_text(lines, group[0])) parse_alone(lines, group[0]);
    return;
  }
  const std::string_view text = joint_text(group);
  base_ = text.data();
  scanned_end_ = text.data() + text.size();
  backslash_ = nullptr;
  record_store& indexed = lines.add_store();
  indexer_.begin(text.data(), text.size());
  if (indexer_.add(text)) {
    parse_scanned(lines, group, indexed);
  } else {
    parse_one_by_one(lines, group, indexed);
  }
  indexed.index = indexer_.take();
}

void json_parser::parse_scanned(batch& lines, std::span<record> group, record_store& indexed) {
  const std::span<const std::uint32_t> found = indexer_.found();
  const std::uint32_t* at = found.data();
  const std::uint32_t* const last = at + found.size();
  for (record& r : group) {
    if (!has_text(lines, r)) continue;
    at = skip_to(at, last, static_cast<std::uint32_t>(r.text().data() - base_));
    const std::uint32_t* const after = check(r, at);
    if (after == nullptr) {
      parse_alone(lines, r);
      continue;
    }
    r.set_shape(shape::json);
    r.set_index(indexed, static_cast<std::uint32_t>(at - found.data()));
    at = after;
  }
}

// Some line spoiled the scan over all of them, an odd number of quotes for example.
void json_parser::parse_one_by_one(batch& lines, std::span<record> group, record_store& indexed) {
  for (record& r : group) {
    if (!has_text(lines, r)) continue;
    const std::size_t before = indexer_.found().size();
    const bool clean = indexer_.add(r.text());
    const std::uint32_t* const at = indexer_.found().data() + before;
    if (!clean || check(r, at) == nullptr) {
      parse_alone(lines, r);
      continue;
    }
    r.set_shape(shape::json);
    r.set_index(indexed, static_cast<std::uint32_t>(before));
  }
}

/// The place behind the record's last token, or nullptr if the record is not certainly good.
const std::uint32_t* json_parser::check(const record& r, const std::uint32_t* at) {
  const std::uint32_t* const after = walk_json_object(base_, at, end_of(r), max_depth_);
  if (after == nullptr || base_ + *after < end_of(r)) return nullptr;
  return escapes_are_valid(r) ? after : nullptr;
}

// Most lines hold no backslash: looking for the next one over all lines costs less than asking
// each.
bool json_parser::escapes_are_valid(const record& r) {
  const char* const first = r.text().data();
  if (backslash_ == nullptr || backslash_ < first) {
    const void* const found =
        std::memchr(first, '\\', static_cast<std::size_t>(scanned_end_ - first));
    backslash_ = found ? static_cast<const char*>(found) : scanned_end_;
  }
  if (backslash_ >= end_of(r)) return true;
  return json_escapes_valid({backslash_, static_cast<std::size_t>(end_of(r) - backslash_)});
}

void json_parser::parse_alone(batch& lines, record& r) {
  const json_fault fault =
      trust_ ? check_trusted_json(r.text()) : check_json_object(r.text(), max_depth_);
  if (fault.ok()) {
    r.set_shape(shape::json);
  } else if (!keep_others_) {
    lines.reject_record(r, reject(fault.why, fault.at), stage_);
  }
}

component json() {
  return declare<json_options>(component::role::stage, "json",
                               "Reads each line as one JSON object.")
      .describe(
          "Strict by default: a line is a record only if all of it is valid JSON (RFC 8259, "
          "UTF-8); any\n"
          "other line is rejected with the place of its fault. Numbers keep their text. Blank "
          "lines are\n"
          "skipped and counted. With trust=true only UTF-8, balanced quotes and the outer braces "
          "are\n"
          "checked, which is faster: broken JSON inside may then be passed on as it is.\n\n"
          "With documents=true a record is a JSON value, however many lines it has: values may "
          "follow each other on one line (`{...}{...}`), be written over many, or stand behind "
          "record separators (RFC 7464). An array at the top stands for its elements. With "
          "`records` each document holds its records in arrays, at that path; arrays on the way "
          "stand for all of their elements, and the rest of a document is no record, but for the "
          "members that `copy` names. Arrays are streamed, so documents may have any size. A "
          "record "
          "has its text as it stands, its ordinal and the offset of its first byte. One that is "
          "broken is rejected up to where the next one seems to begin; a document that ends early, "
          "or has nothing at the path, is a reject, too. The stage then stands right behind the "
          "source, whose `max_line` is the longest record.")
      .option("trust", &json_options::trust, "Check no more than UTF-8, quotes and outer braces.")
      .option("max_depth", &json_options::max_depth, "Reject objects that nest deeper.")
      .option("on_invalid", &json_options::on_invalid,
              "What happens to other lines: they are rejected or kept as text.",
              {.choices = {"reject", "keep"}})
      .option("documents", &json_options::documents,
              "Records are JSON values, not lines; implied by `records`.")
      .option("records", &json_options::records,
              "Where the arrays of records are in each document, `Records` or `a.b`.")
      .option("copy", &json_options::copy,
              "A member in front of the array, of an object on the way to it, that each record "
              "gets as well unless it has it; may be given several times.")
      .example("CloudTrail", "from cloudtrail.json | json records=Records | keep eventName")
      .example("Values over many lines", "from pretty.json | json documents=true")
      .example("Keep the errors of a log", R"(from app.ndjson | json | where level = "ERROR")")
      .makes([](const json_options& o, reporter& report) -> product {
        return stage{.per_batch = [o](const context& with, const stage_id& id) -> batch_function {
                       auto parser = std::make_shared<json_parser>(
                           with.pool, o.trust, static_cast<std::size_t>(o.max_depth), id,
                           o.on_invalid == "keep");
                       return [parser](batch& b) { (*parser)(b); };
                     },
                     .whole = {},
                     .stateless = true,
                     .parser = true,
                     .cut_by = cut_of(o, report)};
      });
}

}  // namespace weir
