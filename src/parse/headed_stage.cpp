#include "parse/headed_formats.hpp"

namespace weir {

stage headed_stage(std::shared_ptr<const headed_format> format, table_settings how,
                   const std::string& on_invalid) {
  stage made;
  made.parser = true;
  made.whole = [format = std::move(format), how, keep_others = on_invalid == "keep"](
                   stream in, const context& with, const stage_id& id) -> stream {
    const auto format_of = [format](const shard&) { return format; };
    auto tables = std::make_shared<headed_tables>(format_of, with);
    auto records = std::make_unique<table_parser>(tables, how);
    auto parse = std::make_shared<line_parsing>(std::move(records), with.pool, id, keep_others);
    return under_headers(
        std::move(in), std::move(tables), [parse](batch& b) { (*parse)(b); }, &with);
  };
  return made;
}

}  // namespace weir
