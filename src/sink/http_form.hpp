#pragma once
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "codec/encode.hpp"
#include "net/http.hpp"
#include "sink/http_body.hpp"
#include "weir/record.hpp"

namespace weir {

/// What the requests of a sink look like. The same records always make the same request, with the
/// same Idempotency-Key, in every attempt and every run.
class http_form {
 public:
  /// `like` is a request without a body.
  http_form(http_request like, http_body body, bool gzip);

  /// The requests are of that pipeline: their keys are its own.
  void belong_to(std::string pipeline) { pipeline_ = std::move(pipeline); }
  const std::string& url() const noexcept { return like_.url; }

  /// A request with these records, of which there is one at least. With `ask_leave`, a large body
  /// waits for the server to want it.
  http_request with(std::span<const record* const> records, bool ask_leave);

 private:
  std::string key_of(std::span<const record* const> records, std::string_view body) const;

  http_request like_;
  http_body body_;
  std::unique_ptr<encoder> packer_;
  std::string pipeline_;
};

}  // namespace weir
