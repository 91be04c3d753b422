#include "source/read_remote.hpp"

#include <fmt/format.h>

#include <utility>

#include "codec/codec.hpp"
#include "source/connection.hpp"
#include "source/framed.hpp"
#include "source/shard_end.hpp"

namespace weir {
namespace {

/// Tells the codec from the first bytes, which are `head`: at least two, if there are so many.
byte_stream learn_codec(remote_object& object, std::optional<codec>& found, std::string& head,
                        const context& with) {
  std::atomic<std::uint64_t> uncounted = 0;
  auto bytes = object.bytes(0, with, uncounted);
  while (!found) {
    chunk* const some = bytes.next(co_await request);
    if (some) head += some->bytes;
    if (some == nullptr || head.size() > 3) found = sniff(head, some == nullptr);
    chunk time;
    if (!found) co_yield time;
  }
}

/// The content of `object` from `begin` on: plain bytes are asked for from there; compressed ones,
/// and those in another character set, are read from the start and dropped.
byte_stream content_from(ranged_object& object, position begin, decode_options decoding,
                         const reading_options& how, const context& with,
                         std::atomic<std::uint64_t>& bytes_read, std::uint64_t& missing_bytes) {
  transcode_options characters = to_transcode_options(how);
  const bool by_mark = characters.encoding == encoding_by_mark;
  const bool may_be_sought = begin.offset > 0 && (by_mark || characters.changes_nothing());
  if (may_be_sought && (by_mark || !decoding.as)) {
    std::string head;
    std::optional<codec> found;
    auto learning = learn_codec(object.beginning(), found, head, with);
    while (chunk* const time = learning.next(co_await request)) co_yield *time;
    if (!decoding.as) decoding.as = found;
    if (decoding.as == codec::none) characters = to_transcode_options(how, head);
  }
  const bool same_bytes = characters.changes_nothing();
  const bool plain = begin.offset > 0 && same_bytes && decoding.as == codec::none;
  auto stored = object.bytes(plain ? begin.offset : 0, with, bytes_read);
  if (plain) bytes_read.fetch_add(begin.offset, std::memory_order_relaxed);
  auto content = plain ? std::move(stored) : decode(std::move(stored), decoding, with);
  if (!same_bytes) content = transcode(std::move(content), characters, with);
  if (begin != position{} && !plain) {
    content = skip(std::move(content), begin, missing_bytes);
  }
  while (chunk* const some = content.next(co_await request)) co_yield *some;
}

/// What tells how to ask is taken from `what`.
remote_object::access access_to(remote_shard& what, const remote_means& means,
                                const http_client& client) {
  const std::uint64_t prefetch = means.room ? means.room->bytes() : 0;
  return {.request = std::move(what.request),
          .read_error = std::move(what.read_error),
          .version_header = std::move(what.version_header),
          .patience = client.options().patience,
          .limit = means.limit,
          .stretch_bytes = comes_in_stretches(what.size_bytes, prefetch) ? stretch_bytes : 0};
}

/// The version that was listed has another size than it is said to have now: then one of both is
/// wrong, and the answer may not be the whole.
bool contradict(const object_version& listed, const object_version& given) {
  return !listed.etag.empty() && listed.etag == given.etag && listed.size && given.size &&
         *listed.size != *given.size;
}

std::string reason_of(const std::string& name, const http_failure& why) {
  std::string reason = why.message.starts_with(name) ? why.message : name + ": " + why.message;
  if (!why.hint.empty()) reason += " (" + why.hint + ")";
  return reason;
}

}  // namespace

std::string remote_identity(const std::string& name, const object_version& version) {
  if (!version.etag.empty()) return fmt::format("{}#{}", name, version.etag);
  if (!version.modified.empty())
    return fmt::format("{}#{}:{}", name, version.modified, version.size.value_or(0));
  return "stream:" + name;
}

stream read_remote(remote_shard what, reading& how, remote_means means, const context& with,
                   resume_points resume) {
  const http_clients::lease client = means.clients->borrow();
  ranged_object object(access_to(what, means, *client), *client, {means.clients, means.room});
  batch nothing(with.pool);
  for (;;) {
    const pull want = co_await request;
    if (want.drain) co_return;
    if (object.beginning().await_open(want.until, *with.pool)) break;
    nothing.reset(with.pool);
    co_yield nothing;
  }
  const auto is_unreadable = [&](std::string reason, exit_code code) {
    how.unreadable.add(std::move(reason), code);
    if (means.on_unreadable) means.on_unreadable();
  };
  const auto has_failed = [&](const http_failure& why) {
    is_unreadable(reason_of(what.name, why), code_of(why));
  };
  if (const http_failure* const why = object.failure()) {
    has_failed(*why);
    co_return;
  }
  const object_version& version = object.beginning().version();
  if (contradict(what.version, version)) {
    is_unreadable(fmt::format("{}: the listing says {} bytes, the answer {}", what.name,
                              *what.version.size, *version.size),
                  exit_code::io);
    co_return;
  }
  auto of = std::make_shared<const shard>(
      shard{.name = what.name,
            .identity = remote_identity(what.name, version),
            .modified_ns = version.modified_ns > 0 ? version.modified_ns : with.started_ns});
  if (resume && !version.is_certain()) {
    is_unreadable(what.name + ": the server names no version, by which --state would go on",
                  exit_code::io);
    co_return;
  }
  const position from = resume ? resume(*of) : position{};
  auto decoding = to_decode_options(how.options);
  decoding.stored_bytes = version.size;
  std::uint64_t missing_bytes = 0;
  auto content =
      content_from(object, from, decoding, how.options, with, how.stored_bytes, missing_bytes);
  const auto broke_off = [&] { return object.failure() != nullptr || missing_bytes > 0; };
  reading_progress so_far{.at = from};
  stream records = framed(std::move(content), of, from, how, with, broke_off);
  while (batch* const some = records.next(co_await request)) {
    so_far.note(*some);
    co_yield *some;
  }
  const bool drained = (co_await request).drain;
  if (const http_failure* const why = object.failure()) {
    has_failed(*why);
  } else if (missing_bytes > 0) {
    is_unreadable(fmt::format("{}: of this version {} bytes were read before, but it ends {} short",
                              what.name, from.offset, missing_bytes),
                  exit_code::io);
  } else if (resume && !so_far.ended && !drained) {
    tell_end(nothing, of, so_far.at, with);
    co_yield nothing;
  }
}

}  // namespace weir
