// Documents: any split of the bytes gives the same records, a run that stops anywhere goes on to
// the same ones, each is a slice of the bytes, and what a parser takes of them is valid JSON.
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "codec/frame.hpp"
#include "parse/otlp.hpp"
#include "parse/windows_event.hpp"
#include "record/json_grammar.hpp"
#include "record/known_framings.hpp"
#include "split.hpp"
#include "unit/codec/stops.hpp"
#include "weir/context.hpp"

namespace {

using namespace weir;
using fuzz::split;

using cut_record = std::tuple<std::string, std::string, std::uint64_t, std::uint64_t, bool>;

struct cut_shard {
  std::vector<cut_record> records;
  std::vector<test::stop> stops;
};

const stage_id stage{.rule = first_rule, .name = "read"};

void check_json(const batch& b) {
  for (const record& r : b) {
    std::string json;
    r.write(json);
    if (!check_json_object(json).ok() || json.find('\n') != json.npos) std::abort();
  }
}

cut_shard read(const std::string& bytes, std::size_t each, const framing& how,
               const framing_options& options, position from) {
  context with{.pool = std::make_shared<block_pool>(std::make_shared<budget>(64 << 20))};
  with.cut_by = &how;
  const auto of = std::make_shared<shard>(shard{.name = "a", .identity = "a"});
  line_parsing records(std::make_unique<otlp_parser>(), with.pool, stage, false);
  line_parsing events(std::make_unique<windows_event_parser>(), with.pool, stage, false);
  cut_shard out;
  stream in =
      frame(split(bytes.substr(from.offset), each, with.pool), of, from, options, stage, with);
  while (batch* const b = in.next(pull{})) {
    for (const record& r : b->all()) {
      if (how.how != framing::by::content && bytes.substr(r.offset(), r.raw().size()) != r.raw())
        std::abort();
      out.records.emplace_back(std::string{r.text()}, std::string{r.raw()}, r.number(), r.offset(),
                               r.is_live());
    }
    test::add_stops(*b, out.stops);
    how.how == framing::by::elements ? events(*b) : records(*b);
    check_json(*b);
  }
  return out;
}

const framing& framing_of(unsigned which) {
  static const std::vector<framing> all = [] {
    std::vector<framing> made{{.how = framing::by::content}};
    for (const known_framing& f : known_framings()) made.push_back(f.how);
    made.push_back(
        {.how = framing::by::json, .records = parse_path("r"), .copied = {"o"}, .max_depth = 3});
    return made;
  }();
  return all[which % all.size()];
}

}  // namespace

/// The first byte picks the layout, the second the longest record and the split; the rest is the
/// shard.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::string bytes(reinterpret_cast<const char*>(data + 2), size - 2);
  const framing& how = framing_of(data[0]);
  framing_options options{.max_line_bytes = data[1] + 1u};
  const cut_shard whole = read(bytes, data[1] % 9 + 1u, how, options, {});
  if (read(bytes, block_bytes, how, options, {}).records != whole.records) std::abort();
  const std::size_t every = whole.stops.size() / 16 + 1;
  for (std::size_t i = 0; i < whole.stops.size(); i += every) {
    const test::stop& s = whole.stops[i];
    options.state = s.state;
    std::vector<cut_record> rest = whole.records;
    std::erase_if(rest, [&s](const cut_record& r) { return std::get<2>(r) <= s.at.number; });
    if (read(bytes, block_bytes, how, options, s.at).records != rest) std::abort();
  }
  return 0;
}
