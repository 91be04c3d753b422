#pragma once
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

namespace weir::test {

/// The conformance data beside the checkout (`../shared/data`, or the environment's WEIR_DATA).
inline std::filesystem::path data(const std::string& name) {
  return std::filesystem::path{WEIR_DATA} / name;
}

}  // namespace weir::test

/// Skips the test, loudly, where the conformance data is not there. In CI, where it has to be, fails.
#define WEIR_NEED_DATA(name)                                                      \
  if (!std::filesystem::exists(weir::test::data(name))) {                         \
    if (std::getenv("CI")) FAIL() << "CI without " << weir::test::data(name);     \
    GTEST_SKIP() << "needs " << weir::test::data(name) << ": see CONTRIBUTING.md"; \
  }                                                                               \
  static_assert(true)
