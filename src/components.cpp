#include <algorithm>

#include "engine/splits.hpp"
#include "engine/spool_stage.hpp"
#include "parse/json.hpp"
#include "parse/named_formats.hpp"
#include "parse/parsers.hpp"
#include "sink/sinks.hpp"
#include "source/sources.hpp"
#include "stage/batch_stage.hpp"
#include "stage/boundary.hpp"
#include "stage/container.hpp"
#include "stage/field_stages.hpp"
#include "stage/head.hpp"
#include "stage/multiline.hpp"
#include "stage/order.hpp"
#include "stage/throttle.hpp"
#include "weir/component.hpp"

namespace weir {

namespace {

/// The stages that are formats told by data, in front of the sinks.
std::vector<component> with_named_formats(std::vector<component> table) {
  const auto sinks = std::ranges::find(table, component::role::sink, &component::is);
  std::vector<component> made;
  for (const named_format& f : named_formats()) made.push_back(component_of(f));
  table.insert(sinks, made.begin(), made.end());
  return table;
}

}  // namespace

const std::vector<component>& components() {
  static const std::vector<component> table = with_named_formats({
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
      from_sqs(),
      from_text(),
      // Stages.
      auditd(),
      auto_stage(),
      batch_stage(),
      buffer_stage(),
      cef(),
      clf(),
      container_stage(),
      csv(),
      dissect(),
      drop_stage(),
      grok(),
      head(),
      journald(),
      json(),
      keep_stage(),
      leef(),
      logfmt(),
      ltsv(),
      multiline_stage(),
      mysql_slow(),
      nginx(),
      otlp(),
      postgresql_csv(),
      postgresql_log(),
      regex(),
      rename_stage(),
      route(),
      search_stage(),
      set_stage(),
      sort_stage(),
      spool_stage(),
      syslog(),
      tee(),
      throttle_stage(),
      time_stage(),
      top_stage(),
      tsv(),
      vpc_flow(),
      w3c(),
      where_stage(),
      windows_event(),
      zeek(),
      // Sinks.
      azure_sink(),
      count_sink(),
      file_sink(),
      gcs_sink(),
      http_sink(),
      null_sink(),
      postgres_sink(),
      s3_sink(),
      sqlite_sink(),
      stdout_sink(),
  });
  return table;
}

}  // namespace weir
