#pragma once
#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "codec/decode.hpp"
#include "codec/frame.hpp"
#include "codec/transcode.hpp"
#include "source/listing.hpp"
#include "source/skips_whole.hpp"
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
  std::optional<byte_size> max_size = {};
  std::string encoding{encoding_by_mark};
  std::string invalid = "reject";
};

decode_options to_decode_options(const reading_options& o);
transcode_options to_transcode_options(const reading_options& o);
/// The same for content whose first bytes are known: they decide what `auto` leaves open.
transcode_options to_transcode_options(const reading_options& o, std::string_view beginning);
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
  skips_whole::was_read_whole was_read = {};  ///< unset without a state
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
  to.option("encoding", member_of<Options>(&reading_options::encoding),
            "the character set: auto (UTF-8, or UTF-16 where it begins with a byte order mark), "
            "utf-8, utf-16 (its byte order mark tells which), utf-16le, utf-16be, latin1, "
            "windows-1252, shift_jis, gbk, or another that `iconv -l` lists; offsets then count "
            "the bytes of the UTF-8 that it becomes");
  to.option("invalid", member_of<Options>(&reading_options::invalid),
            "bytes that are no character: the line is rejected, U+FFFD replaces them, or they are "
            "kept as the characters that Latin-1 has for them",
            {.choices = {"reject", "replace", "keep"}});
  to.option("max_ratio", member_of<Options>(&reading_options::max_ratio),
            "more bytes than this out of one compressed byte are refused, after the first 16 MiB");
  to.option("max_size", member_of<Options>(&reading_options::max_size),
            "more bytes than this out of one compressed file are refused; else none are");
}

}  // namespace weir
