#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "net/http.hpp"
#include "sink/objects.hpp"
#include "weir/component.hpp"

namespace weir {

/// What a user says of the objects that a sink makes, in whichever store. The options of such a
/// sink inherit it.
struct object_options {
  std::string url;
  std::string format = "ndjson";
  std::string compress = "auto";
  std::optional<std::int64_t> level = {};
  byte_size rotate_bytes = {64 << 20};
  std::optional<std::uint64_t> rotate_records = {};
  std::chrono::nanoseconds rotate_every = std::chrono::minutes{5};
  byte_size part_size = {8 << 20};
  std::uint64_t open_objects = 8;
  std::string ca;
  secret proxy;
  std::chrono::nanoseconds timeout = std::chrono::seconds{60};
};

/// What a store adds to that.
struct object_terms {
  byte_size least_part;
  std::string guarantee =
      "exactly once with --state, else at least once; objects appear once they are whole";
};

/// Makes what writes to the bucket of that name.
using writer_maker_of = std::function<writer_maker(std::string bucket)>;

http_options to_http_options(const object_options& o);
/// The sink, if the options fit together; else null, and they are reported. `scheme` is that of
/// the URL.
std::unique_ptr<sink> make_object_sink(const object_options& o, std::string_view scheme,
                                       const object_terms& terms, const writer_maker_of& store,
                                       reporter& report);

/// What all of these sinks do, for the description of the one whose component and address these
/// are: "s3", "s3://BUCKET/KEY".
std::string story_of_objects(std::string_view component, std::string_view address);

/// Declares `object_options` but for those of the connection.
template <class Options>
void add_object_options(declare<Options>& to, std::string_view address) {
  const auto of = [](auto member) { return member_of<Options>(member); };
  to.option("url", of(&object_options::url), std::string{address} + ", or a prefix with its slash.",
            required);
  to.option("format", of(&object_options::format), "How a record is written.",
            {.choices = line_format_names()});
  to.option("compress", of(&object_options::compress),
            "How objects are stored; auto goes by the ending of the key, .gz or .zst, and refuses "
            "those of other compressions.",
            {.choices = compress_choices()});
  to.option("level", of(&object_options::level),
            "Level of compression: 1 to 9 for gzip, 1 to 19 for zstd.");
  to.option("rotate_bytes", of(&object_options::rotate_bytes),
            "End an object once it holds so much, as stored.");
  to.option("rotate_records", of(&object_options::rotate_records),
            "End an object once it holds so many records.");
  to.option("rotate_every", of(&object_options::rotate_every),
            "End all objects so long after the first record.");
  to.option("part_size", of(&object_options::part_size), "How much is sent at a time.");
  to.option("open_objects", of(&object_options::open_objects),
            "Objects written at a time; beyond it, the one least recently used ends.");
}

/// Declares the others.
template <class Options>
void add_object_connection(declare<Options>& to) {
  const auto of = [](auto member) { return member_of<Options>(member); };
  to.option("ca", of(&object_options::ca),
            "A file of certificates to trust instead of the system's.");
  to.option("proxy", of(&object_options::proxy),
            "A proxy's URL instead of the environment's https_proxy, http_proxy and no_proxy.");
  to.option("timeout", of(&object_options::timeout),
            "How long the server may take for its answer, and between two parts of it.");
}

}  // namespace weir
