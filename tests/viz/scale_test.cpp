#include "viz/scale.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace dvinis::viz {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

TEST(Scale, lets_a_few_large_values_pass_the_end_of_the_bar_and_says_so) {
  std::vector<double> values(1000, 0.9);
  values[3] = 40.0;
  values[5] = nan;
  const Scale scale = robust_from_zero(values);
  EXPECT_EQ(scale.low, 0.0);
  EXPECT_EQ(scale.high, 1.0);
  EXPECT_TRUE(scale.more_above);
  EXPECT_FALSE(scale.more_below);
}

TEST(Scale, holds_everything_when_the_largest_is_near) {
  std::vector<double> values(1000, 0.9);
  values[3] = 1.1;
  const Scale scale = robust_from_zero(values);
  EXPECT_DOUBLE_EQ(scale.high, 1.2);
  EXPECT_FALSE(scale.more_above);
}

TEST(Scale, survives_nothing_at_all) {
  EXPECT_EQ(robust_from_zero({}).high, 1.0);
  EXPECT_EQ(robust_from_zero({nan, nan}).high, 1.0);
  EXPECT_GT(robust_between({}).high, robust_between({}).low);
  EXPECT_GT(robust_between({5.0, 5.0}).high, robust_between({5.0, 5.0}).low);
  EXPECT_EQ(robust_signed({0.0}).high, 1.0);
}

TEST(Scale, is_symmetric_for_values_with_a_sign) {
  const Scale scale = robust_signed({-1.9, 0.3, 0.7});
  EXPECT_EQ(scale.low, -scale.high);
  EXPECT_NEAR(scale.share(0.0), 0.5, 1e-12);
}

TEST(Scale, ticks_are_round_and_written_with_the_digits_they_need) {
  const Scale scale = exact_axis(0.0, 1.0, 4);
  ASSERT_EQ(scale.ticks.size(), 5U);
  EXPECT_EQ(scale.label(scale.ticks[1]), "0.25");
  EXPECT_EQ(scale.label(scale.ticks[4]), "1.00");
  const Scale below = axis(-3.2, 4.1, 8);
  EXPECT_EQ(below.label(below.ticks.front()), "\u22124");
  EXPECT_EQ(number_text(-0.0001, 2), "0.00");
}

TEST(Scale, knows_units_for_people) {
  EXPECT_EQ(display_unit("m", 3.0).text, "m");
  EXPECT_EQ(display_unit("m", 0.13).text, "cm");
  EXPECT_EQ(display_unit("m", 0.013).text, "mm");
  EXPECT_EQ(display_unit("s", 1000.0).text, "min");
  EXPECT_DOUBLE_EQ(display_unit("s", 1000.0).factor * 600.0, 10.0);
  EXPECT_EQ(display_unit("m2 s-1", 5.0).text, "m²/s");
  EXPECT_EQ(display_unit("furlong", 5.0).text, "furlong");
  EXPECT_EQ(with_unit("hazard rating", display_unit("1", 2.0)), "hazard rating");
}

TEST(Scale, spans_are_written_for_people) {
  EXPECT_EQ(span_text(0.0), "0 s");
  EXPECT_EQ(span_text(22.5), "22.5 s");
  EXPECT_EQ(span_text(600.0), "10 min");
  EXPECT_EQ(span_text(1000.0), "16 min 40 s");
  EXPECT_EQ(span_text(7500.0), "2 h 05 min");
}

}  // namespace
}  // namespace dvinis::viz
