#include "cli/first_look.hpp"

#include <algorithm>
#include <vector>

#include "base/disk.hpp"
#include "parse/recognition.hpp"
#include "source/listing.hpp"
#include "source/sample.hpp"
#include "weir/error.hpp"

namespace weir {
namespace {

/// Empty if there is none. What is wrong with the inputs is for the run to say.
std::string first_file(const std::vector<std::string>& paths, disk& files) {
  try {
    unreadable_inputs ignored;
    auto found = named_files(paths, files, ignored);
    const std::string* const path = found.next();
    return path == nullptr ? std::string{} : *path;
  } catch (const error&) {
    return {};
  }
}

bool uses_auto(const plan& of) {
  return std::ranges::find(of.root.stages, "auto", &planned_stage::name) != of.root.stages.end();
}

}  // namespace

std::optional<std::string> first_look(const plan& of, const context& with) {
  const auto paths = of.from->files();
  if (paths.empty() || !uses_auto(of)) return std::nullopt;
  const std::string path = first_file(paths, *with.files);
  const auto status = with.files->status(path);
  if (!status || status->is != file_status::kind::regular) return std::nullopt;
  const sampled_records found = first_records(path, {}, with, recognition_lines);
  const std::vector<std::string_view> views(found.texts.begin(), found.texts.end());
  if (views.empty()) return std::nullopt;
  const recognition seen = recognise_lines(views, *recognisable_formats(), with.pool);
  return path + ": " + to_text(seen, found.are_lines ? "lines" : "records");
}

}  // namespace weir
