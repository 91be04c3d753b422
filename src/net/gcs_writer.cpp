#include "net/gcs_writer.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <charconv>
#include <span>
#include <utility>

#include "base/digest.hpp"
#include "base/random_name.hpp"
#include "net/percent.hpp"
#include "net/store_calls.hpp"
#include "weir/value.hpp"

namespace weir {
namespace {

/// So many objects can be made one by a request.
constexpr std::size_t composed_at_once = 32;
constexpr const char* if_absent = "&ifGenerationMatch=0";
constexpr const char* part_type = "application/octet-stream";

std::string json_text(std::string_view text) {
  std::string out;
  write_json_string(text, out);
  return out;
}

std::string labels_json(const object_labels& labels) {
  std::string words;
  for (const auto& [name, value] : labels.words) {
    if (!words.empty()) words += ',';
    words += json_text(name) + ':' + json_text(value);
  }
  return fmt::format(R"("contentType":{},"metadata":{{{}}})", json_text(labels.content_type),
                     words);
}

std::string composition_json(std::span<const std::string> names, const object_labels& labels) {
  std::string sources;
  for (const std::string& name : names) {
    if (!sources.empty()) sources += ',';
    sources += fmt::format(R"({{"name":{}}})", json_text(name));
  }
  return fmt::format(R"({{"sourceObjects":[{}],"destination":{{{}}}}})", sources,
                     labels_json(labels));
}

/// An object and what it is called in one body (RFC 2387).
std::string related(const std::string& boundary, const std::string& json,
                    const std::string& content_type, std::string_view bytes) {
  std::string out = fmt::format(
      "--{0}\r\nContent-Type: application/json; charset=UTF-8\r\n\r\n{1}\r\n"
      "--{0}\r\nContent-Type: {2}\r\n\r\n",
      boundary, json, content_type);
  out += bytes;
  return out + fmt::format("\r\n--{}--\r\n", boundary);
}

std::optional<object_facts> facts_in(const std::string& json) {
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  std::string_view text;
  if (parser.parse(json).get(root) != simdjson::SUCCESS) return std::nullopt;
  if (root["size"].get(text) != simdjson::SUCCESS) return std::nullopt;
  object_facts out;
  std::from_chars(text.data(), text.data() + text.size(), out.size_bytes);
  simdjson::dom::object words;
  if (root["metadata"].get(words) != simdjson::SUCCESS) return out;
  for (const auto& [name, value] : words) {
    if (value.get(text) == simdjson::SUCCESS) out.words[std::string{name}] = text;
  }
  return out;
}

/// What refuses an object that is composed of parts.
http_result<written> refusal_of(const http_failure& why) {
  if (why.status == 412) return written::key_taken;
  if (why.status == 404) return written::upload_gone;
  return std::unexpected(why);
}

/// Google's own uploads in parts know no condition (those of the XML interface), or make the
/// object appear with their last byte (resumable ones). So parts are objects of their own, apart
/// from all others, until one conditional request composes the object of them.
class gcs_writer final : public object_writer {
 public:
  gcs_writer(const gcs_writing& how, const environment& env, const context& with,
             backoff_policy patience)
      : store_(how.settings, env, *with.files),
        parts_(how.parts),
        calls_(store_, how.http, with, patience) {}

  http_result<object_upload> begin(const std::string& key, const object_labels&) override {
    return object_upload{.key = key, .id = random_name()};
  }
  http_result<std::string> send_part(const object_upload& to, std::size_t number,
                                     std::string_view bytes) override;
  http_result<written> complete(const object_upload& what, const std::vector<std::string>& tags,
                                const object_labels& labels) override;
  http_result<void> abort(const object_upload& what) override;
  http_result<std::vector<object_upload>> unfinished(const std::string& key) override;
  http_result<written> put(const std::string& key, std::string_view bytes,
                           const object_labels& labels) override;
  http_result<std::optional<object_facts>> look(const std::string& key) override;
  http_result<void> read(const std::string& key,
                         const std::function<void(std::string_view)>& each) override {
    return calls_.read(key, each);
  }
  std::string shown(const std::string& key) const override { return store_.shown(key); }

 private:
  std::string uploads_of(const std::string& key) const;
  std::string parts_of(const object_upload& of) const;
  http_result<http_response> ask(const std::string& target, const http_request& what);
  http_result<http_response> send(const std::string& target, const http_request& what);
  http_result<http_response> compose(const std::string& name, std::span<const std::string> of,
                                     const object_labels& labels, std::string_view condition);
  http_result<std::vector<std::string>> grouped(const object_upload& of,
                                                std::span<const std::string> parts);
  http_result<void> remove(const std::vector<std::string>& names);
  http_result<std::vector<std::string>> names_below(const std::string& prefix);

