#include "codec/decode.hpp"

#include <algorithm>

#include "codec/stored_input.hpp"
#include "codec/unpacker.hpp"

namespace weir {
namespace {

/// What was gathered to tell the codec.
chunk gathered(const stored_input& in) {
  return {.bytes = in.rest(), .memory = in.memory(), .fault = in.fault(), .verified_to = 0};
}

}  // namespace

byte_stream decode(byte_stream stored, decode_options options, const context& with) {
  stored_input in(std::move(stored), with.pool);
  std::optional<codec> content = options.as;
  while (!content) {
    const pull wanted = co_await request;
    if (in.fetch(wanted)) {
      content = sniff(in.rest(), in.ended());
    } else {
      chunk time;
      co_yield time;
    }
  }
  if (*content == codec::none) {
    chunk head = gathered(in);
    in.use(in.rest().size());
    if (!head.bytes.empty() || head.fault) co_yield head;
    head = {};  // its block would be out of use for as long as the stream is open
    while (chunk* next = in.upstream().next(co_await request)) co_yield *next;
    co_return;
  }
  unpacker work(std::move(in), *content, options, with.pool);
  while (!work.done()) {
    const pull wanted = co_await request;
    chunk out = work.next(wanted);
    if (!work.done() || !out.bytes.empty() || out.fault) co_yield out;
  }
}

byte_stream skip(byte_stream content, position begin, std::uint64_t& missing_bytes) {
  std::uint64_t bytes = begin.offset;
  bool fault_is_known = begin.past_fault;
  while (chunk* next = content.next(co_await request)) {
    const std::uint64_t part = std::min<std::uint64_t>(bytes, next->bytes.size());
    bytes -= part;
    next->bytes.remove_prefix(part);
    if (bytes > 0 && next->fault) break;
    if (fault_is_known && bytes == 0 && next->bytes.empty() && next->fault) next->fault.reset();
    if (!next->bytes.empty()) fault_is_known = false;
    co_yield *next;
  }
  if (bytes == 0) co_return;
  missing_bytes = bytes;
  chunk nothing;
  co_yield nothing;
}

}  // namespace weir
