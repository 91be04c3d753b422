#include <algorithm>
#include <array>

#include "parse/headed_formats.hpp"
#include "parse/parsers.hpp"

namespace weir {
namespace {

/// The fields of AWS's flow logs, of VPCs and of transit gateways.
constexpr std::array<std::string_view, 60> known_names{"version",
                                                       "account-id",
                                                       "interface-id",
                                                       "srcaddr",
                                                       "dstaddr",
                                                       "srcport",
                                                       "dstport",
                                                       "protocol",
                                                       "packets",
                                                       "bytes",
                                                       "start",
                                                       "end",
                                                       "action",
                                                       "log-status",
                                                       "vpc-id",
                                                       "subnet-id",
                                                       "instance-id",
                                                       "tcp-flags",
                                                       "type",
                                                       "pkt-srcaddr",
                                                       "pkt-dstaddr",
                                                       "region",
                                                       "az-id",
                                                       "sublocation-type",
                                                       "sublocation-id",
                                                       "pkt-src-aws-service",
                                                       "pkt-dst-aws-service",
                                                       "flow-direction",
                                                       "traffic-path",
                                                       "ecs-cluster-arn",
                                                       "ecs-cluster-name",
                                                       "ecs-container-instance-arn",
                                                       "ecs-container-instance-id",
                                                       "ecs-container-id",
                                                       "ecs-second-container-id",
                                                       "ecs-service-name",
                                                       "ecs-task-definition-arn",
                                                       "ecs-task-arn",
                                                       "ecs-task-id",
                                                       "reject-reason",
                                                       "resource-id",
                                                       "encryption-status",
                                                       "resource-type",
                                                       "tgw-id",
                                                       "tgw-attachment-id",
                                                       "tgw-src-vpc-account-id",
                                                       "tgw-dst-vpc-account-id",
                                                       "tgw-src-vpc-id",
                                                       "tgw-dst-vpc-id",
                                                       "tgw-src-subnet-id",
                                                       "tgw-dst-subnet-id",
                                                       "tgw-src-eni",
                                                       "tgw-dst-eni",
                                                       "tgw-src-az-id",
                                                       "tgw-dst-az-id",
                                                       "tgw-pair-attachment-id",
                                                       "packets-lost-no-route",
                                                       "packets-lost-blackhole",
                                                       "packets-lost-mtu-exceeded",
                                                       "packets-lost-ttl-expired"};

constexpr std::array<std::string_view, 14> numbers{"version",
                                                   "srcport",
                                                   "dstport",
                                                   "protocol",
                                                   "packets",
                                                   "bytes",
                                                   "start",
                                                   "end",
                                                   "tcp_flags",
                                                   "traffic_path",
                                                   "packets_lost_no_route",
                                                   "packets_lost_blackhole",
                                                   "packets_lost_mtu_exceeded",
                                                   "packets_lost_ttl_expired"};

constexpr std::string_view version_2 =
    "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start "
    "end action log-status";

/// Takes a word off the front, without the `${}` that AWS writes around names in a format.
std::string_view take_name(std::string_view& left) noexcept {
  left.remove_prefix(std::min(left.find_first_not_of(' '), left.size()));
  std::string_view name = left.substr(0, left.find(' '));
  left.remove_prefix(name.size());
  if (name.starts_with("${") && name.ends_with('}')) name = name.substr(2, name.size() - 3);
  return name;
}

bool is_known(std::string_view name) noexcept {
  return std::ranges::find(known_names, name) != known_names.end();
}

class vpc_flow_log final : public headed_format {
 public:
  explicit vpc_flow_log(std::string_view given) : given_(given) {}

  /// A line of names only is a header: no value is one.
  line kind_of(std::string_view text) const noexcept override {
    if (text.empty() || text[0] < 'a' || text[0] > 'z') return line::record;
    while (!text.empty()) {
      const std::string_view name = take_name(text);
      if (!name.empty() && !is_known(name)) return line::record;
    }
    return line::header;
  }

  table_header read(std::span<const std::string> lines) const override {
    table_header header;
    std::string_view left = lines.empty() ? given_ : lines.back();
    while (!left.empty()) {
      std::string name{take_name(left)};
      if (name.empty()) continue;
      std::ranges::replace(name, '-', '_');
      const bool number = std::ranges::find(numbers, name) != numbers.end();
      header.columns.push_back(
          {.name = std::move(name), .holds = number ? column_type::number : column_type::text});
    }
    return header;
  }

 private:
  std::string given_;
};

struct vpc_flow_options {
  std::string fields{version_2};
  bool lenient = false;
  std::string on_invalid = "reject";
};

}  // namespace

const headed_format& vpc_flow_format() {
  static const vpc_flow_log format{version_2};
  return format;
}

component vpc_flow() {
  declare<vpc_flow_options> made(component::role::stage, "vpc_flow",
                                 "Reads the flow logs of AWS's VPCs and transit gateways.");
  made.describe(
      "The fields are those of the header of the file, as in the objects that AWS delivers to S3; "
      "without one, those of `fields`. They have the names of AWS's documentation, with "
      "underscores for hyphens (`log_status`); a `-` is a missing field. Ports, protocol, packets, "
      "bytes, start, end and tcp_flags are numbers. The record's time is start.\n\n" +
      std::string{rules_of_headed_tables});
  made.option("fields", &vpc_flow_options::fields,
              "The fields of files without a header, as in AWS's log format: `version srcaddr` or "
              "`${version} ${srcaddr}`. Given by default: those of version 2.",
              positional);
  declare_headed(made);
  made.example("Refused connections", "from vpc.log | vpc_flow | where action = 'REJECT'");
  return made.makes([](const vpc_flow_options& o, reporter& report) -> product {
    const auto format = std::make_shared<const vpc_flow_log>(o.fields);
    if (format->read({}).columns.empty())
      report.error("`fields` names no field", {}, std::string{version_2});
    return headed_stage(format, o);
  });
}

}  // namespace weir
