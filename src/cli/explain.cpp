#include "cli/explain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "cli/rates.hpp"

namespace weir {
namespace {

using options = std::vector<std::pair<std::string, std::string>>;

/// As SEMANTICS has it: what a streaming plan takes without stages that hold records.
constexpr std::uint64_t base_bytes = 64 << 20;
constexpr std::uint64_t further_lane_bytes = 16 << 20;

std::string shown_options(const options& all) {
  std::string out;
  for (const auto& [name, value] : all) {
    if (!value.empty()) out += fmt::format(" {}={}", name, value);
  }
  return out;
}

std::string held_by(const stage& s) {
  if (s.holds_max_bytes == 0) return {};
  if (s.holds_max_bytes == SIZE_MAX) return "  holds its whole input, within --memory";
  return fmt::format("  holds up to {}", readable_bytes(s.holds_max_bytes));
}

void append_section(std::string& out, const section& of, const std::string& indent);

void append_split(std::string& out, const planned_split& split, const std::string& indent) {
  for (const planned_branch& branch : split.branches) {
    out += fmt::format("{}{} {}\n", indent, split.route ? "route" : "tee", branch.name);
    append_section(out, branch.rest, indent + "  ");
  }
}

/// What is behind a spool, with a checkpoint and a dead letter of its own.
void append_spool(std::string& out, const section& of, const std::string& indent) {
  out += fmt::format("{}spool  {}\n", indent, shown_options(of.sink.options));
  out +=
      fmt::format("{0}        {1}\n{0}behind it, by itself\n", indent, of.sink.made->guarantee());
  append_section(out, of.spool->rest, indent + "  ");
}

void append_section(std::string& out, const section& of, const std::string& indent) {
  for (const planned_stage& s : of.stages) {
    out += fmt::format("{}stage   {}{}\n", indent, s.id->name, held_by(s.made));
  }
  if (of.split) {
    append_split(out, *of.split, indent);
    return;
  }
  if (of.spool) return append_spool(out, of, indent);
  out += fmt::format("{}sink    {}:{}\n", indent, of.sink.name, shown_options(of.sink.options));
  out += fmt::format("{}        {}\n", indent, of.sink.made->guarantee());
}

std::uint64_t held_bytes(const section& of) {
  std::uint64_t sum = 0;
  for (const planned_stage& s : of.stages) sum += s.made.holds_max_bytes;
  for_each_behind(of, [&](const section& next) { sum += held_bytes(next); });
  return sum;
}

std::size_t sinks_with_own_commits(const section& of) {
  if (!of.split) return of.sink.made->has_own_record() ? 1 : 0;
  std::size_t sum = 0;
  for (const planned_branch& branch : of.split->branches)
    sum += sinks_with_own_commits(branch.rest);
  return sum;
}

std::string resuming_line(const estimate& seen) {
  if (!seen.replayable) {
    const std::string why = seen.resuming.empty() ? "it cannot be read again" : seen.resuming;
    return fmt::format("        not with --state: {}\n", why);
  }
  if (seen.resuming.empty()) return {};
  return fmt::format("        with --state: {}\n", seen.resuming);
}

}  // namespace

std::string explain(const plan& of, const estimate& seen, const strategy_choice& how,
                    std::size_t lanes, std::uint64_t memory_bytes) {
  std::string out =
      fmt::format("source  {}:{}\n", of.source_name, shown_options(of.source_options));
  out += resuming_line(seen);
  append_section(out, of.root, "");
  if (sinks_with_own_commits(of.root) > 1) {
    out +=
        "commits each sink by itself: a crash between two of them repeats the last group in one\n";
  }
  out += fmt::format("rejects {}\n", of.dead_letter.empty() ? "are counted, the first ten are shown"
                                                            : "go to " + of.dead_letter);
  out += fmt::format("\nstrategy  {}: {}\n", name_of(how.chosen), how.reason);
  out += fmt::format("lanes     {}\n", lanes);
  const std::uint64_t held = std::min(memory_bytes, held_bytes(of.root));
  out += fmt::format("memory    about {}; reading pauses while records take {} (--memory)\n",
                     readable_bytes(base_bytes + (lanes - 1) * further_lane_bytes + held),
                     readable_bytes(memory_bytes));
  return out;
}

std::string shown_outlook(const outlook& of) {
  const std::string_view more = of.at_least ? "more than " : "";
  std::string out = fmt::format("input     {}{} {}, {} as stored", more, readable_count(of.shards),
                                of.shards == 1 ? "object" : "objects", readable_bytes(of.bytes));
  if (of.records)
    out += fmt::format(", about {} records by the first of them", readable_count(*of.records));
  out += fmt::format("\ncost      {}{} {}", more, readable_count(of.requests),
                     of.requests == 1 ? "request" : "requests");
  if (of.requests_most > of.requests)
    out += fmt::format(", or up to {} if large objects come in ranges",
                       readable_count(of.requests_most));
  return out + fmt::format(", about {} ({})\n", readable_seconds(of.seconds), of.basis);
}

}  // namespace weir
