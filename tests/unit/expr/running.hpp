#pragma once
#include <string>
#include <string_view>

#include "expr/program.hpp"
#include "unit/one_record.hpp"

namespace weir::expr::testing {

using weir::testing::one_record;

/// 2026-01-02T03:04:05Z: what now() is in tests.
inline constexpr std::int64_t test_now_ns = 1'767'323'045'000'000'000;

/// The complaints about an expression, one a line: `offset+length: message (hint)`.
inline std::string complaints(const reporter& report) {
  std::string out;
  for (const diagnostic& d : report.found()) {
    if (!out.empty()) out += '\n';
    if (d.warning) out += "warning ";
    out += std::to_string(d.where.offset) + '+' + std::to_string(d.where.length) + ": " + d.message;
    if (!d.hint.empty()) out += " (" + d.hint + ")";
  }
  return out;
}

inline std::string complaints_about(std::string_view text, bool condition = true) {
  reporter report;
  const located_text source{std::string{text}, {0, text.size()}};
  condition ? compile_condition(source, report) : compile(source, report);
  return complaints(report);
}

/// The value of an expression as JSON, or its complaints.
inline std::string result(std::string_view text, std::string_view json = "{}") {
  reporter report;
  const auto compiled = compile({std::string{text}, {0, text.size()}}, report);
  if (!compiled) return complaints(report);
  one_record r{json};
  scratch s{test_now_ns};
  const value v = compiled->evaluate(*r, s);
  if (v.type == kind::missing) return "missing";
  std::string out;
  write_json(v, out);
  return out;
}

/// "yes", "no" or "unknown", or its complaints. `mismatches` counts values of wrong types.
inline std::string verdict_of(std::string_view text, std::string_view json,
                              std::uint64_t* mismatches = nullptr) {
  reporter report;
  const auto compiled = compile_condition({std::string{text}, {0, text.size()}}, report);
  if (!compiled) return complaints(report);
  one_record r{json};
  scratch s{test_now_ns};
  const truth t = compiled->test(*r, s);
  if (mismatches) *mismatches = s.type_mismatches;
  return t == truth::yes ? "yes" : t == truth::no ? "no" : "unknown";
}

}  // namespace weir::expr::testing
