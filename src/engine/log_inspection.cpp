#include "engine/log_inspection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>

#include "engine/checkpoint_log.hpp"
#include "engine/log_lines.hpp"
#include "record/json_bytes.hpp"
#include "sink/visible.hpp"
#include "weir/error.hpp"

namespace weir {
namespace {

/// Puts the entries of a log together. A commit counts once the next entry goes on from it; the
/// last one is taken to count.
class entries {
 public:
  explicit entries(log_inspection& into) : into_(into) {}

  void operator()(log_header h) {
    refuse_newer(h, into_.path);
    into_.header = std::move(h);
  }
  void operator()(log_run r) {
    if (last_ && last_->entry <= r.base) settle();
    last_.reset();
    into_.run = std::move(r);
  }
  void operator()(checkpoint c) {
    settle();
    last_ = std::move(c);
  }
  void operator()(const log_note&) {}
  void operator()(log_begun b) {
    for (shard_progress& s : b.shards) positions_.try_emplace(s.id, s);
  }
  void finish() {
    settle();
    for (auto& [id, s] : positions_) into_.reached.shards.push_back(std::move(s));
    std::ranges::sort(into_.reached.shards, {}, &shard_progress::name);
  }

 private:
  void settle() {
    if (!last_) return;
    for (shard_progress& s : last_->shards) positions_[s.id] = std::move(s);
    last_->shards.clear();
    into_.reached = *std::exchange(last_, std::nullopt);
  }

  log_inspection& into_;
  std::optional<checkpoint> last_;
  std::unordered_map<std::string, shard_progress> positions_;
};

std::string visible(std::string_view text) {
  std::string out;
  append_visible(text, out);
  return out;
}

std::string described(const log_header& h) {
  std::string out = fmt::format("header    version {}, pipeline {}, plan {}", h.version,
                                visible(h.pipeline), visible(h.plan));
  for (const logged_table& t : h.tables) {
    out += fmt::format(", {} shards in {}", t.shards, visible(t.file));
  }
  return out;
}

std::string described(const log_run& r) {
  std::string out = fmt::format("run {}     goes on from commit {}", r.generation, r.base);
  if (!r.dead_letter.empty()) {
    out += fmt::format(", {} has {} bytes", visible(r.dead_letter), r.dead_bytes);
  }
  return out;
}

std::string described(const checkpoint& c) {
  return fmt::format("commit {}  {} shards moved, {} records in all", c.entry, c.shards.size(),
                     c.totals.in);
}

std::string described(const log_note& n) {
  return fmt::format("note      {}: {}", visible(n.sink), visible(n.text));
}

std::string described(const log_begun& b) {
  std::string out = "begun    ";
  for (const shard_progress& s : b.shards) out += ' ' + visible(s.name);
  return out;
}

std::string described(const logged_line& line) {
  const auto text =
      std::visit([](const auto& entry) { return described(entry); }, parse_log_entry(line.payload));
  return fmt::format("{:>10}  {}\n", line.byte, text);
}

std::string described_end(const log_inspection& of) {
  const std::uint64_t behind_bytes = of.size_bytes - of.good_bytes;
  if (of.lines_behind > 0) {
    return fmt::format("{:>10}  damaged: {} bytes, {} more lines behind it\n", of.good_bytes,
                       behind_bytes, of.lines_behind);
  }
  if (of.lost_base()) {
    return fmt::format("{:>10}  damaged: commit {} and all positions are lost\n", of.good_bytes,
                       of.run.base);
  }
  if (behind_bytes == 0) return {};
  return fmt::format("{:>10}  {} bytes of an entry that is not whole; the next run drops them\n",
                     of.good_bytes, behind_bytes);
}

std::string described_reached(const checkpoint& c) {
  if (c.entry == 0) return "\nno commit\n";
  std::string out = fmt::format("\nafter commit {}:\n", c.entry);
  for (const shard_progress& s : c.shards) {
    out += fmt::format("  read      {}: {} records, {} bytes\n", visible(s.name), s.at.number,
                       s.at.offset);
  }
  for (const sink_progress& s : c.sinks) {
    out += fmt::format("  sink      {}: {}\n", visible(s.sink),
                       s.token.empty() ? "no token" : "token " + visible(s.token));
  }
  out += fmt::format(
      "  totals    {} in, {} created, {} delivered, {} filtered, {} rejected, {} joined\n",
      c.totals.in, c.totals.created, c.totals.delivered, c.totals.filtered, c.totals.rejected,
      c.totals.joined);
  return out;
}

}  // namespace

log_inspection inspect_log(disk& files, const std::string& directory) {
  std::string path = directory + "/log";
  const auto log = files.open(path, open_for::reading);
  if (!log) {
    throw error(exit_code::no_input, path + ": " + log.error().message(),
                "name the directory that --state named");
  }
  const std::string bytes = read_log_bytes(**log, path);
  return inspect_log_bytes(std::move(path), bytes);
}

log_inspection inspect_log_bytes(std::string path, std::string_view bytes) {
  const log_reading found = read_log(bytes);
  log_inspection out{.path = std::move(path),
                     .size_bytes = bytes.size(),
                     .good_bytes = found.good_bytes,
                     .lines_behind = found.lines_behind};
  entries told(out);
  std::uint64_t next_byte = 0;
  for (const std::string_view payload : found.payloads) {
    out.lines.push_back({next_byte, std::string{payload}});
    next_byte = static_cast<std::uint64_t>(payload.data() + payload.size() + 1 - bytes.data());
    std::visit(std::ref(told), parse_log_entry(payload));
  }
  told.finish();
  return out;
}

std::string inspection_text(const log_inspection& of) {
  std::string out = fmt::format("{}: {} bytes\n", visible(of.path), of.size_bytes);
  for (const logged_line& line : of.lines) out += described(line);
  out += described_end(of);
  return out + described_reached(of.reached);
}

std::string inspection_json(const log_inspection& of) {
  std::string out = "{\"log\":";
  write_json_bytes(of.path, out);
  out += fmt::format(R"(,"bytes":{},"good_bytes":{},"damaged":{},"lines_behind":{},"entries":[)",
                     of.size_bytes, of.good_bytes, of.damaged(), of.lines_behind);
  for (const logged_line& line : of.lines) {
    if (!out.ends_with('[')) out += ',';
    out += fmt::format(R"({{"byte":{},"says":{}}})", line.byte, line.payload);
  }
  return out + "],\"reached\":" + to_json(of.reached) + "}\n";
}

}  // namespace weir
