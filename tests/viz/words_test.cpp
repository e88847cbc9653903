/// Languages and clocks of reports.

#include <gtest/gtest.h>

#include "core/base/error.hpp"
#include "core/base/time.hpp"
#include "viz/page.hpp"
#include "viz/report/local_time.hpp"
#include "viz/words.hpp"

namespace dvinis::viz {
namespace {

constexpr std::int64_t march_29 = 1774742400;    ///< 2026-03-29T00:00:00Z
constexpr std::int64_t october_25 = 1792886400;  ///< 2026-10-25T00:00:00Z

TEST(LocalTime, GoesOverTheNightsInWhichClocksChange) {
  const LocalTime riga("Europe/Riga", 0, Language::english);
  EXPECT_EQ(riga.moment(march_29 + 59 * 60), "29 March 02:59");
  EXPECT_EQ(riga.moment(march_29 + 3600), "29 March 04:00");
  EXPECT_EQ(riga.sortable(march_29 + 3600), "2026-03-29 04:00");
  // The hour that comes twice tells which one it is.
  EXPECT_EQ(riga.moment(october_25 + 30 * 60), "25 October 03:30 (UTC+3)");
  EXPECT_EQ(riga.moment(october_25 + 90 * 60), "25 October 03:30 (UTC+2)");
  EXPECT_EQ(riga.moment(october_25 + 150 * 60), "25 October 04:30");
  EXPECT_EQ(utc_text(october_25), "2026-10-25T00:00:00Z");
}

TEST(LocalTime, SpeaksLatvianAndKnowsFixedOffsets) {
  EXPECT_EQ(LocalTime("Europe/Riga", 0, Language::latvian).moment(march_29), "29. martā plkst. 02.00");
  const LocalTime fixed("", 330, Language::english);
  EXPECT_EQ(fixed.moment(march_29), "29 March 05:30");
  EXPECT_EQ(fixed.name(), "UTC+5:30");
  EXPECT_THROW(LocalTime("Europe/Nowhere", 0, Language::english), UsageError);
  EXPECT_THROW(LocalTime("../../etc/passwd", 0, Language::english), UsageError);
}

TEST(Words, FallBackToEnglishAndWriteNumbersAsTheLanguageDoes) {
  EXPECT_EQ(say(Language::latvian, "Building"), "Ēka");
  EXPECT_EQ(say(Language::english, "Building"), "Building");
  EXPECT_EQ(say(Language::latvian, "No such phrase"), "No such phrase");
  EXPECT_FALSE(knows(Language::latvian, "No such phrase"));
  EXPECT_EQ(decimal(Language::latvian, "23.80"), "23,80");
  EXPECT_EQ(sentence_case("ūdens_līmenis"), "Ūdens līmenis");
  EXPECT_EQ(sentence_case("ēka"), "Ēka");
  EXPECT_EQ(sentence_case("depth"), "Depth");
}

}  // namespace
}  // namespace dvinis::viz
