#pragma once
#include <gtest/gtest.h>
#include <stdlib.h>
#include <zlib.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>

#include "unit/codec/byte_streams.hpp"

namespace weir::test {

/// A directory of its own, gone at the end.
class scratch {
 public:
  scratch() {
    std::string name = (std::filesystem::temp_directory_path() / "weir-codec-XXXXXX").string();
    EXPECT_NE(mkdtemp(name.data()), nullptr);
    path_ = name;
  }
  ~scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  scratch(const scratch&) = delete;
  scratch& operator=(const scratch&) = delete;
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

/// What `command` makes of `bytes`, from its standard input to its standard output.
inline std::string pipe_through(const std::string& command, const std::string& bytes) {
  const scratch at;
  std::ofstream(at / "in", std::ios::binary) << bytes;
  const std::string line = command + " < " + (at / "in") + " > " + (at / "out");
  EXPECT_EQ(std::system(line.c_str()), 0) << line;
  return read_file(at / "out");
}

inline std::string deflate_zlib(const std::string& bytes) {
  uLongf size = compressBound(bytes.size());
  std::string out(size, '\0');
  EXPECT_EQ(compress(reinterpret_cast<Bytef*>(out.data()), &size,
                     reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()),
            Z_OK);
  out.resize(size);
  return out;
}

/// A codec and a program, not weir's, that writes it with checksums.
struct writer {
  std::string name;
  std::size_t magic_bytes;  ///< fewer of them are not enough to tell the codec
  std::function<std::string(const std::string&)> compress;
};

inline const std::vector<writer>& writers() {
  static const auto tool = [](const char* command) {
    return [command](const std::string& bytes) { return pipe_through(command, bytes); };
  };
  static const std::vector<writer> all{
      {"gzip", 2, tool("gzip -c")},    {"zlib", 9, deflate_zlib}, {"zstd", 4, tool("zstd -qc")},
      {"bzip2", 10, tool("bzip2 -c")}, {"xz", 6, tool("xz -0c")}, {"lz4", 4, tool("lz4 -qc")},
  };
  return all;
}

/// Lines like those of a log, the same each time.
inline std::string log_text(std::size_t bytes) {
  std::mt19937 random{7};
  std::string out;
  while (out.size() < bytes) {
    out += "{\"level\":\"INFO\",\"status\":" + std::to_string(random() % 600) +
           ",\"id\":" + std::to_string(random()) + "}\n";
  }
  out.resize(bytes);
  return out;
}

}  // namespace weir::test
