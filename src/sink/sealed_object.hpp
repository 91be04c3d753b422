#pragma once
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "net/object_writer.hpp"
#include "weir/sink.hpp"

namespace weir {

/// An object of which nothing is missing but that it appears.
struct sealed_object {
  std::string key;
  std::string upload = {};  ///< its upload's id; empty if all of it is in `body`
  std::vector<std::string> tags = {};
  std::uint64_t size_bytes = 0;
  std::string hash;       ///< XXH3-128 of what is stored, in hex
  std::string run;        ///< which run wrote it: among the object's words, too
  std::string body = {};  ///< in no token
};

/// The words that an object carries: who wrote it, and if that was known in time, what.
inline constexpr const char* run_word = "weir-run";
inline constexpr const char* hash_word = "weir-xxh3-128";

/// What a token says of the objects that its commit makes appear; empty for none.
std::string to_token(const std::vector<sealed_object>& objects);
/// Throws weir::error (io) if `token` is none.
std::vector<sealed_object> from_token(std::string_view token);

// Notes: an upload is about to begin for a key; all objects of a commit have appeared.
std::string opening_note(std::string_view key);
std::string completion_note(std::uint64_t entry);
/// The key of an opening note; empty for other notes.
std::string_view opened_key(std::string_view note);

enum class finished : std::uint8_t {
  appeared,
  lost,  ///< its parts are gone, and it is not there
};

/// Makes it appear, unless it has appeared already. An object of that name with other content is an
/// error (broken).
std::expected<finished, delivery_error> finish(object_writer& to, const sealed_object& what,
                                               object_labels labels);
/// The same for an object that a run sealed which then died, maybe while it made it appear: looks
/// first, since parts of an upload that was completed may be gone already.
std::expected<finished, delivery_error> finish_after_crash(object_writer& to,
                                                           const sealed_object& what,
                                                           object_labels labels);

}  // namespace weir
