#include "source/s3_event.hpp"

#include <gmock/gmock.h>

namespace weir {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<created_object> objects(const std::string& body) {
  const auto found = objects_in_event(body);
  if (!found) ADD_FAILURE() << found.error() << ": " << body;
  return found.value_or(std::vector<created_object>{});
}

// As "Event message structure" of the S3 user guide has it.
const std::string of_s3 =
    R"({"Records":[{"eventVersion":"2.1","eventSource":"aws:s3","awsRegion":"us-west-2",
    "eventTime":"1970-01-01T00:00:00.000Z","eventName":"ObjectCreated:Put",
    "userIdentity":{"principalId":"AIDAJDPLRKLG7UEXAMPLE"},"requestParameters":{"sourceIPAddress":"172.16.0.1"},
    "s3":{"s3SchemaVersion":"1.0","configurationId":"testConfigRule","bucket":{"name":"amzn-s3-demo-bucket",
    "ownerIdentity":{"principalId":"A3NL1KOZZKExample"},"arn":"arn:aws:s3:::amzn-s3-demo-bucket"},
    "object":{"key":"HappyFace.jpg","size":1024,"eTag":"d41d8cd98f00b204e9800998ecf8427e",
    "versionId":"096fKKXTRTtl3on89fVO.nfljtsv6qko","sequencer":"0055AED6DCD90281E5"}}}]})";

// As "EventBridge event message structure" has it.
const std::string of_event_bridge =
    R"({"version":"0","id":"17793124-05d4-b198-2fde-7ededc63b103","detail-type":"Object Created",
    "source":"aws.s3","account":"111122223333","time":"2021-11-12T00:00:00Z","region":"ca-central-1",
    "resources":["arn:aws:s3:::amzn-s3-demo-bucket1"],"detail":{"version":"0","bucket":{"name":"amzn-s3-demo-bucket1"},
    "object":{"key":"example+key %41","size":5,"etag":"b1946ac92492d2347c6235b4d2611184"},"reason":"PutObject"}})";

TEST(S3Event, names_the_object_that_was_created) {
  EXPECT_THAT(objects(of_s3),
              ElementsAre(created_object{"amzn-s3-demo-bucket", "HappyFace.jpg", "us-west-2"}));
  EXPECT_THAT(
      objects(of_event_bridge),
      ElementsAre(created_object{"amzn-s3-demo-bucket1", "example+key %41", "ca-central-1"}));
}

TEST(S3Event, has_keys_as_in_a_form) {
  EXPECT_THAT(
      objects(R"({"Records":[{"eventName":"s3:ObjectCreated:Copy","s3":{"bucket":{"name":"b"},
      "object":{"key":"a+b%2Bc/%C3%BC%25"}}},{"eventName":"ObjectCreated:CompleteMultipartUpload",
      "s3":{"bucket":{"name":"b"},"object":{"key":"d"}}}]})"),
      ElementsAre(created_object{"b", "a b+c/\u00fc%", ""}, created_object{"b", "d", ""}));
}

TEST(S3Event, may_be_wrapped_by_sns) {
  for (const std::string& inside : {of_s3, of_event_bridge}) {
    std::string quoted;
    for (const char c : inside) {
      if (c == '"') quoted += '\\';
      quoted += c == '\n' ? ' ' : c;
    }
    EXPECT_EQ(objects(R"({"Type":"Notification","MessageId":"1","Message":")" + quoted + R"("})"),
              objects(inside));
  }
}

TEST(S3Event, may_tell_of_something_else) {
  for (
      const char* other :
      {R"({"Service":"Amazon S3","Event":"s3:TestEvent","Time":"2014-10-13T15:57:02.089Z","Bucket":"b"})",
       R"({"Records":[{"eventName":"ObjectRemoved:Delete","s3":{"bucket":{"name":"b"},"object":{"key":"k"}}}]})",
       R"({"source":"aws.s3","detail-type":"Object Deleted","detail":{"bucket":{"name":"b"},"object":{"key":"k"}}})",
       R"({"Records":[]})"}) {
    EXPECT_THAT(objects(other), IsEmpty()) << other;
  }
}

TEST(S3Event, is_not_any_other_message) {
  for (
      const char* none :
      {"", "good morning", "[]", "7", R"({"Records":7})", R"({"Records":[7]})",
       R"({"Records":[{"Sns":{}}]})",
       R"({"Records":[{"eventName":"ObjectCreated:Put","s3":{"bucket":{"name":"b"},"object":{}}}]})",
       R"({"Records":[{"eventName":"ObjectCreated:Put","s3":{"bucket":{"name":""},"object":{"key":"k"}}}]})",
       R"({"source":"aws.s3","detail-type":"Object Created","detail":{}})",
       R"({"source":"aws.ec2"})", R"({"Type":"Notification","Message":"x"})",
       R"({"Type":"Notification","Message":7})",
       R"({"Type":"Notification","Message":"{\"Type\":\"Notification\",\"Message\":\"{}\"}"})"}) {
    EXPECT_FALSE(objects_in_event(none)) << none;
  }
}

}  // namespace
}  // namespace weir
