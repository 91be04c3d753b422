#include "source/text.hpp"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>

#include "source/sources.hpp"

namespace weir {
namespace {

/// `text` outlives the stream.
byte_stream bytes_of(std::string_view text, const context& with) {
  chunk out;
  while (!text.empty()) {
    auto space = with.pool->take();
    out.bytes = {space->data(), std::min(text.size(), space->capacity())};
    std::memcpy(space->data(), text.data(), out.bytes.size());
    out.memory = std::move(space);
    text.remove_prefix(out.bytes.size());
    co_yield out;
    out = {};
  }
}

}  // namespace

text_source::text_source(text_options options) : options_(std::move(options)) {}

estimate text_source::look(const context&) {
  return {.bytes = options_.text.size(),
          .records = {},
          .shards = 1,
          .endless = false,
          .reason = fmt::format("{} bytes of text", options_.text.size())};
}

stream text_source::open(const context& with, resume_points resume) {
  return records(with, std::move(resume));
}

stream text_source::records(const context& with, resume_points resume) const {
  const auto hash = XXH3_64bits(options_.text.data(), options_.text.size());
  auto of = std::make_shared<const shard>(shard{.name = "text",
                                                .identity = fmt::format("text:{:016x}", hash),
                                                .modified_ns = with.started_ns});
  const position from = resume ? resume(*of) : position{};
  auto rest = bytes_of(std::string_view{options_.text}.substr(from.offset), with);
  stream lines =
      frame(std::move(rest), std::move(of), from, to_framing_options(options_), stage_, with);
  for (;;) {
    const pull want = co_await request;
    if (want.drain) co_return;
    batch* const some = lines.next(want);
    if (!some) co_return;
    co_yield *some;
  }
}

component from_text() {
  declare<text_options> text(component::role::source, "text",
                             "Gives the lines of a text that stands in the pipeline itself.");
  text.describe("For examples, and to try a pipeline out without a file.");
  text.option("text", &text_options::text, "the lines", required);
  add_line_options(text);
  text.example("Two records", R"(from text "{\"n\":1}\n{\"n\":2}\n" | json | to -)");
  return text.makes([](const text_options& o, reporter& report) -> std::unique_ptr<source> {
    check(o, report);
    return std::make_unique<text_source>(o);
  });
}

}  // namespace weir
