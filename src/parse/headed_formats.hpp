#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "parse/line_parser.hpp"
#include "parse/table_parser.hpp"

namespace weir {

// The formats whose header names the columns; they live as long as the program.
const headed_format& w3c_format();
const headed_format& zeek_format();
const headed_format& vpc_flow_format();

/// The options of those that have no others.
struct headed_options {
  bool lenient = false;
  std::string on_invalid = "reject";
};

/// The stage that reads tables of `format`; `o` has the options above.
stage headed_stage(std::shared_ptr<const headed_format> format, table_settings how,
                   const std::string& on_invalid);
template <class Options>
stage headed_stage(std::shared_ptr<const headed_format> format, const Options& o) {
  return headed_stage(std::move(format), table_settings{.lenient = o.lenient}, o.on_invalid);
}
/// A format that lives as long as the program.
inline std::shared_ptr<const headed_format> unowned(const headed_format& format) {
  return {std::shared_ptr<void>{}, &format};
}

/// What is strict about them and what becomes of headers.
inline constexpr std::string_view rules_of_headed_tables =
    "Strict by default: a record has as many fields as there are columns, and numbers have to be "
    "numbers. With lenient=true they may be any text, missing fields are left out, and what "
    "stands behind the last column is the field rest.\n\n"
    "A header may come again in mid-file, and holds from there on; it is kept with --state. "
    "Headers and comments are no records: the report counts them as `blank`.";

/// Declares the options that they share.
template <class Options>
void declare_headed(declare<Options>& made) {
  made.option("lenient", &Options::lenient, "Take records that differ a little.");
  made.option("on_invalid", &Options::on_invalid, std::string{on_invalid_text}, on_invalid_choices);
}

}  // namespace weir
