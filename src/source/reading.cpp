#include "source/reading.hpp"

namespace weir {
namespace {

constexpr std::uint64_t line_bytes_max = 1 << 30;

std::string delimiter_bytes(const std::string& name) {
  if (name == "lf") return "\n";
  if (name == "crlf") return "\r\n";
  if (name == "nul") return std::string(1, '\0');
  return name;
}

}  // namespace

decode_options to_decode_options(const reading_options& o) {
  decode_options out;
  out.as = codec_named(o.codec);  // none for "auto"
  out.ratio = o.max_ratio;
  if (o.max_size) out.max_bytes = o.max_size->bytes;
  return out;
}

transcode_options to_transcode_options(const reading_options& o) {
  using enum transcode_options::invalid_bytes;
  transcode_options out{.encoding = encoding_called(o.encoding)};
  if (o.invalid == "replace") out.invalid = replace;
  if (o.invalid == "keep") out.invalid = keep;
  return out;
}

transcode_options to_transcode_options(const reading_options& o, std::string_view beginning) {
  transcode_options out = to_transcode_options(o);
  if (out.encoding == encoding_by_mark)
    out.encoding = encoding_of_mark(beginning);
  return out;
}

framing_options to_framing_options(const line_options& o) {
  framing_options out;
  out.delimiter = delimiter_bytes(o.delimiter);
  out.max_line_bytes = o.max_line.bytes;
  if (o.on_long_line == "truncate") out.too_long = framing_options::long_line::truncate;
  return out;
}

void check(const line_options& o, reporter& report) {
  if (o.delimiter.empty()) report.error("`delimiter` is empty", {}, "lf, crlf, nul or some text");
  if (o.max_line.bytes == 0 || o.max_line.bytes > line_bytes_max)
    report.error("`max_line` must lie between 1 and 1GiB", {});
}

void check(const reading_options& o, reporter& report) {
  check(static_cast<const line_options&>(o), report);
  if (to_transcode_options(o).encoding != encoding_by_mark && !is_known_encoding(o.encoding))
    report.error("`" + o.encoding + "` is no character set that is known here", {},
                 "`iconv -l` lists them: utf-16le, latin1, windows-1252, shift_jis, gbk, ...");
  if (o.max_ratio == 0) report.error("`max_ratio` must be at least 1", {});
}

std::vector<std::string> codec_choices() {
  std::vector<std::string> names{"auto"};
  for (const codec c : {codec::none, codec::gzip, codec::zlib, codec::zstd, codec::bzip2, codec::xz,
                        codec::lz4, codec::lzma}) {
    names.emplace_back(name_of(c));
  }
  return names;
}

}  // namespace weir
