#pragma once
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace weir::test {

/// A temporary directory with files, gone at the end.
class file_tree {
 public:
  file_tree() {
    std::string pattern = std::filesystem::temp_directory_path() / "weir-source-XXXXXX";
    root_ = mkdtemp(pattern.data());
  }
  file_tree(const file_tree&) = delete;
  file_tree& operator=(const file_tree&) = delete;
  ~file_tree() {
    std::error_code ignored;
    std::filesystem::remove_all(root_, ignored);
  }

  std::string path(std::string_view name) const { return root_ / name; }
  std::string root() const { return root_; }

  std::string write(std::string_view name, std::string_view content) const {
    return put(name, content, std::ios::trunc);
  }
  std::string append(std::string_view name, std::string_view content) const {
    return put(name, content, std::ios::app);
  }

 private:
  std::string put(std::string_view name, std::string_view content, std::ios::openmode how) const {
    const auto file = root_ / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, how | std::ios::binary) << content;
    return file;
  }

  std::filesystem::path root_;
};

}  // namespace weir::test
