#include "parse/grouped_parser.hpp"

#include <utility>

namespace weir {
namespace {

stream grouped_records(stream in, make_line_parser make, line_groups::make_rule rule,
                       bool keep_others, const context* with, const stage_id* id) {
  line_parsing parse(make(), with->pool, *id, keep_others);
  stream records = grouped(std::move(in), std::move(rule), grouped_record_limits, id, with);
  while (batch* const some = records.next(co_await request)) {
    parse(*some);
    co_yield *some;
  }
}

}  // namespace

stage grouped_parser_stage(make_line_parser make, line_groups::make_rule rule,
                           const std::string& on_invalid) {
  stage made;
  made.parser = true;
  made.holds_min_bytes = block_bytes;
  made.holds_max_bytes = 2 * grouped_record_limits.bytes;
  made.whole = [make = std::move(make), rule = std::move(rule), keep = on_invalid == "keep"](
                   stream in, const context& with, const stage_id& id) {
    return grouped_records(std::move(in), make, rule, keep, &with, &id);
  };
  return made;
}

}  // namespace weir
