#include "core/twin/series.hpp"

#include <gtest/gtest.h>

namespace dvinis {
namespace {

Series hydrograph() {
  Series series;
  series.seconds = {10.0, 20.0, 50.0};
  series.values = {1.0, 3.0, 0.0};
  return series;
}

TEST(Series, IsLinearBetweenItsPointsAndHeldOutside) {
  const Series series = hydrograph();
  EXPECT_EQ(series.at(0.0), 1.0);
  EXPECT_EQ(series.at(10.0), 1.0);
  EXPECT_EQ(series.at(15.0), 2.0);
  EXPECT_EQ(series.at(20.0), 3.0);
  EXPECT_DOUBLE_EQ(series.at(35.0), 1.5);
  EXPECT_EQ(series.at(99.0), 0.0);
}

TEST(Series, IntegratesExactlyAcrossKnotsAndHeldEnds) {
  const Series series = hydrograph();
  EXPECT_DOUBLE_EQ(series.integral(0.0, 60.0), 10.0 + 20.0 + 45.0);
  EXPECT_DOUBLE_EQ(series.integral(15.0, 20.0), 12.5);
  EXPECT_EQ(series.integral(20.0, 20.0), 0.0);
}

TEST(Series, IntegratesTheSameInPiecesAsInOne) {
  const Series series = hydrograph();
  EXPECT_DOUBLE_EQ(series.integral(3.0, 17.0) + series.integral(17.0, 41.5), series.integral(3.0, 41.5));
}

TEST(Series, WithOnePointIsAConstant) {
  Series series;
  series.seconds = {0.0};
  series.values = {19.7};
  EXPECT_EQ(series.at(-5.0), 19.7);
  EXPECT_DOUBLE_EQ(series.integral(-1.0, 2.0), 3 * 19.7);
}

}  // namespace
}  // namespace dvinis
