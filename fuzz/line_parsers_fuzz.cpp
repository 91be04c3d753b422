// Line parsers: whatever the line, a parser ends, what it takes is valid JSON, and what it refuses
// has its place in the line. Lines that lie side by side are read as each is alone.
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "parse/auditd.hpp"
#include "parse/cef.hpp"
#include "parse/clf.hpp"
#include "parse/dissect.hpp"
#include "parse/grok.hpp"
#include "parse/logfmt.hpp"
#include "parse/ltsv.hpp"
#include "parse/named_formats.hpp"
#include "parse/nginx.hpp"
#include "parse/regex.hpp"
#include "parse/syslog.hpp"
#include "record/json_grammar.hpp"

namespace {

using namespace weir;

std::shared_ptr<const dissect_pattern> dissect_of() {
  static std::string error;
  static const auto pattern = read_dissect("[%{t->} %{+d} %{+d}] %{?k}=%{&k} %{rest}", error);
  return pattern;
}

std::shared_ptr<const grok_patterns> grok_of() {
  static const auto patterns = [] {
    auto all = std::make_shared<grok_patterns>();
    for (const char* pattern : {"%{COMBINEDAPACHELOG}", "%{SYSLOGBASE} %{GREEDYDATA:[a][rest]}",
                                "^%{NUMBER:[a][n]:int} %{NUMBER:f:float}"}) {
      all->push_back(std::make_unique<const grok_pattern>(
          translate_grok(pattern, {}, standard_grok(grok_names::ecs))));
    }
    return all;
  }();
  return patterns;
}

using both_ways = std::pair<make_line_parser, make_line_parser>;  ///< strict and lenient

/// The formats that are told by data.
const std::vector<both_ways>& parsers_of_named_formats() {
  static const auto all = [] {
    std::vector<both_ways> made;
    for (const named_format& f : named_formats()) {
      made.emplace_back(parser_of(f), parser_of(f, {.lenient = true, .status_level = true}));
    }
    return made;
  }();
  return all;
}

std::unique_ptr<line_parser> parser_of(unsigned which) {
  static const auto pattern = std::make_shared<const line_pattern>(
      "^(?<time>\\S+) (?:\\[(?<level>\\w+)\\] )?(?<n>-?\\d*) ?(?<rest>.*)");
  const bool lenient = which % 2 == 1;
  constexpr std::size_t own_parsers = 11;
  const auto& named = parsers_of_named_formats();
  const std::size_t at = which / 2 % (own_parsers + named.size() + 1);
  if (at == own_parsers + named.size()) {  // behind those whose numbers the corpus has
    return std::make_unique<logfmt_parser>(
        logfmt_parser::settings{.lenient = lenient, .separator = ',', .assign = ':'});
  }
  switch (at) {
    case 0:
      return std::make_unique<clf_parser>(
          clf_parser::settings{.lenient = lenient, .status_level = lenient});
    case 1:
      return std::make_unique<logfmt_parser>(
          logfmt_parser::settings{.lenient = lenient, .infer = !lenient});
    case 2:
      return std::make_unique<regex_parser>(pattern);
    case 3:
      return std::make_unique<syslog_parser>(lenient);
    case 4:
      return std::make_unique<dissect_parser>(dissect_of(), lenient);
    case 5:
      return std::make_unique<grok_parser>(grok_of());
    case 6:
      return std::make_unique<security_event_parser>(security_event_parser::kind::cef, lenient);
    case 7:
      return std::make_unique<security_event_parser>(security_event_parser::kind::leef, lenient);
    case 8:
      return std::make_unique<auditd_parser>();
    case 9:
      return std::make_unique<layout_parser>(
          nginx_layout("ingress"), layout_settings{.lenient = lenient, .status_level = lenient});
    case 10:
      return std::make_unique<ltsv_parser>(
          ltsv_parser::settings{.lenient = lenient, .status_level = lenient});
    default: {
      const auto& [strict, loose] = named[at - own_parsers];
      return lenient ? loose() : strict();
    }
  }
}

/// What each line becomes: its JSON, or the reason why not.
std::vector<std::string> read(std::string_view text, unsigned which) {
  const stage_id stage{.rule = first_rule, .name = "parse"};
  const auto pool = std::make_shared<block_pool>(std::make_shared<budget>(64 << 20));
  batch b(pool);
  const auto of = std::make_shared<shard>(shard{.name = "a", .identity = "a"});
  b.open_run(of, {});
  std::string_view left = b.store().memory.copy(text);
  for (std::uint64_t number = 1; !left.empty(); ++number) {
    const std::string_view line = left.substr(0, left.find('\n'));
    b.add(line, number, number);
    left.remove_prefix(std::min(left.size(), line.size() + 1));
  }
  line_parsing(parser_of(which), pool, stage, false)(b);
  std::vector<std::string> out(b.all().size());
  for (const reject_entry& e : b.rejects()) {
    if (e.at > e.raw.size()) std::abort();
    out[e.number - 1] = std::string{e.why} + std::to_string(e.at);
  }
  for (const record& r : b) {
    std::string& json = out[r.number() - 1];
    r.write(json);
    if (!check_json_object(json).ok()) std::abort();
  }
  return out;
}

}  // namespace

/// The first byte picks the parser; the rest are lines.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const std::string text(reinterpret_cast<const char*>(data + 1), size - 1);
  std::vector<std::string> alone;
  for (std::string_view left = text; !left.empty();) {
    const std::string_view line = left.substr(0, left.find('\n'));
    for (std::string& one : read(line, data[0])) alone.push_back(std::move(one));
    if (line.empty()) alone.emplace_back();
    left.remove_prefix(std::min(left.size(), line.size() + 1));
  }
  if (read(text, data[0]) != alone) std::abort();
  return 0;
}
