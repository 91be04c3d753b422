#pragma once
#include <atomic>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "weir/diagnostic.hpp"
#include "weir/framing.hpp"
#include "weir/sink.hpp"
#include "weir/source.hpp"

namespace weir {

// ---- What the user wrote, before it means anything. Both spellings produce it. ----

/// `name=value`, or a bare value if `name.text` is empty.
struct argument {
  located_text name;
  located_text value;
  bool quoted = false;  ///< the value was a quoted string: never a number or a keyword
};

/// One element of a component's body; what key and text are depends on its grammar.
struct clause {
  located_text key;
  located_text text;
};

struct branch_text;

/// One step as written: `batch 1000 2s`.
struct step_text {
  located_text name;
  std::vector<argument> arguments;
  std::vector<clause> clauses;
  std::vector<branch_text> branches;
  text_span where;
};

/// One branch of `tee` or `route`: its condition, its steps and its sink.
struct branch_text {
  located_text when;  ///< empty for tee, and for `else`
  std::vector<step_text> steps;
  std::optional<step_text> sink;
  text_span where;
};

// ---- Option types beyond bool, integers, double, std::string and std::chrono::nanoseconds ----

/// A number of bytes: `64KiB`, `1MB`, `4096`.
struct byte_size {
  std::uint64_t bytes = 0;
};

/// A moment: a time, a date, or a duration back from the start of the run (`2h`).
struct moment {
  std::string text;  ///< empty for none
};

/// A value that never prints: not in plans, errors, reports or logs.
class secret {
 public:
  secret() = default;
  explicit secret(std::string value) : value_(std::move(value)) {}
  const std::string& reveal() const noexcept { return value_; }

 private:
  std::string value_;
};

/// A URL. The password that it may hold never prints.
class secret_url {
 public:
  secret_url() = default;
  explicit secret_url(std::string value) : value_(std::move(value)) {}
  const std::string& reveal() const noexcept { return value_; }

