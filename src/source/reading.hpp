#pragma once
#include <atomic>
#include <cstdint>
#include <string>

#include "codec/decode.hpp"
#include "codec/frame.hpp"
#include "source/listing.hpp"
#include "weir/component.hpp"

namespace weir {

/// How bytes become lines: the options that every source of bytes has. A source's options inherit
/// them.
struct reading_options {
  std::string codec = "auto";
  std::string delimiter = "lf";
  byte_size max_line{1 << 20};
  std::string on_long_line = "reject";
  std::uint64_t max_ratio = 1000;
};

decode_options to_decode_options(const reading_options& o);
framing_options to_framing_options(const reading_options& o);
/// What the declaration alone cannot tell.
void check(const reading_options& o, reporter& report);

/// What the reading of a source's shards shares, and what it came to. Outlives the streams; safe to
/// use from several threads.
struct reading {
  reading_options options;
  /// Rejects broken or overlong lines.
  stage_id stage{.rule = first_rule, .name = "read"};
  std::atomic<std::uint64_t> stored_bytes = 0;
  std::atomic<std::uint64_t> unverified_records = 0;
  unreadable_inputs unreadable{};
};

std::vector<std::string> codec_choices();

/// Declares the options of `reading_options` for a source whose options inherit them.
template <class Options>
void add_reading_options(declare<Options>& to) {
  const auto of = [](auto reading_options::* member) {
    return static_cast<
        std::remove_reference_t<decltype(std::declval<Options&>().*member)> Options::*>(member);
  };
  to.option("codec", of(&reading_options::codec), "how it is compressed; auto looks at the content",
            {.choices = codec_choices()});
  to.option("delimiter", of(&reading_options::delimiter),
            "what ends a line: lf (or CR LF), crlf, nul, or any text");
  to.option("max_line", of(&reading_options::max_line), "the longest line that is a record");
  to.option("on_long_line", of(&reading_options::on_long_line), "what becomes of a longer line",
            {.choices = {"reject", "truncate"}});
  to.option("max_ratio", of(&reading_options::max_ratio),
            "more bytes than this out of one compressed byte are refused, after the first 16 MiB");
}

}  // namespace weir
