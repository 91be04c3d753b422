#include "sink/objects.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "unit/sink/sink_fixture.hpp"

namespace weir::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

/// The process was killed.
struct killed {};

/// Kills at the Nth event; never if it is not set.
struct reaper {
  std::optional<int> events_left;
  bool dead = false;

  void event() {
    if (dead) throw killed{};
    if (!events_left || --*events_left > 0) return;
    dead = true;
    throw killed{};
  }
};

struct fake_object {
  std::string bytes;
  std::map<std::string, std::string> words;
};
struct fake_upload {
  std::string key;
  std::map<std::string, std::string> words;
  std::map<std::size_t, std::string> parts;
};

/// What a store keeps when its clients die.
struct fake_store {
  std::map<std::string, fake_object> objects;
  std::map<std::string, fake_upload> uploads;
  int uploads_begun = 0;
  int refusals = 0;  ///< so many of the next calls are answered with 503
};

class fake_writer final : public object_writer {
 public:
  fake_writer(fake_store& store, reaper& death) : store_(store), death_(death) {}

  http_result<object_upload> begin(const std::string& key, const object_labels& labels) override {
    return answered<object_upload>([&] {
      const std::string id = "u" + std::to_string(++store_.uploads_begun);
      store_.uploads[id] = {.key = key, .words = labels.words, .parts = {}};
      return object_upload{key, id};
    });
  }
  http_result<std::string> send_part(const object_upload& to, std::size_t number,
                                     std::string_view bytes) override {
    return answered<std::string>([&] {
      store_.uploads.at(to.id).parts[number] = bytes;
      return "t" + std::to_string(number);
    });
  }
  http_result<written> complete(const object_upload& what, const std::vector<std::string>& tags,
                                const object_labels& /*given when it began*/) override {
    return answered<written>([&] {
      const auto found = store_.uploads.find(what.id);
      if (found == store_.uploads.end()) return written::upload_gone;
      if (store_.objects.contains(what.key)) return written::key_taken;
      EXPECT_EQ(tags.size(), found->second.parts.size());
      std::string all;
      for (const auto& [number, bytes] : found->second.parts) all += bytes;
      store_.objects[what.key] = {all, found->second.words};
      store_.uploads.erase(found);
      return written::stored;
    });
  }
  http_result<void> abort(const object_upload& what) override {
    death_.event();
    store_.uploads.erase(what.id);
    return {};
  }
  http_result<std::vector<object_upload>> unfinished(const std::string& key) override {
    return answered<std::vector<object_upload>>([&] {
      std::vector<object_upload> out;
      for (const auto& [id, upload] : store_.uploads)
        if (upload.key == key) out.push_back({key, id});
      return out;
    });
  }
  http_result<written> put(const std::string& key, std::string_view bytes,
                           const object_labels& labels) override {
    return answered<written>([&] {
      const auto [at, fresh] = store_.objects.try_emplace(key, std::string{bytes}, labels.words);
      return fresh ? written::stored : written::key_taken;
    });
  }
  http_result<std::optional<object_facts>> look(const std::string& key) override {
    return answered<std::optional<object_facts>>([&]() -> std::optional<object_facts> {
      const auto found = store_.objects.find(key);
      if (found == store_.objects.end()) return std::nullopt;
      return object_facts{found->second.bytes.size(), found->second.words};
    });
  }
  http_result<void> read(const std::string& key,
                         const std::function<void(std::string_view)>& each) override {
    each(store_.objects.at(key).bytes);
    return {};
  }
  std::string shown(const std::string& key) const override { return "fake://" + key; }

 private:
  /// A client may die before its request arrives, or before the answer does.
  template <class T, class Act>
  http_result<T> answered(Act act) {
    death_.event();
    if (store_.refusals > 0) {
      --store_.refusals;
      return std::unexpected(
          http_failure{.what = http_failure::kind::status, .message = "HTTP 503", .status = 503});
    }
    T out = act();
    death_.event();
    return out;
  }

  fake_store& store_;
  reaper& death_;
};

