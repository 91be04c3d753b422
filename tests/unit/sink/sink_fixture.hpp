#pragma once
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/disk.hpp"
#include "unit/memory_disk.hpp"
#include "weir/batch.hpp"
#include "weir/sink.hpp"

namespace weir::test {

/// What a sink needs: a context with virtual time, a directory of its own on the real disk, a
/// simulated disk, and batches.
class sink_fixture : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "weir-sink-XXXXXX";
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    directory_ = name;
    with_.pool = pool_;
    with_.time = &time_;
    with_.wake = &wake_;
    with_.files = real_.get();
    with_.started_ns = time_.wall_ns();
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  std::string path(const std::string& name) const { return directory_ + "/" + name; }
  static std::string text_of(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  /// What a shell command prints.
  static std::string output_of(const std::string& command) {
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen(command.c_str(), "r"), ::pclose);
    std::string out;
    std::array<char, 4096> part{};
    while (const std::size_t n = std::fread(part.data(), 1, part.size(), pipe.get())) {
      out.append(part.data(), n);
    }
    return out;
  }

  /// The next records of the shard, one a line.
  template <class Lines>
  batch records(const Lines& lines, shape as = shape::json) {
    batch out(pool_);
    out.open_run(shard_, at_);
    for (const std::string_view line : lines) {
      out.add(out.store().memory.copy(line), at_.number + 1, at_.offset).set_shape(as);
      at_ = {at_.offset + line.size() + 1, at_.number + 1};
      out.advance(at_);
    }
    return out;
  }
  batch records(std::initializer_list<std::string_view> lines, shape as = shape::json) {
    return records<std::initializer_list<std::string_view>>(lines, as);
  }

  std::shared_ptr<block_pool> pool_ =
      std::make_shared<block_pool>(std::make_shared<budget>(64UL << 20));
  virtual_clock time_;
  interrupt wake_;
  std::unique_ptr<disk> real_ = real_disk();
  memory_disk simulated_;
  context with_;
  std::string directory_;
  std::shared_ptr<const shard> shard_ =
      std::make_shared<const shard>(shard{"app.ndjson", "test", 0});
  position at_;
};

}  // namespace weir::test
