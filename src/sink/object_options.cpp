#include "sink/object_options.hpp"

#include <fmt/format.h>

#include <utility>

#include "net/bucket_address.hpp"
#include "weir/error.hpp"

namespace weir {
namespace {

constexpr byte_size most_part{1 << 30};

[[noreturn]] void wrong(const std::string& what, const std::string& hint = {}) {
  throw error(exit_code::usage, what, hint);
}

/// Below a prefix, a name of our own.
std::string keys_in(const std::string& pattern, const std::string& format) {
  if (!pattern.empty() && !pattern.ends_with('/')) return pattern;
  return pattern + (format == "text" ? "{part}.log.gz" : "{part}.ndjson.gz");
}

void check_cuts(const object_options& o, byte_size least_part) {
  if (o.rotate_bytes.bytes == 0 || o.rotate_records == 0 || o.rotate_every.count() <= 0) {
    wrong("an object needs some time, some bytes and some records");
  }
  if (o.open_objects == 0) wrong("`open_objects` is at least 1");
  if (o.part_size.bytes < least_part.bytes || o.part_size.bytes > most_part.bytes) {
    wrong(fmt::format("`part_size` lies between {} and {}", show(least_part), show(most_part)));
  }
  if (o.rotate_bytes.bytes / o.part_size.bytes >= objects_plan::most_parts) {
    wrong(fmt::format("an object has at most {} parts", objects_plan::most_parts),
          "set a larger `part_size` or a smaller `rotate_bytes`");
  }
}

objects_plan plan_of(const object_options& o, const std::string& pattern,
                     const object_terms& terms) {
  check_cuts(o, terms.least_part);
  const std::string text = keys_in(pattern, o.format);
  auto keys = name_template::parse(text);
  if (!keys) wrong(o.url + ": " + keys.error());
  return {.keys = std::move(*keys),
          .format = line_format_named(o.format),
          .stored = compression_of(text, o.compress, o.level),
          .object_bytes = o.rotate_bytes.bytes,
          .object_records = o.rotate_records.value_or(objects_plan::never_by_count),
          .object_time = o.rotate_every,
          .part_bytes = o.part_size.bytes,
          .open_objects = o.open_objects,
          .guarantee = terms.guarantee};
}

}  // namespace

http_options to_http_options(const object_options& o) {
  http_options http{.ca_file = o.ca, .proxy = o.proxy.reveal()};
  http.time_outs.first_byte = http.time_outs.idle = o.timeout;
  return http;
}

std::unique_ptr<sink> make_object_sink(const object_options& o, std::string_view scheme,
                                       const object_terms& terms, const writer_maker_of& store,
                                       reporter& report) try {
  auto where = parse_bucket_address(o.url, scheme, report);
  return make_objects_sink(plan_of(o, where.pattern, terms), store(std::move(where.bucket)));
} catch (const error& bad) {
  report.error(bad.what(), {}, bad.hint());
  return nullptr;
}

std::string story_of_objects(std::string_view component, std::string_view address) {
  return fmt::format(
      "`to {} url={}` can be written `to {}`. The key is a template as a "
      "file's name is: {{field}}, {{date}} and {{hour}} of the record, with values encoded such "
      "that none "
      "leads out of its place. {{part}} is the place of the object's first record, "
      "`SHARD-NUMBER`, the same in every run; without {{part}} it goes in front of the endings. "
      "With a final slash, or without a key, the names are {{part}}.ndjson.gz below it.\n\n"
      "An object ends once it holds rotate_bytes or rotate_records, and all of them end every "
      "rotate_every and at the end of the input. Large ones are sent in parts while they are "
      "written, so that memory holds at most open_objects times part_size. Objects appear once "
      "they "
      "are whole, and never replace others.\n\n"
      "With --state each is sealed in the checkpoint log before it appears, so that after a crash "
      "it appears exactly as it would have, once; uploads that did not get so far are "
      "aborted. Without --state the same input cut the same way makes the same objects, which a "
      "second run finds there and leaves alone.\n\n",
      component, address, address);
}

}  // namespace weir
