#include "engine/spool_stage.hpp"

#include "sink/spool.hpp"

namespace weir {
namespace {

struct spool_stage_options {
  std::string directory;
  byte_size limit{spool_options{}.limit_bytes};
};

}  // namespace

component spool_stage() {
  return declare<spool_stage_options>(
             component::role::stage, "spool",
             "Keeps records on disk while what is behind it is slow or away.")
      .describe(
          "What is behind it works by itself, on a thread of its own: the source and the other "
          "branches go on while it lags or waits, and memory stays as it is. Once the files have "
          "reached the limit, or the disk is full, the source waits as it would without a spool. "
          "Files go when their records have arrived; the run ends when all have.\n\n"
          "With --state, records in the spool are synced before the checkpoint moves on, and the "
          "next run goes on with them: the directory is then a part of the state, and is not to be "
          "lost before the records have arrived. What is behind the spool has its own checkpoint "
          "in DIRECTORY/state, and its dead letter is DIRECTORY/dead.ndjson. Without --state the "
          "spool ends with the run, whatever is in it, and the next run removes what is left of "
          "one that was killed.\n\n"
          "Parsers, `multiline` and `container` stand in front of a spool, `sort` and `top` behind "
          "it. Memory is shared evenly: each spool's part of the pipeline has a budget of its own.")
      .option("directory", &spool_stage_options::directory,
              "Where its files are; created if it is not there.", required)
      .option("limit", &spool_stage_options::limit, "How much its files may take.")
      .example("A slow service does not hold up the files",
               "from app.ndjson | json | tee (to all.ndjson) (where level = \"ERROR\" | spool "
               "waiting | to errors.ndjson)")
      .makes([](const spool_stage_options& o, reporter& report) -> product {
        if (o.directory.empty()) report.error("`spool` needs a directory", {});
        if (o.limit.bytes == 0) report.error("`limit` is at least 1", {}, "such as 10GiB");
        return std::make_unique<spool_sink>(
            spool_options{.directory = o.directory, .limit_bytes = o.limit.bytes});
      });
}

}  // namespace weir
