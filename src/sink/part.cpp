#include "sink/part.hpp"

#include <cerrno>
#include <utility>

namespace weir {

std::string hidden_name_of(const std::string& name) {
  const std::size_t base = name.rfind('/') + 1;  // 0 without a directory
  return name.substr(0, base) + "." + name.substr(base) + ".partial";
}

io_result<part> part::begin(const context& with, part_place at, const std::string& name,
                            std::unique_ptr<encoder> packer) {
  disk& files = *with.files;
  if (const auto there = make_durable_directories(files, directory_of(name)); !there) {
    return std::unexpected(there.error());
  }
  std::string hidden = hidden_name_of(name);
  auto opened = files.open(hidden, open_for::writing);
  if (!opened) return std::unexpected(opened.error());
  if (const auto cut = (*opened)->truncate(0); !cut) return std::unexpected(cut.error());
  output out = output::emptied(name, std::move(*opened), with, std::move(packer), full_bytes);
  return part(files, std::move(at), std::move(hidden), std::move(out));
}

part part::continued(const context& with, part_place at, const std::string& name,
                     std::unique_ptr<encoder> packer) {
  std::string hidden = hidden_name_of(name);
  output out = output::continued(with, hidden, at.bytes, std::move(packer), full_bytes);
  return {*with.files, std::move(at), std::move(hidden), std::move(out)};
}

delivery part::commit() {
  if (const delivery done = out_.commit(); !done) return done;
  at_.bytes = out_.end_bytes();
  if (std::exchange(name_is_durable_, true)) return {};
  return sync_directory_of(*files_, hidden_);
}

delivery part::end() {
  if (ended_) return {};
  if (const delivery done = commit(); !done) return done;
  if (const delivery done = out_.close(); !done) return done;
  ended_ = true;
  return {};
}

delivery show_part(disk& files, const std::string& name) {
  if (const auto renamed = files.rename(hidden_name_of(name), name); !renamed) {
    return std::unexpected(delivery_failed(name, renamed.error()));
  }
  return sync_directory_of(files, name);
}

}  // namespace weir
