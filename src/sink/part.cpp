#include "sink/part.hpp"

#include <cerrno>
#include <filesystem>
#include <utility>

namespace weir {

using std::filesystem::path;

io_result<part> part::begin(disk& files, std::string name, std::unique_ptr<encoder> packer) {
  if (const auto there = make_durable_directories(files, directory_of(name)); !there) {
    return std::unexpected(there.error());
  }
  const std::string hidden_base = "." + path(name).filename().string() + ".partial";
  std::string hidden = path(name).replace_filename(hidden_base).string();
  auto opened = files.open(hidden, open_for::writing);
  if (!opened) return std::unexpected(opened.error());
  if (const auto cut = (*opened)->truncate(0); !cut) return std::unexpected(cut.error());
  output out(name, std::move(*opened), std::move(packer), full_bytes);
  return part(files, std::move(name), std::move(hidden), std::move(out));
}

delivery part::commit() {
  if (const delivery done = out_.commit(); !done) return done;
  return sync_directory_of(*files_, hidden_);
}

delivery part::finish() {
  if (const delivery done = out_.commit(); !done) return done;
  if (const delivery done = out_.close(); !done) return done;
  if (const auto renamed = files_->rename(hidden_, name_); !renamed) {
    return std::unexpected(delivery_failed(name_, renamed.error()));
  }
  return sync_directory_of(*files_, name_);
}

}  // namespace weir
