#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/chunk.hpp"
#include "net/http_retry.hpp"
#include "source/page_body.hpp"
#include "source/page_marks.hpp"
#include "source/page_walk.hpp"
#include "weir/error.hpp"

namespace weir {

struct page_settings {
  page_walk_options walk;
  std::vector<http_credential> credentials;  ///< for the origin of the first page
  bool lines = false;                        ///< a page is NDJSON, else JSON
  field_path records = {};
  std::size_t page_bytes_max = 16 << 20;
};

/// Reads the pages of an API, one after the other: the records of all of them, a line each, as one
/// stream of bytes. A page is asked for when the one before it has been given out. One thread.
class page_reader {
 public:
  /// `marks` are told of each page with records; null if nobody wants to know. All outlive it.
  page_reader(const page_settings& how, http_client& client, const context& with,
              page_marks* marks);

  /// To go on at `at`, in the page that `mark` tells of. Before the first pull.
  void resume(position at, page_mark mark);
  /// Once only. If a page cannot be had, an empty chunk comes and there is a failure.
  byte_stream bytes();
  const error* failure() const noexcept { return failure_ ? &*failure_ : nullptr; }
  /// It did not get beyond the first page that it asked for.
  bool got_nothing() const noexcept { return pages_ == 0; }

 private:
  patient_fetch::plan plan() const;
  http_request page_request() const;
  bool take(http_result<http_response>& got);
  bool take_page(const http_response& answer, page_body page);
  bool skip_known();
  void tell_of_doubt(const std::string& url) const;
  void fill(chunk& out, std::shared_ptr<block> space);
  bool fail(std::string why, std::string hint = {});

  const page_settings& how_;
  http_client& client_;
  const context& with_;
  page_marks* marks_;
  page_walk walk_;
  position resume_at_;
  position begin_;  ///< of the page at hand
  std::optional<page_body> page_;
  std::string_view lines_;  ///< of it, that are left
  std::uint64_t pages_ = 0;
  budget_share share_;
  std::optional<error> failure_;
};

}  // namespace weir
