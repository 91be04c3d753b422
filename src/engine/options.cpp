// Which of a step's arguments goes to which of its component's options.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/nearest.hpp"
#include "engine/usage.hpp"
#include "weir/component.hpp"

namespace weir {
namespace {

/// One step's arguments on their way to the options struct behind `options`.
class assignment {
 public:
  assignment(const std::vector<option_spec>& specs, void* options, const step_text& step,
             reporter& report)
      : specs_(specs), options_(options), step_(step), report_(report), given_(specs.size()) {}

  bool run() {
    // Named ones first, so that a positional value goes to an option that nobody named.
    for (const argument& a : step_.arguments)
      if (!a.name.text.empty()) assign_named(a);
    for (const argument& a : step_.arguments)
      if (a.name.text.empty()) assign_positional(a);
    for (std::size_t i = 0; i < specs_.size(); ++i)
      if (specs_[i].required && !given_[i] && !misnamed_) report_missing(specs_[i]);
    return ok_;
  }

 private:
  void assign_named(const argument& a) {
    const auto spec = std::ranges::find(specs_, a.name.text, &option_spec::name);
    if (spec == specs_.end()) return report_unknown(a);
    const auto i = static_cast<std::size_t>(spec - specs_.begin());
    if (given_[i] && !spec->many)
      return complain(fmt::format("`{}` is given twice", spec->name), a.name.where,
                      "keep one of them");
    given_[i] = true;
    if (const auto expected = try_assign(*spec, a))
      complain(fmt::format("`{}` takes {}", spec->name, *expected), a.value.where);
  }

  void assign_positional(const argument& a) {
    conversion expected;
    const option_spec* only = nullptr;
    std::size_t open = 0;
    for (std::size_t i = 0; i < specs_.size(); ++i) {
      const option_spec& spec = specs_[i];
      if (!spec.positional || (given_[i] && !spec.many)) continue;
      ++open;
      only = &spec;
      if (!may_take(spec, a)) continue;
      expected = try_assign(spec, a);
      if (expected) continue;
      given_[i] = true;
      return;
    }
    if (open == 1 && expected)
      return complain(fmt::format("`{}` takes {}", only->name, *expected), a.value.where);
    report_unexpected(a);
  }

  /// A quoted string is text, whatever it looks like.
  static bool may_take(const option_spec& spec, const argument& a) {
    return !a.quoted || spec.type == "text" || spec.type == "secret" || spec.type == "url";
  }

  /// What was expected instead, if the value does not fit.
  conversion try_assign(const option_spec& spec, const argument& a) {
    if (!spec.choices.empty() &&
        std::ranges::find(spec.choices, a.value.text) == spec.choices.end())
      return fmt::format("one of {}", fmt::join(spec.choices, ", "));
    return spec.assign(options_, a.value.text);
  }

  void report_unknown(const argument& a) {
    misnamed_ = true;
    std::vector<std::string> names;
    for (const option_spec& s : specs_) names.push_back(s.name);
    auto hint = fmt::format("its options are {}", fmt::join(names, ", "));
    if (names.empty()) hint = "it has no options";
    if (const auto meant = nearest(a.name.text, names))
      hint = fmt::format("did you mean `{}`?", *meant);
    complain(fmt::format("unknown option `{}` of `{}`", a.name.text, step_.name.text), a.name.where,
             std::move(hint));
  }

  void report_unexpected(const argument& a) {
    std::string hint;
    for (const option_spec& s : specs_) {
      if (s.type == "boolean" && s.name == a.value.text)
        hint = fmt::format("write `{}=true`", s.name);
      else if (hint.empty() && std::ranges::find(s.choices, a.value.text) != s.choices.end())
        hint = fmt::format("write `{}={}`", s.name, a.value.text);
    }
    if (a.value.text.contains("://"))
      hint =
          "it takes one URL; in a glob, `{a,b}` are alternatives, and what is elsewhere is another "
          "run";
    if (hint.empty()) hint = hint_of_usage();
    complain(fmt::format("unexpected value for `{}`", step_.name.text), a.value.where,
             std::move(hint));
  }

  void report_missing(const option_spec& spec) {
    complain(fmt::format("`{}` needs {} `{}`", step_.name.text,
                         spec.positional ? "its" : "the option", spec.name),
             step_.name.where, hint_of_usage());
  }

  std::string hint_of_usage() const { return "usage: " + usage(step_.name.text, specs_, ""); }

  void complain(std::string message, text_span where, std::string hint = {}) {
    ok_ = false;
    report_.error(std::move(message), where, std::move(hint));
  }

  const std::vector<option_spec>& specs_;
  void* options_;
  const step_text& step_;
  reporter& report_;
  std::vector<bool> given_;
  bool ok_ = true;
  bool misnamed_ =
      false;  ///< a value has an unknown name: it may be the one that seems to be missing
};

}  // namespace

bool assign_options(const std::vector<option_spec>& specs, void* options, const step_text& step,
                    reporter& report) {
  return assignment{specs, options, step, report}.run();
}

}  // namespace weir
