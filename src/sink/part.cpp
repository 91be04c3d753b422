#include "sink/part.hpp"

#include <cerrno>
#include <filesystem>
#include <utility>
#include <vector>

namespace weir {
namespace {

using std::filesystem::path;

std::string parent_of(const path& name) {
  const path parent = name.parent_path();
  return parent.empty() ? "." : parent.string();
}

/// Creates `directory` and makes the names of what was created durable.
io_result<void> ensure_directory(disk& files, const std::string& directory) {
  std::vector<std::string> missing;
  for (path at = directory; !files.status(at.string()); at = parent_of(at)) {
    missing.push_back(at.string());
  }
  if (missing.empty()) return {};
  if (const auto made = files.make_directories(directory); !made) return made;
  for (const std::string& created : missing) {
    if (const auto synced = files.sync_directory(parent_of(created)); !synced) return synced;
  }
  return {};
}

}  // namespace

io_result<part> part::begin(disk& files, std::string name, std::unique_ptr<encoder> packer) {
  if (const auto there = ensure_directory(files, parent_of(name)); !there) {
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
