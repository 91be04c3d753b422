#pragma once
#include <cstddef>
#include <string>
#include <string_view>

#include "weir/component.hpp"

namespace weir {

/// What is known of the records on their way down one path of a plan. Each branch goes on with a
/// copy.
struct flow {
  std::string source;  ///< its component's name
  bool endless = false;
  std::string parser;          ///< the component that has parsed them; empty if none has
  bool have_no_level = false;  ///< the parser gives none
  bool in_branch = false;
  bool as_read = true;        ///< no stage has seen them
  bool given_fields = false;  ///< a stage has set or renamed some
  bool out_of_order = false;  ///< a stage has sorted them
  bool behind_spool = false;
};

/// The checks of a plan as a whole: what each step alone cannot know. It sees the steps in order.
class plan_checks {
 public:
  explicit plan_checks(reporter& report) : report_(report) {}

  /// The bound source.
  void begin(const step_text& step, const source& bound);
  /// One bound stage, or nullptr for one that could not be bound.
  void pass(const step_text& step, const stage* bound, flow& records);
  /// A spool: what is behind it is a pipeline of its own.
  void pass_spool(const step_text& step, flow& records);
  /// A condition that records meet here: of `where`, or of a branch.
  void meet(const condition_fields& condition, const flow& records);
  /// After all stages: whether their minima fit into `memory_bytes`.
  void finish(std::size_t memory_bytes);

 private:
  void check_behind_spool(const step_text& step, const stage& bound);
  void hold(std::size_t bytes, text_span by, std::string_view or_else);

  reporter& report_;
  std::size_t holds_bytes_ = 0;
  std::size_t largest_bytes_ = 0;
  text_span largest_;
  std::string_view or_else_;  ///< what to do about the largest, besides raising the budget
};

}  // namespace weir
