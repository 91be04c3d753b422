#include "net/s3_writer.hpp"

#include <fmt/format.h>

#include <utility>

#include "net/percent.hpp"
#include "net/store_calls.hpp"
#include "net/xml.hpp"

namespace weir {
namespace {

constexpr std::string_view word_prefix = "x-amz-meta-";

http_headers headers_of(const object_labels& labels) {
  http_headers out{{"Content-Type", labels.content_type}};
  add_words(out, labels.words, word_prefix);
  return out;
}

http_headers encryption_of(const s3_writing& how) {
  http_headers out;
  if (!how.encryption.empty()) out.push_back({"x-amz-server-side-encryption", how.encryption});
  if (!how.kms_key.empty())
    out.push_back({"x-amz-server-side-encryption-aws-kms-key-id", how.kms_key});
  return out;
}

std::string parts_xml(const std::vector<std::string>& tags) {
  std::string out = "<CompleteMultipartUpload>";
  for (std::size_t i = 0; i < tags.size(); ++i)
    out += fmt::format("<Part><PartNumber>{}</PartNumber><ETag>{}</ETag></Part>", i + 1,
                       xml_text(tags[i]));
  return out + "</CompleteMultipartUpload>";
}

/// The text of one element of an answer.
std::string element_in(const std::string& xml, std::string_view wanted) {
  std::string found;
  read_xml(xml, [&](std::string_view path, const std::string& text) {
    if (path == wanted) found = text;
  });
  return found;
}

/// What refuses a write to a key that is taken, or to an upload that is gone.
std::optional<written> outcome_of(const http_failure& why) {
  if (why.status == 412 || why.code == "PreconditionFailed") return written::key_taken;
  if (why.code == "NoSuchUpload") return written::upload_gone;
  return std::nullopt;
}

class s3_writer final : public object_writer {
 public:
  s3_writer(const s3_writing& how, const environment& env, const context& with,
            backoff_policy patience)
      : store_(how.settings, env, *with.files),
        conditional_(how.conditional),
        encryption_(encryption_of(how)),
        calls_(store_, how.http, with, patience) {}

  http_result<object_upload> begin(const std::string& key, const object_labels& labels) override;
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
  http_result<http_response> ask(const std::string& target, const http_request& what);
  void add_condition(http_headers& to) const;
  http_request new_object(std::string method, const object_labels& labels) const;

