#include "base/disk.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>
#include <system_error>
#include <utility>

#include "base/ascii.hpp"

namespace weir {
namespace {

std::unexpected<io_error> failed(int code = errno) {
  return std::unexpected(io_error{code});
}

io_result<void> done_unless_negative(int result) {
  if (result < 0) return failed();
  return {};
}

struct directory_closer {
  void operator()(DIR* d) const noexcept { ::closedir(d); }
};

file_status from_stat(const struct stat& s) {
  using enum file_status::kind;
  file_status out;
  out.is = S_ISREG(s.st_mode)    ? regular
           : S_ISDIR(s.st_mode)  ? directory
           : S_ISFIFO(s.st_mode) ? fifo
           : S_ISCHR(s.st_mode)  ? device
                                 : other;
  out.size = static_cast<std::uint64_t>(s.st_size);
  out.device = s.st_dev;
  out.inode = s.st_ino;
  out.modified_ns = s.st_mtim.tv_sec * 1'000'000'000 + s.st_mtim.tv_nsec;
  return out;
}

class kernel_file final : public file {
 public:
  /// The file's content is what lies behind `begin`.
  kernel_file(int descriptor, bool owned, std::uint64_t begin = 0)
      : fd_(descriptor), owned_(owned), begin_(begin) {
    struct stat s{};
    regular_ = ::fstat(fd_, &s) == 0 && S_ISREG(s.st_mode);
  }
  kernel_file(const kernel_file&) = delete;
  kernel_file& operator=(const kernel_file&) = delete;
  ~kernel_file() override {
    if (owned_ && fd_ >= 0) ::close(fd_);
  }

  io_result<std::size_t> read(std::span<char> into) override {
    return counted([&] { return ::read(fd_, into.data(), into.size()); });
  }
  io_result<std::size_t> read_at(std::span<char> into, std::uint64_t offset) override {
    return counted([&] {
      return ::pread(fd_, into.data(), into.size(), static_cast<off_t>(begin_ + offset));
    });
  }
  io_result<void> write(std::string_view bytes) override {
    while (!bytes.empty()) {
      const auto written = counted([&] { return ::write(fd_, bytes.data(), bytes.size()); });
      if (written)
        bytes.remove_prefix(*written);
      else if (written.error().code == EAGAIN)
        wait_writable();
      else
        return std::unexpected(written.error());
    }
    return {};
  }
  io_result<std::size_t> write_some(std::string_view bytes) override {
    if (regular_) return file::write_some(bytes);
    return counted([&] { return ::write(fd_, bytes.data(), bytes.size()); });
  }
  io_result<void> sync() override { return done_unless_negative(::fdatasync(fd_)); }
  void begin_sync() override { ::sync_file_range(fd_, 0, 0, SYNC_FILE_RANGE_WRITE); }
  io_result<void> seek(std::uint64_t offset) override {
    if (::lseek(fd_, static_cast<off_t>(begin_ + offset), SEEK_SET) < 0) return failed();
    return {};
  }
  io_result<void> truncate(std::uint64_t length) override {
    return done_unless_negative(::ftruncate(fd_, static_cast<off_t>(begin_ + length)));
  }
  io_result<file_status> status() override {
    struct stat s{};
    if (::fstat(fd_, &s) < 0) return failed();
    file_status out = from_stat(s);
    out.size -= std::min(out.size, begin_);
    return out;
  }
  io_result<void> close() override {
    if (!owned_) return {};
    return done_unless_negative(::close(std::exchange(fd_, -1)));
  }
  io_result<void> lock() override { return done_unless_negative(::flock(fd_, LOCK_EX | LOCK_NB)); }
  int wait_fd() const noexcept override { return regular_ ? -1 : fd_; }

 private:
  /// An inherited descriptor may be set not to block; its flags are not ours to change.
  void wait_writable() const {
    pollfd p{.fd = fd_, .events = POLLOUT, .revents = 0};
    ::poll(&p, 1, -1);
  }
  /// Runs a read or write until it is not interrupted.
  template <class Call>
  io_result<std::size_t> counted(Call call) {
    for (;;) {
      const ssize_t n = call();
      if (n >= 0) return static_cast<std::size_t>(n);
      if (errno != EINTR) return failed();
    }
  }

