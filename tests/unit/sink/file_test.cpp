#include "sink/file.hpp"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <string>
#include <vector>

#include "sink_fixture.hpp"
#include "weir/error.hpp"

namespace weir {
namespace {

using kind = delivery_error::kind;

class file_sink_test : public test::sink_fixture {
 protected:
  std::unique_ptr<sink> opened(const file_sink_options& options) {
    auto out = make_file_sink(options);
    out->open(with_);
    return out;
  }
};

TEST_F(file_sink_test, records_are_written_as_one_json_object_a_line) {
  const auto out = opened({.path = path("out.ndjson")});
  EXPECT_TRUE(out->write(records({R"({"a":1})", R"({ "b" : 2 })"})));
  EXPECT_TRUE(out->write(records({"plain \"text\"\x01"}, shape::text)));
  EXPECT_TRUE(out->close());
  EXPECT_EQ(text_of(path("out.ndjson")),
            "{\"a\":1}\n{ \"b\" : 2 }\n{\"message\":\"plain \\\"text\\\"\\u0001\"}\n");
}

TEST_F(file_sink_test, a_record_of_many_lines_becomes_one_line) {
  batch several = records({"{\"a\":1,\n\r\n\"b\":2}"});
  several.all()[0].set_many_lines(true);
  const auto out = opened({.path = path("out.ndjson")});
  EXPECT_TRUE(out->write(several));
  EXPECT_EQ(text_of(path("out.ndjson")), "{\"a\":1,   \"b\":2}\n");
}

TEST_F(file_sink_test, the_text_format_writes_the_bare_text) {
  const auto out = opened({.path = path("out.log"), .format = "text"});
  EXPECT_TRUE(out->write(records({"one", "", "three"}, shape::text)));
  EXPECT_TRUE(out->close());
  EXPECT_EQ(text_of(path("out.log")), "one\n\nthree\n");
}

TEST_F(file_sink_test, records_that_are_not_live_are_not_written) {
  batch some = records({R"({"n":1})", R"({"n":2})", R"({"n":3})"});
  some.end_record(some.all()[1], first_rule);
  const auto out = opened({.path = path("out.ndjson")});
  EXPECT_TRUE(out->write(some));
  EXPECT_EQ(text_of(path("out.ndjson")), "{\"n\":1}\n{\"n\":3}\n");
}

TEST_F(file_sink_test, a_batch_can_be_read_as_soon_as_it_was_written) {
  const auto out = opened({.path = path("out.ndjson")});
  EXPECT_TRUE(out->write(records({R"({"n":1})"})));
  EXPECT_EQ(text_of(path("out.ndjson")), "{\"n\":1}\n");
}

TEST_F(file_sink_test, an_existing_file_is_emptied_unless_it_is_appended_to) {
  const std::string file = path("out.ndjson");
  for (int run = 0; run < 2; ++run) {
    const auto out = opened({.path = file});
    EXPECT_TRUE(out->write(records({R"({"n":1})"})));
    EXPECT_TRUE(out->close());
  }
  EXPECT_EQ(text_of(file), "{\"n\":1}\n");
  const auto out = opened({.path = file, .append = true});
  EXPECT_TRUE(out->write(records({R"({"n":2})"})));
  EXPECT_TRUE(out->close());
  EXPECT_EQ(text_of(file), "{\"n\":1}\n{\"n\":2}\n");
}

TEST_F(file_sink_test, batches_larger_than_the_buffer_arrive_whole) {
  const std::vector<std::string> lines(300, "{\"text\":\"" + std::string(5000, 'x') + "\"}");
  const auto out = opened({.path = path("out.ndjson")});
  EXPECT_TRUE(out->write(records(lines)));
  EXPECT_TRUE(out->close());
  std::string expected;
  for (const auto& line : lines) expected += line + "\n";
  EXPECT_EQ(text_of(path("out.ndjson")), expected);
}

TEST_F(file_sink_test, a_missing_directory_is_an_error_that_names_the_path) {
  try {
    opened({.path = path("missing/out.ndjson")});
    FAIL() << "opened";
  } catch (const error& e) {
    EXPECT_EQ(e.what(), path("missing/out.ndjson") + ": no such file or directory");
    EXPECT_EQ(e.code(), exit_code::io);
    EXPECT_EQ(e.hint(), "create its directory first");
  }
}

TEST_F(file_sink_test, a_directory_is_an_error) {
  EXPECT_THROW(opened({.path = directory_}), error);
}

TEST_F(file_sink_test, a_device_is_written_to_as_it_is) {
  const auto out = opened({.path = "/dev/null"});
  EXPECT_TRUE(out->write(records({R"({"n":1})"})));
  EXPECT_TRUE(out->prepare());
  EXPECT_TRUE(out->close());
}

TEST_F(file_sink_test, a_full_device_breaks_the_sink_and_is_named) {
  const auto out = opened({.path = "/dev/full"});
  const delivery done = out->write(records({R"({"n":1})"}));
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().what, kind::broken);
  EXPECT_EQ(done.error().message, "/dev/full: no space left on device");
  EXPECT_EQ(done.error().code, exit_code::io);
}

TEST_F(file_sink_test, a_fifo_whose_reader_went_away_is_closed) {
  const std::string fifo = path("fifo");
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  const int reader = ::open(fifo.c_str(), O_RDONLY | O_NONBLOCK);
  const auto previous = ::signal(SIGPIPE, SIG_IGN);
  const auto out = opened({.path = fifo});
  EXPECT_TRUE(out->write(records({R"({"n":1})"})));
  EXPECT_TRUE(out->prepare());
  std::string read(100, '\0');
  read.resize(static_cast<std::size_t>(::read(reader, read.data(), read.size())));
  EXPECT_EQ(read, "{\"n\":1}\n");
  ::close(reader);
  const delivery done = out->write(records({R"({"n":2})"}));
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().what, kind::closed);
  struct stat s{};
  EXPECT_EQ(::stat(fifo.c_str(), &s), 0);
  EXPECT_TRUE(S_ISFIFO(s.st_mode));
  ::signal(SIGPIPE, previous);
}

