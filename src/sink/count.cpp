#include <unistd.h>

#include <cstdint>
#include <string>

#include "sink/output.hpp"
#include "sink/sinks.hpp"
#include "weir/batch.hpp"

namespace weir {
namespace {

struct count_options {};

class counter final : public sink {
 public:
  void open(const context& with) override {
    with_ = &with;
    count_ = 0;
  }
  delivery write(const batch& records) override {
    count_ += records.size();
    return {};
  }
  delivery close() override {
    output out("stdout", inherited_output(STDOUT_FILENO), *with_);
    out.buffer() = std::to_string(count_) + '\n';
    return out.close();
  }
  bool takes_any_text() const noexcept override { return true; }
  std::string guarantee() const override { return "every record is counted once"; }

 private:
  const context* with_ = nullptr;
  std::uint64_t count_ = 0;
};

}  // namespace

component count_sink() {
  return declare<count_options>(component::role::sink, "count",
                                "Print how many records there were.")
      .describe("The number goes to standard output as one line, once the input has ended.")
      .example("How many errors", "from app.ndjson | json | where level = \"ERROR\" | to count")
      .makes(
          [](const count_options&, reporter&) -> product { return std::make_unique<counter>(); });
}

}  // namespace weir