/// What a checkpoint log keeps of a sink.
struct fake_log {
  struct entry {
    std::uint64_t number = 0;
    std::string token;
    position at;
  };
  entry last;
  entry before;
  std::vector<std::string> notes_before;
  std::vector<std::string> notes;
};

class objects : public sink_fixture {
 protected:
  static objects_plan plan(const std::string& keys) {
    return {.keys = name_template::parse(keys).value(),
            .stored = compression_of(keys, "auto", {}),
            .object_records = 25,
            .part_bytes = 100};
  }
  std::unique_ptr<sink> make(objects_plan what, bool begun = true) {
    auto out = make_objects_sink(std::move(what), [this](const context&, const backoff_policy&) {
      return std::make_unique<fake_writer>(store_, death_);
    });
    if (begun) out->open(with_);
    return out;
  }
  batch lines(std::uint64_t count) {
    std::vector<std::string> texts;
    for (std::uint64_t i = 0; i < count; ++i) texts.push_back(line(at_.number + i + 1));
    return records(texts);
  }
  batch long_lines(std::size_t count) {
    const std::string text = R"({"s":")" + std::string(10'000, 'x') + "\"}";
    return records(std::vector<std::string>(count, text));
  }
  static std::string line(std::uint64_t number) {
    return R"({"n":)" + std::to_string(number) + R"(,"s":")" + "xyz"[number % 3] + "\"}";
  }
  std::multiset<std::string> stored_lines() const {
    std::multiset<std::string> out;
    for (const auto& [key, object] : store_.objects) {
      std::istringstream all(object.bytes);
      for (std::string one; std::getline(all, one);) out.insert(one);
    }
    return out;
  }
  std::vector<std::string> keys() const {
    std::vector<std::string> out;
    for (const auto& [key, object] : store_.objects) out.push_back(key);
    return out;
  }

  static void commit(sink& to, std::uint64_t entry = 0) {
    ASSERT_TRUE(to.prepare());
    ASSERT_TRUE(to.commit({.entry = entry}));
  }

  // ---- A run as the engine makes it, which may be killed ----

  sink_memory memory() {
    sink_memory out{.last = {.pipeline = "p", .sink = "s", .entry = log_.last.number},
                    .token = log_.last.token,
                    .before = log_.before.number,
                    .note = [this](std::string_view text) -> delivery {
                      death_.event();
                      log_.notes.emplace_back(text);
                      death_.event();
                      return {};
                    },
                    .notes = log_.notes_before};
    out.notes.insert(out.notes.end(), log_.notes.begin(), log_.notes.end());
    return out;
  }
  void append(std::string token) {
    death_.event();
    log_.before = log_.last;
    log_.last = {.number = log_.last.number + 1, .token = std::move(token), .at = at_};
    log_.notes_before = std::exchange(log_.notes, {});
    death_.event();
  }
  void go_on_from(std::uint64_t entry) {
    if (entry != log_.last.number) {
      ASSERT_EQ(entry, log_.before.number);
      log_.last = log_.before;
    }
    log_.before = log_.last;
    log_.notes_before.clear();
    log_.notes.clear();
    at_ = log_.last.at;
  }
  void run(const std::string& keys) {
    const auto to = make(plan(keys), false);
    go_on_from(to->resume(with_, memory()));
    while (at_.number < total) {
      for (int i = 0; i < 3; ++i) ASSERT_TRUE(to->write(lines(10)));
      auto ready = to->prepare();
      ASSERT_TRUE(ready);
      append(std::move(ready->token));
      ASSERT_TRUE(to->commit({.entry = log_.last.number}));
    }
    ASSERT_TRUE(to->close());
  }
  /// False once it came to its end.
  bool run_killed_at(const std::string& keys, int event) {
    death_ = {.events_left = event};
    try {
      run(keys);
    } catch (const killed&) {
      return true;
    }
    return false;
  }
  void expect_each_line_once() const {
    std::multiset<std::string> wanted;
    for (std::uint64_t i = 1; i <= total; ++i) wanted.insert(line(i));
    EXPECT_EQ(stored_lines(), wanted);
    EXPECT_THAT(store_.uploads, IsEmpty());
  }

  static constexpr std::uint64_t total = 90;
  fake_store store_;
  reaper death_;
  fake_log log_;
};

