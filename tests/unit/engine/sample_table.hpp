#pragma once
// A small table of components for the tests of what derives from declarations: every grammar, every
// type of option, every property that the plan looks at. They declare and bind like real ones; none
// is ever opened.

#include <vector>

#include "engine/splits.hpp"
#include "stage/field_stages.hpp"
#include "weir/component.hpp"

namespace weir::sample {

class no_source final : public source {
 public:
  explicit no_source(bool endless) : endless_(endless) {}
  estimate look(const context&) override { return {}; }
  stream open(const context&, resume_points) override { co_return; }
  bool endless() const noexcept override { return endless_; }

 private:
  bool endless_;
};

class no_sink final : public sink {
 public:
  void open(const context&) override {}
  delivery write(const batch&) override { return {}; }
  delivery close() override { return {}; }
  std::string guarantee() const override { return "at least once"; }
};

struct nothing {};
struct path_options {
  std::vector<std::string> path;
  byte_size max_line{1 << 20};
};
struct count_options {
  std::optional<std::uint64_t> count;
  std::string shape = "gateway";
};
struct url_options {
  std::string url;
  std::string table;
  secret password;
};
struct json_options {
  bool trust = false;
};
struct clause_options {
  std::vector<clause> clauses;
};
struct batch_options {
  std::uint64_t records = 1000;
  byte_size bytes{1 << 20};
  std::chrono::nanoseconds timeout = std::chrono::seconds{1};
};
struct number_options {
  std::uint64_t count = 10;
  std::vector<clause> clauses;
};

/// What a stage says of itself to the plan.
struct traits {
  bool needs_end = false;
  bool makes_end = false;
  bool parser = false;
  std::size_t holds_min_bytes = 0;
  std::size_t holds_max_bytes = 0;
};
inline stage stage_of(traits t) {
  stage made;
  made.needs_end = t.needs_end;
  made.makes_end = t.makes_end;
  made.parser = t.parser;
  made.holds_min_bytes = t.holds_min_bytes;
  made.holds_max_bytes = t.holds_max_bytes;
  return made;
}

template <class Options>
auto makes_source(bool endless) {
  return [endless](const Options&, reporter&) -> std::unique_ptr<source> {
    return std::make_unique<no_source>(endless);
  };
}
template <class Options>
auto makes_sink() {
  return [](const Options&, reporter&) -> std::unique_ptr<sink> {
    return std::make_unique<no_sink>();
  };
}
template <class Options>
auto makes_stage(traits t = {}) {
  return [t](const Options&, reporter&) { return stage_of(t); };
}

inline std::vector<component> sources() {
  using enum component::role;
  std::vector<component> all;
  all.push_back(declare<path_options>(source, "file", "Reads files.")
                    .option("path", &path_options::path, "Files, globs, directories.", required)
                    .option("max_line", &path_options::max_line, "Longest line.")
                    .example("A log", "from app.log | json | to -")
                    .makes(makes_source<path_options>(false)));
  all.push_back(declare<path_options>(source, "follow", "Follows files as they grow.")
                    .option("path", &path_options::path, "Files and globs.", required)
                    .makes(makes_source<path_options>(true)));
  all.push_back(declare<count_options>(source, "generate", "Makes synthetic logs.")
                    .option("count", &count_options::count, "How many.", positional)
                    .option("shape", &count_options::shape, "What they look like.",
                            {.choices = {"gateway", "nginx"}})
                    .makes([](const count_options& o, reporter&) -> std::unique_ptr<weir::source> {
                      return std::make_unique<no_source>(!o.count);
                    }));
  all.push_back(declare<url_options>(source, "s3", "Reads objects.")
                    .option("url", &url_options::url, "Bucket and prefix.", required)
                    .makes(makes_source<url_options>(false)));
  return all;
}

inline std::vector<component> stages() {
  using enum component::role;
  std::vector<component> all;
  all.push_back(declare<json_options>(stage, "json", "Reads each line as a JSON object.")
                    .option("trust", &json_options::trust, "Skip checks.")
                    .makes(makes_stage<json_options>({.parser = true})));
  all.push_back(where_stage());
  all.push_back(set_stage());
  all.push_back(drop_stage());
  all.push_back(keep_stage());
  all.push_back(rename_stage());
  all.push_back(declare<batch_options>(stage, "batch", "Groups records.")
                    .option("records", &batch_options::records, "Most records.", positional)
                    .option("bytes", &batch_options::bytes, "Most bytes.", positional)
                    .option("timeout", &batch_options::timeout, "Longest wait.", positional)
                    .makes([](const batch_options& o, reporter&) {
                      return stage_of(
                          {.holds_min_bytes = 1 << 16, .holds_max_bytes = o.bytes.bytes});
                    }));
  all.push_back(declare<number_options>(stage, "head", "Ends after some records.")
                    .option("count", &number_options::count, "How many.", positional)
                    .makes(makes_stage<number_options>({.makes_end = true})));
  all.push_back(
      declare<number_options>(stage, "top", "Keeps the first in an order.")
          .option("count", &number_options::count, "How many.", positional)
          .body(grammar::ordering, "[COUNT] by EXPR [desc], ...", &number_options::clauses)
          .makes(makes_stage<number_options>({.needs_end = true})));
  all.push_back(
      declare<clause_options>(stage, "sort", "Sorts everything.")
          .body(grammar::ordering, "by EXPR [desc], ...", &clause_options::clauses)
          .makes(makes_stage<clause_options>(
              {.needs_end = true, .holds_min_bytes = 64 << 20, .holds_max_bytes = SIZE_MAX})));
  all.push_back(tee());
  all.push_back(route());
  return all;
}

inline std::vector<component> sinks() {
  using enum component::role;
  std::vector<component> all;
  all.push_back(declare<path_options>(sink, "file", "Writes a file.")
                    .option("path", &path_options::path, "Where.", required)
                    .makes(makes_sink<path_options>()));
  for (const char* name : {"stdout", "null", "count"})
    all.push_back(declare<nothing>(sink, name, "Writes no file.").makes(makes_sink<nothing>()));
  all.push_back(declare<url_options>(sink, "postgres", "Writes rows.")
                    .option("url", &url_options::url, "The database.", required)
                    .option("table", &url_options::table, "The table.", {.required = true})
                    .option("password", &url_options::password, "The password.")
                    .makes(makes_sink<url_options>()));
  all.push_back(declare<url_options>(sink, "sqlite", "Writes rows.")
                    .option("url", &url_options::url, "The database.", required)
                    .makes(makes_sink<url_options>()));
  return all;
}

inline std::vector<component> table() {
  std::vector<component> all = sources();
  for (auto& c : stages()) all.push_back(std::move(c));
  for (auto& c : sinks()) all.push_back(std::move(c));
  return all;
}

}  // namespace weir::sample
