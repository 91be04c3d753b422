#include "source/identity.hpp"

#include <gtest/gtest.h>

namespace weir {
namespace {

const file_status some_file{.device = 0xfd01, .inode = 123'456'789};

TEST(FileIdentity, TellsWhatItWasMadeOf) {
  const auto identity = file_identity(some_file, "first line\n");
  for (const auto& known : {identity, identity + ":1700000000000000000"}) {
    const auto parts = parse_file_identity(known);
    ASSERT_TRUE(parts) << known;
    EXPECT_EQ(parts->device, some_file.device);
    EXPECT_EQ(parts->inode, some_file.inode);
    EXPECT_EQ(parts->head_bytes, 11u);
    EXPECT_TRUE(begins_as(*parts, "first line\nand more"));
    EXPECT_FALSE(begins_as(*parts, "first line"));
    EXPECT_FALSE(begins_as(*parts, "first lines"));
  }
}

TEST(FileIdentity, IsNoOtherText) {
  for (const char* other : {"", "stream:-", "fd01", "fd01:75bcd15:11", "fd01:75bcd15:11:xyz",
                            "fd01:75bcd15:99999999999:0123456789abcdef", "fd01,75bcd15,11,0"}) {
    EXPECT_FALSE(parse_file_identity(other)) << other;
  }
}

}  // namespace
}  // namespace weir
