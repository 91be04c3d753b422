#include "cli/summary.hpp"

#include <fmt/format.h>

#include <map>
#include <string_view>

#include "cli/rates.hpp"
#include "engine/report.hpp"
#include "sink/visible.hpp"

namespace weir {
namespace {

constexpr std::string_view red = "\x1b[1;31m";
constexpr std::string_view plain = "\x1b[0m";

std::string visible(std::string_view text) {
  std::string out;
  append_visible(text, out);
  return out;
}

void append_count(std::string& line, std::uint64_t count, std::string_view what) {
  if (count == 0) return;
  if (!line.empty()) line += ", ";
  line += readable_count(count) + " " + std::string{what};
}

std::string first_line(const run_report& of) {
  const account& a = of.total;
  std::string line = readable_count(a.in) + " in";
  append_count(line, a.created, "created");
  line += ", " + readable_count(a.delivered) + " delivered";
  append_count(line, a.filtered, "filtered");
  append_count(line, a.rejected, "rejected");
  append_count(line, a.joined, "joined");
  return line + fmt::format(" in {} ({} records/s, {}/s)\n", readable_seconds(of.seconds),
                            readable_rate(a.in, of.seconds),
                            readable_bytes(per_second(a.bytes_in, of.seconds)));
}

std::string detail(std::uint64_t count, const std::string& what) {
  return fmt::format("{:>14}  {}\n", readable_count(count), what);
}

std::string type_mismatches(const run_report& of) {
  if (of.type_mismatches == 0) return {};
  const bool one = of.type_mismatches == 1;
  return detail(of.type_mismatches, one ? "value of a type that an expression cannot work on"
                                        : "values of a type that an expression cannot work on");
}

std::string details(const run_report& of) {
  std::string out;
  for (const auto& [rule, count] : of.total.filtered_by) {
    out += detail(count, "filtered by `" + visible(rule_name(of, rule)) + "`");
  }
  for (const auto& [why, count] : of.total.rejected_by) out += detail(count, "rejected: " + why);
  if (of.sinks.size() > 1) {
    for (const auto& [name, counts] : of.sinks) {
      out += detail(counts.delivered, "delivered to " + visible(name));
    }
  }
  out += shown_findings(of);
  if (of.unverified > 0) out += detail(of.unverified, "read before their checksum failed");
  return out;
}

}  // namespace

std::string summary(const run_report& of) {
  std::string out = first_line(of) + details(of);
  if (of.error.empty() && !of.complete) out += "ended before all of the input was read\n";
  return out;
}

std::string shown_findings(const run_report& of) {
  std::string out;
  for (const absent_field& field : of.absent_fields) {
    out += fmt::format("{:>14}  field `{}` was in {}", "", visible(field.name),
                       field.first_of == 0
                           ? "no record"
                           : "none of the first " + readable_count(field.first_of) + " records");
    if (!field.meant.empty())
      out += fmt::format("; if a text is meant, write \"{}\"", visible(field.meant));
    out += '\n';
  }
  return out + type_mismatches(of);
}

std::string place_in_record(std::uint64_t at) {
  return at == 0 ? std::string{} : fmt::format(" at byte {}", at + 1);
}

namespace {

/// All that `json` rejected were the lines of an indented document.
bool looks_like_document(const run_report& of) {
  if (of.first_rejects.empty() || of.total.rejected != of.total.in) return false;
  const shown_reject& first = of.first_rejects.front();
  return first.stage.starts_with("json") && (first.raw == "{" || first.raw == "[");
}

}  // namespace

std::string shown_rejects(const run_report& of) {
  std::string out;
  for (const shown_reject& r : of.first_rejects) {
    out += fmt::format("rejected {}:{}: {}: {}{}\n", visible(r.source), r.number, visible(r.stage),
                       r.why, place_in_record(r.at));
    out += "    " + visible(r.raw) + "\n";
  }
  if (of.total.rejected > of.first_rejects.size()) {
    out +=
        fmt::format("and {} more\n", readable_count(of.total.rejected - of.first_rejects.size()));
  }
  if (!out.empty()) out += "to keep all of them, use --dead-letter FILE\n";
  if (looks_like_document(of))
    out += "JSON that goes over many lines is read by `json documents=true`\n";
  return out;
}

std::string shown_exit(const run_report& of) {
  if (of.exit != exit_code::rejected || !of.error.empty()) return {};
  return fmt::format("{} of {} records were rejected\n", readable_count(of.total.rejected),
                     readable_count(of.total.in));
}

std::string shown_samples(const run_report& of) {
  std::string out;
  std::string_view sink;
  for (const sample& s : of.samples) {
    if (s.sink != sink) out += "would be delivered to " + visible(s.sink) + ":\n";
    sink = s.sink;
    out += "    " + visible(s.record) + "\n";
  }
  return out;
}

std::string shown_errors(const run_report& of, bool color) {
  const std::string label = color ? fmt::format("{}error:{} ", red, plain) : std::string{"error: "};
  std::string out;
  if (!of.error.empty()) out += label + visible(of.error) + "\n";
  if (!of.hint.empty()) out += "  = help: " + visible(of.hint) + "\n";
  for (const std::string& why : of.unreadable) out += label + visible(why) + "\n";
  if (of.complete && !of.total.balances()) {
    out += label + "the counts do not add up: please report this with the --report file\n";
  }
  return out;
}

}  // namespace weir
