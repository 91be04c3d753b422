#include "parse/json.hpp"
#include "sink/sinks.hpp"
#include "source/sources.hpp"
#include "stage/batch_stage.hpp"
#include "stage/head.hpp"
#include "weir/component.hpp"

namespace weir {

const std::vector<component>& components() {
  static const std::vector<component> table{
      // Sources.
      from_generate(),
      // Stages.
      batch_stage(),
      head(),
      json(),
      // Sinks.
      count_sink(),
      file_sink(),
      null_sink(),
      stdout_sink(),
  };
  return table;
}

}  // namespace weir