  gcs_store store_;
  std::string parts_;
  store_calls calls_;
};

/// By its hash, since a name has an end, and a key may have that length.
std::string gcs_writer::uploads_of(const std::string& key) const {
  return fmt::format("{}{}/", parts_, lower_hex(sha256(key)));
}

std::string gcs_writer::parts_of(const object_upload& of) const {
  return fmt::format("{}{}/", uploads_of(of.key), of.id);
}

/// All requests may be repeated: they are conditional, or make what they made before.
http_result<http_response> gcs_writer::ask(const std::string& target, const http_request& what) {
  return calls_.ask([&] {
    return store_.request(
        calls_.client(), target,
        {.method = what.method, .headers = what.headers, .body = what.body, .repeatable = true});
  });
}

http_result<http_response> gcs_writer::send(const std::string& target, const http_request& what) {
  return calls_.ask([&] {
    return store_.upload_request(
        calls_.client(), target,
        {.method = "POST", .headers = what.headers, .body = what.body, .repeatable = true});
  });
}

http_result<std::string> gcs_writer::send_part(const object_upload& to, std::size_t number,
                                               std::string_view bytes) {
  std::string tag = fmt::format("{:05}", number);
  const auto got = send("?uploadType=media&fields=name&name=" + percent_encoded(parts_of(to) + tag),
                        {.headers = {{"Content-Type", part_type}}, .body = std::string{bytes}});
  if (!got) return std::unexpected(got.error());
  return tag;
}

http_result<http_response> gcs_writer::compose(const std::string& name,
                                               std::span<const std::string> of,
                                               const object_labels& labels,
                                               std::string_view condition) {
  return ask(fmt::format("/{}/compose?fields=name{}", percent_encoded(name), condition),
             {.method = "POST",
              .headers = {{"Content-Type", "application/json"}},
              .body = composition_json(of, labels)});
}

/// One object for each group of parts that one request can take.
http_result<std::vector<std::string>> gcs_writer::grouped(const object_upload& of,
                                                          std::span<const std::string> parts) {
  const object_labels none{.content_type = part_type, .words = {}};
  std::vector<std::string> groups;
  while (!parts.empty()) {
    const auto some = parts.first(std::min(parts.size(), composed_at_once));
    parts = parts.subspan(some.size());
    groups.push_back(fmt::format("{}group-{:05}", parts_of(of), groups.size() + 1));
    const auto got = compose(groups.back(), some, none, {});
    if (!got) return std::unexpected(got.error());
  }
  return groups;
}

/// The parts go once they are the object: whoever completes the same upload again finds the object
/// and no parts.
http_result<written> gcs_writer::complete(const object_upload& what,
                                          const std::vector<std::string>& tags,
                                          const object_labels& labels) {
  std::vector<std::string> parts;
  for (const std::string& tag : tags) parts.push_back(parts_of(what) + tag);
  http_result<std::vector<std::string>> groups;
  if (parts.size() > composed_at_once) groups = grouped(what, parts);
  if (!groups) return refusal_of(groups.error());
  const auto got = compose(what.key, groups->empty() ? parts : *groups, labels, if_absent);
  if (!got) return refusal_of(got.error());
  parts.insert(parts.end(), groups->begin(), groups->end());
  if (const auto removed = remove(parts); !removed) return std::unexpected(removed.error());
  return written::stored;
}

http_result<void> gcs_writer::remove(const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    const auto got = ask("/" + percent_encoded(name), {.method = "DELETE"});
    if (!got && got.error().status != 404) return std::unexpected(got.error());
  }
  return {};
}

http_result<std::vector<std::string>> gcs_writer::names_below(const std::string& prefix) {
  std::vector<std::string> out;
  std::string page;
  do {
    auto got = store_.list(calls_.client(), prefix, page, calls_.patience());
    if (!got) return std::unexpected(got.error());
    for (stored_object& o : got->objects) out.push_back(std::move(o.key));
    page = std::move(got->next);
  } while (!page.empty());
  return out;
}

http_result<void> gcs_writer::abort(const object_upload& what) {
  const auto names = names_below(parts_of(what));
  if (!names) return std::unexpected(names.error());
  return remove(*names);
}

http_result<std::vector<object_upload>> gcs_writer::unfinished(const std::string& key) {
  const std::string prefix = uploads_of(key);
  const auto names = names_below(prefix);
  if (!names) return std::unexpected(names.error());
  std::vector<object_upload> out;
  for (const std::string& name : *names) {
    const std::string id =
        name.substr(prefix.size(), name.find('/', prefix.size()) - prefix.size());
    if (out.empty() || out.back().id != id) out.push_back({key, id});
  }
  return out;
}

http_result<written> gcs_writer::put(const std::string& key, std::string_view bytes,
                                     const object_labels& labels) {
  const std::string boundary = random_name();
  const std::string json = fmt::format(R"({{"name":{},{}}})", json_text(key), labels_json(labels));
  const auto got = send(fmt::format("?uploadType=multipart&fields=name{}", if_absent),
                        {.headers = {{"Content-Type", "multipart/related; boundary=" + boundary}},
                         .body = related(boundary, json, labels.content_type, bytes)});
  if (got) return written::stored;
  if (got.error().status == 412) return written::key_taken;
  return std::unexpected(got.error());
}

http_result<std::optional<object_facts>> gcs_writer::look(const std::string& key) {
  const auto got = ask(fmt::format("/{}?fields=size,metadata", percent_encoded(key)), {});
  if (!got && got.error().status == 404) return std::nullopt;
  if (!got) return std::unexpected(got.error());
  auto facts = facts_in(got->body);
  if (!facts) return std::unexpected(odd_answer(shown(key), "that tells of it"));
  return facts;
}

}  // namespace

std::unique_ptr<object_writer> make_gcs_writer(const gcs_writing& how, const environment& env,
                                               const context& with, backoff_policy patience) {
  return std::make_unique<gcs_writer>(how, env, with, patience);
}

}  // namespace weir
