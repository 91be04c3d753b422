// The yardstick: weir's main job written by hand, without any framework, with the same libraries.
//
//   bare_loop strict|trust append|replace IN OUT [PART/PARTS]
//   bare_loop inflate IN
//
// Does what this pipeline does, to the byte:
//   from IN | json | where level in ("WARN","ERROR") | set host = "h1", env = "prod"
//     | batch 1000 2s | to OUT
// strict: simdjson's DOM parses every line wholly, then `level` is looked up.
// trust: On-Demand looks at `level` alone; nobody checks the rest.
// append: the caller promises that no record has `host` or `env`, so that nobody looks for them.
// replace: the caller promises that every record has both, as scalars.
// IN may be gzip. PART/PARTS, `0/2`, takes one stretch of a plain file, cut at line ends.
// inflate: ISA-L alone; what it gives goes nowhere.
#include <simdjson.h>

#include <charconv>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string_view>
#include <utility>

#include "input.hpp"
#include "output.hpp"

namespace {

using namespace bench;
using simdjson::dom::element;
using simdjson::dom::object;
namespace ondemand = simdjson::ondemand;

constexpr std::string_view host_value = R"("h1")";
constexpr std::string_view env_value = R"("prod")";

struct counts {
  std::uint64_t lines = 0;
  std::uint64_t kept = 0;
  std::uint64_t rejected = 0;
  std::uint64_t bytes = 0;
};

enum class judgement { keep, drop, reject };

std::string_view without_trailing_blanks(std::string_view text) {
  return text.substr(0, text.find_last_not_of(" \t\r") + 1);
}

/// Finds fields with On-Demand. One record at a time.
class field_finder {
 public:
  /// False if the line is not an object, as far as On-Demand looks.
  bool open(std::string_view line) {
    return parser_.iterate(line, line.size() + padding_bytes).get(document_) == simdjson::SUCCESS &&
           document_.get_object().get(object_) == simdjson::SUCCESS;
  }
  /// A string's text, still escaped. No value if the field is missing or no string.
  std::optional<ondemand::raw_json_string> string(std::string_view field) {
    ondemand::raw_json_string text;
    if (object_.find_field_unordered(field).get(text) != simdjson::SUCCESS) return std::nullopt;
    return text;
  }
  /// Where a scalar stands in the line.
  std::string_view scalar(std::string_view field) {
    std::string_view token;
    if (object_.find_field_unordered(field).raw_json_token().get(token) != simdjson::SUCCESS) {
      fail("replace: a record lacks the field");
    }
    return without_trailing_blanks(token);
  }

 private:
  ondemand::parser parser_;
  ondemand::document document_;
  ondemand::object object_;
};

class strict_judge {
 public:
  judgement judge(std::string_view line) {
    element document;
    object record;
    if (parser_.parse(line.data(), line.size(), false).get(document) != simdjson::SUCCESS ||
        document.get(record) != simdjson::SUCCESS) {
      return judgement::reject;
    }
    std::string_view level;
    if (record["level"].get(level) != simdjson::SUCCESS) return judgement::drop;
    return level == "WARN" || level == "ERROR" ? judgement::keep : judgement::drop;
  }
  /// The DOM forgets where its values stood, so that the kept lines are looked at once more.
  field_finder& fields_of(std::string_view line) {
    finder_.open(line);
    return finder_;
  }

  strict_judge() {
    if (parser_.allocate(max_line_bytes) != simdjson::SUCCESS) fail("out of memory");
  }

 private:
  simdjson::dom::parser parser_;
  field_finder finder_;
};

class trust_judge {
 public:
  judgement judge(std::string_view line) {
    if (!finder_.open(line)) return judgement::reject;
    const auto level = finder_.string("level");
    if (!level) return judgement::drop;
    return level->unsafe_is_equal("WARN") || level->unsafe_is_equal("ERROR") ? judgement::keep
                                                                             : judgement::drop;
  }
  field_finder& fields_of(std::string_view) { return finder_; }

