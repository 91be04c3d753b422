#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "net/bucket_address.hpp"
#include "net/s3_access.hpp"
#include "net/s3_writer.hpp"
#include "sink/objects.hpp"
#include "sink/sinks.hpp"
#include "weir/error.hpp"

namespace weir {
namespace {

constexpr std::uint64_t least_part_bytes = 5 << 20;  // S3's rule for all parts but the last
constexpr std::uint64_t most_part_bytes = 1 << 30;

struct s3_sink_options : s3_access {
  std::string url;
  std::string format = "ndjson";
  std::string compress = "auto";
  std::optional<std::int64_t> level = {};
  byte_size rotate_bytes = {64 << 20};
  std::optional<std::uint64_t> rotate_records = {};
  std::chrono::nanoseconds rotate_every = std::chrono::minutes{5};
  byte_size part_size = {8 << 20};
  std::uint64_t open_objects = 8;
  bool conditional = true;
  std::string ca;
  secret proxy;
  std::chrono::nanoseconds timeout = std::chrono::seconds{60};
};

[[noreturn]] void wrong(const std::string& what, const std::string& hint = {}) {
  throw error(exit_code::usage, what, hint);
}

/// Below a prefix, a name of our own.
std::string keys_in(const std::string& pattern, const std::string& format) {
  if (!pattern.empty() && !pattern.ends_with('/')) return pattern;
  return pattern + (format == "text" ? "{part}.log.gz" : "{part}.ndjson.gz");
}

void check_cuts(const s3_sink_options& o) {
  if (o.rotate_bytes.bytes == 0 || o.rotate_records == 0 || o.rotate_every.count() <= 0) {
    wrong("an object needs some time, some bytes and some records");
  }
  if (o.open_objects == 0) wrong("`open_objects` is at least 1");
  if (o.part_size.bytes < least_part_bytes || o.part_size.bytes > most_part_bytes) {
    wrong("`part_size` lies between 5MiB and 1GiB");
  }
  if (o.rotate_bytes.bytes / o.part_size.bytes >= objects_plan::most_parts) {
    wrong(fmt::format("an object has at most {} parts", objects_plan::most_parts),
          "set a larger `part_size` or a smaller `rotate_bytes`");
  }
}

objects_plan plan_of(const s3_sink_options& o, const std::string& pattern) {
  check_cuts(o);
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
          .conditional = o.conditional};
}

s3_writing writing_of(const s3_sink_options& o, std::string bucket) {
  http_options http{.ca_file = aws_ca_file(o.ca), .proxy = o.proxy.reveal()};
  http.time_outs.first_byte = http.time_outs.idle = o.timeout;
  return {.settings = settings_of(o, std::move(bucket)),
          .http = std::move(http),
          .conditional = o.conditional};
}

std::unique_ptr<sink> make_s3_sink(const s3_sink_options& o, bucket_address where) {
  const auto how = writing_of(o, std::move(where.bucket));
  return make_objects_sink(plan_of(o, where.pattern),
                           [how](const context& with, const backoff_policy& patience) {
                             return make_s3_writer(how, process_environment(), with, patience);
                           });
}

}  // namespace

component s3_sink() {
  declare<s3_sink_options> s3(component::role::sink, "s3",
                              "Write the records to objects in S3 and what speaks its protocol.");
  s3.describe(
      "`to s3 url=s3://BUCKET/KEY` can be written `to s3://BUCKET/KEY`. The key is a template as a "
      "file's name is: {field}, {date} and {hour} of the record, with values encoded such that "
      "none "
      "leads out of its place. {part} is the place of the object's first record, "
      "`SHARD-NUMBER`, the same in every run; without {part} it goes in front of the endings. "
      "With a final slash, or without a key, the names are {part}.ndjson.gz below it.\n\n"
      "An object ends once it holds rotate_bytes or rotate_records, and all of them end every "
      "rotate_every and at the end of the input. Large ones are sent in parts while they are "
      "written, so that memory holds at most open_objects times part_size. Objects appear once "
      "they "
      "are whole, and never replace others.\n\n"
      "With --state each is sealed in the checkpoint log before it appears, so that after a crash "
      "it appears exactly as it would have, once; uploads that did not get so far are "
      "aborted. Without --state the same input cut the same way makes the same objects, which a "
      "second run finds there and leaves alone.\n\n"
      "Credentials, region and endpoint are found as `describe s3` tells of the source.");
  s3.option("url", &s3_sink_options::url, "s3://BUCKET/KEY, or a prefix with its slash.", required);
  s3.option("format", &s3_sink_options::format, "How a record is written.",
            {.choices = line_format_names()});
  s3.option("compress", &s3_sink_options::compress,
            "How objects are stored; auto goes by the ending of the key, .gz or .zst.",
            {.choices = compress_choices()});
  s3.option("level", &s3_sink_options::level,
            "Level of compression: 1 to 9 for gzip, 1 to 19 for zstd.");
  s3.option("rotate_bytes", &s3_sink_options::rotate_bytes,
            "End an object once it holds so much, as stored.");
  s3.option("rotate_records", &s3_sink_options::rotate_records,
            "End an object once it holds so many records.");
  s3.option("rotate_every", &s3_sink_options::rotate_every,
            "End all objects so long after the first record.");
  s3.option("part_size", &s3_sink_options::part_size, "How much is sent at a time.");
  s3.option("open_objects", &s3_sink_options::open_objects,
            "Objects written at a time; beyond it, the one least recently used ends.");
  s3.option("conditional", &s3_sink_options::conditional,
            "Ask the server never to replace an object (If-None-Match); false for servers that "
            "refuse the question.");
  add_s3_access(s3);
  s3.option("ca", &s3_sink_options::ca, "A file of certificates to trust instead of the system's.");
  s3.option("proxy", &s3_sink_options::proxy,
            "A proxy's URL instead of the environment's https_proxy, http_proxy and no_proxy.");
  s3.option("timeout", &s3_sink_options::timeout,
            "How long the server may take for its answer, and between two parts of it.");
  s3.example("The errors, by day",
             "from app.ndjson | json | where level = \"ERROR\" | to "
             "s3://acme-logs/errors/{date}/app.ndjson.gz");
  s3.example("One prefix a service, an object every hour",
             "from app.ndjson | json | to s3://acme-logs/{service}/ rotate_every=1h");
  return s3.makes([](const s3_sink_options& o, reporter& report) -> product {
    check(static_cast<const s3_access&>(o), report);
    auto where = parse_bucket_address(o.url, "s3", report);
    try {
      return make_s3_sink(o, std::move(where));
    } catch (const error& bad) {
      report.error(bad.what(), {}, bad.hint());
      return std::unique_ptr<sink>{};
    }
  });
}

}  // namespace weir
