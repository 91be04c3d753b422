#pragma once
#include <cstddef>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

/// A failed system call, by its errno.
struct io_error {
  int code = 0;
  /// "no space left on device"
  std::string message() const;
  /// There is no room on the disk, or none for this user.
  bool is_full_disk() const noexcept;
};
template <class T>
using io_result = std::expected<T, io_error>;

struct file_status {
  enum class kind : std::uint8_t { regular, directory, fifo, device, other };
  kind is = kind::regular;
  std::uint64_t size = 0;
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::int64_t modified_ns = 0;
};

/// An open file. Closing is by `close`, which can fail; the destructor closes what is still open
/// and ignores the result.
class file {
 public:
  virtual ~file() = default;
  /// Bytes read at the current place; 0 at the end. Retries EINTR. Fails with EAGAIN if nothing is
  /// there yet: wait on `wait_fd`.
  virtual io_result<std::size_t> read(std::span<char> into) = 0;
  /// Bytes read at `offset`.
  virtual io_result<std::size_t> read_at(std::span<char> into, std::uint64_t offset) = 0;
  /// Writes all of `bytes` at the current place, however many calls that takes.
  virtual io_result<void> write(std::string_view bytes) = 0;
  /// Writes some of `bytes`, at least one, and says how many; of a regular file all. Fails with
  /// EAGAIN if a pipe takes none now: wait until `wait_fd` is writable.
  virtual io_result<std::size_t> write_some(std::string_view bytes) {
    if (const auto done = write(bytes); !done) return std::unexpected(done.error());
    return bytes.size();
  }
  virtual io_result<void> sync() = 0;
  /// Lets the disk begin with what a later `sync` would wait for. Promises nothing.
  virtual void begin_sync() {}
  virtual io_result<void> seek(std::uint64_t offset) = 0;
  virtual io_result<void> truncate(std::uint64_t length) = 0;
  virtual io_result<file_status> status() = 0;
  virtual io_result<void> close() = 0;
  /// Takes the file for this process alone until it is closed: EWOULDBLOCK if another has it.
  virtual io_result<void> lock() = 0;
  /// The descriptor to wait on, or -1 where waiting has no meaning (a regular file, a simulated
  /// one).
  virtual int wait_fd() const noexcept = 0;
};

enum class open_for : std::uint8_t {
  reading,
  writing,      ///< creates it if needed, leaves its content
  writing_new,  ///< fails with EEXIST if it is there
};

/// Fills `into` with what lies at `offset`, as far as the file goes: how many bytes that were.
io_result<std::size_t> read_fully(file& from, std::span<char> into, std::uint64_t offset);

/// The file system, so that a test can put one in its place that loses what was not synced.
class disk {
 public:
  virtual ~disk() = default;
  /// Never waits: a FIFO that is to be written fails with ENXIO while nobody reads it.
  virtual io_result<std::unique_ptr<file>> open(const std::string& path, open_for why) = 0;
  virtual io_result<file_status> status(const std::string& path) = 0;
  /// The names in a directory, without . and .., sorted by bytes.
  virtual io_result<std::vector<std::string>> list(const std::string& directory) = 0;
  /// What a symbolic link says; nothing for what is none. Not every disk has links.
  virtual std::optional<std::string> link_target(const std::string& path) {
    static_cast<void>(path);
    return std::nullopt;
  }
  virtual io_result<void> rename(const std::string& from, const std::string& to) = 0;
  virtual io_result<void> remove(const std::string& path) = 0;
  virtual io_result<void> make_directories(const std::string& path) = 0;
  virtual io_result<void> sync_directory(const std::string& path) = 0;
};

/// Where the name `path` stands: "a/b" in "a", "a" in ".".
std::string directory_of(const std::string& path);
/// Creates `directory` and what is missing above it, and makes the names of what it created
/// durable.
io_result<void> make_durable_directories(disk& files, const std::string& directory);

/// The kernel's file system.
std::unique_ptr<disk> real_disk();
/// What there is to read of a descriptor that is already open: of a file what lies behind the place
/// that others have read it to, which counts as its beginning. Its flags are left alone and it is
/// not closed by the destructor.
std::unique_ptr<file> inherited_input(int descriptor);
/// A file to write to on such a descriptor. A pipe is opened once more where that is allowed, so
/// that `write_some` never waits: its flags belong to others as well.
std::unique_ptr<file> inherited_output(int descriptor);

}  // namespace weir
