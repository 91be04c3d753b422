#include "sink/parts.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sink/file.hpp"
#include "sink/part_token.hpp"
#include "sink_fixture.hpp"
#include "weir/error.hpp"

namespace weir {
namespace {

using namespace std::chrono_literals;

class parts_test : public test::sink_fixture {
 protected:
  void SetUp() override {
    sink_fixture::SetUp();
    with_.files = &simulated_;
  }
  std::unique_ptr<sink> opened(const file_sink_options& options) {
    auto out = make_file_sink(options);
    out->open(with_);
    return out;
  }
  static std::string numbers(int first, int last) {
    std::string out;
    for (int n = first; n <= last; ++n) out += "{\"n\":" + std::to_string(n) + "}\n";
    return out;
  }
  batch numbered(int first, int last) {
    std::vector<std::string> lines;
    for (int n = first; n <= last; ++n) lines.push_back("{\"n\":" + std::to_string(n) + "}");
    return records(lines);
  }
  using names = std::vector<std::string>;
};

TEST_F(parts_test, a_part_ends_once_it_holds_rotate_bytes) {
  const auto out = opened({.path = "out.ndjson", .rotate_bytes = byte_size{16}});
  EXPECT_TRUE(out->write(numbered(1, 3)));
  EXPECT_TRUE(out->write(numbered(4, 5)));
  EXPECT_TRUE(out->close());
  EXPECT_EQ(simulated_.paths(),
            (names{"out-000001.ndjson", "out-000002.ndjson", "out-000003.ndjson"}));
  EXPECT_EQ(simulated_.text("out-000001.ndjson"), numbers(1, 2));
  EXPECT_EQ(simulated_.text("out-000002.ndjson"), numbers(3, 4));
  EXPECT_EQ(simulated_.text("out-000003.ndjson"), numbers(5, 5));
}

TEST_F(parts_test, parts_end_by_time_counted_from_the_start) {
  const auto out = opened({.path = "logs/{part}.ndjson", .rotate_every = 1h});
  EXPECT_TRUE(out->write(numbered(1, 1)));
  time_.advance(59min);
  EXPECT_TRUE(out->write(numbered(2, 2)));
  EXPECT_EQ(simulated_.paths(), (names{"logs/.000001.ndjson.partial"}));
  time_.advance(1min);
  EXPECT_TRUE(out->write(batch(pool_)));
  EXPECT_EQ(simulated_.paths(), (names{"logs/000001.ndjson"})) << "an empty batch carries time";
  time_.advance(150min);
  EXPECT_TRUE(out->write(numbered(3, 3)));
  time_.advance(29min);
  EXPECT_TRUE(out->write(numbered(4, 4)));
  time_.advance(1min);
  EXPECT_TRUE(out->write(numbered(5, 5)));
  EXPECT_TRUE(out->close());
  EXPECT_EQ(simulated_.text("logs/000001.ndjson"), numbers(1, 2));
  EXPECT_EQ(simulated_.text("logs/000002.ndjson"), numbers(3, 4));
  EXPECT_EQ(simulated_.text("logs/000003.ndjson"), numbers(5, 5));
}

TEST_F(parts_test, records_go_to_the_file_that_their_fields_name) {
  const auto out = opened({.path = "out/{date}/{service}.ndjson"});
  EXPECT_TRUE(out->write(records(
      {R"({"service":"a","n":1})", R"({"service":"../b","n":2})", R"({"service":"a","n":3})"})));
  EXPECT_TRUE(out->close());
  EXPECT_EQ(simulated_.paths(),
            (names{"out/2026-01-01/%2E.%2Fb.ndjson", "out/2026-01-01/a.ndjson"}));
  EXPECT_EQ(simulated_.text("out/2026-01-01/a.ndjson"),
            "{\"service\":\"a\",\"n\":1}\n{\"service\":\"a\",\"n\":3}\n");
}

TEST_F(parts_test, too_many_open_files_end_the_one_that_waited_longest) {
  const auto out = opened({.path = "{s}.ndjson", .open_files = 2});
  EXPECT_TRUE(out->write(
      records({R"({"s":"a"})", R"({"s":"b"})", R"({"s":"a"})", R"({"s":"c"})", R"({"s":"b"})"})));
  EXPECT_EQ(simulated_.paths(),
            (names{".b-000002.ndjson.partial", ".c.ndjson.partial", "a.ndjson", "b.ndjson"}));
  EXPECT_TRUE(out->close());
  EXPECT_EQ(simulated_.paths(), (names{"a.ndjson", "b-000002.ndjson", "b.ndjson", "c.ndjson"}));
  EXPECT_EQ(simulated_.text("a.ndjson"), "{\"s\":\"a\"}\n{\"s\":\"a\"}\n");
}

TEST_F(parts_test, a_crash_before_the_end_leaves_no_part_under_its_name) {
  const auto out = opened({.path = "out/{part}.ndjson", .rotate_bytes = byte_size{16}});
  EXPECT_TRUE(out->write(numbered(1, 3)));
  EXPECT_TRUE(out->prepare());
  simulated_.crash();
  EXPECT_EQ(simulated_.paths(), (names{"out/.000002.ndjson.partial", "out/000001.ndjson"}));
  EXPECT_EQ(simulated_.text("out/000001.ndjson"), numbers(1, 2));
  EXPECT_EQ(simulated_.text("out/.000002.ndjson.partial"), numbers(3, 3)) << "it was committed";
}

TEST_F(parts_test, what_a_broken_run_left_is_overwritten) {
  simulated_.put(".000001.ndjson.partial", std::string(100, 'x'));
  const auto out = opened({.path = "{part}.ndjson"});
  EXPECT_TRUE(out->write(numbered(1, 1)));
  EXPECT_TRUE(out->close());
  EXPECT_EQ(simulated_.paths(), names{"000001.ndjson"});
  EXPECT_EQ(simulated_.text("000001.ndjson"), numbers(1, 1));
}

TEST_F(parts_test, a_name_that_holds_data_is_refused_when_it_is_opened) {
  simulated_.put("out-000001.ndjson", "precious\n");
  try {
    opened({.path = "out.ndjson", .rotate_every = 1h});
    FAIL() << "opened";
  } catch (const error& e) {
    EXPECT_EQ(e.code(), exit_code::usage);
    EXPECT_STREQ(e.what(), "out-000001.ndjson: holds data already");
  }
}

TEST_F(parts_test, a_name_that_holds_data_is_refused_when_a_record_names_it) {
  simulated_.put("api.ndjson", "precious\n");
  const auto out = opened({.path = "{s}.ndjson"});
  const delivery done = out->write(records({R"({"s":"web"})", R"({"s":"api"})"}));
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().what, delivery_error::kind::broken);
  EXPECT_EQ(done.error().code, exit_code::usage);
  EXPECT_EQ(done.error().message,
            "api.ndjson: holds data already; append=true goes on after the parts that are there");
  EXPECT_FALSE(out->write(records({R"({"s":"web"})"}))) << "it stays broken";
  EXPECT_FALSE(out->close());
  EXPECT_EQ(simulated_.text("api.ndjson"), "precious\n");
}

TEST_F(parts_test, append_goes_on_after_the_parts_that_are_there) {
  simulated_.put("out-000001.ndjson", "1\n");
  simulated_.put("out-000002.ndjson", "");
  simulated_.put("out-000003.ndjson", "3\n");
  const auto out = opened({.path = "out.ndjson", .append = true, .rotate_bytes = byte_size{1}});
  EXPECT_TRUE(out->write(numbered(1, 2)));
  EXPECT_TRUE(out->close());
  EXPECT_EQ(simulated_.text("out-000002.ndjson"), numbers(1, 1)) << "an empty file is nobody's";
  EXPECT_EQ(simulated_.text("out-000003.ndjson"), "3\n");
  EXPECT_EQ(simulated_.text("out-000004.ndjson"), numbers(2, 2));
}

TEST_F(parts_test,
       a_full_disk_refuses_and_what_is_left_of_the_batch_is_written_when_there_is_room) {
  for (const char* const name : {"{part}.ndjson", "{part}.ndjson.gz"}) {
    const auto out = opened({.path = name, .rotate_bytes = byte_size{16}});
    const batch all = numbered(1, 9);
    simulated_.capacity_bytes = simulated_.used_bytes() + 20;
    const delivery done = out->write(all);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().what, delivery_error::kind::refused);
    EXPECT_NE(done.error().message.find("no space left on device"), std::string::npos);
    EXPECT_FALSE(out->write(all)) << "there is no room yet";
    simulated_.capacity_bytes = UINT64_MAX;
    EXPECT_TRUE(out->write(all));
    EXPECT_TRUE(out->close());
  }
  EXPECT_EQ(simulated_.text("000001.ndjson"), numbers(1, 2));
  EXPECT_EQ(simulated_.text("000002.ndjson"), numbers(3, 4));
  EXPECT_EQ(simulated_.text("000005.ndjson"), numbers(9, 9));
}

