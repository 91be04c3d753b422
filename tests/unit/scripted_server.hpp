#pragma once
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "unit/server_process.hpp"

namespace weir::test {

/// One request that is to come, and what becomes of it.
struct script_entry {
  std::string request = {};   ///< "GET /path"; any if empty
  std::string answer = {};    ///< as it goes out
  std::uint64_t fill = 0;     ///< that many bytes, the alphabet again and again, after the answer
  std::string then = "keep";  ///< the connection; or "close", "reset", "stall"
  std::string having = {};    ///< what the request's body has in it
  std::size_t after = 0;      ///< it is answered only once so many requests have come
};
using script = std::vector<script_entry>;

/// One request as the server got it.
struct seen_request {
  std::string method;
  std::string target;
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
  std::size_t open = 0;  ///< requests without an answer when it had come, itself included

  /// Its value; "" if it is missing.
  std::string header(std::string_view name) const {
    for (const auto& [known, value] : headers)
      if (known == name) return value;
    return {};
  }
};

/// tests/servers/scripted_http.py with a script. The test fails if it is sent anything that is not
/// HTTP or not in the script.
class scripted_server {
 public:
  /// `certificate` is a PEM file with a key; empty for plain HTTP.
  explicit scripted_server(const script& entries, const std::string& certificate = {})
      : process_(command(certificate)), tls_(!certificate.empty()) {
    process_.write(as_json(entries).dump() + "\n");
    port_ = process_.read_line();
  }
  ~scripted_server() {
    if (!asked_) requests();
  }
  scripted_server(const scripted_server&) = delete;
  scripted_server& operator=(const scripted_server&) = delete;

  std::string url(const std::string& target = "/") const {
    return (tls_ ? "https://localhost:" : "http://127.0.0.1:") + port_ + target;
  }
  const std::string& port() const { return port_; }

  /// Ends it: what it was sent.
  std::vector<seen_request> requests() {
    asked_ = true;
    process_.end_input();
    const auto log = nlohmann::json::parse(process_.read_line());
    for (const auto& error : log["errors"]) ADD_FAILURE() << error.get<std::string>();
    std::vector<seen_request> all;
    for (const auto& r : log["requests"])
      all.push_back({r["method"], r["target"], r["body"], r["headers"], r["open"]});
    return all;
  }

 private:
  static std::vector<std::string> command(const std::string& certificate) {
    std::vector<std::string> words{"python3", WEIR_SOURCE_DIR "/tests/servers/scripted_http.py"};
    if (!certificate.empty()) words.push_back(certificate);
    return words;
  }

  static nlohmann::json as_json(const script& entries) {
    auto all = nlohmann::json::array();
    for (const script_entry& e : entries) {
      nlohmann::json one{{"answer", e.answer},
                         {"fill", e.fill},
                         {"then", e.then},
                         {"having", e.having},
                         {"after", e.after}};
      if (!e.request.empty()) one["for"] = e.request;
      all.push_back(one);
    }
    return all;
  }

  server_process process_;
  bool tls_;
  bool asked_ = false;
  std::string port_;
};

/// An answer with a body and its length.
inline std::string answer(const std::string& status, const std::string& body,
                          const std::string& headers = {}) {
  return "HTTP/1.1 " + status + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
         headers + "\r\n" + body;
}

}  // namespace weir::test
