#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

// The fuzz target's own function.
#include "../../../fuzz/expr_fuzz.cpp"

namespace {

std::vector<std::string> corpus() {
  std::vector<std::string> seeds;
  for (const auto& entry :
       std::filesystem::directory_iterator{WEIR_SOURCE_DIR "/fuzz/corpus/expr"}) {
    std::ifstream in{entry.path(), std::ios::binary};
    seeds.emplace_back(std::istreambuf_iterator<char>{in}, std::istreambuf_iterator<char>{});
  }
  return seeds;
}

void feed(const std::string& text) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
}

TEST(expr_fuzz, the_corpus_and_every_beginning_of_it_run_through) {
  const auto seeds = corpus();
  ASSERT_GE(seeds.size(), 10u);
  for (const std::string& seed : seeds) {
    for (std::size_t size = 0; size <= seed.size(); ++size) feed(seed.substr(0, size));
  }
}

TEST(expr_fuzz, mixed_pieces_of_the_corpus_run_through) {
  const auto seeds = corpus();
  std::mt19937 random{7};
  const auto below = [&](std::size_t n) {
    return std::uniform_int_distribution<std::size_t>{0, n - 1}(random);
  };
  for (int i = 0; i < 3000; ++i) {
    std::string text;
    for (std::size_t pieces = 1 + below(3); pieces > 0; --pieces) {
      const std::string& seed = seeds[below(seeds.size())];
      const std::size_t from = below(seed.size());
      text += seed.substr(from, 1 + below(30));
    }
    if (!text.empty() && below(2)) text[below(text.size())] = static_cast<char>(below(256));
    feed(text);
  }
}

}  // namespace
