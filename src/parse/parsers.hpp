#pragma once
#include "weir/component.hpp"

namespace weir {

component auditd();
component auto_stage();
component cef();
component clf();
component csv();
component dissect();
component grok();
component journald();
component leef();
component logfmt();
component ltsv();
component mysql_slow();
component nginx();
component otlp();
component postgresql_csv();
component postgresql_log();
component regex();
component syslog();
component tsv();
component vpc_flow();
component w3c();
component windows_event();
component zeek();

}  // namespace weir
