#include "sink/output.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <chrono>
#include <utility>

#include "base/drain_limit.hpp"

namespace weir {
namespace {

/// How much is written before the disk begins with it. Smaller steps cost more calls, and hold up
/// the writes beside them more often, than they save at the commit.
constexpr std::uint64_t sync_step_bytes = 8 << 20;

/// Cuts a file off where writing begins.
io_result<void> cut_at(file& opened, std::uint64_t length_bytes) {
  if (const auto cut = opened.truncate(length_bytes); !cut) return cut;
  return opened.seek(length_bytes);
}

/// Where writing in place begins.
io_result<std::uint64_t> find_start(file& opened, bool append) {
  const auto status = opened.status();
  if (!status) return std::unexpected(status.error());
  if (status->is != file_status::kind::regular) return 0;
  const std::uint64_t start_bytes = append ? status->size : 0;
  if (const auto cut = cut_at(opened, start_bytes); !cut) return std::unexpected(cut.error());
  return start_bytes;
}

bool is_fifo(disk& files, const std::string& path) {
  const auto status = files.status(path);
  return status && status->is == file_status::kind::fifo;
}

/// How often it is looked whether a FIFO has a reader.
constexpr std::chrono::milliseconds reader_pause{10};

/// A FIFO cannot be opened before somebody reads it. Throws weir::error if that takes longer than a
/// drain may.
io_result<std::unique_ptr<file>> open_once_read(const context& with, const std::string& path) {
  const drain_limit draining(with);
  for (;;) {
    auto opened = with.files->open(path, open_for::writing);
    if (opened || opened.error().code != ENXIO || !is_fifo(*with.files, path)) return opened;
    if (draining.is_over()) {
      throw error(exit_code::interrupted,
                  fmt::format("{}: {}: nobody reads it", drain_limit::exceeded, path));
    }
    draining.wait(-1, with.time->now() + reader_pause);
  }
}

bool ends_within_line(disk& files, const std::string& path, std::uint64_t size_bytes) {
  if (size_bytes == 0) return false;
  const auto opened = files.open(path, open_for::reading);
  char last = '\n';
  const bool readable = opened && (*opened)->read_at({&last, 1}, size_bytes - 1).value_or(0) == 1;
  return readable && last != '\n';
}

/// A last line without its end would run into the first one that is appended. Gives where writing
/// begins.
std::uint64_t end_torn_line(disk& files, const std::string& path, file& opened,
                            std::uint64_t size_bytes) {
  if (!ends_within_line(files, path, size_bytes)) return size_bytes;
  if (const auto ended = opened.write("\n"); !ended) throw_cannot_open(path, ended.error());
  return size_bytes + 1;
}

}  // namespace

output::output(std::string name, std::unique_ptr<file> to, const context& with,
               std::unique_ptr<encoder> packer, std::size_t limit_bytes)
    : name_(std::move(name)),
      file_(std::move(to)),
      with_(&with),
      packer_(std::move(packer)),
      limit_bytes_(limit_bytes) {
  const auto status = file_->status();
  regular_ = status && status->is == file_status::kind::regular;
}

output output::in_place(const context& with, const std::string& path, bool append,
                        std::unique_ptr<encoder> packer, std::size_t limit_bytes) {
  disk& files = *with.files;
  auto opened = open_once_read(with, path);
  if (!opened) throw_cannot_open(path, opened.error());
  auto start_bytes = find_start(**opened, append);
  if (!start_bytes) throw_cannot_open(path, start_bytes.error());
  if (!packer) start_bytes = end_torn_line(files, path, **opened, *start_bytes);
  output out(path, std::move(*opened), with, std::move(packer), limit_bytes);
  out.start_bytes_ = *start_bytes;
  out.can_cut_ = out.regular_;
  // An empty one may be of a run that was killed before its name was durable.
  if (*start_bytes == 0) out.new_on_ = &files;
  return out;
}

output output::continued(const context& with, const std::string& path, std::uint64_t length_bytes,
                         std::unique_ptr<encoder> packer, std::size_t limit_bytes) {
  // A name that nothing was committed to may be gone.
  if (length_bytes == 0) return in_place(with, path, false, std::move(packer), limit_bytes);
  disk& files = *with.files;
  const auto status = files.status(path);
  if (!status || status->size < length_bytes) {
    throw error(exit_code::io,
                fmt::format("{}: {} bytes were committed, but {}", path, length_bytes,
                            status ? fmt::format("it has {}", status->size) : "it is gone"),
                "put the file back as it was, or begin anew with another --state");
  }
  auto opened = files.open(path, open_for::writing);
  if (!opened) throw_cannot_open(path, opened.error());
  if (const auto cut = cut_at(**opened, length_bytes); !cut) throw_cannot_open(path, cut.error());
  if (!packer) length_bytes = end_torn_line(files, path, **opened, length_bytes);
  output out(path, std::move(*opened), with, std::move(packer), limit_bytes);
  out.start_bytes_ = length_bytes;
  out.can_cut_ = true;
  return out;
}

output output::emptied(std::string name, std::unique_ptr<file> to, const context& with,
                       std::unique_ptr<encoder> packer, std::size_t limit_bytes) {
  output out(std::move(name), std::move(to), with, std::move(packer), limit_bytes);
  out.can_cut_ = true;
  return out;
}

delivery output::flush() {
  if (failed_) return fail(*failed_);
  if (!packer_) return store(buffer_);
  member_open_ = member_open_ || !buffer_.empty();
  packer_->write(buffer_, packed_);
  buffer_.clear();
  return store(packed_);
}

delivery output::end_member() {
  if (const delivery done = flush(); !done || !member_open_) return done;
  return store_end_of_member();
}

delivery output::store_end_of_member() {
  packer_->end_member(packed_);
  member_open_ = false;
  return store(packed_);
}

bool output::is_committed() const noexcept {
  return commits_ && committed_bytes_ == stored_bytes_ && !member_open_ && buffer_.empty() &&
         packed_.empty();
}

delivery output::commit() {
  if (is_committed()) return {};
  if (const delivery done = end_member(); !done) return done;
  if (!regular_) return {};
  if (const auto synced = file_->sync(); !synced) return fail(synced.error());
  commits_ = true;
  committed_bytes_ = stored_bytes_;
  sync_begun_bytes_ = stored_bytes_;
  disk* const files = std::exchange(new_on_, nullptr);
  return files == nullptr ? delivery{} : sync_directory_of(*files, name_);
}

delivery output::close() {
  if (const delivery done = end_member(); !done) return done;
  if (packer_ && end_bytes() == 0) {
    if (const delivery done = store_end_of_member(); !done) return done;
  }
  if (const auto closed = file_->close(); !closed) return fail(closed.error());
  return {};
}

delivery output::end_batch(delivery done) {
  if (done || packer_ || done.error().what != delivery_error::kind::refused) return done;
  const delivery undone = undo_batch();
  return undone ? done : undone;
}

delivery output::undo_batch() {
  if (const auto cut = cut_at(*file_, start_bytes_ + batch_bytes_); !cut) return fail(cut.error());
  stored_bytes_ = batch_bytes_;
  lines_taken_ = 0;
  buffer_.clear();
  return {};
}

delivery output::store(std::string& bytes) {
  if (bytes.empty()) return {};
  if (const auto written = write_all(bytes); !written) return no_room(written.error());
  stored_bytes_ += bytes.size();
  bytes.clear();
  begin_sync_of_much();
  return {};
}

io_result<void> output::write_all(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto written = file_->write_some(bytes);
    if (written)
      bytes.remove_prefix(*written);
    else if (written.error().code != EAGAIN || !await_reader())
      return std::unexpected(written.error());
  }
  return {};
}

