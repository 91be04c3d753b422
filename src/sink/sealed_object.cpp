#include "sink/sealed_object.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <utility>

#include "base/content_hash.hpp"
#include "sink/http_answer.hpp"
#include "weir/error.hpp"
#include "weir/value.hpp"

namespace weir {
namespace {

using simdjson::dom::element;

constexpr std::string_view opening = "open ";

void add_object(const sealed_object& o, std::string& out) {
  out += "{\"key\":";
  write_json_string(o.key, out);
  out += ",\"upload\":";
  write_json_string(o.upload, out);
  out += fmt::format(",\"bytes\":{},\"hash\":\"{}\",\"run\":\"{}\",\"parts\":[", o.size_bytes,
                     o.hash, o.run);
  for (const std::string& tag : o.tags) {
    if (!out.ends_with('[')) out += ',';
    write_json_string(tag, out);
  }
  out += "]}";
}

std::string text_in(const element& e, std::string_view key) {
  return std::string{std::string_view{e[key]}};
}

sealed_object object_in(const element& e) {
  sealed_object out{.key = text_in(e, "key"),
                    .upload = text_in(e, "upload"),
                    .size_bytes = e["bytes"],
                    .hash = text_in(e, "hash"),
                    .run = text_in(e, "run")};
  for (const element tag : e["parts"].get_array()) out.tags.emplace_back(std::string_view{tag});
  return out;
}

http_result<std::string> stored_hash(object_writer& in, const std::string& key) {
  content_hash hash;
  const auto read = in.read(key, [&](std::string_view bytes) { hash.add(bytes); });
  if (!read) return std::unexpected(read.error());
  return hash.text();
}

enum class found : std::uint8_t { nothing, the_same, another };

found judge(bool same) noexcept {
  return same ? found::the_same : found::another;
}

/// What is there under its key. Its words tell, or else its content.
http_result<found> look_for(object_writer& in, const sealed_object& what) {
  auto facts = in.look(what.key);
  if (!facts) return std::unexpected(facts.error());
  if (!*facts) return found::nothing;
  auto& words = (*facts)->words;
  if (words[run_word] == what.run) return found::the_same;
  if ((*facts)->size_bytes != what.size_bytes) return found::another;
  if (words.contains(hash_word)) return judge(words[hash_word] == what.hash);
  const auto hash = stored_hash(in, what.key);
  if (!hash) return std::unexpected(hash.error());
  return judge(*hash == what.hash);
}

http_result<written> write(object_writer& to, const sealed_object& what, object_labels labels) {
  labels.words[run_word] = what.run;
  labels.words[hash_word] = what.hash;
  if (what.upload.empty()) return to.put(what.key, what.body, labels);
  return to.complete({what.key, what.upload}, what.tags, labels);
}

delivery_error taken_by_another(const object_writer& to, const sealed_object& what) {
  return {.what = delivery_error::kind::broken,
          .message = to.shown(what.key) +
                     ": there is an object of that name with other content (name another prefix, "
                     "or remove it)",
          .code = exit_code::io};
}

/// It has appeared: what is left of its upload is of no use.
std::expected<finished, delivery_error> tidied(object_writer& in, const sealed_object& what) {
  if (what.upload.empty()) return finished::appeared;
  const auto aborted = in.abort({what.key, what.upload});
  if (!aborted) return std::unexpected(as_delivery_error(aborted.error()));
  return finished::appeared;
}

delivery_error came_and_went(const object_writer& to, const sealed_object& what) {
  return {.what = delivery_error::kind::refused,
          .message = to.shown(what.key) + ": somebody else is writing it",
          .code = exit_code::unavailable};
}

}  // namespace

std::string to_token(const std::vector<sealed_object>& objects) {
  if (objects.empty()) return {};
  std::string out = "[";
  for (const sealed_object& o : objects) {
    if (out.size() > 1) out += ',';
    add_object(o, out);
  }
  return out + "]";
}

std::vector<sealed_object> from_token(std::string_view token) try {
  std::vector<sealed_object> out;
  if (token.empty()) return out;
  simdjson::dom::parser parser;
  const element all = parser.parse(token.data(), token.size());
  for (const element o : all.get_array()) out.push_back(object_in(o));
  return out;
} catch (const simdjson::simdjson_error&) {
  throw error(exit_code::io, fmt::format("the state's \"{}\" tells of no objects", token));
}

std::string opening_note(std::string_view key) {
  return fmt::format("{}{}", opening, key);
}

std::string completion_note(std::uint64_t entry) {
  return fmt::format("complete {}", entry);
}

std::string_view opened_key(std::string_view note) {
  return note.starts_with(opening) ? note.substr(opening.size()) : std::string_view{};
}

std::expected<finished, delivery_error> finish(object_writer& to, const sealed_object& what,
                                               object_labels labels) {
  const auto done = write(to, what, std::move(labels));
  if (!done) return std::unexpected(as_delivery_error(done.error()));
  if (*done == written::stored) return finished::appeared;
  const auto there = look_for(to, what);
  if (!there) return std::unexpected(as_delivery_error(there.error()));
  if (*there == found::another) return std::unexpected(taken_by_another(to, what));
  if (*there == found::nothing) {
    if (*done == written::upload_gone) return finished::lost;
    return std::unexpected(came_and_went(to, what));
  }
  return tidied(to, what);
}

std::expected<finished, delivery_error> finish_after_crash(object_writer& to,
                                                           const sealed_object& what,
                                                           object_labels labels) {
  const auto there = look_for(to, what);
  if (!there) return std::unexpected(as_delivery_error(there.error()));
  if (*there == found::the_same) return tidied(to, what);
  return finish(to, what, std::move(labels));
}

}  // namespace weir
