#include "engine/same_file.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <sstream>

#include "weir/error.hpp"

namespace weir {
namespace {

/// A named file, and what it is if it is there.
struct named_file {
  std::string path;
  std::optional<file_status> is;
};

std::string option_of(const std::vector<std::pair<std::string, std::string>>& options,
                      std::string_view name) {
  const auto found = std::ranges::find(options, name, &std::pair<std::string, std::string>::first);
  return found == options.end() ? std::string{} : found->second;
}

std::optional<file_status> status_of(const std::string& path, disk& files) {
  const auto status = path == "-" ? inherited_file(0)->status() : files.status(path);
  return status ? std::optional(*status) : std::nullopt;
}

void collect_outputs(const section& of, std::vector<std::string>& paths) {
  if (of.sink.name == "file") {
    const std::string path = option_of(of.sink.options, "path");
    if (path != "-" && path.find('{') == path.npos) paths.push_back(path);
  }
  if (!of.split) return;
  for (const planned_branch& b : of.split->branches) collect_outputs(b.rest, paths);
}

std::string canonical(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::weakly_canonical(std::filesystem::absolute(path, ignored), ignored)
      .string();
}

// Devices and FIFOs may be read and written at the same time.
bool same(const named_file& a, const named_file& b) {
  if (!a.is && !b.is) return canonical(a.path) == canonical(b.path);
  if (!a.is || !b.is) return false;
  return a.is->is == file_status::kind::regular && a.is->device == b.is->device &&
         a.is->inode == b.is->inode;
}

bool lies_in(const named_file& file, const named_file& directory) {
  if (!directory.is || directory.is->is != file_status::kind::directory) return false;
  return canonical(file.path).starts_with(canonical(directory.path) + "/");
}

/// The inputs by name. Several paths are shown with blanks between them.
std::vector<named_file> inputs_of(const plan& of, disk& files) {
  const std::string shown = option_of(of.source_options, "path");
  if (shown.empty()) return {};
  if (auto whole = status_of(shown, files)) return {{shown, whole}};
  std::vector<named_file> inputs;
  std::istringstream words(shown);
  for (std::string path; words >> path;) inputs.push_back({path, status_of(path, files)});
  return inputs;
}

}  // namespace

void refuse_same_files(const plan& of, const std::vector<std::string>& other_outputs, disk& files) {
  std::vector<std::string> paths = other_outputs;
  collect_outputs(of.root, paths);
  std::erase(paths, std::string{});
  std::vector<named_file> outputs;
  for (const std::string& path : paths) outputs.push_back({path, status_of(path, files)});
  const std::vector<named_file> inputs = inputs_of(of, files);
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const bool twice =
        std::ranges::any_of(outputs.begin(), outputs.begin() + static_cast<std::ptrdiff_t>(i),
                            [&](const named_file& o) { return same(o, outputs[i]); });
    if (twice)
      throw error(exit_code::usage, outputs[i].path + ": two outputs would write to this file",
                  "give each one a file of its own");
    const bool is_read = std::ranges::any_of(inputs, [&](const named_file& in) {
      return same(in, outputs[i]) || lies_in(outputs[i], in);
    });
    if (is_read) {
      throw error(exit_code::usage, outputs[i].path + ": it would be written while it is read",
                  "write to another place, then rename it");
    }
  }
}

}  // namespace weir
