#include <algorithm>
#include <filesystem>

#include "conformance/tally.hpp"
#include "weir/pipeline.hpp"

namespace weir::conformance {
namespace {

/// Whether the format of each line was found.
tally corpus(const std::string& file, std::vector<difference> known = {}) {
  tally t(file + ": auto", std::move(known));
  pipeline p("from \"" WEIR_DATA "/" + file + "\" | auto");
  for (const batch& b : p.lanes(1).batches()) {
    for (const record& r : b.all()) {
      if (r.fate() == blank) continue;
      t.judge(json(r.raw()).dump(-1, ' ', false, json::error_handler_t::replace), true,
              r.is_live() && r.shape() != shape::text);
    }
  }
  return t;
}

}  // namespace

std::vector<tally> recognition_sets() {
  std::vector<tally> all;
  for (const char* system : {"Apache", "HDFS", "Hadoop", "HealthApp", "Linux", "Mac", "OpenStack",
                             "Spark", "Zookeeper"}) {
    const std::string name = system;
    all.push_back(corpus("loghub/" + name + "/" + name + "_2k.log"));
  }
  all.push_back(corpus("syslog/logs/auth.log"));
  all.push_back(corpus("web/apache_logs/apache_logs.gz",
                       {{"grok-py-test/configlib.py HTTP/1.1\\\" 200 235",
                         "the line ends inside of the agent, and stays text"}}));
  return all;
}

}  // namespace weir::conformance
