#include "engine/same_file.hpp"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <optional>

#include "source/glob.hpp"
#include "source/listing.hpp"
#include "weir/error.hpp"

namespace weir {
namespace {

/// A named file, and what it is if it is there.
struct named_file {
  std::string path;
  std::optional<file_status> is;
};

std::optional<file_status> status_of(const std::string& path, disk& files) {
  const auto status = path == "-" ? inherited_input(0)->status() : files.status(path);
  return status ? std::optional(*status) : std::nullopt;
}

void collect_outputs(const section& of, std::vector<std::string>& paths) {
  if (of.sink.made) std::ranges::copy(of.sink.made->files(), std::back_inserter(paths));
  for_each_behind(of, [&](const section& next) { collect_outputs(next, paths); });
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

/// An input: a file, or the pattern of a glob or a directory, which may grow to match.
struct named_input {
  named_file file;
  std::optional<glob> pattern;
};

std::vector<named_input> inputs_of(const plan& of, disk& files) {
  std::vector<named_input> inputs;
  for (const std::string& path : of.from->files()) {
    auto pattern = path == "-" ? std::nullopt : pattern_of(path, files);
    inputs.push_back({{path, status_of(path, files)}, std::move(pattern)});
  }
  return inputs;
}

bool is_read(const named_file& output, const named_input& in) {
  if (!in.pattern) return same(in.file, output);
  const std::filesystem::path path = canonical(output.path);
  const std::string& base = in.pattern->base();
  return in.pattern->matches(
      path.lexically_relative(canonical(base.empty() ? "." : base)).string());
}

}  // namespace

void refuse_same_files(const plan& of, const std::vector<std::string>& other_outputs, disk& files) {
  std::vector<std::string> paths = other_outputs;
  collect_outputs(of.root, paths);
  std::erase(paths, std::string{});
  std::vector<named_file> outputs;
  for (const std::string& path : paths) outputs.push_back({path, status_of(path, files)});
  const std::vector<named_input> inputs = inputs_of(of, files);
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const bool twice =
        std::ranges::any_of(outputs.begin(), outputs.begin() + static_cast<std::ptrdiff_t>(i),
                            [&](const named_file& o) { return same(o, outputs[i]); });
    if (twice)
      throw error(exit_code::usage, outputs[i].path + ": two outputs would write to this file",
                  "give each one a file of its own");
    if (std::ranges::any_of(inputs, [&](const auto& in) { return is_read(outputs[i], in); }))
      throw error(exit_code::usage, outputs[i].path + ": it would be written while it is read",
                  "write to another place, then rename it");
  }
}

}  // namespace weir
