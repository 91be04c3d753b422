#include "sink/sinks.hpp"
#include "weir/batch.hpp"

namespace weir {
namespace {

struct null_options {};

class nowhere final : public sink {
 public:
  void open(const context&) override {}
  delivery write(const batch&) override { return {}; }
  delivery close() override { return {}; }
  bool takes_any_text() const noexcept override { return true; }
  std::string guarantee() const override { return "nothing is kept"; }
};

}  // namespace

component null_sink() {
  return declare<null_options>(component::role::sink, "null", "Discard the records.")
      .describe("For measuring, and for pipelines that are run for their counts alone.")
      .example("Count by rule without writing anything",
               "from app.ndjson | json | where level = \"ERROR\" | to null")
      .makes([](const null_options&, reporter&) -> product { return std::make_unique<nowhere>(); });
}

}  // namespace weir
