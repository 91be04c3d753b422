#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/http.hpp"

namespace weir {

/// What goes with an object: its type, and words that whoever wrote it knows it by. Their names are
/// letters and dashes, in lower case.
struct object_labels {
  std::string content_type;
  std::map<std::string, std::string> words;
};

/// What a store knows of an object without its content.
struct object_facts {
  std::uint64_t size_bytes = 0;
  std::map<std::string, std::string> words;
};

/// An object that is sent in parts, which become visible together or never.
struct object_upload {
  std::string key;
  std::string id;
};

/// How completing or putting an object ended, if the store answered.
enum class written : std::uint8_t {
  stored,
  key_taken,    ///< there is an object of that name: nothing was changed
  upload_gone,  ///< it was completed or aborted before
};

/// Writes objects to a store. Objects never appear before they are whole, and never take the place
/// of others, if the store honours the condition that it is asked. One thread at a time. Calls may
/// be repeated after a failure: a part takes the place of the one with its number.
class object_writer {
 public:
  virtual ~object_writer() = default;

  virtual http_result<object_upload> begin(const std::string& key, const object_labels& labels) = 0;
  /// Sends part `number`, from 1: gives the tag that it is completed with.
  virtual http_result<std::string> send_part(const object_upload& to, std::size_t number,
                                             std::string_view bytes) = 0;
  /// Makes the parts with these tags, in order, the object. `labels` may say more than `begin` was
  /// told: a store that takes them only now keeps these.
  virtual http_result<written> complete(const object_upload& what,
                                        const std::vector<std::string>& tags,
                                        const object_labels& labels) = 0;
  /// Takes all parts away, unless the store does so by itself. Does nothing if that was done
  /// before.
  virtual http_result<void> abort(const object_upload& what) = 0;
  /// The uploads of exactly that key that were begun, neither completed nor aborted, and that the
  /// store would keep.
  virtual http_result<std::vector<object_upload>> unfinished(const std::string& key) = 0;

  /// A whole object at once.
  virtual http_result<written> put(const std::string& key, std::string_view bytes,
                                   const object_labels& labels) = 0;

  virtual http_result<std::optional<object_facts>> look(const std::string& key) = 0;
  /// Hands the bytes of an object to `each`, as they come.
  virtual http_result<void> read(const std::string& key,
                                 const std::function<void(std::string_view)>& each) = 0;

  /// "s3://bucket/key"
  virtual std::string shown(const std::string& key) const = 0;
};

}  // namespace weir
