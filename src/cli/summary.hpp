#pragma once
#include <string>

#include "engine/run.hpp"

namespace weir {

/// What a run did, for people: what came in and where it went, then what was filtered by each rule
/// and rejected for each reason, if there was more than one of them.
///
///     1,000,000 in, 100,000 delivered, 900,000 filtered in 0.41 s (2.4 M records/s, 590 MB/s)
///        800,000  filtered by `where level in ("WARN","ERROR")`
std::string summary(const run_report& of);

/// Why records may be missing: fields that the pipeline names and that were in none, values of a
/// type that expressions cannot work on.
std::string shown_findings(const run_report& of);

/// The first rejects, each with its place, stage, reason and text. Safe to show on a terminal.
std::string shown_rejects(const run_report& of);

/// " at byte 6" for 5, counted from 0. Nothing for 0: what is wrong there is wrong
/// with the whole record.
std::string place_in_record(std::uint64_t at);

/// Why the exit code is not 0, where nothing else says so: one line, or nothing.
std::string shown_exit(const run_report& of);

/// What a dry run would have delivered.
std::string shown_samples(const run_report& of);

/// Why a run ended before its end, and inputs that could not be read. Empty if all was well.
std::string shown_errors(const run_report& of, bool color);

}  // namespace weir