TEST_F(file_sink_test, on_a_full_disk_a_batch_arrives_whole_or_not_at_all_and_may_be_tried_again) {
  with_.files = &simulated_;
  simulated_.capacity_bytes = 20;
  const auto out = opened({.path = "out.ndjson"});
  EXPECT_TRUE(out->write(records({R"({"n":1})"})));
  const batch second = records({R"({"n":2})", R"({"n":3})"});
  for (int attempt = 0; attempt < 2; ++attempt) {
    const delivery done = out->write(second);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().what, kind::refused);
    EXPECT_EQ(done.error().message, "out.ndjson: no space left on device");
    EXPECT_EQ(simulated_.text("out.ndjson"), "{\"n\":1}\n");
  }
  simulated_.capacity_bytes = 24;
  EXPECT_TRUE(out->write(second));
  EXPECT_TRUE(out->close());
  EXPECT_EQ(simulated_.text("out.ndjson"), "{\"n\":1}\n{\"n\":2}\n{\"n\":3}\n");
}

TEST_F(file_sink_test, a_small_file_system_fills_up_without_a_torn_line) {
  const std::string small = path("small");
  ASSERT_EQ(::mkdir(small.c_str(), 0700), 0);
  if (::mount("weir-test", small.c_str(), "tmpfs", 0, "size=64k") != 0) {
    GTEST_SKIP() << "may not mount a tmpfs here: " << std::strerror(errno);
  }
  const std::vector<std::string> lines(10, "{\"text\":\"" + std::string(1000, 'x') + "\"}");
  const auto out = opened({.path = small + "/out.ndjson"});
  std::size_t delivered = 0;
  delivery done;
  while ((done = out->write(records(lines)))) delivered += lines.size();
  EXPECT_EQ(done.error().what, kind::refused);
  EXPECT_EQ(done.error().message, small + "/out.ndjson: no space left on device");
  EXPECT_EQ(text_of(small + "/out.ndjson").size(), delivered * (lines[0].size() + 1));
  EXPECT_EQ(::umount2(small.c_str(), MNT_DETACH), 0);
}

