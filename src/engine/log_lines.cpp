#include "engine/log_lines.hpp"

#include <algorithm>
#include <optional>

#include "base/digest.hpp"

namespace weir {
namespace {

constexpr std::size_t sum_size = 64;

struct log_line {
  std::string_view sum;
  std::string_view payload;
};

/// Takes the next line off `bytes`; nothing if it does not have the form of one.
std::optional<log_line> take_line(std::string_view& bytes) {
  const std::size_t end = bytes.find('\n');
  const std::string_view line = bytes.substr(0, end);
  bytes.remove_prefix(end == bytes.npos ? bytes.size() : end + 1);
  if (end == bytes.npos || line.size() <= sum_size || line[sum_size] != ' ') return std::nullopt;
  return log_line{line.substr(0, sum_size), line.substr(sum_size + 1)};
}

/// How many lines begin behind the first one of `bytes`.
std::uint64_t count_further_lines(std::string_view bytes) {
  const auto ends = static_cast<std::uint64_t>(std::ranges::count(bytes, '\n'));
  const bool last_is_cut = !bytes.empty() && bytes.back() != '\n';
  const std::uint64_t lines = ends + (last_is_cut ? 1 : 0);
  return lines == 0 ? 0 : lines - 1;
}

}  // namespace

std::string sum_of(std::string_view before, std::string_view payload) {
  return lower_hex(sha256(before, payload));
}

log_reading read_log(std::string_view bytes) {
  log_reading out;
  std::string_view rest = bytes;
  while (!rest.empty()) {
    const auto line = take_line(rest);
    if (!line || line->sum != sum_of(out.last_sum, line->payload)) break;
    out.payloads.push_back(line->payload);
    out.last_sum = line->sum;
    out.good_bytes = bytes.size() - rest.size();
  }
  out.lines_behind = count_further_lines(bytes.substr(out.good_bytes));
  return out;
}

}  // namespace weir
