#include "sink/output.hpp"

#include "unit/sink/sink_fixture.hpp"

namespace weir {
namespace {

using output_test = test::sink_fixture;

TEST_F(output_test, is_full_at_its_limit_wherever_it_goes_on) {
  for (const std::uint64_t length_bytes : {0u, 3u}) {
    std::ofstream{path("out")} << "a\n\n";
    output out = output::continued(with_, path("out"), length_bytes, nullptr, 4);
    out.buffer() += "bcd";
    EXPECT_FALSE(out.is_full());
    out.buffer() += '\n';
    EXPECT_TRUE(out.is_full()) << length_bytes;
    ASSERT_TRUE(out.close());
  }
}

}  // namespace
}  // namespace weir