TEST_F(file_sink_test, committed_records_survive_a_crash) {
  with_.files = &simulated_;
  const auto out = opened({.path = "out.ndjson"});
  EXPECT_TRUE(out->write(records({R"({"n":1})"})));
  EXPECT_TRUE(out->prepare());
  EXPECT_TRUE(out->write(records({R"({"n":2})"})));
  simulated_.crash();
  EXPECT_EQ(simulated_.text("out.ndjson"), "{\"n\":1}\n");
}

TEST_F(file_sink_test, what_lies_behind_the_committed_length_is_cut_off) {
  std::string token;
  {
    const auto out = opened({.path = path("out.ndjson")});
    EXPECT_TRUE(out->write(records({R"({"n":1})"})));
    token = out->prepare().value().token;
    EXPECT_TRUE(out->write(records({R"({"n":2})"})));
  }
  const auto out = make_file_sink({.path = path("out.ndjson")});
  EXPECT_EQ(out->resume(with_, {.last = {.entry = 7}, .token = token}), 7u);
  EXPECT_EQ(text_of(path("out.ndjson")), "{\"n\":1}\n");
  EXPECT_TRUE(out->write(records({R"({"n":3})"})));
  EXPECT_TRUE(out->close());
  EXPECT_EQ(text_of(path("out.ndjson")), "{\"n\":1}\n{\"n\":3}\n");
}

TEST_F(file_sink_test, a_file_shorter_than_what_was_committed_is_an_error) {
  const auto out = make_file_sink({.path = path("out.ndjson")});
  try {
    out->resume(with_, {.last = {.entry = 1}, .token = "100"});
    FAIL() << "it was taken";
  } catch (const error& e) {
    EXPECT_EQ(e.what(), path("out.ndjson") + ": 100 bytes were committed, but it is gone");
    EXPECT_EQ(e.code(), exit_code::io);
  }
}

TEST_F(file_sink_test, with_a_state_that_does_not_know_it_a_file_with_data_is_refused) {
  {
    EXPECT_TRUE(opened({.path = path("out.ndjson")})->write(records({R"({"n":1})"})));
  }
  EXPECT_THROW(make_file_sink({.path = path("out.ndjson")})->resume(with_, {}), error);
  const auto out = make_file_sink({.path = path("out.ndjson"), .append = true});
  out->resume(with_, {});
  EXPECT_TRUE(out->write(records({R"({"n":2})"})));
  EXPECT_EQ(text_of(path("out.ndjson")), "{\"n\":1}\n{\"n\":2}\n");
}

TEST_F(file_sink_test, a_failed_sync_is_never_tried_again) {
  with_.files = &simulated_;
  const auto out = opened({.path = "out.ndjson"});
  EXPECT_TRUE(out->write(records({R"({"n":1})"})));
  simulated_.sync_error = EIO;
  const auto done = out->prepare();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().what, kind::broken);
  EXPECT_EQ(done.error().message, "out.ndjson: input/output error");
  simulated_.sync_error = 0;
  EXPECT_FALSE(out->prepare());
  EXPECT_FALSE(out->write(records({R"({"n":2})"})));
  EXPECT_FALSE(out->close());
  EXPECT_EQ(simulated_.syncs, 1);
}

TEST_F(file_sink_test, the_ending_of_the_name_decides_how_it_is_stored) {
  for (const auto& [name, tool] : {std::pair{"out.gz", "gunzip -c "}, {"out.zst", "zstd -dcq "}}) {
    const auto out = opened({.path = path(name)});
    EXPECT_TRUE(out->write(records({R"({"n":1})"})));
    EXPECT_TRUE(out->write(records({R"({"n":2})"})));
    EXPECT_TRUE(out->close());
    EXPECT_EQ(output_of(tool + path(name)), "{\"n\":1}\n{\"n\":2}\n") << name;
  }
}

TEST_F(file_sink_test, compression_can_be_chosen_whatever_the_name) {
  const auto plain = opened({.path = path("out.gz"), .compress = "none"});
  EXPECT_TRUE(plain->write(records({R"({"n":1})"})));
  EXPECT_EQ(text_of(path("out.gz")), "{\"n\":1}\n");
  const auto packed = opened({.path = path("out.log"), .compress = "gzip", .level = 9});
  EXPECT_TRUE(packed->write(records({R"({"n":1})"})));
  EXPECT_TRUE(packed->close());
  EXPECT_EQ(output_of("gunzip -c <" + path("out.log")), "{\"n\":1}\n");
}

