#pragma once
#include "weir/component.hpp"

namespace weir {

/// The sinks, for the table in `components.cpp`.
component azure_sink();
component count_sink();
component file_sink();
component gcs_sink();
component http_sink();
component null_sink();
component postgres_sink();
component s3_sink();
component sqlite_sink();
component stdout_sink();

}  // namespace weir
