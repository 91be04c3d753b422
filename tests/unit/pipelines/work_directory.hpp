#pragma once
#include <filesystem>
#include <fstream>
#include <map>
#include <stdexcept>
#include <string>

namespace weir::test {

/// A directory of its own that is the working directory while this lives.
class work_directory {
 public:
  work_directory() : before_(std::filesystem::current_path()) {
    std::string name = (std::filesystem::temp_directory_path() / "weir-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
    path_ = name;
    std::filesystem::current_path(path_);
  }
  ~work_directory() {
    std::filesystem::current_path(before_);
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  work_directory(const work_directory&) = delete;
  work_directory& operator=(const work_directory&) = delete;

 private:
  std::filesystem::path before_;
  std::filesystem::path path_;
};

/// Writes files by name, with the directories that they need.
inline void write_files(const std::map<std::string, std::string>& files) {
  for (const auto& [name, content] : files) {
    const std::filesystem::path parent = std::filesystem::path(name).parent_path();
    if (!parent.empty()) std::filesystem::create_directories(parent);
    std::ofstream{name, std::ios::binary} << content;
  }
}

}  // namespace weir::test
