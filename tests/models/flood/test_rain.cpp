// Rain: even, between gauges, and what is refused.

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "models/flood/rain.hpp"
#include "tests/support/flood_case.hpp"

namespace dvinis::test {
namespace {

using flood::RainGauge;
using flood::RainInterpolation;

const std::vector<RainGauge> three = {{"a", 0.0, 0.0}, {"b", 100.0, 0.0}, {"c", 0.0, 200.0}};

TEST(RainGauges, WeighByTheInverseSquareOfTheDistance) {
  const std::vector<double> weights =
      flood::gauge_weights(three, RainInterpolation::inverse_distance, {50.0, 0.0});
  EXPECT_NEAR(std::accumulate(weights.begin(), weights.end(), 0.0), 1.0, 1e-15);
  EXPECT_DOUBLE_EQ(weights[0], weights[1]);
  EXPECT_NEAR(weights[2] / weights[0], 2500.0 / 42500.0, 1e-15);
  // At a gauge its rain, even where two stand at one place.
  EXPECT_EQ(flood::gauge_weights(three, RainInterpolation::inverse_distance, {100.0, 0.0}),
            (std::vector<double>{0.0, 1.0, 0.0}));
  EXPECT_EQ(flood::gauge_weights({three[1], three[1]}, RainInterpolation::inverse_distance, {100.0, 0.0}),
            (std::vector<double>{1.0, 0.0}));
}

TEST(RainGauges, NearestTakesOneAndTheFirstOfEquals) {
  EXPECT_EQ(flood::gauge_weights(three, RainInterpolation::nearest, {60.0, 10.0}),
            (std::vector<double>{0.0, 1.0, 0.0}));
  EXPECT_EQ(flood::gauge_weights(three, RainInterpolation::nearest, {50.0, 0.0}),
            (std::vector<double>{1.0, 0.0, 0.0}));
}

FloodCase rained_on() {
  FloodCase definition;
  definition.nx = 131;
  definition.ny = 37;
  definition.spacing = 10.0;
  definition.roughness = 0.03;
  definition.constant_series("west", "m s-1", 0.0);
  definition.constant_series("east", "m s-1", 0.0);
  definition.series["west"].seconds = {0.0, 600.0, 1200.0};
  definition.series["west"].values = {2e-5, 0.0, 0.0};
  definition.series["west"].between = Between::step;
  definition.series["east"].seconds = {0.0, 300.0, 900.0, 1200.0};
  definition.series["east"].values = {0.0, 1e-5, 0.0, 0.0};
  definition.series["east"].between = Between::step;
  // The second one stands outside the domain.
  definition.parameters.rain_gauges = {{"west", 100.0, 180.0}, {"east", 1900.0, 180.0}};
  return definition;
}

TEST(RainGauges, RainFallsByTheNearestGaugeAndItsMassIsBooked) {
  for (const ElementType precision : {ElementType::float32, ElementType::float64}) {
    for (const bool is_fast : {false, true}) {
      FloodCase definition = rained_on();
      definition.parameters.precision = precision;
      definition.parameters.rain_interpolation = RainInterpolation::nearest;
      if (is_fast) definition.parameters.fast = flood::FastMode{};
      FloodRun run(definition);
      run.run_to(1200.0, 60.0);
      // 100 of 131 columns lie nearer to the western gauge; 12 mm fell there and 6 mm in the east.
      const double expected = (100 * 0.012 + 31 * 0.006) * 37 * 100.0;
      EXPECT_NEAR(run.state().booked("water", "rain"), expected, 1e-6 * expected);
      EXPECT_NEAR(run.depth(5, 17), 0.012, 1e-5);
      EXPECT_NEAR(run.depth(128, 17), 0.006, 1e-5);
      EXPECT_LE(run.relative_water_error(), precision == ElementType::float32 ? 1e-6 : 1e-13);
    }
  }
}

TEST(RainGauges, BetweenGaugesRainIsAMean) {
  FloodCase definition = rained_on();
  definition.series["east"] = definition.series["west"];
  FloodRun run(definition);
  run.run_to(700.0, 100.0);
  for (const Index i : {0, 40, 97, 130}) EXPECT_NEAR(run.depth(i, 20), 0.012, 1e-8);
  EXPECT_LE(run.relative_water_error(), 1e-13);
}

TEST(RainImages, RainFallsAsTheyShowAndItsMassIsBooked) {
  for (const ElementType precision : {ElementType::float32, ElementType::float64}) {
    FloodCase definition = rained_on();
    definition.parameters.precision = precision;
    definition.parameters.rain_gauges.clear();
    definition.parameters.rain_images = "radar";
    ImageSeries& radar = definition.images["radar"];
    radar.name = "radar";
    radar.unit = "m s-1";
    radar.seconds = {0.0, 300.0, 600.0, 900.0};
    double sum = 0.0;
    for (int k = 0; k < 4; ++k) {
      Field image(ElementType::float32, definition.nx, definition.ny);
      for (Index j = 0; j < definition.ny; ++j) {
        for (Index i = 0; i < definition.nx; ++i) {
          if (k == 0 || k == 3) continue;  // it begins and ends dry
          image.set(i, j, 1e-5 * static_cast<double>(i < 40 ? 0 : k + (i + j) % 3));
          sum += 300.0 * image.value(i, j) * 100.0;
        }
      }
      radar.images.push_back(std::move(image));
    }
    FloodRun run(definition);
    run.run_to(900.0, 60.0);
    EXPECT_NEAR(run.state().booked("water", "rain"), sum, 1e-6 * sum);
    EXPECT_EQ(run.depth(5, 17), 0.0);
    EXPECT_GT(run.depth(100, 17), 0.005);
    EXPECT_LE(run.relative_water_error(), precision == ElementType::float32 ? 1e-6 : 1e-13);
  }
  FloodCase definition = rained_on();
  definition.parameters.rain_gauges.clear();
  definition.parameters.rain_images = "rader";
  EXPECT_THROW(FloodRun run(definition), ScenarioError);
}

TEST(Rain, TilesRestWhereNoneFallsAnyMoreAndNothingIsLost) {
  // It rains, the ground takes all of it, and then it rains again: what rounding left over must not vanish.
  FloodCase definition = rained_on();
  definition.parameters.rain_gauges.clear();
  definition.parameters.rain_series = "west";
  definition.series["west"].seconds = {0.0, 300.0, 3000.0, 3300.0};
  definition.series["west"].values = {2e-5, 0.0, 2e-5, 0.0};
  definition.series["west"].holds_after_end = true;
  definition.parameters.infiltration = flood::InfiltrationLaw::constant;
  definition.parameters.precision = ElementType::float32;
  definition.layers["infiltration_rate"] = {"m s-1",
                                            [](double x, double) { return x > 650.0 ? 1e-5 : 3e-6; }};
  definition.bed = [](double x, double y) {
    return 5.0 + 1e-3 * x + 0.3 * std::sin(0.05 * x) * std::cos(0.04 * y);
  };
  FloodRun run(definition);
  run.run_to(6000.0, 100.0);
  EXPECT_LE(run.relative_water_error(), 1e-6);
}

TEST(Rain, RefusesWhatIsNoRain) {
  FloodCase definition = rained_on();
  definition.series["east"].values[1] = -1e-6;
  EXPECT_THROW(FloodRun run(definition), DataError);
  definition = rained_on();
  definition.series["east"].unit = "m";
  EXPECT_THROW(FloodRun run(definition), ScenarioError);
  definition = rained_on();
  definition.parameters.rain_gauges[0].series = "wset";
  EXPECT_THROW(FloodRun run(definition), ScenarioError);
}

}  // namespace
}  // namespace dvinis::test
