#include "scenarios/app/measures.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace dvinis::app {
namespace {

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

TEST(Measures, AreThoseOfThreeNumbersOnPaper) {
  const std::vector<double> differences = {3.0, -4.0, 0.0};
  EXPECT_DOUBLE_EQ(root_mean_square(differences), 5.0 / std::sqrt(3.0));
  EXPECT_DOUBLE_EQ(mean_absolute(differences), 7.0 / 3.0);
  EXPECT_EQ(largest_absolute(differences), 4.0);
}

TEST(Measures, OfNothingOrOfNanAreNanAndNeverZero) {
  for (const auto measure : {root_mean_square, mean_absolute, largest_absolute}) {
    EXPECT_TRUE(std::isnan(measure({})));
    EXPECT_TRUE(std::isnan(measure({1.0, nothing, 2.0})));
  }
}

TEST(Interpolated, IsExactAtTheRecordsTimesAndNanOutside) {
  const Record record{{1.0, 2.0, 5.0}, {10.0, 20.0, -10.0}};
  EXPECT_EQ(interpolated(record, 1.0), 10.0);
  EXPECT_EQ(interpolated(record, 2.0), 20.0);
  EXPECT_DOUBLE_EQ(interpolated(record, 3.5), 5.0);
  EXPECT_EQ(interpolated(record, 5.0), -10.0);
  EXPECT_TRUE(std::isnan(interpolated(record, 0.999)));
  EXPECT_TRUE(std::isnan(interpolated(record, 5.001)));
  EXPECT_TRUE(std::isnan(interpolated({}, 0.0)));
}

TEST(Differences, LookOnlyAtObservedTimesWithinTheRun) {
  const Record computed{{0.0, 10.0}, {0.0, 1.0}};
  const Record observed{{-5.0, 0.0, 4.0, 10.0, 12.0}, {9.0, 0.5, 0.4, 0.0, 9.0}};
  const std::vector<double> found = differences(computed, observed);
  ASSERT_EQ(found.size(), 3u);
  EXPECT_DOUBLE_EQ(found[0], -0.5);
  EXPECT_NEAR(found[1], 0.0, 1e-16);
  EXPECT_DOUBLE_EQ(found[2], 1.0);
}

TEST(Crest, IsTheFirstOfEqualHighestValuesAndPassesOverNan) {
  const Crest found = crest({{0.0, 1.0, 2.0, 3.0}, {nothing, 0.2, 0.7, 0.7}});
  EXPECT_EQ(found.value, 0.7);
  EXPECT_EQ(found.time, 2.0);
  EXPECT_TRUE(std::isnan(crest({{0.0}, {nothing}}).value));
}

TEST(Within, KeepsBothEnds) {
  const Record part = within({{0.0, 1.0, 2.0, 3.0}, {5.0, 6.0, 7.0, 8.0}}, 1.0, 2.0);
  EXPECT_EQ(part.times, (std::vector<double>{1.0, 2.0}));
  EXPECT_EQ(part.values, (std::vector<double>{6.0, 7.0}));
}

TEST(Rank, CountsFromTheSmallestAndPutsNanLast) {
  const std::vector<double> values = {60.0, nothing, 30.0, 60.0, 90.0};
  EXPECT_EQ(rank(values, 2), 1.0);
  EXPECT_EQ(rank(values, 0), 2.0);
  EXPECT_EQ(rank(values, 3), 2.0);
  EXPECT_EQ(rank(values, 4), 4.0);
  EXPECT_TRUE(std::isnan(rank(values, 1)));
}

}  // namespace
}  // namespace dvinis::app
