#include "parse/nginx.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "parse/parsers.hpp"
#include "parse/request_line.hpp"

namespace weir {
namespace {

struct named_layout {
  std::string_view name;
  std::string_view text;
};
constexpr std::array<named_layout, 3> named_layouts{{
    {"combined",
     R"($remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent")"},
    {"main",
     R"($remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" "$http_x_forwarded_for")"},
    {"ingress",
     R"($remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" $request_length $request_time [$proxy_upstream_name] [$proxy_alternative_upstream_name] $upstream_addr $upstream_response_length $upstream_response_time $upstream_status $req_id)"},
}};

/// What nginx's variables are, those beginning with upstream_ aside.
constexpr layout_names variables{
    .numbers =
        "body_bytes_sent bytes_sent connection connection_requests connection_time "
        "connections_active content_length gzip_ratio msec pid protocol_version remote_port "
        "request_length request_time server_port session_time bytes_received",
    .times = "time_iso8601",
    .status = "status"};

struct nginx_options {
  std::string format = "combined";
  bool lenient = false;
  bool status_level = false;
  std::string on_invalid = "reject";
};

std::string_view text_of(std::string_view format) {
  for (const named_layout& k : named_layouts) {
    if (k.name == format) return k.text;
  }
  return format;
}

void take_blanks(std::string_view& text) noexcept {
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
}

/// Takes a word of nginx's configuration off the front: in quotes, with its escapes resolved, or up
/// to a blank. Nothing if a quote is not closed.
std::optional<std::string> take_configured(std::string_view& text) {
  const char quote = text.starts_with('\'') || text.starts_with('"') ? text[0] : '\0';
  std::string word;
  std::size_t at = quote == '\0' ? 0 : 1;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (quote == '\0' ? std::string_view{" \t\r\n;"}.contains(c) : c == quote) break;
    const bool escape = c == '\\' && at + 1 < text.size();
    const std::string_view escaped = escape ? text.substr(at + 1, 1) : std::string_view{};
    if (escape && std::string_view{"\"'\\"}.contains(escaped)) ++at;
    word += text[at];
  }
  if (quote != '\0' && at == text.size()) return std::nullopt;
  text.remove_prefix(at + (quote == '\0' ? 0 : 1));
  return word;
}

/// The text of a directive, `log_format mine '$remote_addr' ' $status';`, as nginx joins it.
std::expected<std::string, std::string> text_of_directive(std::string_view left) {
  std::string joined;
  for (std::size_t words = 0;; ++words) {
    take_blanks(left);
    if (left.empty() || left == ";") break;
    if (left.starts_with(';')) return std::unexpected("something stands behind the log_format");
    const auto word = take_configured(left);
    if (!word) return std::unexpected("a quote of the log_format is not closed");
    if (*word == "escape=json")
      return std::unexpected("a log_format of escape=json is JSON: read it with json");
    // The first two are `log_format` and its name.
    if (words >= 2 && !word->starts_with("escape=")) joined += *word;
  }
  return joined;
}

std::expected<layout, std::string> layout_of(std::string_view format) {
  std::string_view directive = format;
  take_blanks(directive);
  if (!directive.starts_with("log_format ")) return read_layout(text_of(format), variables);
  const auto text = text_of_directive(directive);
  if (!text) return std::unexpected(text.error());
  return read_layout(*text, variables);
}

std::shared_ptr<const layout> compile(const nginx_options& o, reporter& report) {
  auto read = layout_of(o.format);
  if (read) return std::make_shared<const layout>(*std::move(read));
  report.error(read.error(), {},
               "write the text of nginx's log_format in single quotes, or one of: combined, main, "
               "ingress");
  return nullptr;
}

}  // namespace

std::shared_ptr<const layout> nginx_layout(std::string_view format) {
  return std::make_shared<const layout>(read_layout(text_of(format), variables).value());
}

component nginx() {
  return declare<nginx_options>(component::role::stage, "nginx",
                                "Reads the access logs of nginx by their log_format.")
      .describe(
          "The format is the text of nginx's `log_format` directive, or the directive as it stands "
          "in nginx's configuration; `combined` (nginx's own), "
          "`main` (that of its packages) and `ingress` (that of ingress-nginx) are known by name. "
          "Each variable becomes the field of its name; $request becomes method, path and "
          "protocol, or stays request if it is no such request. Sizes, durations and the status "
          "are numbers; those of $upstream_ variables are if there is one value only. A `-` or an "
          "empty text is a missing field. Texts stay as nginx wrote them, with its escapes; a "
          "format of `escape=json` is read by json.\n\n"
          "Strict by default: times and numbers have to be what they should be, and nothing may "
          "stand behind the last field. With lenient=true they may be any text, and more text is "
          "the field rest.")
      .option("format", &nginx_options::format, "The log_format, or the name of one.", positional)
      .option("lenient", &nginx_options::lenient, "Take lines that differ a little.")
      .option("status_level", &nginx_options::status_level, std::string{status_level_text})
      .option("on_invalid", &nginx_options::on_invalid, std::string{on_invalid_text},
              on_invalid_choices)
      .example("Slow answers by a format of one's own",
               "from text \"GET /a 200 0.734\\nGET /b 200 0.002\" | nginx \"$request_method $uri "
               "$status $request_time\" | where request_time > 0.5")
      .makes([](const nginx_options& o, reporter& report) -> product {
        const layout_settings how{.lenient = o.lenient, .status_level = o.status_level};
        return line_parser_stage(
            [plan = compile(o, report), how] { return std::make_unique<layout_parser>(plan, how); },
            o.on_invalid);
      });
}

}  // namespace weir
