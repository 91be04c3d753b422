// SEMANTICS "Flow": after every emitted batch, reopening at its positions gives exactly the records
// that were not yet emitted, whatever the stages hold back.

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "engine/behind_stages.hpp"
#include "one_run.hpp"
#include "stage/merge.hpp"
#include "unit/contract.hpp"
#include "unit/small_reads.hpp"
#include "work_directory.hpp"

namespace weir::test {
namespace {

/// What parsers keep of shards, by identity.
using parser_states = std::map<std::string, std::string>;

struct emitted {
  std::vector<std::string> records;
  positions at;  ///< after them
  parser_states kept;
};

/// What the stages of `pipeline` emit from `resume` on, batch by batch.
std::vector<emitted> batches_from(const std::string& pipeline, const positions& resume,
                                  std::size_t lanes, std::uint64_t seed, parser_states kept = {}) {
  real_clock time;
  interrupt wake;
  small_reads files(seed);
  plan made = planned(pipeline);
  const context with{.pool = std::make_shared<block_pool>(std::make_shared<budget>(64u << 20)),
                     .time = &time,
                     .wake = &wake,
                     .files = &files,
                     .started_ns = 0,
                     .parser_state =
                         [before = kept](const shard& of) {
                           const auto known = before.find(of.identity);
                           return known == before.end() ? std::string{} : known->second;
                         },
                     .cut_by = cut_of(made.root)};
  auto shards = made.from->open_shards(with, resume_from(resume));
  stream in = shards ? merged(std::move(shards->listing), shards->at_a_time, &with)
                     : made.from->open(with, resume_from(resume));
  stream out = behind_stages(std::move(in), made.root, with, lanes);
  std::vector<emitted> all;
  positions at = resume;
  while (const batch* b = out.next(pull{})) {
    emitted& one = all.emplace_back();
    for (const record& r : *b) {
      r.write(one.records.emplace_back(r.source().name + ":" + std::to_string(r.number()) + " "));
    }
    for (const auto& r : b->runs()) {
      at[r.source->identity] = r.to;
      // As in checkpoints, what a run that got nowhere says is not kept.
      if (r.parser_state && r.from != r.to) kept[r.source->identity] = *r.parser_state;
    }
    one.at = at;
    one.kept = kept;
  }
  return all;
}

std::vector<std::string> records_of(const std::vector<emitted>& all) {
  std::vector<std::string> out;
  for (const emitted& e : all) out.insert(out.end(), e.records.begin(), e.records.end());
  return out;
}

/// Files with blank, malformed and filtered lines, some without an end, one empty.
std::map<std::string, std::string> some_files(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::map<std::string, std::string> out;
  for (const char* name : {"a.ndjson", "b.ndjson", "c.ndjson", "d.ndjson"}) {
    std::string& text = out[name];
    for (std::uint64_t i = random() % 30; i > 0; --i) {
      const std::uint64_t kind = random() % 10;
      if (kind > 1) text += "{\"n\":" + std::to_string(random() % 100) + "}";
      if (kind == 1) text += "broken";
      text += "\n";
    }
    if (random() % 2 == 0) text += R"({"n":99})";
  }
  return out;
}

/// The same as tables, whose quoted fields hold line breaks, with lines that are indented.
std::map<std::string, std::string> some_tables(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::map<std::string, std::string> out;
  for (const char* name : {"a.csv", "b.csv", "c.csv", "d.csv"}) {
    std::string& text = out[name];
    if (random() % 2 == 0) text = "\n";
    text += "n,\"the\ntext\"\n";
    for (std::uint64_t i = random() % 30; i > 0; --i) {
      text += std::to_string(random() % 100);
      const std::uint64_t kind = random() % 6;
      if (kind < 2) text += ",\"two\n  lines\"";
      if (kind == 2) text += ",\"\n\n \n\"";
      if (kind == 3) text += ",x";
      if (kind == 4) text += ",\"y\",z";
      text += "\n";
    }
    if (random() % 2 == 0) text += "99,\"no end\n";
  }
  return out;
}

/// Logs whose header comes again, the same or another one, with comments, and records that it does
/// not fit.
std::map<std::string, std::string> some_headed_logs(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::map<std::string, std::string> out;
  for (const char* name : {"a.w3c", "b.w3c", "c.w3c"}) {
    std::string& text = out[name];
    for (std::uint64_t i = random() % 40; i > 0; --i) {
      const std::uint64_t kind = random() % 8;
      if (kind == 0) text += "#Fields: n a\n";
      if (kind == 1) text += "#Fields: b n\n";
      if (kind == 2) text += "#Date: today\n";
      if (kind == 3) text += "only-one\n";
      if (kind > 3) text += std::to_string(random() % 100) + " " + std::to_string(i) + "\n";
    }
  }
  return out;
}

/// Logs of containers, whose streams' parts stand between each other.
std::map<std::string, std::string> some_container_logs(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::map<std::string, std::string> out;
  for (const char* name : {"a.pod", "b.pod"}) {
    std::string& text = out[name];
    for (std::uint64_t i = random() % 40; i > 0; --i) {
      const std::uint64_t kind = random() % 9;
      if (kind == 0) text += "no line of a container\n";
      text += "2026-01-02T09:14:07.5Z std" + std::string{kind % 2 == 0 ? "out " : "err "} +
              (kind < 5 ? "P " : "F ") + std::to_string(i) + ";\n";
    }
  }
  return out;
}

/// Tables that are told by their header, with lines that do not fit in late ones.
std::map<std::string, std::string> some_sure_tables(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::map<std::string, std::string> out;
  for (const char* name : {"a.table", "b.table"}) {
    std::string& text = out[name];
    text = "n,a,b\n";
    for (std::uint64_t i = 120 + random() % 30; i > 0; --i) {
      text += std::to_string(random() % 100) + ",\"x, y\"";
      text += i < 20 && random() % 3 == 0 ? "\n" : ",z\n";
    }
  }
  return out;
}

/// Documents whose arrays hold records, broken ones and none; some end early.
std::map<std::string, std::string> some_documents(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::map<std::string, std::string> out;
  for (const char* name : {"a.json", "b.json", "c.json", "d.json"}) {
    std::string& text = out[name];
    for (std::uint64_t documents = 1 + random() % 3; documents > 0; --documents) {
      const std::string outer = std::to_string(random() % 3);
      text += "{\n \"o\": " + outer + ", \"r\": [";
      for (std::uint64_t i = random() % 12; i > 0; --i) {
        const std::uint64_t kind = random() % 6;
        text += "{\"n\":" + std::to_string(random() % 100);
        text += kind == 0 ? ",\"s\":\"no end},\n" : kind == 1 ? ",\"o\":[\n{}]}," : "}, ";
      }
      text += random() % 4 == 0 ? "{\"n\":99}\n" : "{\"n\":98}],\"z\":[{}]}\n";
    }
  }
  return out;
}

class resumed_pipeline : public ::testing::TestWithParam<std::string> {};

TEST_P(resumed_pipeline, gives_exactly_what_was_not_yet_emitted) {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    const std::size_t lanes = 1 + seed % 2;
    SCOPED_TRACE("seed " + std::to_string(seed));
    const work_directory here;
    write_files(some_files(seed));
    write_files(some_tables(seed));
    write_files(some_headed_logs(seed));
    write_files(some_container_logs(seed));
    write_files(some_documents(seed));
    write_files(some_sure_tables(seed));
    const auto whole = batches_from(GetParam(), {}, lanes, seed);
    const auto all = records_of(whole);
    ASSERT_FALSE(all.empty());
    std::vector<std::string> before;
    for (const emitted& e : whole) {
      before.insert(before.end(), e.records.begin(), e.records.end());
      auto together = before;
      const auto rest = records_of(batches_from(GetParam(), e.at, lanes, seed + 100, e.kept));
      together.insert(together.end(), rest.begin(), rest.end());
      ASSERT_EQ(together, all) << "after " << before.size() << " records";
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    tests, resumed_pipeline,
    ::testing::Values(
        "from \"*.ndjson\" | json | where n > 40", "from \"*.ndjson\" | json | batch 3",
        "from \"*.json\" | json records=r copy=o | batch 3",
        "from \"*.json\" | json records=r copy=o | where n > 40 | batch 3",
        "from \"*.json\" | json documents=true | batch 2",
        "from file \"*.json\" merge=3 | auto | batch 3 | batch 2",
        "from \"*.ndjson\" | batch 4 | json | where n > 70 | batch 2",
        "from \"*.ndjson\" | json | where n > 90 | batch 5 | set m = n | batch 2",
        "from file \"*.ndjson\" merge=3 | json | where n > 30 | batch 4", "from \"*.csv\" | csv",
        "from \"*.csv\" | csv lenient=true | batch 3",
        "from file \"*.csv\" merge=2 | batch 4 | csv types=infer lenient=true | where n > 30",
        "from \"*.csv\" | multiline indent", "from \"*.pod\" | container",
        "from \"*.pod\" | container | cri | batch 2",
        "from \"*.pod\" | container | multiline continue=\"^no\" | batch 2",
        "from file \"*.pod\" merge=2 | batch 4 | container max_bytes=90 | batch 1",
        "from \"*.pod\" | auto | batch 8", "from \"*.table\" | auto | batch 90",
        "from \"*.w3c\" | w3c", "from \"*.w3c\" | auto | batch 3",
        "from \"*.w3c\" | w3c lenient=true | batch 3",
        "from file \"*.w3c\" merge=2 | batch 4 | w3c lenient=true | where to_int(n) > 30 | batch 2",
        "from \"*.csv\" | multiline start=\"^[0-9]\" max_lines=2 | batch 2",
        "from file \"*.csv\" merge=3 | where not message like \"%x\" | multiline "
        "unfinished=\"[0-9]\""));

/// Stages that change the order emit records ahead of the progress that covers them.
class reordered_pipeline : public ::testing::TestWithParam<std::string> {};

TEST_P(reordered_pipeline, gives_again_at_least_what_was_not_yet_emitted) {
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const work_directory here;
    write_files(some_files(seed));
    const auto whole = batches_from(GetParam(), {}, 1, seed);
    auto all = records_of(whole);
    ASSERT_FALSE(all.empty());
    std::ranges::sort(all);
    std::vector<std::string> before;
    for (const emitted& e : whole) {
      before.insert(before.end(), e.records.begin(), e.records.end());
      auto together = before;
      const auto rest = records_of(batches_from(GetParam(), e.at, 1, seed + 100));
      together.insert(together.end(), rest.begin(), rest.end());
      std::ranges::sort(together);
      ASSERT_TRUE(std::ranges::includes(together, all)) << "after " << before.size() << " records";
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    tests, reordered_pipeline,
    ::testing::Values(
        "from \"*.ndjson\" | json | sort by n",
        "from \"*.ndjson\" | json | sort by n | batch 3 | batch 2",
        "from \"*.ndjson\" | json | sort by n desc | batch 7 | where n > 20 | batch 5",
        "from \"*.ndjson\" | json | sort by n | batch 40 | sort by n desc | batch 4 | "
        "batch 3"));

}  // namespace
}  // namespace weir::test
