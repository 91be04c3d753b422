#pragma once
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sink/http.hpp"
#include "sink_fixture.hpp"
#include "unit/patient_clock.hpp"
#include "unit/scripted_server.hpp"

namespace weir::test {

inline const std::string ok = answer("200 OK", "");
/// A bad answer keeps the connection, as servers do.
inline std::string status(const std::string& line, const std::string& body = {}) {
  return answer(line, body);
}

/// The sink `to https://...` in virtual time, before a server that plays a script.
struct http_sink_fixture : sink_fixture {
  patient_clock patient_;
  http_sink_options options_;
  std::unique_ptr<sink> sink_;

  void SetUp() override {
    sink_fixture::SetUp();
    with_.time = &patient_;
  }
  void open(const scripted_server& server, const std::string& target = "/in") {
    options_.url.text = server.url(target);
    sink_ = make_http_sink(options_);
    sink_->open(with_);
  }
  /// Why records were not taken since the last commit, by their number.
  std::vector<std::pair<std::uint64_t, std::string>> not_taken() {
    std::vector<std::pair<std::uint64_t, std::string>> out;
    const auto ready = sink_->prepare();
    for (const refused_record& r : ready->refused) {
      out.emplace_back(r.number, r.why);
      EXPECT_EQ(r.source, shard_.get());
    }
    EXPECT_TRUE(sink_->commit({}));
    return out;
  }
};

inline std::vector<std::string> bodies(const std::vector<seen_request>& all) {
  std::vector<std::string> out;
  for (const seen_request& r : all) out.push_back(r.body);
  return out;
}

}  // namespace weir::test
