#pragma once
#include <cstddef>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace weir::conformance {

using json = nlohmann::json;

/// Why weir differs from a project on purpose: where `where` occurs in a case's name or input.
struct difference {
  std::string_view where;
  std::string_view reason;
};

/// How weir does on one set of cases from elsewhere.
class tally {
 public:
  /// `known` are the differences that are meant; each has to explain at least one case.
  tally(std::string set, std::vector<difference> known = {});

  /// One case: `got` and `expected` are compared as JSON; `name` holds its input.
  void judge(const std::string& name, const json& expected, const json& got);

  /// One case that weir cannot be asked, as it has nothing of that kind: it differs.
  void leave_out(std::string_view reason);

  const std::string& set() const noexcept { return set_; }
  std::size_t passed() const noexcept { return passed_; }
  const std::map<std::string, std::size_t, std::less<>>& differing() const noexcept {
    return differing_;
  }
  /// The cases that nothing explains, and the explanations that no case needed.
  std::vector<std::string> failures() const;

 private:
  std::string set_;
  std::vector<difference> known_;
  std::size_t passed_ = 0;
  std::map<std::string, std::size_t, std::less<>> differing_;
  std::vector<std::string> failed_;
};

/// Calls `visit` for each line of a JSON Lines file of the shared data.
void for_each_case(const std::string& file, const std::function<void(const json&)>& visit);

/// The lines of a text file of the shared data.
std::vector<std::string> lines_of_file(const std::string& file);

/// A text, or the bytes that `{"$base64": ...}` stands for.
std::string text_of(const json& value);

/// The records that `stage` of a pipeline makes of `input`. Throws weir::error if the stage is
/// wrong.
std::vector<json> run(const std::string& stage, std::string_view input);

/// Judges each line of a file of the shared data: `stage` has to take it.
void expect_all_accepted(tally& t, const std::string& stage, const std::string& file);

/// `text` as a pipeline's text quotes it.
std::string in_quotes(std::string_view text);

/// The members of `record` that `expected` has, for expectations that name only some.
json only(const json& record, const json& expected);

/// `record` with its members called as `names` says; others keep their name.
json renamed(const json& record, const std::map<std::string, std::string>& names);

// The sets, one function for each family of formats.
std::vector<tally> access_log_sets();
std::vector<tally> csv_sets();
std::vector<tally> dissect_sets();
std::vector<tally> document_sets();
std::vector<tally> grok_sets();
std::vector<tally> headed_sets();
std::vector<tally> journald_sets();
std::vector<tally> json_sets();
std::vector<tally> logfmt_sets();
std::vector<tally> multiline_sets();
std::vector<tally> named_format_sets();
std::vector<tally> recognition_sets();
std::vector<tally> regex_sets();
std::vector<tally> security_event_sets();
std::vector<tally> syslog_sets();
std::vector<tally> time_sets();

}  // namespace weir::conformance
