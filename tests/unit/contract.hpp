#pragma once
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/disk.hpp"
#include "weir/source.hpp"

// The contract that every source keeps (DESIGN section 5, SEMANTICS "Flow"), as checks to call.

namespace weir::test {

/// The kernel's file system; counts what is opened.
class counting_disk : public disk {
 public:
  int opened = 0;

  io_result<std::unique_ptr<file>> open(const std::string& path, open_for why) override {
    ++opened;
    return real_->open(path, why);
  }
  io_result<file_status> status(const std::string& path) override { return real_->status(path); }
  io_result<std::vector<std::string>> list(const std::string& directory) override {
    return real_->list(directory);
  }
  std::optional<std::string> link_target(const std::string& path) override {
    return real_->link_target(path);
  }
  io_result<void> rename(const std::string& from, const std::string& to) override {
    return real_->rename(from, to);
  }
  io_result<void> remove(const std::string& path) override { return real_->remove(path); }
  io_result<void> make_directories(const std::string& path) override {
    return real_->make_directories(path);
  }
  io_result<void> sync_directory(const std::string& path) override {
    return real_->sync_directory(path);
  }

 private:
  std::unique_ptr<disk> real_ = real_disk();
};

/// What a pipeline gives its parts, in virtual time.
template <class Clock>
struct surroundings_in {
  std::shared_ptr<budget> ceiling = std::make_shared<budget>(64u << 20);
  Clock time;
  interrupt wake;
  counting_disk files;
  context with{.pool = std::make_shared<block_pool>(ceiling),
               .time = &time,
               .wake = &wake,
               .files = &files,
               .started_ns = 0};
};
using surroundings = surroundings_in<virtual_clock>;

/// A record as it came, detached from its batch.
struct seen_record {
  std::string shard;
  std::uint64_t number;
  std::uint64_t offset;
  std::string raw;
  friend bool operator==(const seen_record&, const seen_record&) = default;
};
using seen_records = std::vector<seen_record>;
using positions = std::map<std::string, position>;

inline void PrintTo(const seen_record& r, std::ostream* out) {
  *out << r.shard << " #" << r.number << " @" << r.offset << ": " << r.raw;
}

inline resume_points resume_from(positions at) {
  return [at = std::move(at)](const shard& s) {
    const auto known = at.find(s.identity);
    return known == at.end() ? position{} : known->second;
  };
}

/// Notes a batch's records and positions, and checks that the positions follow those seen before.
inline void note(const batch& b, seen_records& records, positions& at) {
  for (const auto& r : b.runs()) {
    const auto before = at.find(r.source->identity);
    if (before != at.end()) {
      EXPECT_EQ(before->second, r.from) << "of " << r.source->name;
    }
    EXPECT_LE(r.from.offset, r.to.offset);
    EXPECT_LE(r.from.number, r.to.number);
    at[r.source->identity] = r.to;
  }
  for (const record& r : b.all()) {
    const position to = at[r.source().identity];
    EXPECT_LE(r.number(), to.number);
    EXPECT_LT(r.offset(), to.offset);
    records.push_back({r.source().identity, r.number(), r.offset(), std::string{r.raw()}});
  }
}

/// Pulls until the end, until nothing comes for a second, or until `most` records came.
template <class Surroundings>
seen_records read_all(stream& from, Surroundings& in, positions& at, std::size_t most = SIZE_MAX) {
  seen_records all;
  while (all.size() < most) {
    const pull want{.until = in.time.now() + std::chrono::seconds{1}, .drain = false};
    const batch* b = from.next(want);
    if (!b) break;
    note(*b, all, at);
    if (b->all().empty() && in.time.now() >= want.until) break;
  }
  return all;
}

inline std::vector<std::string> texts(const seen_records& records) {
  std::vector<std::string> all;
  for (const auto& r : records) all.push_back(r.raw);
  return all;
}

using make_source = std::function<std::unique_ptr<source>()>;

/// Reads everything that a source gives, from the beginning.
inline seen_records read_all(const make_source& make) {
  surroundings in;
  const auto from = make();
  auto records = from->open(in.with, {});
  positions at;
  return read_all(records, in, at);
}

template <class Surroundings = surroundings>
void opens_nothing_before_the_first_pull(const make_source& make) {
  Surroundings in;
  const auto from = make();
  {
    const auto never_pulled = from->open(in.with, {});
  }
  EXPECT_EQ(in.files.opened, 0);
  EXPECT_EQ(in.ceiling->used_bytes(), 0u);
}

template <class Surroundings = surroundings>
void gives_its_memory_back_when_destroyed(const make_source& make) {
  Surroundings in;
  const auto from = make();
  {
    auto records = from->open(in.with, {});
    records.next({.until = in.time.now(), .drain = false});
    records.next({.until = in.time.now(), .drain = false});
  }
  EXPECT_EQ(in.ceiling->used_bytes(), 0u);
}

template <class Surroundings = surroundings>
void returns_at_once_when_the_deadline_is_past(const make_source& make) {
  Surroundings in;
  const auto from = make();
  auto records = from->open(in.with, {});
  const auto start = in.time.now();
  for (int i = 0; i < 4; ++i)
    records.next({.until = start - std::chrono::seconds{1}, .drain = false});
  EXPECT_EQ(in.time.now(), start);
}

/// After any number of batches a drain ends it, and reopening at the last positions gives the rest.
/// `most` bounds what is compared, for sources without an end.
template <class Surroundings = surroundings>
void loses_nothing_when_drained_after_any_batch(const make_source& make,
                                                std::size_t most = SIZE_MAX) {
  const auto from = make();
  seen_records all;
  positions whole_run;
  {
    Surroundings in;
    auto records = from->open(in.with, {});
    all = read_all(records, in, whole_run, most);
  }
  ASSERT_FALSE(all.empty());
  seen_records before;
  for (int batches = 0; before.size() < all.size(); ++batches) {
    Surroundings in;
    before.clear();
    positions at;
    auto first = from->open(in.with, {});
    for (int i = 0; i < batches; ++i) {
      const batch* b =
          first.next({.until = in.time.now() + std::chrono::seconds{1}, .drain = false});
      if (b == nullptr) break;  // a network gives it in fewer pieces than the last time
      note(*b, before, at);
    }
    while (const batch* b = first.next({.until = never, .drain = true})) note(*b, before, at);
    auto rest = from->open(in.with, resume_from(at));
    auto after = read_all(rest, in, at, most - std::min(most, before.size()));
    after.insert(after.begin(), before.begin(), before.end());
    after.resize(std::min(after.size(), all.size()));
    ASSERT_EQ(after, all) << "drained after " << batches << " batches";
  }
}

/// A batch that was moved out is not lent again as it was left, also an empty one: a tee could not
/// branch it.
template <class Surroundings = surroundings>
void lends_whole_batches_though_each_is_moved_out(const make_source& make) {
  Surroundings in;
  const auto from = make();
  auto records = from->open(in.with, {});
  for (int batches = 0; batches < 8; ++batches) {
    batch* const b = records.next({.until = in.time.now(), .drain = false});
    if (b == nullptr) break;
    const batch taken = std::move(*b);
    EXPECT_EQ(taken.branch().size(), taken.size());
  }
}

template <class Surroundings = surroundings>
void keeps_the_source_contract(const make_source& make, std::size_t most = SIZE_MAX) {
  opens_nothing_before_the_first_pull<Surroundings>(make);
  gives_its_memory_back_when_destroyed<Surroundings>(make);
  returns_at_once_when_the_deadline_is_past<Surroundings>(make);
  lends_whole_batches_though_each_is_moved_out<Surroundings>(make);
  loses_nothing_when_drained_after_any_batch<Surroundings>(make, most);
}

}  // namespace weir::test