  int fd_;
  bool owned_;
  std::uint64_t begin_;
  bool regular_ = false;
};

/// How far a regular file has been read by those who share its descriptor.
std::uint64_t place_in(int descriptor) {
  struct stat s{};
  if (::fstat(descriptor, &s) != 0 || !S_ISREG(s.st_mode)) return 0;
  const off_t place = ::lseek(descriptor, 0, SEEK_CUR);
  return place < 0 ? 0 : static_cast<std::uint64_t>(place);
}

bool is_fifo(const std::string& path) {
  struct stat s{};
  return ::stat(path.c_str(), &s) == 0 && S_ISFIFO(s.st_mode);
}

int flags_for(open_for why, const std::string& path) {
  switch (why) {
    // Opening a FIFO would wait for its writer; only the clock waits. Regular files do not care.
    case open_for::reading:
      return O_RDONLY | O_NONBLOCK;
    // A FIFO that is open for reading too would not notice that its reader went away.
    case open_for::writing:
      return is_fifo(path) ? O_WRONLY | O_NONBLOCK : O_RDWR | O_CREAT;
    case open_for::writing_new:
      return O_RDWR | O_CREAT | O_EXCL;
  }
  std::unreachable();
}

class kernel_disk final : public disk {
 public:
  io_result<std::unique_ptr<file>> open(const std::string& path, open_for why) override {
    int fd = -1;
    do {
      fd = ::open(path.c_str(), flags_for(why, path) | O_CLOEXEC, 0644);
    } while (fd < 0 && errno == EINTR);
    // A file may be writable without being readable.
    const int first_error = errno;
    if (fd < 0 && why == open_for::writing && first_error != ENXIO)
      fd = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
    if (fd < 0) return failed(first_error);
    return std::make_unique<kernel_file>(fd, true);
  }
  io_result<file_status> status(const std::string& path) override {
    struct stat s{};
    if (::stat(path.c_str(), &s) < 0) return failed();
    return from_stat(s);
  }
  io_result<std::vector<std::string>> list(const std::string& directory) override {
    const std::unique_ptr<DIR, directory_closer> entries(::opendir(directory.c_str()));
    if (!entries) return failed();
    std::vector<std::string> names;
    errno = 0;
    while (const dirent* const entry = ::readdir(entries.get())) {
      const std::string_view name = entry->d_name;
      if (name != "." && name != "..") names.emplace_back(name);
      errno = 0;
    }
    if (errno != 0) return failed();
    std::ranges::sort(names);
    return names;
  }
  std::optional<std::string> link_target(const std::string& path) override {
    std::error_code error;
    const auto target = std::filesystem::read_symlink(path, error);
    return error ? std::nullopt : std::optional{target.string()};
  }
  io_result<void> rename(const std::string& from, const std::string& to) override {
    return done_unless_negative(::rename(from.c_str(), to.c_str()));
  }
  io_result<void> remove(const std::string& path) override {
    return done_unless_negative(::unlink(path.c_str()));
  }
  io_result<void> make_directories(const std::string& path) override {
    std::error_code error;
    std::filesystem::create_directories(path, error);
    if (error) return failed(error.value());
    return {};
  }
  io_result<void> sync_directory(const std::string& path) override {
    const int fd = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return failed();
    const kernel_file directory(fd, true);
    return done_unless_negative(::fsync(fd));
  }
};

}  // namespace

std::string io_error::message() const {
  std::string text = std::generic_category().message(code);
  if (!text.empty()) text[0] = lower_case(text[0]);
  return text;
}

bool io_error::is_full_disk() const noexcept {
  return code == ENOSPC || code == EDQUOT;
}

io_result<std::size_t> read_fully(file& from, std::span<char> into, std::uint64_t offset) {
  std::size_t size = 0;
  while (size < into.size()) {
    const auto got = from.read_at(into.subspan(size), offset + size);
    if (!got) return got;
    if (*got == 0) break;
    size += *got;
  }
  return size;
}

std::string directory_of(const std::string& path) {
  std::filesystem::path name = path;
  if (!name.has_filename()) name = name.parent_path();
  const auto parent = name.parent_path();
  return parent.empty() ? "." : parent.string();
}

io_result<void> make_durable_directories(disk& files, const std::string& directory) {
  std::vector<std::string> missing;
  for (std::string at = directory; !files.status(at); at = directory_of(at)) missing.push_back(at);
  if (missing.empty()) return {};
  if (const auto made = files.make_directories(directory); !made) return made;
  for (const std::string& created : missing) {
    if (const auto synced = files.sync_directory(directory_of(created)); !synced) return synced;
  }
  return {};
}

std::unique_ptr<disk> real_disk() {
  return std::make_unique<kernel_disk>();
}

std::unique_ptr<file> inherited_input(int descriptor) {
  return std::make_unique<kernel_file>(descriptor, false, place_in(descriptor));
}

std::unique_ptr<file> inherited_output(int descriptor) {
  struct stat s{};
  if (::fstat(descriptor, &s) != 0 || !S_ISFIFO(s.st_mode))
    return std::make_unique<kernel_file>(descriptor, false);
  const std::string again = "/proc/self/fd/" + std::to_string(descriptor);
  const int fd = ::open(again.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) return std::make_unique<kernel_file>(descriptor, false);
  return std::make_unique<kernel_file>(fd, true);
}

}  // namespace weir
