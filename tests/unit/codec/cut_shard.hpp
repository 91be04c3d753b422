#pragma once
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "codec/frame.hpp"
#include "unit/codec/byte_streams.hpp"
#include "unit/codec/stops.hpp"
#include "weir/framing.hpp"

namespace weir::test {

// Cuts the bytes of a shard into records that are no lines.

using strings = std::vector<std::string>;

inline const stage_id reading{.rule = first_rule, .name = "read"};

struct cut_record {
  std::string text;
  std::string raw;
  std::uint64_t number;
  std::uint64_t offset;
  std::string why;  ///< empty for one that lives
  friend bool operator==(const cut_record&, const cut_record&) = default;
};

inline std::ostream& operator<<(std::ostream& out, const cut_record& r) {
  return out << r.number << '@' << r.offset << " `" << r.text << "` " << r.why;
}

struct cut_shard {
  std::vector<cut_record> records;
  std::vector<stop> stops;
};

inline framing json_at(std::string_view path, strings copied = {}) {
  framing how{.how = framing::by::json, .copied = std::move(copied)};
  if (!path.empty()) how.records = parse_path(path);
  return how;
}

inline const framing events{.how = framing::by::elements, .element = "Event"};

inline void collect(const batch& b, cut_shard& into) {
  std::map<std::uint64_t, std::string> why;
  for (const reject_entry& e : b.rejects()) why[e.number] = e.why;
  for (const record& r : b.all()) {
    into.records.push_back({std::string{r.text()}, std::string{r.raw()}, r.number(), r.offset(),
                            r.is_live() ? "" : why.at(r.number())});
  }
  add_stops(b, into.stops);
}

inline cut_shard cut(const parts& in, const framing& how, framing_options options = {},
                     position from = {}) {
  fixture f;
  f.with.cut_by = &how;
  cut_shard out;
  const auto of = std::make_shared<const shard>(shard{.name = "a", .identity = "a"});
  stream records = frame(stored(in, f.with.pool), of, from, std::move(options), reading, f.with);
  position at = from;
  while (const batch* const b = records.next(pull{})) {
    for (const run& r : b->runs()) {
      EXPECT_EQ(r.from, at);
      at = r.to;
    }
    collect(*b, out);
  }
  return out;
}

/// Some of `pieces` in a row.
inline std::string some_of(const std::vector<std::string>& pieces) {
  std::string all;
  const int count = *rc::gen::inRange(0, 40);
  for (int i = 0; i < count; ++i) all += *rc::gen::elementOf(pieces);
  return all;
}

/// However the bytes are split, they give the same records.
inline void check_any_split(const std::string& all, const framing& how,
                            const framing_options& options) {
  const auto size = static_cast<std::size_t>(*rc::gen::inRange(1, 9));
  const cut_shard whole = cut({all}, how, options);
  const cut_shard split = cut(split_every(all, size), how, options);
  RC_ASSERT(split.records == whole.records);
}

/// A run that goes on at `s`, where one that gave `whole` stopped, gives the rest.
inline void check_going_on(const std::string& all, const framing& how, framing_options options,
                           const stop& s, const cut_shard& whole) {
  options.state = s.state;
  const cut_shard rest = cut({all.substr(s.at.offset)}, how, std::move(options), s.at);
  std::vector<cut_record> expected = whole.records;
  std::erase_if(expected, [&s](const cut_record& r) { return r.number <= s.at.number; });
  RC_ASSERT(rest.records == expected);
}

inline strings texts(const cut_shard& of) {
  strings out;
  for (const cut_record& r : of.records) out.push_back(r.text);
  return out;
}

inline strings living(const cut_shard& of) {
  strings out;
  for (const cut_record& r : of.records) {
    if (r.why.empty()) out.push_back(r.text);
  }
  return out;
}

inline strings reasons(const cut_shard& of) {
  strings out;
  for (const cut_record& r : of.records) {
    if (!r.why.empty()) out.push_back(r.why);
  }
  return out;
}

}  // namespace weir::test
