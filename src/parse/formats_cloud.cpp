// The formats of load balancers, storage and networks of clouds.
#include <array>

#include "parse/named_formats.hpp"

namespace weir {
namespace {

/// Of the first years.
constexpr std::string_view first_alb_fields =
    R"--($type $time $elb $client $target $request_processing_time $target_processing_time $response_processing_time $elb_status_code $target_status_code $received_bytes $sent_bytes "$request" "$user_agent" $ssl_cipher $ssl_protocol $target_group_arn "$trace_id" $domain_name $chosen_cert_arn $matched_rule_priority $request_creation_time "$actions_executed")--";

constexpr std::array formats{
    named_format{
        .name = "alb",
        .summary = "Reads the access logs of AWS's application load balancers.",
        .description = "The fields have the names of AWS's documentation; the request becomes "
                       "method, path "
                       "(a whole URL) and protocol. AWS added fields over the years: a line may "
                       "end behind trace_id or any later field, and domain_name and "
                       "chosen_cert_arn stand without quotes in the first ones.",
        .fields =
            R"--($type $time $elb $client $target $request_processing_time $target_processing_time $response_processing_time $elb_status_code $target_status_code $received_bytes $sent_bytes "$request" "$user_agent" $ssl_cipher $ssl_protocol $target_group_arn "$trace_id" "$domain_name" "$chosen_cert_arn" $matched_rule_priority $request_creation_time "$actions_executed" "$redirect_url" "$error_reason" "$target_port_list" "$target_status_code_list" "$classification" "$classification_reason" $traceability_id "$transformed_host" "$transformed_uri" "$request_transform_status")--",
        .older_fields = first_alb_fields,
        .names = {.numbers = "request_processing_time target_processing_time "
                             "response_processing_time target_status_code "
                             "received_bytes sent_bytes matched_rule_priority",
                  .times = "time request_creation_time",
                  .status = "elb_status_code",
                  .optional_from = "domain_name",
                  .words = true},
        .sample =
            R"--(http 2026-01-02T09:14:07.186641Z app/my-lb/50dc6c495c0c9188 192.0.2.7:2817 10.0.0.1:80 0.001 0.048 0.000 502 502 34 366 "GET http://www.example.com:80/ HTTP/1.1" "curl/7.46.0" - - arn:aws:elasticloadbalancing:us-east-2:123456789012:targetgroup/t/73e2 "Root=1-58337262" "-" "-" 0 2026-01-02T09:14:06.364000Z "forward" "-" "-" "10.0.0.1:80" "502" "-" "-")--",
        .becomes =
            R"--({"type":"http","time":"2026-01-02T09:14:07.186641Z","elb":"app/my-lb/50dc6c495c0c9188","client":"192.0.2.7:2817","target":"10.0.0.1:80","request_processing_time":0.001,"target_processing_time":0.048,"response_processing_time":0.000,"elb_status_code":502,"target_status_code":502,"received_bytes":34,"sent_bytes":366,"method":"GET","path":"http://www.example.com:80/","protocol":"HTTP/1.1","user_agent":"curl/7.46.0","target_group_arn":"arn:aws:elasticloadbalancing:us-east-2:123456789012:targetgroup/t/73e2","trace_id":"Root=1-58337262","matched_rule_priority":0,"request_creation_time":"2026-01-02T09:14:06.364000Z","actions_executed":"forward","target_port_list":"10.0.0.1:80","target_status_code_list":"502"})--"},
    named_format{.name = "elb",
                 .summary = "Reads the access logs of AWS's classic load balancers.",
                 .description =
                     "The fields have the names of AWS's documentation; the request becomes "
                     "method, path "
                     "(a whole URL) and protocol. Those from user_agent on may be missing, "
                     "as in older logs.",
                 .fields =
                     R"--($time $elb $client $backend $request_processing_time $backend_processing_time $response_processing_time $elb_status_code $backend_status_code $received_bytes $sent_bytes "$request" "$user_agent" $ssl_cipher $ssl_protocol)--",
                 .names = {.numbers = "request_processing_time backend_processing_time "
                                      "response_processing_time backend_status_code "
                                      "received_bytes sent_bytes",
                           .times = "time",
                           .status = "elb_status_code",
                           .optional_from = "user_agent",
                           .words = true},
                 .sample =
                     R"--(2026-01-02T09:14:07.945958Z my-lb 192.0.2.7:2817 10.0.0.1:80 0.000086 0.001048 0.001337 200 200 0 57 "GET https://www.example.com:443/ HTTP/1.1" "curl/7.38.0" DHE-RSA-AES128-SHA TLSv1.2)--",
                 .becomes =
                     R"--({"time":"2026-01-02T09:14:07.945958Z","elb":"my-lb","client":"192.0.2.7:2817","backend":"10.0.0.1:80","request_processing_time":0.000086,"backend_processing_time":0.001048,"response_processing_time":0.001337,"elb_status_code":200,"backend_status_code":200,"received_bytes":0,"sent_bytes":57,"method":"GET","path":"https://www.example.com:443/","protocol":"HTTP/1.1","user_agent":"curl/7.38.0","ssl_cipher":"DHE-RSA-AES128-SHA","ssl_protocol":"TLSv1.2"})--"},
    named_format{
        .name = "nlb",
        .summary = "Reads the access logs of AWS's network load balancers.",
        .description = "The fields have the names of AWS's documentation.",
        .fields =
            R"--($type $version $time $elb $listener $client $destination $connection_time $tls_handshake_time $received_bytes $sent_bytes $incoming_tls_alert $chosen_cert_arn $chosen_cert_serial $tls_cipher $tls_protocol_version $tls_named_group $domain_name $alpn_fe_protocol $alpn_be_protocol $alpn_client_preference_list $tls_connection_creation_time)--",
        .names = {.numbers = "connection_time tls_handshake_time received_bytes sent_bytes",
                  .times = "time tls_connection_creation_time",
                  .optional_from = "alpn_fe_protocol",
                  .words = true},
        .sample =
            R"--(tls 2.0 2026-01-02T09:14:07 net/my-nlb/c6e77e28c25b2234 g3d4b5e8bb8464cd 192.0.2.7:51341 172.100.100.185:443 5 2 98 246 - arn:aws:acm:us-east-2:671290407336:certificate/2a10 - ECDHE-RSA-AES128-SHA tlsv12 - my-nlb.elb.us-east-2.amazonaws.com - - - 2026-01-02T09:14:02)--",
        .becomes =
            R"--({"type":"tls","version":"2.0","time":"2026-01-02T09:14:07","elb":"net/my-nlb/c6e77e28c25b2234","listener":"g3d4b5e8bb8464cd","client":"192.0.2.7:51341","destination":"172.100.100.185:443","connection_time":5,"tls_handshake_time":2,"received_bytes":98,"sent_bytes":246,"chosen_cert_arn":"arn:aws:acm:us-east-2:671290407336:certificate/2a10","tls_cipher":"ECDHE-RSA-AES128-SHA","tls_protocol_version":"tlsv12","domain_name":"my-nlb.elb.us-east-2.amazonaws.com","tls_connection_creation_time":"2026-01-02T09:14:02"})--"},
    named_format{
        .name = "s3_access",
        .summary = "Reads the access logs of Amazon S3.",
        .description = "The fields have the names of AWS's documentation; the request becomes "
                       "method, path "
                       "and protocol. AWS added fields over the years: a line may end behind "
                       "user_agent or any later field.",
        .fields =
            R"--($bucket_owner $bucket [$time] $remote_ip $requester $request_id $operation $key "$request" $status $error_code $bytes_sent $object_size $total_time $turn_around_time "$referer" "$user_agent" $version_id $host_id $signature_version $cipher_suite $authentication_type $host_header $tls_version $access_point_arn $acl_required)--",
        .names = {.numbers = "bytes_sent object_size total_time turn_around_time",
                  .times = "time",
                  .status = "status",
                  .optional_from = "version_id",
                  .words = true},
        .sample =
            R"--(79a59df900b9 my-bucket [02/Jan/2026:09:14:07 +0000] 192.0.2.3 79a59df900b9 3E57427F3EXAMPLE REST.GET.OBJECT a.txt "GET /my-bucket/a.txt HTTP/1.1" 404 NoSuchKey 113 - 7 - "-" "S3Console/0.4" - s9lzHYrFp76ZVx SigV4 ECDHE-RSA-AES128-GCM-SHA256 AuthHeader my-bucket.s3.amazonaws.com TLSV1.2 - Yes)--",
        .becomes =
            R"--({"bucket_owner":"79a59df900b9","bucket":"my-bucket","time":"02/Jan/2026:09:14:07 +0000","remote_ip":"192.0.2.3","requester":"79a59df900b9","request_id":"3E57427F3EXAMPLE","operation":"REST.GET.OBJECT","key":"a.txt","method":"GET","path":"/my-bucket/a.txt","protocol":"HTTP/1.1","status":404,"error_code":"NoSuchKey","bytes_sent":113,"total_time":7,"user_agent":"S3Console/0.4","host_id":"s9lzHYrFp76ZVx","signature_version":"SigV4","cipher_suite":"ECDHE-RSA-AES128-GCM-SHA256","authentication_type":"AuthHeader","host_header":"my-bucket.s3.amazonaws.com","tls_version":"TLSV1.2","acl_required":"Yes"})--"},
};

}  // namespace

std::span<const named_format> cloud_formats() {
  return formats;
}

}  // namespace weir
