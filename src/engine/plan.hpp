#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "weir/component.hpp"

namespace weir {

class field_watch;
class spool_queue;

/// A stage in its place.
struct planned_stage {
  std::string name;  ///< of its component: "where"
  std::shared_ptr<const stage_id>
      id;  ///< its rule number, unique in the plan, and its text as written
  stage made;
  std::vector<std::pair<std::string, std::string>> options;
  std::vector<clause> clauses = {};  ///< of its body, for `explain`
  /// Of the fields that it names; null if it has none.
  std::shared_ptr<const field_watch> watch = nullptr;
};

struct planned_sink {
  std::string name;  ///< of its component: "file"
  std::string text;  ///< as written, secrets hidden: "out.ndjson"
  std::unique_ptr<sink> made;
  std::vector<std::pair<std::string, std::string>> options;
  std::shared_ptr<field_watch> watch = nullptr;  ///< as a stage has it; looks at what comes in
};

struct planned_split;
struct planned_spool;

/// Stages in a row and what ends them: a sink, a spool, which is a sink to what is in front of it,
/// or a split into branches.
struct section {
  std::vector<planned_stage> stages;
  planned_sink sink;  ///< `made` is null if the section ends in a split
  std::unique_ptr<planned_split> split;
  std::unique_ptr<planned_spool> spool;
};

struct planned_branch {
  std::string name;  ///< for reports: the condition's text, "else", or its ordinal in a tee
  /// For a route: whether a record goes here, in a run that began at `started_ns`. Unset for `else`
  /// and in a tee. One thread at a time.
  std::function<bool(const record&, std::int64_t started_ns)> takes;
  std::shared_ptr<const field_watch> watch = nullptr;  ///< as a stage has it
  section rest;
};

/// `tee` gives every record to every branch; `route` gives it to the first that takes it.
struct planned_split {
  bool route = false;
  std::vector<planned_branch> branches;
};

/// What stands behind a spool: a pipeline of its own, which takes its records from there.
struct planned_spool {
  std::shared_ptr<spool_queue> queue;
  section rest;
};

/// Calls `fn` for each section right behind this one.
template <class Section, class Fn>
void for_each_behind(Section& of, Fn fn) {
  if (of.spool) fn(of.spool->rest);
  if (!of.split) return;
  for (auto& branch : of.split->branches) fn(branch.rest);
}

/// How the source is to cut its bytes; null for lines.
inline const framing* cut_of(const section& root) noexcept {
  if (root.stages.empty() || !root.stages.front().made.cut_by) return nullptr;
  return &*root.stages.front().made.cut_by;
}

/// A whole pipeline, bound and checked, before anything is opened.
struct plan {
  std::string source_name;  ///< of its component: "file"
  std::string source_text;  ///< as written: "logs/*.gz"
  std::unique_ptr<source> from;
  std::vector<std::pair<std::string, std::string>> source_options;
  section root;
  std::string dead_letter;  ///< a path; empty for none
  /// What each rule number from `first_rule` on is called in reports.
  std::vector<std::string> rules;
};

}  // namespace weir
