#pragma once
#include <memory>
#include <span>

#include "parse/json_index.hpp"
#include "weir/component.hpp"

namespace weir {

/// Turns lines into JSON records. Strict: a line is a record only if it is wholly one valid JSON
/// object (RFC 8259, UTF-8). With `trust`, only UTF-8, balanced quotes and the outer braces are
/// checked. Other lines are rejected or, with `keep_others`, stay the text that they are. One
/// instance for each thread.
class json_parser {
 public:
  json_parser(std::shared_ptr<block_pool> pool, bool trust, std::size_t max_depth,
              const stage_id& stage, bool keep_others = false);

  void operator()(batch& lines) { (*this)(lines, lines.all()); }
  /// Only `some` of the records of `lines`.
  void operator()(batch& lines, std::span<record> some);

 private:
  void trust_group(batch& lines, std::span<record> group);
  void parse_group(batch& lines, std::span<record> group);
  void parse_scanned(batch& lines, std::span<record> group, record_store& indexed);
  void parse_one_by_one(batch& lines, std::span<record> group, record_store& indexed);
  void parse_alone(batch& lines, record& r);
  const std::uint32_t* check(const record& r, const std::uint32_t* at);
  bool escapes_are_valid(const record& r);

  json_indexer indexer_;
  bool trust_;
  std::size_t max_depth_;
  bool keep_others_;
  const stage_id& stage_;
  // Of the group at hand:
  const char* base_ = nullptr;
  const char* scanned_end_ = nullptr;
  const char* backslash_ = nullptr;  ///< the first one not before the current record
};

component json();

}  // namespace weir
