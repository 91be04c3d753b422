#include "record/record_block.hpp"

#include "base/number_bytes.hpp"
#include "record/parsed_fields.hpp"
#include "weir/error.hpp"

namespace weir {
namespace {

/// What stands in front of each record of a block; see `add`.
enum flag : std::uint8_t { new_shard = 1, edited = 2, many_lines = 4 };

void add_text(std::string_view text, std::string& out) {
  add_number(static_cast<std::uint32_t>(text.size()), out);
  out += text;
}

void add_fields(const record& r, std::string& out) {
  for (const parsed_field* f = fields_of(r); f->name != nullptr; ++f) {
    add_number(static_cast<std::uint8_t>(1), out);
    add_number(static_cast<std::uint8_t>(f->form), out);
    add_text(f->key(), out);
    add_text(f->content(), out);
  }
  add_number(static_cast<std::uint8_t>(0), out);
}

/// Reads what the above wrote.
class block_cursor {
 public:
  explicit block_cursor(std::string_view block) : left_(block) {}

  bool at_end() const noexcept { return left_.empty(); }

  template <std::unsigned_integral Number>
  Number number() {
    return number_at<Number>(cut(sizeof(Number)).data());
  }
  std::string_view text() { return cut(number<std::uint32_t>()); }
  /// A value of an enum up to `last`.
  template <class Enum>
  Enum choice(Enum last) {
    const auto n = number<std::uint8_t>();
    if (n > static_cast<std::uint8_t>(last)) refuse();
    return static_cast<Enum>(n);
  }
  [[noreturn]] static void refuse() {
    throw error(exit_code::io, "a block of records is not as it was written");
  }

 private:
  std::string_view cut(std::size_t size) {
    if (size > left_.size()) refuse();
    const std::string_view front = left_.substr(0, size);
    left_.remove_prefix(size);
    return front;
  }

  std::string_view left_;
};

shard read_shard(block_cursor& from) {
  shard s;
  s.name = from.text();
  s.identity = from.text();
  s.modified_ns = static_cast<std::int64_t>(from.number<std::uint64_t>());
  return s;
}

/// The place of the first of a record's fields in `into`.
std::uint32_t read_fields(block_cursor& from, field_table& into) {
  const auto first = static_cast<std::uint32_t>(into.all.size());
  while (from.number<std::uint8_t>() != 0) {
    parsed_field f;
    f.form = from.choice(text_form::json);
    const std::string_view name = from.text();
    const std::string_view text = from.text();
    f.name = name.data();
    f.name_size = static_cast<std::uint16_t>(name.size());
    f.text = text.data();
    f.text_size = static_cast<std::uint32_t>(text.size());
    into.all.push_back(f);
  }
  into.all.emplace_back();
  return first;
}

/// A record that was read, before it is one of a batch.
struct packed_record {
  std::uint64_t number = 0;
  std::uint64_t offset = 0;
  std::string_view raw;
  std::string_view text;
  shape as = shape::text;
  bool of_many_lines = false;
  std::uint32_t first_field = 0;
};

packed_record read_record(std::uint8_t flags, block_cursor& from, field_table& fields) {
  packed_record p;
  p.of_many_lines = (flags & many_lines) != 0;
  p.as = from.choice(shape::fields);
  p.number = from.number<std::uint64_t>();
  p.offset = from.number<std::uint64_t>();
  p.raw = from.text();
  p.text = (flags & edited) != 0 ? from.text() : p.raw;
  if (p.as == shape::fields) p.first_field = read_fields(from, fields);
  return p;
}

/// Adds it to the run that it belongs to. Its fields, if it has any, are those of `noted`.
void add_to(batch& out, const packed_record& p, const std::shared_ptr<const shard>& of,
            record_store& noted) {
  const bool goes_on = !out.runs().empty() && out.runs().back().source == of &&
                       out.runs().back().to.number < p.number;
  if (!goes_on) out.open_run(of, {.offset = p.offset, .number = p.number - 1});
  run& mine = out.runs().back();
  const std::uint64_t between = p.number - 1 - mine.to.number;
  if (between > 0) mine.settle(elsewhere, between);
  record& r = out.add(p.raw, p.number, p.offset);
  r.set_text(p.text, p.as);
  r.set_many_lines(p.of_many_lines);
  if (p.as == shape::fields) r.set_index(noted, p.first_field);
  out.advance({.offset = p.offset + p.raw.size(), .number = p.number});
}

}  // namespace

void record_block_writer::add(const record& r) {
  const bool is_new = latest_ != &r.source();
  const bool is_edited = r.text().data() != r.raw().data() || r.text().size() != r.raw().size();
  add_number(static_cast<std::uint8_t>((is_new ? new_shard : 0) | (is_edited ? edited : 0) |
                                       (r.many_lines() ? many_lines : 0)),
             bytes_);
  if (is_new) enter(r.source());
  add_number(static_cast<std::uint8_t>(r.shape()), bytes_);
  add_number(r.number(), bytes_);
  add_number(r.offset(), bytes_);
  add_text(r.raw(), bytes_);
  if (is_edited) add_text(r.text(), bytes_);
  if (r.shape() == shape::fields) add_fields(r, bytes_);
  ++records_;
}

void record_block_writer::enter(const shard& of) {
  add_text(of.name, bytes_);
  add_text(of.identity, bytes_);
  add_number(static_cast<std::uint64_t>(of.modified_ns), bytes_);
  latest_ = &of;
}

std::string record_block_writer::take() {
  records_ = 0;
  latest_ = nullptr;
  return std::exchange(bytes_, {});
}

void record_block_reader::read(std::string_view block, batch& out) {
  std::vector<known_shard> met;
  const auto fields = std::make_shared<field_table>();
  record_store& noted = out.add_store();
  for (block_cursor from(block); !from.at_end();) {
    const auto flags = from.number<std::uint8_t>();
    if ((flags & new_shard) != 0) met.push_back(meet(read_shard(from), met));
    if (met.empty()) block_cursor::refuse();
    const packed_record p = read_record(flags, from, *fields);
    if (p.number > met.back().gone_on) add_to(out, p, met.back().is, noted);
  }
  noted.fields = fields;
  known_ = std::move(met);
}

/// The one that is known, so that a shard stays the same object while its records come.
record_block_reader::known_shard record_block_reader::meet(
    shard said, const std::vector<known_shard>& in_block) const {
  for (const auto* const some : {&in_block, &known_}) {
    for (const known_shard& k : *some) {
      if (k.is->identity == said.identity && k.is->name == said.name) return k;
    }
  }
  known_shard fresh{.is = std::make_shared<const shard>(std::move(said))};
  if (gone_on_) fresh.gone_on = gone_on_(*fresh.is);
  return fresh;
}

}  // namespace weir
