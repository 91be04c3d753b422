#include "parse/request_line.hpp"

namespace weir {

void add_request(field_list& out, std::string_view request) {
  if (request.empty() || request == "-") return;
  const std::size_t first = request.find(' ');
  const std::size_t last = request.rfind(' ');
  if (first == request.npos || first == last || first == 0 ||
      !request.substr(last + 1).starts_with("HTTP/")) {
    return out.add("request", request);
  }
  out.add("method", request.substr(0, first));
  out.add("path", request.substr(first + 1, last - first - 1));
  out.add("protocol", request.substr(last + 1));
}

std::string_view level_of_status(std::string_view status) noexcept {
  if (status.starts_with('5')) return "error";
  return status.starts_with('4') ? "warn" : "info";
}

std::string_view status_number(std::string_view status) noexcept {
  while (status.size() > 1 && status[0] == '0') status.remove_prefix(1);
  return status;
}

}  // namespace weir
