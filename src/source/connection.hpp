#pragma once
#include <chrono>
#include <string>

#include "net/http.hpp"
#include "source/reading.hpp"
#include "weir/error.hpp"

namespace weir {

/// How a source connects to a server. The options of a source inherit them.
struct connection_options {
  std::string ca;
  secret proxy;
  std::chrono::nanoseconds connect_timeout = std::chrono::seconds{10};
  std::chrono::nanoseconds first_byte_timeout = std::chrono::seconds{60};
  std::chrono::nanoseconds idle_timeout = std::chrono::seconds{60};
  std::chrono::nanoseconds total_timeout{0};
};

http_options to_http_options(const connection_options& o);
/// The same, telling people once of a server that makes the run wait.
http_options telling(http_options how, const context& with);
void check(const connection_options& o, reporter& report);

/// What a failed request ends a run with: nothing is there (66), the server cannot be reached or
/// does not want us (69), or what it gave was not the object (74).
exit_code code_of(const http_failure& why);
/// The error that a failed request for what the user named stands for.
error as_error(const http_failure& why);

/// Declares `connection_options` for a source whose options inherit them.
template <class Options>
void add_connection_options(declare<Options>& to) {
  to.option("ca", member_of<Options>(&connection_options::ca),
            "a file of certificates to trust instead of the system's");
  to.option("proxy", member_of<Options>(&connection_options::proxy),
            "a proxy's URL instead of the environment's https_proxy, http_proxy and no_proxy");
  to.option("connect_timeout", member_of<Options>(&connection_options::connect_timeout),
            "how long connecting may take");
  to.option("first_byte_timeout", member_of<Options>(&connection_options::first_byte_timeout),
            "how long an answer may take to begin");
  to.option("idle_timeout", member_of<Options>(&connection_options::idle_timeout),
            "how long an answer may pause");
  to.option("total_timeout", member_of<Options>(&connection_options::total_timeout),
            "how long a request may take as a whole, before another one goes on where it was; 0s "
            "for no end");
}

}  // namespace weir
