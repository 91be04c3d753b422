#include "cli/progress.hpp"

#include <gtest/gtest.h>

namespace weir {
namespace {

const progress half_way{.in = 5'400'000,
                        .delivered = 540'000,
                        .rejected = 3,
                        .stored_bytes = 1'200'000'000,
                        .stored_bytes_total = 2'400'000'000,
                        .seconds = 2};

TEST(Progress, ShowsShareSpeedTimeLeftAndCounts) {
  EXPECT_EQ(progress_text(half_way, 200),
            " 50%  1.2 GB of 2.4 GB  600 MB/s  5,400,000 records  2.7 M/s  ETA 2s  "
            "540,000 out  3 rejected");
}

TEST(Progress, LeavesOutWhatDoesNotFit) {
  EXPECT_EQ(progress_text(half_way, 40), " 50%  1.2 GB of 2.4 GB  600 MB/s");
  EXPECT_EQ(progress_text(half_way, 3), "");
}

TEST(Progress, PromisesNothingForAnInputOfUnknownSize) {
  const progress endless{.in = 10,
                         .delivered = 10,
                         .rejected = 0,
                         .stored_bytes = 2'400,
                         .stored_bytes_total = std::nullopt,
                         .seconds = 1};
  EXPECT_EQ(progress_text(endless, 200), "2.4 kB  2.4 kB/s  10 records  10/s  10 out");
}

TEST(Progress, HasNoBytesWhereNoneAreRead) {
  progress generated = half_way;
  generated.stored_bytes = 0;
  generated.stored_bytes_total = std::nullopt;
  EXPECT_EQ(progress_text(generated, 200), "5,400,000 records  2.7 M/s  540,000 out  3 rejected");
}

TEST(Progress, SaysNothingOfTheTimeLeftInTheFirstSecond) {
  progress early = half_way;
  early.seconds = 0.5;
  EXPECT_EQ(progress_text(early, 200).find("ETA"), std::string::npos);
}

std::string drawn(std::size_t times) {
  std::FILE* const file = std::tmpfile();
  {
    progress_line line(file, 60);
    for (std::size_t i = 0; i < times; ++i) line.draw(half_way);
  }
  std::string out(static_cast<std::size_t>(std::ftell(file)), '\0');
  std::rewind(file);
  EXPECT_EQ(std::fread(out.data(), 1, out.size(), file), out.size());
  std::fclose(file);
  return out;
}

TEST(ProgressLine, IsDrawnOverItselfAndWipedAtTheEnd) {
  const std::string once = "\r" + progress_text(half_way, 59) + "\x1b[K";
  EXPECT_EQ(drawn(2), once + once + "\r\x1b[K");
}

TEST(ProgressLine, LeavesNoTraceIfItWasNeverDrawn) {
  EXPECT_EQ(drawn(0), "");
}

}  // namespace
}  // namespace weir
