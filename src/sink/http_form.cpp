#include "sink/http_form.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/digest.hpp"

namespace weir {
namespace {

/// From here on a body can be worth asking for leave to send it.
constexpr std::size_t large_body_bytes = 1 << 10;

}  // namespace

http_form::http_form(http_request like, http_body body, bool gzip)
    : like_(std::move(like)),
      body_(std::move(body)),
      packer_(gzip ? make_encoder(codec::gzip) : nullptr) {}

http_request http_form::with(std::span<const record* const> records, bool ask_leave) {
  http_request out;
  out.method = like_.method;
  out.url = like_.url;
  out.headers = like_.headers;
  out.credentials = like_.credentials;
  out.body = body_.of(records);
  out.headers.push_back({"Idempotency-Key", key_of(records, out.body)});
  out.repeatable = true;  // under the same key
  if (packer_) {
    std::string packed;
    packer_->write(out.body, packed);
    packer_->end_member(packed);
    out.body = std::move(packed);
  }
  if (ask_leave && out.body.size() > large_body_bytes) {
    out.headers.push_back({"Expect", "100-continue"});
  }
  return out;
}

std::string http_form::key_of(std::span<const record* const> records, std::string_view body) const {
  const record& first = *records.front();
  const record& last = *records.back();
  return lower_hex(sha256(fmt::format("{}\n{} {}\n{} {}\n{}", pipeline_, first.source().identity,
                                      first.number(), last.source().identity, last.number(), body)))
      .substr(0, 32);
}

}  // namespace weir