 private:
  std::string value_;
};

/// An address on the web. Shown without user, password and query, which may be secrets.
struct web_url {
  std::string text;
};

/// Each converts option text to a value; on failure says what was expected ("a duration such as
/// 2s").
using conversion = std::optional<std::string>;
conversion convert(std::string_view text, bool& out);
conversion convert(std::string_view text, std::int64_t& out);
conversion convert(std::string_view text, std::uint64_t& out);
conversion convert(std::string_view text, double& out);
conversion convert(std::string_view text, std::string& out);
conversion convert(std::string_view text, std::chrono::nanoseconds& out);
conversion convert(std::string_view text, byte_size& out);
conversion convert(std::string_view text, moment& out);
conversion convert(std::string_view text, secret& out);
conversion convert(std::string_view text, secret_url& out);
/// `http://` or `https://` and what follows.
conversion convert(std::string_view text, web_url& out);
template <class T>
conversion convert(std::string_view text, std::optional<T>& out) {
  return convert(text, out.emplace());
}
/// An option that may be given several times, or several values in a row.
template <class T>
conversion convert(std::string_view text, std::vector<T>& out) {
  auto failed = convert(text, out.emplace_back());
  if (failed) out.pop_back();
  return failed;
}

/// The inverse, as `explain` prints it.
std::string show(bool v);
std::string show(std::int64_t v);
std::string show(std::uint64_t v);
std::string show(double v);
std::string show(const std::string& v);
std::string show(std::chrono::nanoseconds v);
std::string show(byte_size v);
std::string show(const moment& v);
std::string show(const secret& v);
std::string show(const secret_url& v);
std::string show(const web_url& v);
template <class T>
std::string show(const std::optional<T>& v) {
  return v ? show(*v) : std::string{};
}
template <class T>
std::string show(const std::vector<T>& v) {
  std::string all;
  for (const T& one : v) {
    if (!all.empty()) all += ' ';
    all += show(one);
  }
  return all;
}
template <class T>
inline constexpr bool takes_many = false;
template <class T>
inline constexpr bool takes_many<std::vector<T>> = true;

/// The type's name in help and schema: "duration", "bytes", "integer", ...
template <class T>
constexpr std::string_view type_name() {
  if constexpr (std::same_as<T, bool>)
    return "boolean";
  else if constexpr (std::integral<T>)
    return "integer";
  else if constexpr (std::floating_point<T>)
    return "number";
  else if constexpr (std::same_as<T, std::chrono::nanoseconds>)
    return "duration";
  else if constexpr (std::same_as<T, byte_size>)
    return "bytes";
  else if constexpr (std::same_as<T, moment>)
    return "time";
  else if constexpr (std::same_as<T, secret>)
    return "secret";
  else if constexpr (std::same_as<T, web_url>)
    return "url";
  else if constexpr (requires { typename T::value_type; } && !std::same_as<T, std::string>)
    return type_name<typename T::value_type>();
  else
    return "text";
}

// ---- The declaration of a component ----

/// How the text after a component's name is read.
enum class grammar : std::uint8_t {
  options,      ///< `1000 timeout=2s`: positional and named options only
  expression,   ///< one clause, its text: `where level = "ERROR"`
  assignments,  ///< clauses `key = text`: `set host = hostname(), n = 1`
  fields,       ///< clauses of keys: `drop a.b, c`
  renames,      ///< clauses `key as text`: `rename old as new`
  ordering,     ///< options, then `by` and clauses of expressions, each with key "asc" or "desc"
  branches,     ///< `tee (...) (...)`, `route (when ... | ...) (else | ...)`
};

struct option_spec {
  std::string name;
  std::string type;  ///< as type_name has it
  std::string description;
  std::string default_text;  ///< from a default-constructed options struct; empty for none
  bool required = false;
  bool positional = false;
  bool scheme = false;  ///< the component's name may stand in front, as in `sqlite:app.db`
  bool many = false;    ///< takes any number of values
  std::vector<std::string> choices;
  std::function<conversion(void* options, std::string_view text)> assign;
  std::function<std::string(const void* options)> show;
};

struct example {
  std::string title;
  std::string pipeline;  ///< runs as it stands, in a directory with the files of `tests/docs/data`
};

/// Flags of an option.
struct option_traits {
  bool required = false;
  bool positional = false;
  bool scheme = false;
  std::vector<std::string> choices = {};
};
inline const option_traits positional{.positional = true};
inline const option_traits required{.required = true, .positional = true};
inline const option_traits required_place{.required = true, .positional = true, .scheme = true};

/// What a condition looks at: for the checks of a plan, and for saying why a run kept nothing.
struct condition_fields {
  std::vector<field_path> fields;  ///< without virtual ones
  bool level = false;              ///< the severity, whatever field has it
  text_span where;                 ///< the condition in the pipeline's text
};

/// What a stage is once its options are known.
struct stage {
  /// For a per-batch stage: makes one instance, for one lane. Unset for a whole-stream stage.
  std::function<batch_function(const context&, const stage_id&)> per_batch;
  /// For a whole-stream stage. `id` outlives the stream.
  std::function<stream(stream, const context&, const stage_id&)> whole;
  /// Instances are independent of each other and of order, so that lanes may run them.
  bool stateless = false;
  /// Needs a finite input (`sort`, `top`).
  bool needs_end = false;
  /// Ends by itself, whatever its input (`head`).
  bool makes_end = false;
  /// Runs what is in front of it on a thread of its own (`buffer`). A branch has none: the thread
  /// that reads for all branches drives it.
  bool needs_thread = false;
  /// Turns lines into records: blank lines in front of it are not records.
  bool parser = false;
  /// A parser whose records never have a level.
  bool gives_no_level = false;
  /// Gives fields to lines as well, so that these need no parser (`set`, `rename`).
  bool gives_fields = false;
  /// It keeps the records for which a condition is true (`where`).
  std::optional<condition_fields> condition = {};
  /// How the source is to cut its bytes. Unless by their content, it then stands right behind the
  /// source.
  std::optional<framing> cut_by = std::nullopt;
  /// How often its expressions met values of a type that they cannot work on, over all instances.
  /// Unset for stages without expressions.
  std::shared_ptr<std::atomic<std::uint64_t>> type_mismatches = nullptr;
  /// Bytes that it holds at least, and wants at most.
  std::size_t holds_min_bytes = 0;
  std::size_t holds_max_bytes = 0;
};

/// A component bound to the user's options. `options` are shown as name and value, secrets hidden.
using product = std::variant<std::unique_ptr<source>, stage, std::unique_ptr<sink>>;
struct bound {
  product made;
  std::vector<std::pair<std::string, std::string>> options;
};

/// A source, stage or sink: everything that weir knows of it. One file declares it, one line in
/// `src/components.cpp` registers it; parsing, help, schema, completion and pages derive from it.
struct component {
  enum class role : std::uint8_t { source, stage, sink };

