#pragma once
#include "weir/component.hpp"

namespace weir {

/// The declarations of the sources, for the table of components.
component from_azure();
component from_dead_letter();
component from_file();
component from_follow();
component from_gcs();
component from_generate();
component from_http();
component from_pages();
component from_s3();
component from_sqs();
component from_text();

}  // namespace weir