TEST_F(file_sink_test, a_member_ends_at_each_commit) {
  const auto out = opened({.path = path("out.gz")});
  EXPECT_TRUE(out->write(records({R"({"n":1})"})));
  EXPECT_TRUE(out->prepare());
  EXPECT_EQ(output_of("gunzip -c " + path("out.gz")), "{\"n\":1}\n");
  EXPECT_TRUE(out->write(records({R"({"n":2})"})));
  EXPECT_TRUE(out->close());
  EXPECT_EQ(output_of("gunzip -c " + path("out.gz")), "{\"n\":1}\n{\"n\":2}\n");
}

TEST_F(file_sink_test, appending_ends_a_line_that_has_no_end) {
  for (const auto& [before, after] : std::vector<std::pair<std::string, std::string>>{
           {"", "{\"a\":1}\n"}, {"half", "half\n{\"a\":1}\n"}, {"whole\n", "whole\n{\"a\":1}\n"}}) {
    std::ofstream(path("out.ndjson")) << before;
    const auto out = opened({.path = path("out.ndjson"), .append = true});
    EXPECT_TRUE(out->write(records({R"({"a":1})"})));
    EXPECT_TRUE(out->close());
    EXPECT_EQ(text_of(path("out.ndjson")), after);
  }
}

TEST_F(file_sink_test,
       a_name_that_promises_another_compression_is_refused_unless_plain_is_asked_for) {
  for (const char* const name : {"b.xz", "b.bz2", "b.lz4", "b.br", "b.Z", "b.zip", "b.csv.xz"}) {
    try {
      opened({.path = path(name)});
      ADD_FAILURE() << name;
    } catch (const error& e) {
      EXPECT_EQ(e.code(), exit_code::usage);
      EXPECT_TRUE(e.hint().contains(".gz or .zst") && e.hint().contains("compress=none"));
    }
    EXPECT_FALSE(std::filesystem::exists(path(name)));
  }
  const auto plain = opened({.path = path("b.xz"), .compress = "none"});
  ASSERT_TRUE(plain->write(records({"{}"})));
  ASSERT_TRUE(plain->close());
  EXPECT_EQ(text_of(path("b.xz")), "{}\n");
}

TEST_F(file_sink_test, appending_to_a_compressed_file_adds_a_member) {
  for (int run = 0; run < 2; ++run) {
    const auto out = opened({.path = path("out.zst"), .append = true});
    EXPECT_TRUE(out->write(records({R"({"n":1})"})));
    EXPECT_TRUE(out->close());
  }
  EXPECT_EQ(output_of("zstd -dcq " + path("out.zst")), "{\"n\":1}\n{\"n\":1}\n");
}

TEST_F(file_sink_test, a_compressed_file_without_records_is_a_valid_empty_one) {
  const auto out = opened({.path = path("out.gz")});
  EXPECT_TRUE(out->close());
  EXPECT_EQ(output_of("gunzip -t " + path("out.gz") + " 2>&1 && echo whole"), "whole\n");
}

TEST_F(file_sink_test, large_compressed_files_come_back_whole) {
  std::string expected;
  std::vector<std::string> lines;
  for (int n = 0; n < 20'000; ++n) {
    lines.push_back("{\"n\":" + std::to_string(n * 7919LL * 104729) + ",\"text\":\"some words\"}");
    expected += lines.back() + "\n";
  }
  for (const auto& [name, tool] : {std::pair{"out.gz", "gunzip -c "}, {"out.zst", "zstd -dcq "}}) {
    const auto out = opened({.path = path(name)});
    EXPECT_TRUE(out->write(records(lines)));
    EXPECT_TRUE(out->close());
    EXPECT_TRUE(output_of(tool + path(name)) == expected) << name;
  }
}

TEST_F(file_sink_test, braces_in_a_plain_name_are_doubled) {
  const auto out = opened({.path = path("a{{b}}.ndjson")});
  EXPECT_TRUE(out->write(records({R"({"n":1})"})));
  EXPECT_EQ(text_of(path("a{b}.ndjson")), "{\"n\":1}\n");
}

}  // namespace
}  // namespace weir