  role is;
  std::string name;
  std::string summary;      ///< one line, ends with a full stop
  std::string description;  ///< paragraphs for its page
  grammar body = grammar::options;
  std::string synopsis;  ///< what follows the name in its body: "EXPR", "FIELD = EXPR, ..."
  std::vector<option_spec> options;
  std::vector<example> examples;
  /// Binds it to what the user wrote, without any I/O. Complaints go to the reporter; then the
  /// result is empty.
  std::function<std::optional<bound>(const step_text&, reporter&)> bind;
};

/// Assigns the arguments of `step` to the options struct behind `options`: positional ones in
/// order. Reports unknown names (with a suggestion), bad values and missing ones. False if it
/// reported.
bool assign_options(const std::vector<option_spec>& specs, void* options, const step_text& step,
                    reporter& report);

/// `member` of a base as a member of `Options`, as declarations want it.
template <class Options, class T, class Base>
T Options::* member_of(T Base::* member) {
  return member;
}

/// Builds a component from an options struct, whose defaults are the defaults.
template <class Options>
class declare {
 public:
  declare(component::role is, std::string name, std::string summary) {
    made_.is = is;
    made_.name = std::move(name);
    made_.summary = std::move(summary);
  }
  declare& describe(std::string text) {
    made_.description = std::move(text);
    return *this;
  }
  template <class T>
  declare& option(std::string name, T Options::* member, std::string description,
                  option_traits traits = {}) {
    option_spec spec{.name = std::move(name),
                     .type = std::string{type_name<T>()},
                     .description = std::move(description),
                     .default_text = weir::show(Options{}.*member),
                     .required = traits.required,
                     .positional = traits.positional,
                     .scheme = traits.scheme,
                     .many = takes_many<T>,
                     .choices = std::move(traits.choices),
                     .assign =
                         [member](void* options, std::string_view text) {
                           return convert(text, static_cast<Options*>(options)->*member);
                         },
                     .show =
                         [member](const void* options) {
                           return weir::show(static_cast<const Options*>(options)->*member);
                         }};
    made_.options.push_back(std::move(spec));
    return *this;
  }
  /// The component's body in a grammar of its own; its clauses go to `member`.
  declare& body(grammar g, std::string synopsis, std::vector<clause> Options::* member) {
    made_.body = g;
    made_.synopsis = std::move(synopsis);
    take_clauses_ = [member](Options& options, const step_text& step) {
      options.*member = step.clauses;
    };
    return *this;
  }
  declare& example(std::string title, std::string pipeline) {
    made_.examples.push_back({std::move(title), std::move(pipeline)});
    return *this;
  }
  /// Ends the declaration. `make(options, reporter)` gives the product: a std::unique_ptr<source>,
  /// a `stage` or a std::unique_ptr<sink>. It may report; its result is then not used.
  template <class Make>
  component makes(Make make) {
    made_.bind = [specs = made_.options, take_clauses = take_clauses_, make = std::move(make)](
                     const step_text& step, reporter& report) -> std::optional<bound> {
      Options options{};
      if (!assign_options(specs, &options, step, report)) return std::nullopt;
      if (take_clauses) take_clauses(options, step);
      bound out{.made = make(std::as_const(options), report), .options = {}};
      if (!report.ok()) return std::nullopt;
      for (const option_spec& s : specs) out.options.emplace_back(s.name, s.show(&options));
      return out;
    };
    return std::move(made_);
  }

 private:
  component made_;
  std::function<void(Options&, const step_text&)> take_clauses_;
};

/// Every component, in the order of the reference page: sources, stages, sinks.
const std::vector<component>& components();

}  // namespace weir