TEST_F(parts_test, a_part_that_cannot_be_synced_does_not_get_its_name) {
  const auto out = opened({.path = "{part}.ndjson"});
  EXPECT_TRUE(out->write(numbered(1, 1)));
  simulated_.sync_error = EIO;
  const delivery done = out->close();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().message, "000001.ndjson: input/output error");
  EXPECT_EQ(simulated_.paths(), names{".000001.ndjson.partial"});
  EXPECT_EQ(simulated_.syncs, 1);
}

TEST_F(parts_test, nothing_is_created_without_a_record) {
  const auto out = opened({.path = "out/{part}.ndjson"});
  EXPECT_TRUE(out->write(batch(pool_)));
  EXPECT_TRUE(out->close());
  EXPECT_EQ(simulated_.paths(), names{});
}

TEST_F(parts_test, a_thousand_files_are_written_with_a_few_open) {
  const auto out = opened({.path = "{n}.ndjson", .open_files = 3});
  EXPECT_TRUE(out->write(numbered(1, 1'000)));
  EXPECT_TRUE(out->close());
  EXPECT_EQ(simulated_.paths().size(), 1'000U);
  EXPECT_EQ(simulated_.text("777.ndjson"), numbers(777, 777));
}

/// One run with a state after the other, as the engine takes them through their commits.
class parts_with_state : public parts_test {
 protected:
  std::unique_ptr<sink> resumed(const file_sink_options& options) {
    auto out = make_file_sink(options);
    out->resume(with_, {.last = {.entry = entry_}, .token = token_});
    return out;
  }
  /// What is logged between the two steps of a commit counts.
  void prepare(sink& out) {
    auto ready = out.prepare();
    ASSERT_TRUE(ready);
    token_ = ready->token;
    ++entry_;
  }
  void commit(sink& out) {
    prepare(out);
    ASSERT_TRUE(out.commit({.entry = entry_}));
  }
  void end(sink& out) {
    if (out.end()) commit(out);
    ASSERT_TRUE(out.close());
  }

  std::uint64_t entry_ = 0;
  std::string token_;
  file_sink_options rotated_{.path = "out.ndjson", .rotate_bytes = byte_size{16}};
};

TEST_F(parts_with_state, a_whole_part_gets_its_name_with_the_commit_that_holds_it) {
  const auto out = resumed(rotated_);
  EXPECT_TRUE(out->write(numbered(1, 3)));
  prepare(*out);
  EXPECT_EQ(simulated_.paths(),
            (names{".out-000001.ndjson.partial", ".out-000002.ndjson.partial"}));
  EXPECT_TRUE(out->commit({.entry = entry_}));
  EXPECT_EQ(simulated_.paths(), (names{".out-000002.ndjson.partial", "out-000001.ndjson"}));
  EXPECT_TRUE(out->end()) << "one is open";
  commit(*out);
  EXPECT_EQ(simulated_.paths(), (names{"out-000001.ndjson", "out-000002.ndjson"}));
  EXPECT_FALSE(out->end());
  EXPECT_TRUE(out->close());
}

TEST_F(parts_with_state, what_was_not_committed_is_cut_off_and_the_open_part_goes_on) {
  {
    const auto out = resumed(rotated_);
    EXPECT_TRUE(out->write(numbered(1, 3)));
    commit(*out);
    at_ = {};
    EXPECT_TRUE(out->write(numbered(4, 9)));
  }
  simulated_.crash();
  const auto out = resumed(rotated_);
  EXPECT_EQ(simulated_.paths(), (names{".out-000002.ndjson.partial", "out-000001.ndjson"}));
  EXPECT_EQ(simulated_.text(".out-000002.ndjson.partial"), numbers(3, 3));
  EXPECT_TRUE(out->write(numbered(4, 5)));
  end(*out);
  EXPECT_EQ(simulated_.text("out-000002.ndjson"), numbers(3, 4));
  EXPECT_EQ(simulated_.text("out-000003.ndjson"), numbers(5, 5));
}

TEST_F(parts_with_state, a_crash_before_the_renaming_is_made_good) {
  {
    const auto out = resumed(rotated_);
    EXPECT_TRUE(out->write(numbered(1, 2)));
    prepare(*out);
  }
  simulated_.crash();
  const auto out = resumed(rotated_);
  EXPECT_EQ(simulated_.paths(), names{"out-000001.ndjson"});
  EXPECT_EQ(simulated_.text("out-000001.ndjson"), numbers(1, 2));
}

TEST_F(parts_with_state, parts_may_be_taken_away_once_they_have_their_name) {
  for (int run = 0; run < 3; ++run) {
    const auto out = resumed(rotated_);
    EXPECT_TRUE(out->write(numbered(1, 3)));
    end(*out);
    for (const std::string& shown : simulated_.paths()) EXPECT_TRUE(simulated_.remove(shown));
  }
  const auto out = resumed(rotated_);
  EXPECT_TRUE(out->write(numbered(1, 1)));
  end(*out);
  EXPECT_EQ(simulated_.paths(), names{"out-000007.ndjson"}) << "no number is given twice";
}

TEST_F(parts_with_state, an_open_part_that_is_gone_or_too_short_is_an_error) {
  {
    const auto out = resumed(rotated_);
    EXPECT_TRUE(out->write(numbered(1, 1)));
    commit(*out);
  }
  for (const char* const left : {"", "{\"n\":"}) {
    simulated_.put(".out-000001.ndjson.partial", left);
    EXPECT_THROW(resumed(rotated_), error);
  }
  EXPECT_TRUE(simulated_.remove(".out-000001.ndjson.partial"));
  EXPECT_THROW(resumed(rotated_), error);
}

TEST_F(parts_with_state, names_that_the_state_does_not_know_are_refused_at_first) {
  simulated_.put("out-000001.ndjson", "precious\n");
  EXPECT_THROW(resumed(rotated_), error);
}

TEST_F(parts_with_state, compressed_parts_of_many_stems_go_on_where_they_were) {
  const file_sink_options templated{.path = path("{s}.ndjson.gz"), .open_files = 2};
  with_.files = real_.get();
  {
    const auto out = resumed(templated);
    EXPECT_TRUE(out->write(records({R"({"s":"a","n":1})", R"({"s":"b","n":2})"})));
    commit(*out);
    EXPECT_TRUE(out->write(records({R"({"s":"a","n":3})", R"({"s":"c","n":4})"})));
  }
  const auto out = resumed(templated);
  EXPECT_TRUE(out->write(records({R"({"s":"a","n":3})", R"({"s":"c","n":4})"})));
  end(*out);
  EXPECT_EQ(output_of("cd '" + directory_ + "' && ls -A && gunzip -c a.ndjson.gz"),
            "a.ndjson.gz\nb.ndjson.gz\nc.ndjson.gz\n{\"s\":\"a\",\"n\":1}\n"
            "{\"s\":\"a\",\"n\":3}\n");
}

TEST(parts_token, says_what_it_was_made_of_and_nothing_of_what_is_cut) {
  const parts_progress all{.open = {{.stem = std::string("a \n\0b", 5), .number = 3, .bytes = 17},
                                    {.stem = "c", .number = 1, .bytes = 0}},
                           .whole = {{.stem = "d e", .number = UINT64_MAX, .bytes = 9}},
                           .shown = part_place{.stem = "f", .number = 2}};
  const std::string token = to_token(all);
  EXPECT_EQ(parts_in(token), all);
  EXPECT_EQ(parts_in(to_token({})), parts_progress{});
  for (std::size_t length = 0; length < token.size(); ++length) {
    const auto read = parts_in(std::string_view{token}.substr(0, length));
    EXPECT_NE(read, all);
  }
  EXPECT_EQ(parts_in("17"), std::nullopt);
}

TEST_F(parts_test, the_real_disk_gets_directories_parts_and_nothing_else) {
  with_.files = real_.get();
  const auto out = opened({.path = path("a/b/{s}.ndjson.gz")});
  EXPECT_TRUE(out->write(records({R"({"s":"x"})", R"({"s":"../../y"})", R"({"s":"x"})"})));
  EXPECT_TRUE(out->close());
  EXPECT_EQ(output_of("cd '" + directory_ + "' && find . -type f | sort"),
            "./a/b/%2E.%2F..%2Fy.ndjson.gz\n./a/b/x.ndjson.gz\n");
  EXPECT_EQ(output_of("gunzip -c '" + path("a/b/x.ndjson.gz") + "'"),
            "{\"s\":\"x\"}\n{\"s\":\"x\"}\n");
}

TEST_F(parts_test, options_that_make_no_sense_are_wrong_usage) {
  for (const file_sink_options& wrong :
       {file_sink_options{.path = "{a"}, file_sink_options{.path = "{}"},
        file_sink_options{.path = "a", .level = 3}, file_sink_options{.path = "a.gz", .level = 10},
        file_sink_options{.path = "a.zst", .level = 0},
        file_sink_options{.path = "a", .rotate_every = 0s},
        file_sink_options{.path = "a", .rotate_bytes = byte_size{0}},
        file_sink_options{.path = "{a}", .open_files = 0}}) {
    try {
      make_file_sink(wrong);
      ADD_FAILURE() << wrong.path;
    } catch (const error& e) {
      EXPECT_EQ(e.code(), exit_code::usage);
    }
  }
}

}  // namespace
}  // namespace weir