TEST_F(objects, are_named_by_the_place_of_their_first_record) {
  const auto to = make(plan("app/log.ndjson"));
  ASSERT_TRUE(to->write(lines(60)));
  commit(*to);
  EXPECT_THAT(keys(), ElementsAre(testing::EndsWith("-000000000001.ndjson"),
                                  testing::EndsWith("-000000000026.ndjson"),
                                  testing::EndsWith("-000000000051.ndjson")));
  EXPECT_THAT(keys().front(), StartsWith("app/log-"));
}

TEST_F(objects, keep_to_their_prefix_whatever_the_fields_say) {
  const auto to = make(plan("p/{f}/x.ndjson"));
  ASSERT_TRUE(to->write(records({R"({"f":"../../a"})", R"({"f":"/b"})", R"({"f":""})"})));
  commit(*to);
  for (const std::string& key : keys()) {
    EXPECT_THAT(key, StartsWith("p/"));
    EXPECT_EQ(std::ranges::count(key, '/'), 2) << key;
  }
  EXPECT_THAT(keys(), SizeIs(3));
}

TEST_F(objects, of_one_part_are_put_at_once) {
  auto small = plan("x.ndjson");
  small.part_bytes = 1 << 20;
  const auto to = make(std::move(small));
  ASSERT_TRUE(to->write(lines(5)));
  EXPECT_THAT(store_.objects, IsEmpty());
  commit(*to);
  EXPECT_THAT(stored_lines(), SizeIs(5));
  EXPECT_EQ(store_.uploads_begun, 0);
}

TEST_F(objects, appear_without_a_commit_once_they_are_full_if_there_is_no_state) {
  const auto to = make(plan("x.ndjson"));
  ASSERT_TRUE(to->write(lines(60)));
  EXPECT_THAT(stored_lines(), SizeIs(50));
  EXPECT_FALSE(to->wants_commit());
}

TEST_F(objects, hold_one_part_in_memory_and_send_the_others) {
  auto large = plan("x.ndjson");
  large.object_records = 1000;
  large.part_bytes = 50'000;
  const auto to = make(std::move(large));
  ASSERT_TRUE(to->write(long_lines(30)));
  ASSERT_THAT(store_.uploads, SizeIs(1));
  const auto& parts = store_.uploads.begin()->second.parts;
  EXPECT_EQ(parts.size(), 5U);
  for (const auto& [number, bytes] : parts) EXPECT_EQ(bytes.size(), 50'000U);
}

TEST_F(objects, are_the_same_whatever_batches_their_lines_come_in) {
  for (const std::uint64_t step : {1U, 7U, 90U}) {
    store_ = {};
    at_ = {};
    const auto to = make(plan("x.ndjson.gz"));
    while (at_.number < 90) ASSERT_TRUE(to->write(lines(std::min(step, 90 - at_.number))));
    commit(*to);
    static std::map<std::string, std::string> first;
    std::map<std::string, std::string> these;
    for (const auto& [key, object] : store_.objects) these[key] = object.bytes;
    if (first.empty()) first = these;
    EXPECT_EQ(these, first) << step;
  }
}

TEST_F(objects, end_when_too_many_are_open) {
  auto few = plan("{s}.ndjson");
  few.open_objects = 2;
  const auto to = make(std::move(few));
  ASSERT_TRUE(to->write(lines(9)));
  commit(*to);
  EXPECT_THAT(stored_lines(), SizeIs(9));
  EXPECT_THAT(keys(), SizeIs(9));  // three letters take turns, and two may stay
}

TEST_F(objects, a_second_run_finds_what_the_first_one_wrote) {
  for (int i = 0; i < 2; ++i) {
    at_ = {};
    const auto to = make(plan("x.ndjson"));
    ASSERT_TRUE(to->write(lines(60)));
    commit(*to);
    EXPECT_THAT(stored_lines(), SizeIs(60));
    EXPECT_THAT(store_.uploads, IsEmpty());
  }
}

TEST_F(objects, of_the_same_name_and_other_content_are_left_alone) {
  for (const bool in_parts : {false, true}) {
    at_ = {};
    auto what = plan("x.ndjson");
    if (!in_parts) what.part_bytes = 1 << 20;
    const auto first = make(std::move(what));
    store_ = {};
    ASSERT_TRUE(first->write(lines(5)));
    commit(*first);
    auto& there = store_.objects.begin()->second;
    there = {.bytes = std::string(there.bytes.size(), 'z'), .words = {}};
    at_ = {};
    auto again = plan("x.ndjson");
    if (!in_parts) again.part_bytes = 1 << 20;
    const auto second = make(std::move(again));
    ASSERT_TRUE(second->write(lines(5)));
    ASSERT_TRUE(second->prepare());
    const auto done = second->commit({});
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().what, delivery_error::kind::broken);
    EXPECT_THAT(done.error().message, HasSubstr("other content"));
    EXPECT_EQ(there.bytes.front(), 'z');
  }
}

