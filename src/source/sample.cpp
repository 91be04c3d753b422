#include "source/sample.hpp"

#include <algorithm>
#include <functional>
#include <string_view>

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

/// Gives the content of what is stored to `take`, piece by piece, until that is enough. Returns of
/// how many stored bytes it is.
std::size_t read_beginning(std::string_view stored, const reading_options& how, const context& with,
                           const std::function<void(std::string_view)>& take) {
  std::size_t given = 0;
  std::size_t content = 0;
  byte_stream bytes = decode(in_pieces(stored, &given, &with), to_decode_options(how), with);
  while (content < content_bytes_enough) {
    const chunk* const some = bytes.next(pull{});
    if (some == nullptr) break;
    content += some->bytes.size();
    take(some->bytes);
  }
  return given;
}

}  // namespace

std::optional<double> lines_per_byte_of_file(const std::string& path, const reading_options& how,
                                             const context& with) {
  return lines_per_byte(first_block(path, *with.files), how, with);
}

std::optional<double> lines_per_byte(std::string_view stored, const reading_options& how,
                                     const context& with) {
  const char end_of_line = to_framing_options(how).delimiter.back();
  std::size_t lines = 0;
  const std::size_t given = read_beginning(stored, how, with, [&](std::string_view content) {
    lines += static_cast<std::size_t>(std::ranges::count(content, end_of_line));
  });
  if (lines == 0) return std::nullopt;
  return static_cast<double>(lines) / static_cast<double>(given);
}

std::vector<std::string> first_lines(const std::string& path, const reading_options& how,
                                     const context& with, std::size_t count) {
  std::string content;
  read_beginning(first_block(path, *with.files), how, with,
                 [&](std::string_view some) { content += some; });
  std::vector<std::string> lines;
  for (std::string_view left = content; !left.empty() && lines.size() < count;) {
    const std::string_view line = left.substr(0, left.find('\n'));
    left.remove_prefix(std::min(left.size(), line.size() + 1));
    lines.emplace_back(line.ends_with('\r') ? line.substr(0, line.size() - 1) : line);
  }
  return lines;
}

}  // namespace weir
