#include "net/azure_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "base/digest.hpp"
#include "base/random_name.hpp"
#include "net/percent.hpp"
#include "net/store_calls.hpp"
#include "net/xml.hpp"

namespace weir {
namespace {

constexpr std::string_view word_prefix = "x-ms-meta-";
constexpr std::size_t upload_id_size = 16;

using words = std::map<std::string, std::string>;

/// Azure's names of words are identifiers, which have underscores and no dashes.
words renamed(const words& all, char from, char to) {
  words out;
  for (const auto& [known, value] : all) {
    std::string name = known;
    std::ranges::replace(name, from, to);
    out.emplace(std::move(name), value);
  }
  return out;
}

/// What goes with a new blob, if there is none of that name.
http_headers headers_of(const object_labels& labels) {
  http_headers out{{"x-ms-blob-content-type", labels.content_type}, {"If-None-Match", "*"}};
  add_words(out, renamed(labels.words, '-', '_'), word_prefix);
  return out;
}

/// All blocks that wait for one blob have names of one length, whichever upload they are of.
std::string block_name(const object_upload& of, std::size_t number) {
  return base64(fmt::format("{}{:05}", of.id, number));
}

std::string blocks_xml(const std::vector<std::string>& names) {
  std::string out = "<BlockList>";
  for (const std::string& name : names)
    out += fmt::format("<Uncommitted>{}</Uncommitted>", xml_text(name));
  return out + "</BlockList>";
}

http_result<written> outcome_of(const http_result<http_response>& got) {
  if (got) return written::stored;
  const std::string& code = got.error().code;
  if (code == "BlobAlreadyExists" || code == "ConditionNotMet") return written::key_taken;
  if (code == "InvalidBlockList") return written::upload_gone;
  return std::unexpected(got.error());
}

/// An upload is nothing that Azure knows: blocks wait under the blob's name until a list of them
/// becomes the blob. All others go then, or after a week, and no request takes them back; so there
/// is nothing to begin, to find or to abort. Blocks of another upload do no harm: the names of
/// ours are in no other's list.
class azure_writer final : public object_writer {
 public:
  azure_writer(const azure_writing& how, const context& with, backoff_policy patience)
      : store_(how.container, how.account), calls_(store_, how.http, with, patience) {}

  http_result<object_upload> begin(const std::string& key, const object_labels&) override {
    return object_upload{.key = key, .id = random_name().substr(0, upload_id_size)};
  }
  http_result<std::string> send_part(const object_upload& to, std::size_t number,
                                     std::string_view bytes) override;
  http_result<written> complete(const object_upload& what, const std::vector<std::string>& tags,
                                const object_labels& labels) override;
  http_result<void> abort(const object_upload&) override { return {}; }
  http_result<std::vector<object_upload>> unfinished(const std::string&) override { return {}; }
  http_result<written> put(const std::string& key, std::string_view bytes,
                           const object_labels& labels) override;
  http_result<std::optional<object_facts>> look(const std::string& key) override;
  http_result<void> read(const std::string& key,
                         const std::function<void(std::string_view)>& each) override {
    return calls_.read(key, each);
  }
  std::string shown(const std::string& key) const override { return store_.shown(key); }

 private:
  http_result<http_response> ask(const std::string& key, const std::string& query,
                                 const http_request& what);

  azure_store store_;
  store_calls calls_;
};

http_result<http_response> azure_writer::ask(const std::string& key, const std::string& query,
                                             const http_request& what) {
  return calls_.ask([&] {
    return store_.request_of(calls_.client(), key, query,
                             {.method = what.method, .headers = what.headers, .body = what.body});
  });
}

http_result<std::string> azure_writer::send_part(const object_upload& to, std::size_t number,
                                                 std::string_view bytes) {
  std::string name = block_name(to, number);
  const auto got = ask(to.key, "comp=block&blockid=" + percent_encoded(name),
                       {.method = "PUT", .body = std::string{bytes}});
  if (!got) return std::unexpected(got.error());
  return name;
}

http_result<written> azure_writer::complete(const object_upload& what,
                                            const std::vector<std::string>& tags,
                                            const object_labels& labels) {
  http_request request{.method = "PUT", .headers = headers_of(labels), .body = blocks_xml(tags)};
  request.headers.push_back({"Content-Type", "application/xml"});
  return outcome_of(ask(what.key, "comp=blocklist", request));
}

http_result<written> azure_writer::put(const std::string& key, std::string_view bytes,
                                       const object_labels& labels) {
  http_request request{.method = "PUT", .headers = headers_of(labels), .body = std::string{bytes}};
  request.headers.push_back({"x-ms-blob-type", "BlockBlob"});
  return outcome_of(ask(key, {}, request));
}

http_result<std::optional<object_facts>> azure_writer::look(const std::string& key) {
  const auto got = ask(key, {}, {.method = "HEAD"});
  if (!got && got.error().status == 404) return std::nullopt;
  if (!got) return std::unexpected(got.error());
  object_facts facts = facts_in(got->head, word_prefix);
  facts.words = renamed(facts.words, '_', '-');
  return facts;
}

}  // namespace

std::unique_ptr<object_writer> make_azure_writer(const azure_writing& how, const context& with,
                                                 backoff_policy patience) {
  return std::make_unique<azure_writer>(how, with, patience);
}

}  // namespace weir