TEST_F(objects, calls_that_came_back_are_made_again_and_repeat_nothing) {
  log_ = {};
  const auto to = make(plan("x.ndjson"), false);
  to->resume(with_, memory());
  const auto until_taken = [&](auto call) {
    store_.refusals = 2;
    int attempts = 0;
    while (!call()) ASSERT_LT(++attempts, 10);
    store_.refusals = 0;
  };
  for (int i = 0; i < 6; ++i) {
    const batch some = lines(10);
    until_taken([&] { return to->write(some).has_value(); });
  }
  until_taken([&] { return to->prepare().has_value(); });
  until_taken([&] { return to->commit({.entry = 1}).has_value(); });
  EXPECT_THAT(stored_lines(), SizeIs(60));
  EXPECT_THAT(keys(), SizeIs(3));
  EXPECT_THAT(store_.uploads, IsEmpty());
}

TEST_F(objects, what_never_got_into_a_commit_is_taken_back) {
  {
    const auto to = make(plan("x.ndjson"));
    ASSERT_TRUE(to->write(long_lines(20)));
    ASSERT_THAT(store_.uploads, SizeIs(1));
  }
  EXPECT_THAT(store_.uploads, IsEmpty());
  EXPECT_THAT(store_.objects, IsEmpty());
}

TEST_F(objects, hold_each_record_once_wherever_a_run_is_killed) {
  for (const char* const keys : {"x.ndjson", "{s}/x.ndjson"}) {
    int event = 1;
    for (;; ++event) {
      store_ = {};
      log_ = {};
      at_ = {};
      if (!run_killed_at(keys, event)) break;
      death_ = {};
      run(keys);
      expect_each_line_once();
      if (HasFailure()) FAIL() << keys << ", killed at event " << event;
    }
    EXPECT_GT(event, 60) << "killed nowhere";
  }
}

TEST_F(objects, hold_each_record_once_if_those_who_recover_are_killed_too) {
  for (int first = 1; first < 120; first += 7) {
    for (int second = 1; second < 40; ++second) {
      store_ = {};
      log_ = {};
      at_ = {};
      run_killed_at("x.ndjson", first);
      run_killed_at("x.ndjson", second);
      death_ = {};
      run("x.ndjson");
      expect_each_line_once();
      if (HasFailure()) FAIL() << "killed at events " << first << " and " << second;
    }
  }
}

TEST_F(objects, are_made_anew_if_somebody_aborted_what_was_sealed) {
  const auto to = make(plan("x.ndjson"), false);
  go_on_from(to->resume(with_, memory()));
  ASSERT_TRUE(to->write(lines(20)));
  auto ready = to->prepare();
  ASSERT_TRUE(ready);
  append(ready->token);
  store_.uploads.clear();
  death_.dead = true;  // before its commit
  const auto next = make(plan("x.ndjson"), false);
  death_ = {};
  EXPECT_EQ(next->resume(with_, memory()), 0U);
}

TEST_F(objects, that_a_reader_took_away_after_their_commit_do_not_come_again) {
  run("x.ndjson");
  const auto entries = log_.last.number;
  store_.objects.clear();
  const auto next = make(plan("x.ndjson"), false);
  EXPECT_EQ(next->resume(with_, memory()), entries);
}

}  // namespace
}  // namespace weir::test
