#include "core/base/time.hpp"

#include <gtest/gtest.h>

#include "core/base/error.hpp"

namespace dvinis {
namespace {

TEST(Time, reads_instants_with_zone) {
  EXPECT_EQ(parse_utc("1970-01-01T00:00:00Z"), 0);
  EXPECT_EQ(parse_utc("2007-06-08T04:00:00Z"), 1181275200);
  EXPECT_EQ(parse_utc("2007-06-08T14:00:00+10:00"), 1181275200);
  EXPECT_EQ(parse_utc("2007-06-08 00:30:00-03:30"), 1181275200);
  EXPECT_EQ(utc_text(1181275200), "2007-06-08T04:00:00Z");
  EXPECT_EQ(local_text(1181275200, 600), "2007-06-08 14:00");
}

TEST(Time, refuses_texts_that_are_no_instant) {
  for (const char* text :
       {"", "2007", "2007-06-08", "2007-06-08T04:00:00", "2007-06-08T04:00Z", "2007-06-08T24:00:00Z",
        "2007-06-08T04:60:00Z", "2007-02-30T00:00:00Z", "2007-13-01T00:00:00Z", "2007-06-08T04:00:00z",
        "2007-06-08T04:00:00Z ", "2007-06-08T04:00:00+10", "2007-06-08T04:00:00+15:00", "2007-6-8T04:00:00Z",
        " 2007-06-08T04:00:00Z", "-007-06-08T04:00:00Z"}) {
    EXPECT_THROW(parse_utc(text), DataError) << text;
  }
}

TEST(Time, says_what_an_instant_looks_like) {
  try {
    parse_utc("8 June 2007");
    FAIL();
  } catch (const DataError& error) {
    EXPECT_STREQ(error.what(),
                 "'8 June 2007' is not a time with zone; write it as 2007-06-08T04:00:00Z or "
                 "2007-06-08T14:00:00+10:00");
  }
}

TEST(Time, counts_whole_microseconds) {
  EXPECT_EQ(from_seconds(0.05), 50000);
  EXPECT_EQ(from_seconds(-0.0000015), -2);
  EXPECT_EQ(clock_text(1000 * microseconds_per_second), "0:16:40");
  EXPECT_EQ(clock_text(183600 * microseconds_per_second), "2 d 3:00:00");
}

}  // namespace
}  // namespace dvinis
