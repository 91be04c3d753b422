#include "parse/journald.hpp"

#include <algorithm>
#include <utility>

#include "base/number_bytes.hpp"
#include "base/utf8.hpp"
#include "parse/lines.hpp"
#include "parse/parsers.hpp"

namespace weir {
namespace {

/// Bytes of the length in front of a binary field's content, the lowest first.
constexpr std::size_t length_bytes = sizeof(std::uint64_t);

/// Finds the empty line that ends an entry: one that is not inside of a binary field, `NAME`, a
/// line feed, a length, the content and a line feed.
class entry_lines final : public line_rule {
 public:
  place next(const record& line) override {
    const bool joins = open_;
    const std::string_view text = line.text();
    const std::uint64_t gap = line.offset() - std::exchange(read_to_, line.offset() + text.size());
    if (inside_ == part::length) take_length(line, gap);
    if (inside_ == part::content) {
      if (read_to_ >= content_end_) inside_ = part::fields;
      open_ = true;
    } else if (inside_ == part::fields) {
      open_ = !text.empty();
      if (open_ && text.find('=') == text.npos) begin_binary();
    }
    return {.joins = joins, .open = open_};
  }
  void reset() override {
    inside_ = part::fields;
    open_ = false;
  }
  fate whole(const record& r) override { return is_blank_line(r.text()) ? blank : live; }

 private:
  enum class part : std::uint8_t { fields, length, content };

  void begin_binary() {
    inside_ = part::length;
    length_begun_ = false;
    length_.clear();
  }

  /// The length may hold line breaks.
  void take_length(const record& line, std::uint64_t gap) {
    if (std::exchange(length_begun_, true)) {
      length_ += gap == 2 ? "\r\n" : "\n";
    } else {
      length_at_ = line.offset();
    }
    length_ += line.text();
    if (length_.size() < length_bytes) return;
    inside_ = part::content;
    content_end_ = length_at_ + length_bytes;
    const std::uint64_t size = number_at<std::uint64_t>(length_.data());
    if (__builtin_add_overflow(content_end_, size, &content_end_)) inside_ = part::fields;
  }

  part inside_ = part::fields;
  bool open_ = false;
  std::uint64_t read_to_ = 0;
  bool length_begun_ = false;
  std::string length_;  ///< what was read of it, and what stands behind it
  std::uint64_t length_at_ = 0;
  std::uint64_t content_end_ = 0;
};

/// Takes one field off the front of `left`, an entry's rest.
verdict take_field(std::string_view& left, std::string_view& name, std::string_view& value) {
  const std::string_view line = left.substr(0, left.find('\n'));
  const std::size_t equals = line.find('=');
  name = line.substr(0, equals);
  if (equals != line.npos) {
    value = line.substr(equals + 1);
    left.remove_prefix(std::min(line.size() + 1, left.size()));
    return keep;
  }
  left.remove_prefix(std::min(line.size() + 1, left.size()));
  if (left.size() < length_bytes) return reject("binary field without end");
  const std::uint64_t size = number_at<std::uint64_t>(left.data());
  left.remove_prefix(length_bytes);
  if (size > left.size()) return reject("binary field without end");
  value = left.substr(0, size);
  left.remove_prefix(size);
  if (!left.empty() && left[0] != '\n') return reject("the length of a binary field is wrong");
  left.remove_prefix(std::min<std::size_t>(1, left.size()));
  return keep;
}

bool is_field_name(std::string_view name) noexcept {
  constexpr std::string_view allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";
  return !name.empty() && (name[0] < '0' || name[0] > '9') &&
         name.find_first_not_of(allowed) == name.npos;
}

/// Appends the entry as JSON, or says what is wrong with it.
verdict append_entry(std::string_view entry, std::string& json) {
  const char* const begin = entry.data();
  const auto place = [begin](std::string_view at) {
    return static_cast<std::uint32_t>(at.data() - begin);
  };
  std::string_view name;
  std::string_view value;
  while (!entry.empty()) {
    const std::uint32_t at = place(entry);
    if (const verdict v = take_field(entry, name, value); !v.is_keep()) return reject(v.why(), at);
    if (!is_field_name(name)) return reject("no name of a field", at);
    const std::size_t invalid = first_invalid_utf8(value);
    if (invalid != value.size())
      return reject("invalid UTF-8", place(value) + static_cast<std::uint32_t>(invalid));
    json += json.empty() ? "{" : ",";
    write_json_string(name, json);
    json += ':';
    write_json_string(value, json);
  }
  json += '}';
  return keep;
}

struct journald_options {
  byte_size max_record{1 << 20};
  std::string on_invalid = "reject";
};

stream journal_entries(stream in, group_limits limits, bool keep_others, const context* with,
                       const stage_id* id) {
  const auto rule = [](const run&) { return journald_rule(); };
  stream entries = grouped(std::move(in), rule, limits, id, with);
  while (batch* const some = entries.next(co_await request)) {
    read_journal_entries(*some, some->all(), keep_others, *id);
    co_yield *some;
  }
}

}  // namespace

std::unique_ptr<line_rule> journald_rule() {
  return std::make_unique<entry_lines>();
}

void read_journal_entries(batch& in, std::span<record> entries, bool keep_others,
                          const stage_id& rejects_as) {
  std::string json;
  for (record& r : entries) {
    if (!r.is_live() || r.shape() != shape::text) continue;
    json.clear();
    const verdict v = append_entry(r.text(), json);
    if (v.is_keep()) {
      r.set_text(in.store().memory.copy(json), shape::json);
    } else if (!keep_others) {
      in.reject_record(r, v, rejects_as);
    }
  }
}

verdict journal_entry_sight::parse(std::string_view text, field_list& out) {
  const bool begins = text.starts_with("__CURSOR=") || text.starts_with("__REALTIME_TIMESTAMP=");
  if (!begins || !text.contains('\n')) return reject("no entry of the journal");
  out.add("entry", text);
  return keep;
}

component journald() {
  return declare<journald_options>(component::role::stage, "journald",
                                   "Reads systemd's journal in its export format.")
      .describe(
          "What `journalctl -o export` writes: fields as NAME=VALUE, or binary with a length, and "
          "an empty line behind each entry. All values are texts, under the names that they have. "
          "The record's time is __REALTIME_TIMESTAMP, its level PRIORITY.\n\n"
          "An entry is rejected if a name has other characters than capital letters, digits and "
          "underscores, if a length does not fit, or if a value is no UTF-8. It has the place of "
          "its first line; the other lines count as joined. `journalctl -o json` is read by json.")
      .option("max_record", &journald_options::max_record,
              "An entry is rejected once it has so many bytes.")
      .option("on_invalid", &journald_options::on_invalid, std::string{on_invalid_text},
              on_invalid_choices)
      .example("What went wrong", "from journal.export | journald | where level >= warn")
      .makes([](const journald_options& o, reporter& report) -> product {
        if (o.max_record.bytes == 0 || o.max_record.bytes > (1u << 30))
          report.error("`max_record` must lie between 1 and 1GiB", {});
        const group_limits limits{.bytes = o.max_record.bytes,
                                  .rejects = true,
                                  .leaves_cut_records = true,
                                  .breaks_as_read = true};
        const bool keep_others = o.on_invalid == "keep";
        return stage{.per_batch = {},
                     .whole =
                         [limits, keep_others](stream in, const context& with, const stage_id& id) {
                           return journal_entries(std::move(in), limits, keep_others, &with, &id);
                         },
                     .parser = true,
                     .holds_min_bytes = block_bytes,
                     .holds_max_bytes = 2 * o.max_record.bytes};
      });
}

}  // namespace weir
