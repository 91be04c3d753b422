#include "parse/shard_formats.hpp"

#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

#include "base/text_front.hpp"
#include "parse/lines.hpp"
#include "parse/separated_table.hpp"
#include "record/container_line.hpp"

namespace weir {
namespace {

// A state is a line, `auto STAGE`, `auto parts STAGE` or `auto ASKED, ASKED, STAGE`, and what is
// inside.
constexpr std::string_view mark = "auto ";
constexpr std::string_view parts_mark = "parts ";
constexpr std::string_view between_stages = ", ";

/// Most of them are enough: other lines may stand between a container's, a banner for one.
bool are_of_container(std::span<const std::string_view> lines) {
  const auto texts = std::ranges::count_if(lines, std::not_fn(is_blank_line));
  const auto of_container = std::ranges::count_if(
      lines, [](std::string_view line) { return !read_container_line(line).stream.empty(); });
  return 2 * of_container > texts;
}

/// The table that `stage` reads, whose header lies behind a line of `inner`. Null for none.
std::shared_ptr<const headed_format> table_of(std::string_view stage, std::string_view inner) {
  const auto tables = recognisable_tables();
  const auto known = std::ranges::find(tables, stage, &known_table::stage);
  if (known != tables.end()) return known->format;
  const std::size_t number_end = inner.find('\n');
  if (number_end == inner.npos) return nullptr;
  const auto separated = separated_table::with(first_line(inner.substr(number_end + 1)));
  return separated && separated->stage() == stage ? separated : nullptr;
}

}  // namespace

const shard_format& shard_formats::of(std::span<const record> lines, bool others_keep) {
  const shard& of = lines[0].source();
  const auto found = all_.find(of.identity);
  if (found != all_.end()) return found->second.format;
  if (all_.size() == known_max) all_.clear();
  shard_format format = kept(lines[0]);
  if (format.stage.empty()) format = recognised(lines);
  if (others_keep) format.has_parts = false;
  return all_.emplace(of.identity, entry{std::move(format), others_keep}).first->second.format;
}

const shard_format* shard_formats::known(const shard& of) const {
  const auto found = all_.find(of.identity);
  return found == all_.end() ? nullptr : &found->second.format;
}

std::shared_ptr<const std::string> shard_formats::state_of(
    const shard& of, std::shared_ptr<const std::string> inner) {
  const auto found = all_.find(of.identity);
  if (found == all_.end() || found->second.others_keep) return inner;
  entry& e = found->second;
  if (e.state && e.inner == inner) return e.state;
  std::string text{mark};
  if (e.format.has_parts) text += parts_mark;
  for (const std::string& stage : e.format.asked_first) text.append(stage).append(between_stages);
  text += e.format.stage + "\n";
  if (inner) text += *inner;
  e.inner = std::move(inner);
  return e.state = std::make_shared<const std::string>(std::move(text));
}

std::string shard_formats::inner_of(const std::string& state) {
  if (!state.starts_with(mark)) return state;
  return state.substr(std::min(state.size(), first_line(state).size() + 1));
}

/// What another run decided; no stage if none did.
shard_format shard_formats::kept(const record& first) const {
  if (!with_.parser_state || first.number() == 1) return {};
  const std::string text = with_.parser_state(first.source());
  std::string_view stage = first_line(text);
  if (!take_front(stage, mark)) return {};
  shard_format format;
  format.has_parts = take_front(stage, parts_mark);
  for (std::size_t end; (end = stage.find(between_stages)) != stage.npos;) {
    format.asked_first.emplace_back(stage.substr(0, end));
    stage.remove_prefix(end + between_stages.size());
  }
  format.stage = stage;
  format.table = table_of(stage, inner_of(text));
  const auto is_known = [this](std::string_view s) {
    return std::ranges::find(*formats_, s, &known_format::stage) != formats_->end();
  };
  const bool readable = format.table || stage == "json" || stage == "text" || is_known(stage);
  return readable && std::ranges::all_of(format.asked_first, is_known) ? format : shard_format{};
}

shard_format shard_formats::recognised(std::span<const record> lines) const {
  std::vector<std::string_view> texts;
  for (const record& r : lines) {
    if (r.is_live()) texts.push_back(r.text());
    if (texts.size() == recognition_lines) break;
  }
  const bool whole = lines[0].number() == 1;
  const recognition seen = recognise_lines(texts, *formats_, with_.pool, whole);
  const bool may_be = seen.stage == "cri" || seen.stage == "json";
  return {seen.stage, seen.table, may_be && are_of_container(texts), seen.asked_first};
}

}  // namespace weir
