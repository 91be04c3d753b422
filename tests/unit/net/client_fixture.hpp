#pragma once
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "net/http_client.hpp"
#include "net/http_exchange.hpp"
#include "unit/patient_clock.hpp"
#include "unit/scripted_server.hpp"

namespace weir::test {

/// An HTTP client in virtual time.
struct client_fixture : testing::Test {
  patient_clock time;
  interrupt wake;
  std::shared_ptr<budget> ceiling = std::make_shared<budget>(64u << 20);
  context with{.pool = std::make_shared<block_pool>(ceiling),
               .time = &time,
               .wake = &wake,
               .files = nullptr,
               .started_ns = 0};
  http_options options;

  http_client client() { return {options, time, wake}; }
};

inline http_request get(const std::string& url) {
  http_request r;
  r.url = url;
  return r;
}

inline http_request post(const std::string& url, const std::string& body) {
  http_request r;
  r.method = "POST";
  r.url = url;
  r.body = body;
  return r;
}

}  // namespace weir::test
