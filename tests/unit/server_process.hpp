#pragma once
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

extern char** environ;

namespace weir::test {

/// A program that runs beside a test: it is written to, read from, and ended by the end of its
/// input.
class server_process {
 public:
  explicit server_process(std::vector<std::string> command) {
    std::array<int, 2> in{};
    std::array<int, 2> out{};
    if (::pipe2(in.data(), O_CLOEXEC) != 0 || ::pipe2(out.data(), O_CLOEXEC) != 0)
      throw std::runtime_error("pipe");
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
    std::vector<char*> arguments;
    for (std::string& word : command) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    const int failed =
        ::posix_spawnp(&pid_, arguments[0], &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    ::close(in[0]);
    ::close(out[1]);
    to_ = in[1];
    from_ = out[0];
    if (failed != 0) throw std::runtime_error("cannot start " + command[0]);
  }
  server_process(const server_process&) = delete;
  server_process& operator=(const server_process&) = delete;
  ~server_process() {
    end_input();
    ::close(from_);
    int status = 0;
    ::waitpid(pid_, &status, 0);
  }

  void write(std::string_view text) {
    while (!text.empty()) {
      const ssize_t n = ::write(to_, text.data(), text.size());
      if (n <= 0) throw std::runtime_error("a server does not read");
      text.remove_prefix(static_cast<std::size_t>(n));
    }
  }
  std::string read_line() {
    std::string line;
    for (char c = 0; ::read(from_, &c, 1) == 1 && c != '\n';) line += c;
    return line;
  }
  /// For servers that do not end with their input.
  void terminate() { ::kill(pid_, SIGTERM); }
  void end_input() {
    if (to_ >= 0) ::close(to_);
    to_ = -1;
  }

 private:
  pid_t pid_ = 0;
  int to_ = -1;
  int from_ = -1;
};

}  // namespace weir::test
