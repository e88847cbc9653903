#include "io/scenario/utf8.hpp"

#include <gtest/gtest.h>

#include <string>

namespace dvinis {
namespace {

TEST(Utf8, accepts_text_of_every_length_of_sequence) {
  EXPECT_EQ(first_line_not_utf8("Daugava, dvīnis, 水, 🌊\n\x7f"), 0u);
  EXPECT_EQ(first_line_not_utf8(""), 0u);
  EXPECT_EQ(first_line_not_utf8("\xf4\x8f\xbf\xbf"), 0u);  // the last code point
}

TEST(Utf8, names_the_line_of_the_first_wrong_byte) {
  EXPECT_EQ(first_line_not_utf8("a\nb\n\xe4\n"), 3u);  // Latin-1
  EXPECT_EQ(first_line_not_utf8("\xff\xfe"
                                "a"),
            1u);                                           // UTF-16
  EXPECT_EQ(first_line_not_utf8("\xc0\xaf"), 1u);          // overlong
  EXPECT_EQ(first_line_not_utf8("\xe0\x9f\xbf"), 1u);      // overlong
  EXPECT_EQ(first_line_not_utf8("\xf0\x8f\xbf\xbf"), 1u);  // overlong
  EXPECT_EQ(first_line_not_utf8("\xed\xa0\x80"), 1u);      // surrogate
  EXPECT_EQ(first_line_not_utf8("\xf4\x90\x80\x80"), 1u);  // beyond the last code point
  EXPECT_EQ(first_line_not_utf8("\xe2\x82"), 1u);          // cut short
  EXPECT_EQ(first_line_not_utf8("\x80"), 1u);
}

TEST(Utf8, finds_control_characters) {
  EXPECT_FALSE(has_control_characters("a\tb\r\n"));
  EXPECT_TRUE(has_control_characters(std::string("a\0b", 3)));
  EXPECT_EQ(first_line_with_control_characters("a\nb\x1b[31m"), 2u);
  EXPECT_EQ(first_line_with_control_characters("a\n\x7f"), 2u);
  EXPECT_EQ(first_line_with_control_characters("a"), 0u);
}

}  // namespace
}  // namespace dvinis
