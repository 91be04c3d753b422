#include "record/container_line.hpp"

#include <vector>

#include "record/json_find.hpp"
#include "weir/value.hpp"

namespace weir {
namespace {

/// The content of the JSON string at `path`; a null view if there is none.
std::string_view string_at(std::string_view json, const field_path& path) {
  const std::string_view found = find_json(json, path.segments);
  const bool string = found.size() > 1 && found.starts_with('"') && found.ends_with('"');
  return string ? found.substr(1, found.size() - 2) : std::string_view{};
}

/// Whether a JSON string ends with a line feed.
bool ends_line(std::string_view json_string) noexcept {
  if (!json_string.ends_with('n')) return false;
  const std::string_view before = json_string.substr(0, json_string.size() - 1);
  const std::size_t other = before.find_last_not_of('\\');
  return (before.size() - (other + 1)) % 2 == 1;
}

container_line read_docker(std::string_view line) {
  static const field_path log = parse_path("log");
  static const field_path stream = parse_path("stream");
  const std::string_view text = string_at(line, log);
  if (text.data() == nullptr) return {};
  const auto at = static_cast<std::size_t>(text.data() - line.data());
  return {.stream = string_at(line, stream),
          .before = line.substr(0, at),
          .text = text,
          .behind = line.substr(at + text.size()),
          .partial = !ends_line(text)};
}

container_line read_cri(std::string_view line) {
  const std::size_t time_end = line.find(' ');
  if (time_end == line.npos || time_end < 20 || line[10] != 'T') return {};
  const std::string_view rest = line.substr(time_end + 1);
  const std::string_view stream = rest.substr(0, rest.find(' '));
  const std::size_t tag_at = time_end + 1 + stream.size() + 1;
  if ((stream != "stdout" && stream != "stderr") || tag_at >= line.size()) return {};
  const char tag = line[tag_at];
  const std::string_view tags = line.substr(tag_at, line.find(' ', tag_at) - tag_at);
  if ((tag != 'P' && tag != 'F') || (tags.size() > 1 && tags[1] != ':')) return {};
  const std::size_t text_at = std::min(tag_at + tags.size() + 1, line.size());
  return {.stream = stream,
          .before = line.substr(0, text_at),
          .text = line.substr(text_at),
          .behind = {},
          .tag_at = tag_at,
          .partial = tag == 'P'};
}

}  // namespace

container_line read_container_line(std::string_view line) {
  return line.starts_with('{') ? read_docker(line) : read_cri(line);
}

std::string whole_line_of(const std::vector<container_line>& parts) {
  const container_line& first = parts.front();
  std::string out{first.before};
  if (first.tag_at != std::string_view::npos) out[first.tag_at] = parts.back().partial ? 'P' : 'F';
  for (const container_line& part : parts) out += part.text;
  out += first.behind;
  return out;
}

}  // namespace weir
