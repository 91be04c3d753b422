#include "net/url.hpp"

#include <gtest/gtest.h>

namespace weir {
namespace {

TEST(Url, is_resolved_as_rfc_3986_has_it) {
  // RFC 3986, 5.4, where curl's way differs only for what nobody sends.
  const std::string base = "http://a/b/c/d;p?q";
  for (const auto& [reference, expected] : {std::pair{"g", "http://a/b/c/g"},
                                            {"./g", "http://a/b/c/g"},
                                            {"g/", "http://a/b/c/g/"},
                                            {"/g", "http://a/g"},
                                            {"//g", "http://g/"},
                                            {"?y", "http://a/b/c/d;p?y"},
                                            {"g?y", "http://a/b/c/g?y"},
                                            {"../g", "http://a/b/g"},
                                            {"../../g", "http://a/g"},
                                            {"https://x:8443/y", "https://x:8443/y"}}) {
    EXPECT_EQ(resolved_url(base, reference), expected) << reference;
  }
}

TEST(Url, loses_user_and_password_when_it_is_resolved) {
  EXPECT_EQ(resolved_url("https://ann:geheim@h/a", "b"), "https://h/b");
  EXPECT_EQ(resolved_url("https://h/a", "https://ann:geheim@other/b"), "https://other/b");
}

TEST(Url, has_the_same_origin_if_scheme_host_and_port_are_the_same) {
  EXPECT_TRUE(same_origin("https://h/a?b", "https://H:443/c"));
  EXPECT_TRUE(same_origin("http://h:80", "http://ann@h/"));
  EXPECT_FALSE(same_origin("https://h/", "http://h/"));
  EXPECT_FALSE(same_origin("https://h/", "https://h:8443/"));
  EXPECT_FALSE(same_origin("https://h/", "https://h.evil/"));
  EXPECT_FALSE(same_origin("https://h/", "https://h@evil/"));
}

TEST(Url, takes_a_parameter_in_its_place) {
  EXPECT_EQ(with_parameter("http://h/a", "page", "2"), "http://h/a?page=2");
  EXPECT_EQ(with_parameter("http://h/a?x=%20&y", "page", "2"), "http://h/a?x=%20&y&page=2");
  EXPECT_EQ(with_parameter("http://h/a?page=1&x=1&page=7#f", "page", "2"), "http://h/a?page=2&x=1");
  EXPECT_EQ(with_parameter("http://h/a?xpage=1", "page", "2"), "http://h/a?xpage=1&page=2");
  EXPECT_EQ(with_parameter("http://h/?a%5Bx%5D=1", "a[x]", "b/+=&c"),
            "http://h/?a%5Bx%5D=b%2F%2B%3D%26c");
}

TEST(Url, tells_a_parameter) {
  EXPECT_EQ(parameter_in("http://h/?a=1&page=2%30#page=3", "page"), "20");
  EXPECT_EQ(parameter_in("http://h/?page", "page"), "");
  EXPECT_EQ(parameter_in("http://h/page=1", "page"), std::nullopt);
}

TEST(Url, gives_up_its_user_and_password) {
  std::string url = "https://ann:a%40b@h:8080/x@y?z=@";
  const auto login = take_login(url);
  ASSERT_TRUE(login);
  EXPECT_EQ(login->user, "ann");
  EXPECT_EQ(login->password, "a@b");
  EXPECT_EQ(url, "https://h:8080/x@y?z=@");
  EXPECT_FALSE(take_login(url));
}

}  // namespace
}  // namespace weir
