#include "source/rotated_name.hpp"

#include <gtest/gtest.h>

namespace weir {
namespace {

rotated_name read(const char* path) {
  return rotated_name_of(path, "logs/app.log").value_or(rotated_name{});
}

TEST(ARotatedName, IsThatOfTheLogWithDigitsInIt) {
  EXPECT_EQ(read("logs/app.log.1"), (rotated_name{"app.log.#", "1"}));
  EXPECT_EQ(read("old/app.log.12.gz"), (rotated_name{"app.log.#", "12"}));
  EXPECT_EQ(read("app-20260102.log.xz"), (rotated_name{"app-#.log", "20260102"}));
  EXPECT_EQ(read("app.log-2026-01-02T03"), (rotated_name{"app.log-#-#-#T#", "2026.01.02.03"}));
  EXPECT_EQ(rotated_name_of("p4.log.3", "p4.log"), (rotated_name{"p4.log.#", "3"}));
  EXPECT_EQ(rotated_name_of("messages.3", "messages"), (rotated_name{"messages.#", "3"}));
}

TEST(ARotatedName, IsNoOtherLogs) {
  for (const char* path : {"app.log", "app.log.gz", "app.log.old", "app-error.log", "app1.log",
                           "app.log.1x", "web.log.1", "app.log.", "app.1.txt"}) {
    EXPECT_FALSE(rotated_name_of(path, "app.log")) << path;
  }
}

TEST(ARotatedName, TellsWhatCameLater) {
  EXPECT_TRUE(is_rotated_later(read("app.log.2"), read("app.log.10.gz")));
  EXPECT_FALSE(is_rotated_later(read("app.log.10"), read("app.log.2")));
  EXPECT_TRUE(is_rotated_later(read("app-20260102.log"), read("app-20260101.log")));
  EXPECT_FALSE(is_rotated_later(read("app.log.1"), read("app-20260101.log")));
  EXPECT_TRUE(is_rotated_later(read("app-2026-01-02.10.log"), read("app-2026-01-02.9.log")));
  EXPECT_TRUE(is_rotated_later(read("app-2026-01-03.1.log"), read("app-2026-01-02.9.log")));
  EXPECT_FALSE(is_rotated_later(read("app-2026-01-02.9.log"), read("app-2026-01-02.10.log")));
  EXPECT_FALSE(is_rotated_later(read("app.log.1"), read("app.log.1.gz")));
  EXPECT_TRUE(read("app.log.1").is_counted());
  EXPECT_FALSE(read("app.log.20260101").is_counted());
  EXPECT_FALSE(read("app-1.log").is_counted());
}

}  // namespace
}  // namespace weir
