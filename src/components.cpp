#include "engine/splits.hpp"
#include "parse/json.hpp"
#include "parse/parsers.hpp"
#include "sink/sinks.hpp"
#include "source/sources.hpp"
#include "stage/batch_stage.hpp"
#include "stage/boundary.hpp"
#include "stage/field_stages.hpp"
#include "stage/head.hpp"
#include "stage/order.hpp"
#include "weir/component.hpp"

namespace weir {

const std::vector<component>& components() {
  static const std::vector<component> table{
      // Sources.
      from_azure(),
      from_dead_letter(),
      from_file(),
      from_follow(),
      from_gcs(),
      from_generate(),
      from_http(),
      from_pages(),
      from_s3(),
      from_text(),
      // Stages.
      batch_stage(),
      buffer_stage(),
      clf(),
      dissect(),
      drop_stage(),
      grok(),
      head(),
      json(),
      keep_stage(),
      logfmt(),
      regex(),
      rename_stage(),
      route(),
      search_stage(),
      set_stage(),
      sort_stage(),
      syslog(),
      tee(),
      time_stage(),
      top_stage(),
      where_stage(),
      // Sinks.
      count_sink(),
      file_sink(),
      http_sink(),
      null_sink(),
      postgres_sink(),
      s3_sink(),
      sqlite_sink(),
      stdout_sink(),
  };
  return table;
}

}  // namespace weir