 private:
  field_finder finder_;
};

/// Before the last brace; `{}` needs no comma.
void append_fields(std::string_view line, file_output& out) {
  const std::size_t brace = line.rfind('}');
  const bool first = line.find_last_not_of(" \t", brace - 1) == line.find('{');
  out.put(line.substr(0, brace));
  out.put(first ? R"("host":"h1","env":"prod")" : R"(,"host":"h1","env":"prod")");
  out.put(line.substr(brace));
  out.put("\n");
}

void replace_fields(std::string_view line, field_finder& fields, file_output& out) {
  std::pair one{fields.scalar("host"), host_value};
  std::pair two{fields.scalar("env"), env_value};
  if (two.first.data() < one.first.data()) std::swap(one, two);
  const char* from = line.data();
  for (const auto& [old, now] : {one, two}) {
    out.put({from, old.data()});
    out.put(now);
    from = old.data() + old.size();
  }
  out.put({from, line.data() + line.size()});
  out.put("\n");
}

template <class Judge, bool replace, class Input>
counts filter(Input& in, file_output& out) {
  counts seen;
  Judge judge;
  seen.bytes = each_line(in, [&](std::string_view line) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) return;
    ++seen.lines;
    const judgement found = judge.judge(line);
    if (found == judgement::reject) ++seen.rejected;
    if (found != judgement::keep) return;
    ++seen.kept;
    if constexpr (replace) {
      replace_fields(line, judge.fields_of(line), out);
    } else {
      append_fields(line, out);
    }
  });
  out.flush();
  return seen;
}

template <class Judge, bool replace>
counts filter_file(const char* in_path, part which, const char* out_path) {
  file_input stored(in_path, which);
  file_output out(out_path);
  if (!stored.is_gzip()) return filter<Judge, replace>(stored, out);
  gzip_input inflated(stored);
  return filter<Judge, replace>(inflated, out);
}

counts inflate(const char* path) {
  file_input stored(path);
  gzip_input inflated(stored);
  std::array<char, block_bytes> into;
  counts seen;
  while (const std::size_t got = inflated.read(into)) seen.bytes += got;
  return seen;
}

part read_part(std::string_view text) {
  const std::size_t slash = text.find('/');
  part p;
  const char* const end = text.data() + text.size();
  const auto index = std::from_chars(text.data(), end, p.index);
  if (slash == text.npos || index.ptr != text.data() + slash ||
      std::from_chars(index.ptr + 1, end, p.count).ptr != end || p.index >= p.count) {
    fail("a part is written INDEX/COUNT, for example 0/2");
  }
  return p;
}

counts run(int argc, char** argv) {
  const std::string_view mode = argc > 1 ? argv[1] : "";
  if (mode == "inflate" && argc == 3) return inflate(argv[2]);
  const std::string_view fields = argc > 2 ? argv[2] : "";
  if ((mode != "strict" && mode != "trust") || (fields != "append" && fields != "replace") ||
      argc < 5 || argc > 6) {
    fail(
        "usage: bare_loop strict|trust append|replace IN OUT [PART/PARTS]\n"
        "       bare_loop inflate IN");
  }
  const part which = argc == 6 ? read_part(argv[5]) : part{};
  const bool replace = fields == "replace";
  if (mode == "strict") {
    return replace ? filter_file<strict_judge, true>(argv[3], which, argv[4])
                   : filter_file<strict_judge, false>(argv[3], which, argv[4]);
  }
  return replace ? filter_file<trust_judge, true>(argv[3], which, argv[4])
                 : filter_file<trust_judge, false>(argv[3], which, argv[4]);
}

}  // namespace

int main(int argc, char** argv) {
  const counts seen = run(argc, argv);
  std::fprintf(stderr,
               R"({"lines": %ju, "kept": %ju, "rejected": %ju, "bytes": %ju})"
               "\n",
               static_cast<std::uintmax_t>(seen.lines), static_cast<std::uintmax_t>(seen.kept),
               static_cast<std::uintmax_t>(seen.rejected), static_cast<std::uintmax_t>(seen.bytes));
}
