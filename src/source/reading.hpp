#pragma once
#include <atomic>
#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "codec/decode.hpp"
#include "codec/frame.hpp"
#include "source/listing.hpp"
#include "weir/component.hpp"

namespace weir {

/// How bytes become lines. The options of a source inherit them.
struct line_options {
  std::string delimiter = "lf";
  byte_size max_line{1 << 20};
  std::string on_long_line = "reject";
};

/// How stored bytes become lines.
struct reading_options : line_options {
  std::string codec = "auto";
  std::uint64_t max_ratio = 1000;
};

decode_options to_decode_options(const reading_options& o);
framing_options to_framing_options(const line_options& o);
/// What the declaration alone cannot tell.
void check(const line_options& o, reporter& report);
void check(const reading_options& o, reporter& report);

/// What the reading of a source's shards shares, and what it came to. Outlives the streams; safe to
/// use from several threads.
struct reading {
  reading_options options;
  bool shards_have_threads = false;  ///< several are read at a time
  /// Rejects broken or overlong lines.
  stage_id stage{.rule = first_rule, .name = "read"};
  std::atomic<std::uint64_t> stored_bytes = 0;
  std::atomic<std::uint64_t> unverified_records = 0;
  unreadable_inputs unreadable{};
};

/// Declares `line_options` for a source whose options inherit them.
template <class Options>
void add_line_options(declare<Options>& to) {
  to.option("delimiter", member_of<Options>(&line_options::delimiter),
            "what ends a line: lf (or CR LF), crlf, nul, or any text");
  to.option("max_line", member_of<Options>(&line_options::max_line),
            "the longest line that is a record");
  to.option("on_long_line", member_of<Options>(&line_options::on_long_line),
            "what becomes of a longer line", {.choices = {"reject", "truncate"}});
}

std::vector<std::string> codec_choices();

/// Declares `reading_options` for a source whose options inherit them.
template <class Options>
void add_reading_options(declare<Options>& to) {
  to.option("codec", member_of<Options>(&reading_options::codec),
            "how it is compressed; auto looks at the content", {.choices = codec_choices()});
  add_line_options(to);
  to.option("max_ratio", member_of<Options>(&reading_options::max_ratio),
            "more bytes than this out of one compressed byte are refused, after the first 16 MiB");
}

}  // namespace weir
