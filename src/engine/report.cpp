#include "engine/report.hpp"

#include <fmt/format.h>

#include "record/json_bytes.hpp"
#include "weir/value.hpp"

namespace weir {
namespace {

/// Writes one JSON object, two blanks of indentation a level.
class json_object {
 public:
  json_object(std::string& out, int depth) : out_(out), depth_(depth) { out_ += '{'; }
  void end() {
    if (any_) indent(depth_);
    out_ += '}';
  }

  void text(std::string_view key, std::string_view value) { write_json_bytes(value, begin(key)); }
  void number(std::string_view key, std::uint64_t value) { begin(key) += std::to_string(value); }
  void seconds(std::string_view key, double value) { begin(key) += fmt::format("{:.6f}", value); }
  void flag(std::string_view key, bool value) { begin(key) += value ? "true" : "false"; }
  /// Begins a member and gives the place for its value.
  std::string& begin(std::string_view key) {
    if (any_) out_ += ',';
    any_ = true;
    indent(depth_ + 1);
    write_json_string(key, out_);
    out_ += ": ";
    return out_;
  }

 private:
  void indent(int depth) {
    out_ += '\n';
    out_.append(static_cast<std::size_t>(depth) * 2, ' ');
  }

  std::string& out_;
  int depth_;
  bool any_ = false;
};

template <class Counts>
void write_counts(json_object& to, const Counts& of) {
  to.number("in", of.in);
  to.number("created", of.created);
  to.number("delivered", of.delivered);
  to.number("filtered", of.filtered);
  to.number("rejected", of.rejected);
  to.number("joined", of.joined);
  to.number("blank", of.blank);
  to.number("bytes_in", of.bytes_in);
}

/// Two steps with the same text are one rule to the reader.
void write_reasons(json_object& to, const run_report& of, const account& counts, int depth) {
  std::map<std::string, std::uint64_t> by_name;
  for (const auto& [rule, count] : counts.filtered_by) by_name[rule_name(of, rule)] += count;
  json_object filtered(to.begin("filtered_by"), depth + 1);
  for (const auto& [name, count] : by_name) filtered.number(name, count);
  filtered.end();
  json_object rejected(to.begin("rejected_by"), depth + 1);
  for (const auto& [why, count] : counts.rejected_by) rejected.number(why, count);
  rejected.end();
}

void write_account(std::string& out, const run_report& of, std::string_view name,
                   const account& counts, int depth) {
  json_object one(out, depth);
  one.text("name", name);
  write_counts(one, counts);
  write_reasons(one, of, counts, depth);
  one.end();
}

template <class List, class Write>
void write_list(std::string& out, const List& items, int depth, Write write) {
  out += '[';
  bool any = false;
  for (const auto& item : items) {
    if (any) out += ',';
    any = true;
    out += '\n';
    out.append(static_cast<std::size_t>(depth) * 2, ' ');
    write(item);
  }
  if (any) {
    out += '\n';
    out.append(static_cast<std::size_t>(depth - 1) * 2, ' ');
  }
  out += ']';
}

}  // namespace

std::string rule_name(const run_report& of, fate rule) {
  const std::size_t at = static_cast<std::size_t>(rule) - first_rule;
  return at < of.rules.size() ? of.rules[at] : fmt::format("rule {}", at + 1);
}

std::string report_json(const run_report& of) {
  std::string out;
  json_object report(out, 0);
  report.number("version", 1);
  report.number("exit", static_cast<std::uint64_t>(of.exit));
  report.flag("complete", of.complete);
  if (!of.error.empty()) report.text("error", of.error);
  write_counts(report, of.total);
  write_reasons(report, of, of.total, 0);
  report.number("unverified", of.unverified);
  report.number("type_mismatch", of.type_mismatches);
  json_object total(report.begin("total"), 1);
  write_counts(total, of.earlier + totals_of(of.total));
  total.number("peak_rss_bytes", of.peak_rss_bytes);
  total.end();
  write_list(report.begin("sinks"), of.sinks, 2,
             [&](const auto& s) { write_account(out, of, s.first, s.second, 2); });
  write_list(report.begin("shards"), of.shards, 2,
             [&](const auto& s) { write_account(out, of, s.name, s.counts, 2); });
  report.number("shards_seen", of.shards_seen);
  write_list(report.begin("unreadable"), of.unreadable, 2,
             [&](const std::string& why) { write_json_bytes(why, out); });
  report.text("strategy", name_of(of.strategy.chosen));
  report.text("strategy_reason", of.strategy.reason);
  report.number("lanes", of.lanes);
  report.seconds("seconds", of.seconds);
  report.number("peak_rss_bytes", of.peak_rss_bytes);
  report.end();
  out += '\n';
  return out;
}

}  // namespace weir