  s3_store store_;
  bool conditional_;
  http_headers encryption_;
  store_calls calls_;
};

std::string target_of(const std::string& key) {
  return percent_encoded(key, slash::kept);
}

std::string target_of(const object_upload& of) {
  return fmt::format("{}?uploadId={}", target_of(of.key), percent_encoded(of.id));
}

http_result<http_response> s3_writer::ask(const std::string& target, const http_request& what) {
  const auto make = [&] {
    return store_.request(calls_.client(), target,
                          {.method = what.method,
                           .headers = what.headers,
                           .credentials = what.credentials,
                           .body = what.body,
                           .repeatable = what.repeatable});
  };
  auto got = calls_.ask(make);
  // Somebody else is at the same key: later there is an answer.
  if (!got && got.error().status == 409) got.error().lasting = false;
  return got;
}

void s3_writer::add_condition(http_headers& to) const {
  if (conditional_) to.push_back({"If-None-Match", "*"});
}

http_request s3_writer::new_object(std::string method, const object_labels& labels) const {
  http_request out{.method = std::move(method), .headers = headers_of(labels)};
  out.headers.insert(out.headers.end(), encryption_.begin(), encryption_.end());
  store_.add_customer_key(out);
  return out;
}

http_result<object_upload> s3_writer::begin(const std::string& key, const object_labels& labels) {
  const auto got = ask(target_of(key) + "?uploads=", new_object("POST", labels));
  if (!got) return std::unexpected(got.error());
  object_upload out{.key = key,
                    .id = element_in(got->body, "InitiateMultipartUploadResult/UploadId")};
  if (out.id.empty()) return std::unexpected(odd_answer(shown(key), "to a new upload"));
  return out;
}

http_result<std::string> s3_writer::send_part(const object_upload& to, std::size_t number,
                                              std::string_view bytes) {
  const std::string target = fmt::format("{}?partNumber={}&uploadId={}", target_of(to.key), number,
                                         percent_encoded(to.id));
  http_request part{.method = "PUT", .body = std::string{bytes}};
  store_.add_customer_key(part);
  const auto got = ask(target, part);
  if (!got) return std::unexpected(got.error());
  const std::string* const tag = got->head.find("ETag");
  if (tag == nullptr) return std::unexpected(odd_answer(shown(to.key), "to a part"));
  return *tag;
}

/// An answer that began well may still tell of an error: completing takes long, and the server
/// begins to answer so that the connection is kept.
http_result<written> s3_writer::complete(const object_upload& what,
                                         const std::vector<std::string>& tags,
                                         const object_labels& /*given when it began*/) {
  http_request request{.method = "POST",
                       .headers = {{"Content-Type", "application/xml"}},
                       .body = parts_xml(tags),
                       .repeatable = true};
  add_condition(request.headers);
  auto got = ask(target_of(what), request);
  if (got && !got->body.contains("CompleteMultipartUploadResult")) {
    const auto story = store_.read_error(got->head, got->body);
    http_failure why = odd_answer(shown(what.key), "to the end of an upload");
    if (!story.detail.empty()) why.message = fmt::format("{}: {}", shown(what.key), story.detail);
    why.code = story.code;
    got = std::unexpected(std::move(why));
  }
  if (got) return written::stored;
  if (const auto known = outcome_of(got.error())) return *known;
  return std::unexpected(got.error());
}

http_result<void> s3_writer::abort(const object_upload& what) {
  const auto got = ask(target_of(what), {.method = "DELETE"});
  if (!got && got.error().code != "NoSuchUpload") return std::unexpected(got.error());
  return {};
}

/// The key itself comes before all others that begin with it, so the first page is enough.
http_result<std::vector<object_upload>> s3_writer::unfinished(const std::string& key) {
  const auto got = ask("?encoding-type=url&prefix=" + percent_encoded(key) + "&uploads=", {});
  if (!got) return std::unexpected(got.error());
  const bool encoded = element_in(got->body, "ListMultipartUploadsResult/EncodingType") == "url";
  std::vector<object_upload> out;
  object_upload next;
  const bool good = read_xml(got->body, [&](std::string_view path, const std::string& text) {
    if (path == "ListMultipartUploadsResult/Upload/Key")
      next.key = encoded ? percent_decoded(text) : text;
    else if (path == "ListMultipartUploadsResult/Upload/UploadId")
      next.id = text;
    else if (path == "ListMultipartUploadsResult/Upload" && next.key == key)
      out.push_back(std::exchange(next, {}));
  });
  if (!good) return std::unexpected(odd_answer(shown(key), "with its uploads"));
  return out;
}

http_result<written> s3_writer::put(const std::string& key, std::string_view bytes,
                                    const object_labels& labels) {
  http_request request = new_object("PUT", labels);
  request.body = bytes;
  add_condition(request.headers);
  const auto got = ask(target_of(key), request);
  if (got) return written::stored;
  if (const auto known = outcome_of(got.error())) return *known;
  return std::unexpected(got.error());
}

http_result<std::optional<object_facts>> s3_writer::look(const std::string& key) {
  http_request question{.method = "HEAD"};
  store_.add_customer_key(question);
  const auto got = ask(target_of(key), question);
  if (!got && got.error().status == 404) return std::nullopt;
  if (!got) return std::unexpected(got.error());
  return facts_in(got->head, word_prefix);
}

}  // namespace

std::unique_ptr<object_writer> make_s3_writer(const s3_writing& how, const environment& env,
                                              const context& with, backoff_policy patience) {
  return std::make_unique<s3_writer>(how, env, with, patience);
}

}  // namespace weir
