#include "stage/multiline_presets.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <span>
#include <utility>

namespace weir {
namespace {

/// Where a trace is, after a line of it.
enum class trace_state : std::uint8_t {
  none,
  java_head,
  java_nested,
  java_frame,
  js_place,
  js_source,
  js_caret,
  js_head,
  js_frame,
  js_block,
  js_end,
  python_head,
  python_code,
  python_frame,
  python_end,
  python_gap,
  python_chain,
  php_head,
  php_frame,
  php_gap,
  go_panic,
  go_routine,
  go_function,
  go_place,
  ruby_head,
  ruby_frame,
  rust_head,
  rust_frame,
  dart_head,
  dart_frame,
};

struct transition {
  trace_state from;
  trace_state to;
  const char* pattern;
};

using enum trace_state;

// The JVM's, .NET's and V8's frames begin with `at`, so one table serves the three.
constexpr transition at_frames[] = {
    {none, java_head,
     R"((?:Exception|Error|Throwable|V8 errors stack trace)(?: \[[A-Z_]+\])?(?::|\s*$))"},
    {java_head, java_nested, R"(^[\t ]*nested exception is:)"},
    {java_head, java_head, R"(^[\r\n]*$)"},
    {java_nested, java_head,
     R"(^[\t ]*(?:[\w$]+\.)+[\w$]*(?:Exception|Error|Throwable)(?::|\s*$))"},
    {java_head, js_block, R"(^[\t ]+at .* \{$)"},
    {java_head, java_frame, R"(^[\t ]+(?:eval )?at )"},
    {java_head, java_head, R"(^Require stack:$|^- /)"},
    {java_head, java_head, R"(^[\t ]*(?:Caused by|Suppressed):)"},
    {java_head, java_head, R"(^[\t ]*---> )"},
    {java_head, java_frame, R"(^[\t ]*\.\.\. \d+ (?:more|common frames omitted))"},
    {java_head, java_frame, R"(^[\t ]*--- End of )"},
    {java_frame, js_block, R"(^[\t ]+at .* \{$)"},
    {java_frame, java_frame, R"(^[\t ]+(?:eval )?at )"},
    {java_frame, java_nested, R"(^[\t ]*nested exception is:)"},
    {java_frame, java_head, R"(^[\t ]*(?:Caused by|Suppressed):)"},
    {java_frame, java_head, R"(^[\t ]*---> )"},
    {java_frame, java_frame, R"(^[\t ]*\.\.\. \d+ (?:more|common frames omitted))"},
    {java_frame, java_frame, R"(^[\t ]*--- End of )"},
    // Node.js shows where an error was thrown that nobody caught, then the error, what it holds,
    // and its own version.
    {none, js_place, R"(^(?:\S*\.[cm]?[jt]sx?|node:[\w/]+):\d+$)"},
    {js_place, js_source, R"(\S)"},
    {js_source, js_caret, R"(^\s*\^+\s*$)"},
    {js_caret, js_caret, R"(^$)"},
    {js_caret, js_head, R"(^\S)"},
    {js_head, js_block, R"(^\s+at .* \{$)"},
    {js_head, js_frame, R"(^\s+at |^\(Use `node )"},
    {js_head, js_head, R"(^Require stack:$|^- /)"},
    {js_head, js_end, R"(^$)"},
    {js_frame, js_block, R"(^\s+at .* \{$)"},
    {js_frame, js_frame, R"(^\s+at )"},
    {js_frame, js_end, R"(^$)"},
    {js_block, js_block, R"(^\s+\S)"},
    {js_block, js_end, R"(^\}$)"},
    {js_end, js_end, R"(^$)"},
    {js_end, none, R"(^Node\.js v\d)"},
};
constexpr transition python[] = {
    {none, python_head, R"(^Traceback \(most recent call last\):\s*$)"},
    {python_head, python_code, R"(^[\t ]+File )"},
    {python_frame, python_code, R"(^[\t ]+File )"},
    {python_code, python_code, R"(^[\t ]+File )"},
    {python_code, python_frame, R"(^[\t ]+\S)"},
    {python_frame, python_frame, R"(^[\t ]+\S)"},
    {python_code, python_end, R"(^(?:[^\s.():]+\.)*[^\s.():]+(?::|\s*$))"},
    {python_frame, python_end, R"(^(?:[^\s.():]+\.)*[^\s.():]+(?::|\s*$))"},
    {python_end, python_gap, R"(^\s*$)"},
    {python_gap, python_chain,
     R"(^During handling of the above exception, another exception occurred:$|)"
     R"(^The above exception was the direct cause of the following exception:$)"},
    {python_chain, python_chain, R"(^\s*$)"},
    {python_chain, python_head, R"(^Traceback \(most recent call last\):\s*$)"},
};
constexpr transition php[] = {
    {none, php_head,
     R"(PHP (?:Notice|Warning|Parse error|Fatal error):|exception '[^']+' with message '|Uncaught \w*(?:Exception|Error):)"},
    {php_head, php_frame, R"(^Stack trace:)"},
    {php_frame, php_frame, R"(^#\d)"},
    {php_frame, none, R"(^\s+thrown in )"},
    {php_frame, php_gap, R"(^$)"},
    {php_gap, php_head, R"(^Next )"},
};
constexpr transition go[] = {
    {none, go_panic, R"(\bpanic: |^fatal error: )"},
    {none, go_routine, R"(http: panic serving)"},
    // Some runtimes write no line break behind the signal.
    {go_panic, go_routine, R"(^(?:\[signal .*\])?runtime stack:$)"},
    {go_panic, go_panic, R"(^$|^\[signal |^\s+panic: )"},
    {none, go_routine, R"(^goroutine \d+ [^\[]*\[[^\]]+\]:$)"},
    {go_panic, go_routine, R"(^goroutine \d+ [^\[]*\[[^\]]+\]:$)"},
    {go_panic, go_function, R"(^(?:[^\s.:]+\.)+[^\s.():]+\(.*\)$)"},
    {go_panic, none, R"(^exit status \d+$)"},
    {go_routine, go_routine, R"(^goroutine \d+ [^\[]*\[[^\]]+\]:$)"},
    {go_routine, go_function, R"(^(?:[^\s.:]+\.)*[^\s.():]+\(|^created by )"},
    {go_function, go_place, R"(^\s)"},
    {go_place, go_function, R"(^(?:[^\s.:]+\.)*[^\s.():]+\(|^created by )"},
    {go_place, go_routine, R"(^goroutine \d+ [^\[]*\[[^\]]+\]:$)"},
    {go_place, go_panic, R"(^$)"},
    {go_place, none, R"(^exit status \d+$)"},
};
constexpr transition ruby[] = {
    {none, ruby_head, R"(Error \(.*\):$)"},
    {ruby_head, ruby_frame, R"(^\s*$)"},
    {ruby_head, ruby_frame, R"(^[\t ]+.*?\.rb:\d+:in )"},
    {ruby_frame, ruby_frame, R"(^[\t ]+.*?\.rb:\d+:in )"},
    {none, ruby_frame, R"(^\S*\.rb:\d+:in .*\(\w*(?:Error|Exception)\)$)"},
    {ruby_frame, ruby_frame, R"(^[\t ]+(?:\d+: )?from )"},
};
constexpr transition rust[] = {
    {none, rust_head, R"(\bthread '[^']*' (?:\(\d+\) )?panicked at )"},
    {rust_head, rust_frame, R"(^stack backtrace:$)"},
    {rust_head, none, R"(^note: run with )"},
    {rust_head, rust_head, R"(^\S)"},
    {rust_frame, rust_frame, R"(^\s+\d+: |^\s+at )"},
    {rust_frame, none, R"(^note: )"},
};
constexpr transition dart[] = {
    {none, dart_head, R"(^Unhandled exception:$)"},
    {dart_head, dart_frame, R"(^#\d+\s)"},
    {dart_head, dart_head, R"()"},
    {dart_frame, dart_frame, R"(^#\d+\s|^<asynchronous suspension>$)"},
};

struct language {
  std::string_view name;
  std::span<const transition> table;
};
constexpr language languages[] = {
    {"java", at_frames}, {"csharp", at_frames}, {"js", at_frames}, {"python", python}, {"php", php},
    {"go", go},          {"ruby", ruby},        {"rust", rust},    {"dart", dart},
};

/// What a logger writes in front of an exception: the line begins with a time or a level, or as
/// Ruby's Logger has it.
constexpr const char* logged_line =
    R"(^\s?[\[(<]?(?:\d{4}[-/.]\d\d[-/.]\d\d[T _,]|\d{2}[-/.](?:\d\d|[A-Z][a-z]{2})[-/.]\d{2,4}[ :]|)"
    R"(\d{1,2}:\d\d:\d\d\b|(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) )?)"
    R"((?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ \d]?\d[ ,]|\d{10}(?:\d{3}|\d{6}|\d{9})?\b|[DIWEFA], \[|)"
    R"((?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|SEVERE|FATAL|CRITICAL)\b))";
constexpr std::size_t state_count = static_cast<std::size_t>(dart_frame) + 1;

}  // namespace

class trace_machine {
 public:
  struct step {
    std::unique_ptr<const RE2> pattern;
    trace_state to;
  };

