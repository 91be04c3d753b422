#include "base/hidden_password.hpp"

#include <gtest/gtest.h>

namespace weir {
namespace {

TEST(hide_passwords, a_password_in_a_url_becomes_asterisks_of_its_length) {
  EXPECT_EQ(hide_passwords("to postgres://ann:s3cret@db:5432/logs?table=t"),
            "to postgres://ann:******@db:5432/logs?table=t");
  EXPECT_EQ(hide_passwords("\"http://u:p@h/\" | to 'x://a:b:c@d'"),
            "\"http://u:*@h/\" | to 'x://a:***@d'");
  EXPECT_EQ(hide_passwords("x://u:p@q@h"), "x://u:***@h");
}

TEST(hide_passwords, a_password_among_parameters_is_hidden_as_well) {
  EXPECT_EQ(hide_passwords("postgres:///db?password=abc&user=ann"),
            "postgres:///db?password=***&user=ann");
  EXPECT_EQ(hide_passwords("host=db password=abc user=ann"), "host=db password=*** user=ann");
}

TEST(hide_passwords, a_quoted_one_is_hidden_to_its_end_even_if_that_is_missing) {
  EXPECT_EQ(hide_passwords("http h password=\"a b\" | json"), "http h password=\"***\" | json");
  EXPECT_EQ(hide_passwords("password='a\"b' user=x"), "password='***' user=x");
  EXPECT_EQ(hide_passwords("password=\"a | to -\nx"), "password=\"********\nx");
}

TEST(hide_passwords, what_stands_behind_the_question_mark_of_a_web_address_is_hidden) {
  EXPECT_EQ(hide_passwords("from http://h/x?tok=abc&n=1 | json"),
            "from http://h/x?*********** | json");
  EXPECT_EQ(hide_passwords("'https://u:p@h?k'"), "'https://u:*@h?*'");
}

TEST(hide_passwords, everything_else_stays) {
  for (const char* text : {"", "from a.log | to b", "postgres://ann@db/logs", "http://h:80/a@b:c",
                           "s3://b/k?x=1", "://", "a://@", "a://:@"}) {
    EXPECT_EQ(hide_passwords(text), text);
  }
}

}  // namespace
}  // namespace weir
