#include "core/twin/images.hpp"

#include <gtest/gtest.h>

#include <numeric>

namespace dvinis {
namespace {

ImageSeries radar(Between between) {
  ImageSeries images;
  images.seconds = {0.0, 300.0, 600.0, 1500.0};
  images.between = between;
  return images;
}

double total(const ImageSpan& span) { return std::accumulate(span.seconds.begin(), span.seconds.end(), 0.0); }

TEST(Images, CountAsInALineBetweenTheirTimes) {
  const ImageSeries images = radar(Between::line);
  const ImageSpan middle = images.span(75.0, 225.0);
  EXPECT_EQ(middle.first, 0u);
  EXPECT_EQ(middle.seconds, (std::vector<double>{75.0, 75.0}));
  const ImageSpan across = images.span(150.0, 450.0);
  EXPECT_EQ(across.first, 0u);
  EXPECT_EQ(across.seconds, (std::vector<double>{37.5, 225.0, 37.5}));
  EXPECT_DOUBLE_EQ(total(images.span(0.0, 1500.0)), 1500.0);
}

TEST(Images, CountUntilTheNextInSteps) {
  const ImageSeries images = radar(Between::step);
  const ImageSpan across = images.span(150.0, 700.0);
  EXPECT_EQ(across.first, 0u);
  EXPECT_EQ(across.seconds, (std::vector<double>{150.0, 300.0, 100.0}));
}

TEST(Images, HoldBeyondTheirEnds) {
  for (const Between between : {Between::line, Between::step}) {
    const ImageSeries images = radar(between);
    const ImageSpan before = images.span(-100.0, -40.0);
    EXPECT_EQ(before.first, 0u);
    EXPECT_DOUBLE_EQ(before.seconds.at(0), 60.0);
    EXPECT_DOUBLE_EQ(total(before), 60.0);
    const ImageSpan after = images.span(1600.0, 1700.0);
    EXPECT_EQ(after.first + after.seconds.size(), 4u);
    EXPECT_DOUBLE_EQ(after.seconds.back(), 100.0);
    EXPECT_DOUBLE_EQ(total(after), 100.0);
  }
}

TEST(Images, AddUpTheSameInPiecesAsInOne) {
  for (const Between between : {Between::line, Between::step}) {
    const ImageSeries images = radar(between);
    std::vector<double> sums(4, 0.0);
    for (double from = 0.0; from < 1500.0; from += 37.0) {
      const ImageSpan span = images.span(from, std::min(from + 37.0, 1500.0));
      for (std::size_t k = 0; k < span.seconds.size(); ++k) sums[span.first + k] += span.seconds[k];
    }
    const ImageSpan whole = images.span(0.0, 1500.0);
    for (std::size_t k = 0; k < whole.seconds.size(); ++k)
      EXPECT_NEAR(sums[whole.first + k], whole.seconds[k], 1e-10);
  }
}

}  // namespace
}  // namespace dvinis
