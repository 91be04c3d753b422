#include "parse/headed_tables.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/utf8.hpp"

namespace weir {
namespace {

/// A checkpoint holds 64 KiB of a parser: the header, its number and a line break.
constexpr std::size_t most_header_bytes = (64 << 10) - 21;

/// The header as a checkpoint keeps it; empty for one that no record can be read by.
std::string text_of(const std::vector<std::string>& lines) {
  std::string text = fmt::format("{}", fmt::join(lines, "\n"));
  const bool usable = text.size() <= most_header_bytes && first_invalid_utf8(text) == text.size();
  return usable ? text : std::string{};
}

table_header header_of_lines(const headed_format& format, const std::vector<std::string>& lines) {
  if (lines.empty() || !text_of(lines).empty()) return format.read(lines);
  table_header unusable;
  unusable.fault = reject("the header is too long or not UTF-8");
  return unusable;
}

std::shared_ptr<const std::string> state_of(std::uint64_t number,
                                            const std::vector<std::string>& lines) {
  return std::make_shared<const std::string>(fmt::format("{}\n{}", number, text_of(lines)));
}

}  // namespace

headed_tables::table* headed_tables::find(const shard& of) noexcept {
  const auto known =
      std::ranges::find_if(tables_, [&of](const table& t) { return t.source.get() == &of; });
  return known == tables_.end() ? nullptr : &*known;
}

std::shared_ptr<const table_header> headed_tables::header_of(const shard& of) const {
  for (const table& t : tables_) {
    if (t.source.get() == &of) return t.header;
  }
  return nullptr;
}

void headed_tables::meet(const run& r) {
  if (find(*r.source) != nullptr) return;
  table& t = tables_.emplace_back(table{.source = r.source, .format = formats_(*r.source)});
  if (t.format == nullptr) return;
  if (with_.parser_state) restore(t, with_.parser_state(*r.source), r.from.number);
  if (!t.header) t.header = std::make_shared<table_header>(header_of_lines(*t.format, t.lines));
}

/// `kept` is the number of the header's last line and the header; it holds behind that line.
void headed_tables::restore(table& t, std::string_view kept, std::uint64_t read_to) const {
  std::uint64_t number = 0;
  const char* const end = kept.data() + kept.size();
  const auto [behind, error] = std::from_chars(kept.data(), end, number);
  if (error != std::errc{} || behind == end || number > read_to) return;
  std::string_view left = kept.substr(static_cast<std::size_t>(behind - kept.data()));
  while (!left.empty()) {
    left.remove_prefix(1);
    t.lines.emplace_back(left.substr(0, left.find('\n')));
    left.remove_prefix(t.lines.back().size());
  }
  t.header = std::make_shared<table_header>(header_of_lines(*t.format, t.lines));
  t.state = state_of(number, t.lines);
}

bool headed_tables::changes(const table& t, std::string_view line) const {
  return std::ranges::find(t.lines, line) == t.lines.end();
}

void headed_tables::take(table& t, std::string_view line, std::uint64_t number) const {
  const auto before = std::ranges::find(t.lines, subject_of(line), &subject_of);
  if (before == t.lines.end()) {
    t.lines.emplace_back(line);
  } else {
    *before = line;
  }
  t.header = std::make_shared<table_header>(header_of_lines(*t.format, t.lines));
  t.state = state_of(number, t.lines);
}

std::optional<std::size_t> headed_tables::take_headers(batch& b) {
  for (const run& r : b.runs()) meet(r);
  for (table& t : tables_) t.has_records = false;
  table* at = nullptr;
  std::size_t live_before = 0;
  for (record& r : b) {
    if (at == nullptr || at->source.get() != &r.source()) at = find(r.source());
    const bool is_line = r.shape() == shape::text && at->format != nullptr;
    const auto kind = is_line ? at->format->kind_of(r.text()) : headed_format::line::record;
    const bool change = kind == headed_format::line::header && changes(*at, r.text());
    if (change && at->has_records) return live_before;
    if (change) take(*at, r.text(), r.number());
    if (kind == headed_format::line::record) {
      at->has_records = true;
      ++live_before;
    } else {
      b.end_record(r, blank);
    }
  }
  return std::nullopt;
}

void headed_tables::settle(batch& b) {
  for (run& r : b.runs()) {
    const table* const t = find(*r.source);
    if (t == nullptr) continue;
    if (t->state) r.parser_state = t->state;
    if (r.ends) tables_.remove_if([t](const table& each) { return &each == t; });
  }
}

stream under_headers(stream in, std::shared_ptr<headed_tables> tables, batch_function parse,
                     const context* with) {
  while (batch* const some = in.next(co_await request)) {
    while (const auto ahead = tables->take_headers(*some)) {
      batch piece(with->pool);
      piece.absorb(*some, {.records = *ahead, .any = true});
      parse(piece);
      tables->settle(piece);
      co_yield piece;
    }
    parse(*some);
    tables->settle(*some);
    co_yield *some;
  }
}

}  // namespace weir