/// False if a drain may not wait any longer.
bool output::await_reader() {
  if (!reader_) {
    reader_ = std::make_unique<poll_set>();
    reader_->watch(file_->wait_fd(), false, true);
  }
  return drain_limit(*with_).wait(reader_->fd(), never);
}

void output::begin_sync_of_much() {
  if (!commits_ || !regular_ || stored_bytes_ - sync_begun_bytes_ < sync_step_bytes) return;
  file_->begin_sync();
  sync_begun_bytes_ = stored_bytes_;
}

/// Cuts off what was written of bytes that do not fit.
delivery output::no_room(io_error why) {
  if (!why.is_full_disk() || !can_cut_ || !cut_at(*file_, end_bytes())) return fail(why);
  return std::unexpected(delivery_failed(name_, why));
}

delivery output::fail(io_error why) {
  failed_ = why;
  delivery_error means = delivery_failed(name_, why);
  if (why.is_full_disk()) means.what = delivery_error::kind::broken;
  return std::unexpected(std::move(means));
}

delivery_error delivery_failed(const std::string& name, io_error why) {
  using enum delivery_error::kind;
  if (why.code == EAGAIN) {
    return {.what = broken,
            .message = fmt::format("{}: {}: nobody reads it", drain_limit::exceeded, name),
            .code = exit_code::interrupted};
  }
  const auto kind = why.code == EPIPE ? closed : why.is_full_disk() ? refused : broken;
  return {.what = kind, .message = name + ": " + why.message()};
}

delivery sync_directory_of(disk& files, const std::string& path) {
  const auto synced = files.sync_directory(directory_of(path));
  if (synced) return {};
  delivery_error means = delivery_failed(path, synced.error());
  if (means.what == delivery_error::kind::refused) means.what = delivery_error::kind::broken;
  return std::unexpected(std::move(means));
}

void throw_cannot_open(const std::string& name, io_error why) {
  std::string hint;
  if (why.code == ENOENT) hint = "create its directory first";
  if (why.code == EISDIR) hint = "name a file in that directory";
  throw error(exit_code::io, name + ": " + why.message(), hint);
}

}  // namespace weir
