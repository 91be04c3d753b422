#include <algorithm>

#include "base/ascii.hpp"
#include "stage/field_stages.hpp"
#include "weir/batch.hpp"

namespace weir {
namespace {

struct search_options {
  std::string text;
  bool ignore_case = false;
};

/// One text, as it stands in lines and as JSON writes it.
class needle {
 public:
  needle(std::string text, bool ignore_case) : plain_(std::move(text)), ignore_case_(ignore_case) {
    write_json_string(plain_, in_json_);
    in_json_ = in_json_.substr(1, in_json_.size() - 2);
  }

  bool is_in(const record& r) {
    if (r.shape() != shape::fields) {
      return is_in(r.text(), r.shape() == shape::json ? in_json_ : plain_);
    }
    written_.clear();
    r.write(written_);
    return is_in(written_, in_json_);
  }

 private:
  bool is_in(std::string_view text, std::string_view wanted) const {
    if (!ignore_case_) return text.find(wanted) != std::string_view::npos;
    const auto same = [](char a, char b) { return lower_case(a) == lower_case(b); };
    return !std::ranges::search(text, wanted, same).empty() || wanted.empty();
  }

  std::string plain_;
  std::string in_json_;
  std::string written_;  ///< the JSON of a record that is not JSON yet
  bool ignore_case_;
};

stage make_search(const search_options& options) {
  stage made;
  made.stateless = true;
  made.per_batch = [wanted = needle{options.text, options.ignore_case}](
                       const context&, const stage_id& id) -> batch_function {
    return [wanted, &id](batch& b) mutable {
      b.apply(id, [&](record& r) { return wanted.is_in(r) ? keep : drop; });
    };
  };
  return made;
}

}  // namespace

component search_stage() {
  return declare<search_options>(component::role::stage, "search",
                                 "Keep the records whose text contains some text.")
      .describe(
          "Looks through the whole record, names of fields too, without reading it: the fastest "
          "way to "
          "find a word. Characters that JSON can write in several ways are found as weir writes "
          "them.")
      .option("text", &search_options::text, "What to look for.", required)
      .option("ignore_case", &search_options::ignore_case, "Take A to Z and a to z as the same.")
      .example("Everything about one request", "from app.ndjson | json | search \"req-1042\"")
      .makes(
          [](const search_options& options, reporter&) -> product { return make_search(options); });
}

}  // namespace weir
