#include "source/login.hpp"

namespace weir {

std::vector<http_credential> credentials_of(const http_login& who, reporter& report) {
  auto all = who.credentials();
  if (all) return std::move(*all);
  report.error(all.error(), {});
  return {};
}

}  // namespace weir
