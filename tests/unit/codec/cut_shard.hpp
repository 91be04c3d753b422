#pragma once
#include <gtest/gtest.h>

#include <map>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "codec/frame.hpp"
#include "unit/codec/byte_streams.hpp"
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

/// Where a batch ended or may be cut, and what has to be known there.
struct stop {
  position at;
  std::string state;
};

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
  b.for_each_run([&](const run& of, std::span<const record> all) {
    const std::string state = of.parser_state ? *of.parser_state : "";
    for (const record& r : all) {
      if (r.is_live()) into.stops.push_back({r.before(), state});
    }
    if (&of == &b.runs().back()) into.stops.push_back({of.to, state});
  });
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
