#include "source/sample.hpp"

#include <algorithm>
#include <memory>
#include <string_view>
#include <utility>

#include "base/disk.hpp"

namespace weir {
namespace {

/// Enough lines to tell from; a first block can expand a thousandfold.
constexpr std::size_t content_bytes_enough = 1 << 20;
constexpr std::size_t piece_bytes = 16 << 10;

/// `stored` in small pieces; `*given` is how much of it was asked for.
byte_stream in_pieces(std::string_view stored, std::size_t* given, const context* with) {
  while (*given < stored.size()) {
    const std::string_view piece = stored.substr(*given, piece_bytes);
    auto memory = with->pool->take(piece_bytes);
    std::ranges::copy(piece, memory->data());
    *given += piece.size();
    chunk next{.bytes = {memory->data(), piece.size()}, .memory = memory};
    co_yield next;
  }
}

std::string first_block(const std::string& path, disk& files) {
  std::string head(block_bytes, '\0');
  const auto input = files.open(path, open_for::reading);
  const auto got = input ? (*input)->read_at(head, 0) : std::unexpected(input.error());
  head.resize(got.value_or(0));
  return head;
}

}  // namespace

std::optional<double> lines_per_byte_of_file(const std::string& path, const reading_options& how,
                                             const context& with) {
  return lines_per_byte(first_block(path, *with.files), how, with);
}

std::optional<double> lines_per_byte(std::string_view stored, const reading_options& how,
                                     const context& with) {
  const char end_of_line = to_framing_options(how).delimiter.back();
  std::size_t given = 0;
  std::size_t content = 0;
  std::size_t lines = 0;
  byte_stream bytes = decode(in_pieces(stored, &given, &with), to_decode_options(how), with);
  while (content < content_bytes_enough) {
    const chunk* const some = bytes.next(pull{});
    if (some == nullptr) break;
    content += some->bytes.size();
    lines += static_cast<std::size_t>(std::ranges::count(some->bytes, end_of_line));
  }
  if (lines == 0) return std::nullopt;
  return static_cast<double>(lines) / static_cast<double>(given);
}

sampled_records first_records(const std::string& path, const reading_options& how,
                              const context& with, std::size_t count) {
  const std::string stored = first_block(path, *with.files);
  const auto nowhere = std::make_shared<const shard>(shard{.name = path, .identity = path});
  const stage_id nobody{.rule = first_rule, .name = "look"};
  framing_options framing = to_framing_options(how);
  framing.hold_unterminated = stored.size() == block_bytes;
  std::size_t given = 0;
  byte_stream content = decode(in_pieces(stored, &given, &with), to_decode_options(how), with);
  const transcode_options characters = to_transcode_options(how);
  if (!characters.changes_nothing()) content = transcode(std::move(content), characters, with);
  stream records = frame(std::move(content), nowhere, {}, std::move(framing), nobody, with);
  sampled_records out;
  for (std::uint64_t content = 0; content < content_bytes_enough && out.texts.size() < count;) {
    const batch* const some = records.next(pull{});
    if (some == nullptr) break;
    for (const record& r : *some) {
      if (out.texts.size() < count) out.texts.emplace_back(r.text());
    }
    if (some->runs().empty()) continue;
    content = some->runs().back().to.offset;
    out.are_lines = some->runs().back().parser_state == nullptr;
  }
  return out;
}

}  // namespace weir
