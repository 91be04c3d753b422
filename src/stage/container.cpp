#include "stage/container.hpp"

#include "record/container_parts.hpp"

namespace weir {
namespace {

struct container_options {
  byte_size max_bytes{1 << 20};
  std::string on_limit = "split";
  std::chrono::nanoseconds timeout = std::chrono::seconds{1};
};

}  // namespace

component container_stage() {
  return declare<container_options>(component::role::stage, "container",
                                    "Joins the parts of long lines in logs of containers.")
      .describe(
          "Stands in front of a parser. Container runtimes cut the lines of a program into parts "
          "of "
          "16 KiB: those of CRI have the tag P except for the last one (F), and those of Docker's "
          "json-file end without `\\n` in `log` except for the last one. The parts become one line "
          "of the same format, each stream (stdout, stderr) by itself, with the time of the first. "
          "Other lines pass; they end what is open in front of them.\n\n"
          "The joined line has the place of its first part; the other parts count as joined. What "
          "lies behind an open line waits for it. A line that waits longer than `timeout` for its "
          "next part goes on as it is, as it does at the end of the input and when it reaches the "
          "limit; the next part then begins a line. With --state, a line that was not handed on "
          "yet is read again.")
      .option("max_bytes", &container_options::max_bytes,
              "A line ends once so many bytes of the log were read since its first part.")
      .option("on_limit", &container_options::on_limit,
              "What becomes of a line at its limit: it ends there, or is rejected.",
              {.choices = {"split", "reject"}})
      .option("timeout", &container_options::timeout,
              "How long a line waits for its last part; 0s: for ever.")
      .example("A pod's log", "from pod.log | container | cri")
      .makes([](const container_options& o, reporter& report) -> product {
        if (o.max_bytes.bytes == 0 || o.max_bytes.bytes > (1u << 30))
          report.error("`max_bytes` must lie between 1 and 1GiB", {});
        const container_parts::limits limits{
            .bytes = o.max_bytes.bytes, .rejects = o.on_limit == "reject", .timeout = o.timeout};
        return stage{.per_batch = {},
                     .whole =
                         [limits](stream in, const context& with, const stage_id& id) {
                           return with_whole_lines(std::move(in), limits, &id, &with);
                         },
                     .holds_min_bytes = block_bytes,
                     .holds_max_bytes = 2 * o.max_bytes.bytes};
      });
}

}  // namespace weir