  bool is_logged(std::string_view line) const {
    return RE2::PartialMatch({line.data(), line.size()}, logged_);
  }

  void add(std::span<const transition> table) {
    for (const transition& t : table) {
      steps_[static_cast<std::size_t>(t.from)].push_back(
          {std::make_unique<const RE2>(t.pattern), t.to});
    }
  }
  /// The states that a line leads to from `from`; empty if it is no part of a trace there, `none`
  /// where it is a trace's last line. From within a trace it is one; a first line may be that of
  /// several languages.
  void follow(trace_state from, std::string_view line, std::vector<trace_state>& to) const {
    for (const step& s : steps_[static_cast<std::size_t>(from)]) {
      if (!RE2::PartialMatch({line.data(), line.size()}, *s.pattern)) continue;
      to.push_back(s.to);
      if (from != trace_state::none) return;
    }
  }

 private:
  std::vector<step> steps_[state_count];
  RE2 logged_{logged_line};
};

namespace {

class trace_lines final : public line_rule {
 public:
  explicit trace_lines(std::shared_ptr<const trace_machine> machine)
      : machine_(std::move(machine)) {}

  place next(const record& line) override {
    std::vector<trace_state> reached;
    for (const trace_state s : at_) machine_->follow(s, line.text(), reached);
    const bool goes_on = !reached.empty();
    if (!goes_on) machine_->follow(trace_state::none, line.text(), reached);
    const bool is_logged = !goes_on && machine_->is_logged(line.text());
    const bool is_of_logged = behind_logged_ && !is_logged && !reached.empty();
    std::erase(reached, trace_state::none);
    at_ = std::move(reached);
    behind_logged_ = is_logged;
    return {.joins = goes_on || is_of_logged, .open = is_logged || !at_.empty()};
  }
  void reset() override {
    at_.clear();
    behind_logged_ = false;
  }

 private:
  std::shared_ptr<const trace_machine> machine_;
  bool behind_logged_ = false;   ///< the trace that begins next belongs to it
  std::vector<trace_state> at_;  ///< where a trace may be, by the languages that it may be of
};

}  // namespace

std::vector<std::string> trace_languages() {
  std::vector<std::string> names;
  for (const language& l : languages) names.emplace_back(l.name);
  return names;
}

std::shared_ptr<const trace_machine> make_trace_machine(const std::vector<std::string>& named) {
  auto machine = std::make_shared<trace_machine>();
  std::vector<const transition*> added;
  for (const language& l : languages) {
    const bool wanted = std::ranges::find(named, l.name) != named.end();
    const bool known = std::ranges::find(added, l.table.data()) != added.end();
    if (!wanted || known) continue;
    added.push_back(l.table.data());
    machine->add(l.table);
  }
  return machine;
}

std::unique_ptr<line_rule> trace_rule(std::shared_ptr<const trace_machine> machine) {
  return std::make_unique<trace_lines>(std::move(machine));
}

}  // namespace weir
