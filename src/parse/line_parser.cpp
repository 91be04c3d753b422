#include "parse/line_parser.hpp"

#include <simdjson.h>

#include <utility>

#include "base/utf8.hpp"
#include "parse/lines.hpp"

namespace weir {
namespace {

bool is_utf8(std::string_view text) noexcept {
  return simdjson::validate_utf8(text.data(), text.size());
}

}  // namespace

line_parsing::line_parsing(std::unique_ptr<line_parser> parser, std::shared_ptr<block_pool> pool,
                           const stage_id& stage, bool keep_others)
    : parser_(std::move(parser)),
      fields_(std::move(pool)),
      stage_(stage),
      keep_others_(keep_others) {}

void line_parsing::operator()(batch& lines, std::span<record> some) {
  if (lines.empty()) return;
  record_store& store = lines.add_store();
  fields_.begin(store);
  entered_ = nullptr;
  std::span<record> left = some;
  while (!left.empty()) {
    const auto group = left.first(neighbours(left));
    left = left.subspan(group.size());
    parse_group(lines, group, store);
  }
  store.fields = fields_.take();
}

// One look at the bytes of many lines costs less than one at each.
void line_parsing::parse_group(batch& lines, std::span<record> group, record_store& store) {
  const bool all_valid = is_utf8(joint_text(group));
  for (record& r : group) {
    if (r.shape() != shape::text || !has_text(lines, r)) continue;
    if (all_valid || has_valid_text(lines, r)) parse(lines, r, store);
  }
}

bool line_parsing::has_valid_text(batch& lines, record& r) {
  if (is_utf8(r.text())) return true;
  if (!keep_others_) {
    const auto at = static_cast<std::uint32_t>(first_invalid_utf8(r.text()));
    lines.reject_record(r, reject("invalid UTF-8", at), stage_);
  }
  return false;
}

void line_parsing::parse(batch& lines, record& r, record_store& store) {
  if (&r.source() != entered_) parser_->enter(*(entered_ = &r.source()), fields_);
  const std::uint32_t first = fields_.begin_record();
  const verdict v = parser_->parse(r.text(), fields_);
  if (v.is_keep()) {
    fields_.end_record();
    r.set_shape(shape::fields);
    r.set_index(store, first);
    return;
  }
  fields_.undo();
  if (!keep_others_) lines.reject_record(r, v, stage_);
}

stage line_parser_stage(make_line_parser make, const std::string& on_invalid) {
  stage made;
  made.stateless = true;
  made.parser = true;
  made.per_batch = [make = std::move(make), keep_others = on_invalid == "keep"](
                       const context& with, const stage_id& id) -> batch_function {
    auto parsing = std::make_shared<line_parsing>(make(), with.pool, id, keep_others);
    return [parsing](batch& b) { (*parsing)(b); };
  };
  return made;
}

}  // namespace weir
