#include "cli/first_look.hpp"

#include <algorithm>
#include <optional>

#include "base/disk.hpp"
#include "parse/recognition.hpp"
#include "source/listing.hpp"
#include "source/sample.hpp"
#include "weir/error.hpp"

namespace weir {
namespace {

constexpr std::size_t most_files = 10;

/// One more than are shown, if there are so many. What is wrong with the inputs is for the run to
/// say.
std::vector<std::string> first_files(const std::vector<std::string>& paths, disk& files) {
  std::vector<std::string> first;
  try {
    unreadable_inputs ignored;
    auto found = named_files(paths, files, ignored);
    while (first.size() <= most_files) {
      const std::string* const path = found.next();
      if (path == nullptr) break;
      first.push_back(*path);
    }
  } catch (const error&) {
  }
  return first;
}

std::optional<std::string> look_into(const std::string& path, const context& with) {
  const auto status = with.files->status(path);
  if (!status || status->is != file_status::kind::regular) return std::nullopt;
  const sampled_records found = first_records(path, {}, with, recognition_lines);
  const std::vector<std::string_view> views(found.texts.begin(), found.texts.end());
  if (views.empty()) return std::nullopt;
  const recognition seen = recognise_lines(views, *recognisable_formats(), with.pool);
  return path + ": " + to_text(seen, found.are_lines ? "lines" : "records");
}

bool uses_auto(const plan& of) {
  return std::ranges::find(of.root.stages, "auto", &planned_stage::name) != of.root.stages.end();
}

}  // namespace

std::vector<std::string> first_look(const plan& of, const context& with) {
  std::vector<std::string> seen;
  const auto paths = of.from->files();
  if (paths.empty() || !uses_auto(of)) return seen;
  for (const std::string& path : first_files(paths, *with.files)) {
    if (seen.size() == most_files) {
      seen.emplace_back("and more files");
      break;
    }
    if (auto format = look_into(path, with)) seen.push_back(*std::move(format));
  }
  return seen;
}

}  // namespace weir
