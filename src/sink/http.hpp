#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "weir/component.hpp"
#include "weir/sink.hpp"

namespace weir {

struct http_sink_options {
  web_url url;
  std::string format = "ndjson";  ///< ndjson or array
  std::string record;             ///< a template; empty for the record itself
  std::string body;               ///< what stands around the records; empty for nothing
  std::string method = "POST";
  std::string content_type;  ///< empty: by the format
  std::optional<secret> bearer;
  std::string user;
  std::optional<secret> password;
  std::vector<secret> header;
  std::string compress = "none";
  std::chrono::nanoseconds timeout = std::chrono::seconds{60};
  std::optional<double> rate;     ///< requests a second at most
  std::uint64_t concurrency = 1;  ///< requests on their way at most
  std::string ca;
};

/// What `to https://HOST/PATH` writes to. Throws weir::error (usage) if the options contradict each
/// other.
std::unique_ptr<sink> make_http_sink(const http_sink_options& options);

}  // namespace weir
