#include "sink/stdout.hpp"

#include <fcntl.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <string>

#include "sink_fixture.hpp"

namespace weir {
namespace {

/// A terminal, or a pipe, and the other end of it.
class stdout_test : public test::sink_fixture {
 protected:
  void SetUp() override {
    sink_fixture::SetUp();
    ::unsetenv("NO_COLOR");
    ::setenv("TERM", "xterm", 1);
  }
  void TearDown() override {
    for (const int fd : {near_, far_}) {
      if (fd >= 0) ::close(fd);
    }
    sink_fixture::TearDown();
  }
  void use_terminal() {
    ASSERT_EQ(::openpty(&far_, &near_, nullptr, nullptr, nullptr), 0);
    termios settings{};
    ASSERT_EQ(::tcgetattr(near_, &settings), 0);
    ::cfmakeraw(&settings);
    ASSERT_EQ(::tcsetattr(near_, TCSANOW, &settings), 0);
  }
  void use_pipe() {
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe(ends.data()), 0);
    far_ = ends[0];
    near_ = ends[1];
  }
  delivery deliver(const stdout_options& options) {
    const auto out = make_stdout_sink(options, near_);
    out->open(with_);
    if (const delivery done = out->write(records({R"({"level":"ERROR","n":1})"})); !done) {
      return done;
    }
    return out->close();
  }
  std::string arrived() const {
    std::string out(4096, '\0');
    out.resize(static_cast<std::size_t>(::read(far_, out.data(), out.size())));
    return out;
  }

  int near_ = -1;
  int far_ = -1;
};

constexpr std::string_view json = "{\"level\":\"ERROR\",\"n\":1}\n";
constexpr std::string_view plain = "ERROR n=1\n";
constexpr std::string_view colored = "\x1b[1;31mERROR\x1b[0m \x1b[36mn=\x1b[0m1\n";

TEST_F(stdout_test, a_pipe_gets_json) {
  use_pipe();
  EXPECT_TRUE(deliver({}));
  EXPECT_EQ(arrived(), json);
}

TEST_F(stdout_test, a_terminal_gets_the_view_for_people_in_colour) {
  use_terminal();
  EXPECT_TRUE(deliver({}));
  EXPECT_EQ(arrived(), colored);
}

TEST_F(stdout_test, no_color_turns_colours_off) {
  use_terminal();
  ::setenv("NO_COLOR", "1", 1);
  EXPECT_TRUE(deliver({}));
  EXPECT_EQ(arrived(), plain);
}

TEST_F(stdout_test, an_empty_no_color_does_not) {
  use_terminal();
  ::setenv("NO_COLOR", "", 1);
  EXPECT_TRUE(deliver({}));
  EXPECT_EQ(arrived(), colored);
}

TEST_F(stdout_test, a_dumb_terminal_gets_no_colours) {
  use_terminal();
  ::setenv("TERM", "dumb", 1);
  EXPECT_TRUE(deliver({}));
  EXPECT_EQ(arrived(), plain);
}

TEST_F(stdout_test, options_win_over_what_is_detected) {
  use_pipe();
  ::setenv("NO_COLOR", "1", 1);
  EXPECT_TRUE(deliver({.format = "pretty"}));
  EXPECT_EQ(arrived(), plain);
  EXPECT_TRUE(deliver({.format = "pretty", .color = "always"}));
  EXPECT_EQ(arrived(), colored);
}

TEST_F(stdout_test, a_terminal_gets_json_when_asked_to) {
  use_terminal();
  EXPECT_TRUE(deliver({.format = "ndjson"}));
  EXPECT_EQ(arrived(), json);
}

TEST_F(stdout_test, a_reader_that_went_away_is_a_closed_delivery) {
  const auto previous = ::signal(SIGPIPE, SIG_IGN);
  use_pipe();
  ::close(std::exchange(far_, -1));
  const delivery done = deliver({});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().what, delivery_error::kind::closed);
  ::signal(SIGPIPE, previous);
}

TEST_F(stdout_test, a_pipe_that_nobody_reads_has_the_grace_of_a_drain_and_keeps_its_flags) {
  use_pipe();
  const auto out = make_stdout_sink({}, near_);
  out->open(with_);
  const std::vector<std::string> lines(1000, "{\"text\":\"" + std::string(500, 'x') + "\"}");
  wake_.stop();
  const time_point stopped = time_.now();
  const delivery done = out->write(records(lines));
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().what, delivery_error::kind::broken);
  EXPECT_EQ(done.error().code, exit_code::interrupted);
  EXPECT_EQ(done.error().message, "draining took longer than 10 s: stdout: nobody reads it");
  EXPECT_EQ(time_.now() - stopped, std::chrono::seconds{10});
  EXPECT_EQ(::fcntl(near_, F_GETFL) & O_NONBLOCK, 0);
}

TEST_F(stdout_test, a_file_that_output_was_redirected_to_is_continued) {
  near_ = ::open(path("log").c_str(), O_RDWR | O_CREAT | O_APPEND, 0600);
  ASSERT_EQ(::write(near_, "before\n", 7), 7);
  EXPECT_TRUE(deliver({}));
  EXPECT_EQ(text_of(path("log")), "before\n" + std::string{json});
}

TEST_F(stdout_test, a_descriptor_that_does_not_block_loses_nothing) {
  use_pipe();
  ASSERT_EQ(::fcntl(near_, F_SETFL, O_NONBLOCK), 0);
  const std::vector<std::string> lines(1000, "{\"text\":\"" + std::string(500, 'x') + "\"}");
  const batch many = records(lines);
  const std::size_t expected_bytes = lines.size() * (lines[0].size() + 1);
  const pid_t reader = ::fork();
  if (reader == 0) {
    ::close(near_);
    std::size_t bytes = 0;
    std::array<char, 4096> part{};
    for (ssize_t n = 0; (n = ::read(far_, part.data(), part.size())) > 0;) {
      bytes += static_cast<std::size_t>(n);
    }
    ::_exit(bytes == expected_bytes ? 0 : 1);
  }
  const auto out = make_stdout_sink({}, near_);
  out->open(with_);
  EXPECT_TRUE(out->write(many));
  EXPECT_TRUE(out->close());
  ::close(std::exchange(near_, -1));
  int status = -1;
  ASSERT_EQ(::waitpid(reader, &status, 0), reader);
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace weir
