// Long runs: still water stays still, a closed basin keeps its water.

#include <gtest/gtest.h>

#include <cmath>

#include "tests/support/figures.hpp"
#include "tests/support/flood_case.hpp"

namespace dvinis::test {
namespace {

double mounds(double x, double y) {
  return std::max({0.0, 1.0 - 0.1 * std::hypot(x - 30.0, y - 22.5), 1.0 - 0.1 * std::hypot(x - 30.0, y - 7.5),
                   2.8 - 0.28 * std::hypot(x - 47.5, y - 15.0)});
}

double speed_of_still_water(ElementType precision, double datum) {
  FloodCase definition;
  definition.nx = 250;
  definition.ny = 100;
  definition.spacing = 0.3;
  definition.roughness = 0.0;
  definition.parameters.precision = precision;
  definition.bed = [=](double x, double y) { return datum + mounds(x, y); };
  definition.level = [=](double, double) { return datum + 0.8; };
  FloodRun run(definition);
  run.run_to(600.0);
  return run.largest_speed();
}

TEST(LakeAtRest, StaysAtRestOverEmergedMoundsAtAnyAltitude) {
  const double exact = std::max(speed_of_still_water(ElementType::float64, 0.0),
                                speed_of_still_water(ElementType::float64, 1000.0));
  record_figure("flood.rest.speed_fp64", exact, "m/s", "worse of datum 0 and 1000 m");
  EXPECT_LE(exact, 1e-12);
  const double narrow = std::max(speed_of_still_water(ElementType::float32, 0.0),
                                 speed_of_still_water(ElementType::float32, 1000.0));
  record_figure("flood.rest.speed_fp32", narrow, "m/s", "worse of datum 0 and 1000 m");
  EXPECT_LE(narrow, 5e-5);
}

double drift_under_rain(ElementType precision) {
  FloodCase definition;
  definition.nx = 37;
  definition.ny = 23;
  definition.spacing = 5.0;
  definition.roughness = 0.03;
  definition.parameters.precision = precision;
  definition.parameters.constant_rain = 10e-3 / 3600.0;
  definition.bed = [](double x, double y) { return 0.3 * std::sin(0.1 * x) * std::cos(0.13 * y); };
  definition.level = [](double x, double) { return 12.0 + 0.01 * std::sin(0.05 * x); };
  FloodRun run(definition);
  double seconds = 0.0;
  while (run.state().steps < 100000) {
    seconds += 1000.0;
    run.run_to(seconds, 1000.0);
  }
  EXPECT_GT(run.state().booked("water", "rain"), 1000.0);
  EXPECT_EQ(run.state().booked("water", "clipped"), 0.0);
  return run.relative_water_error();
}

TEST(ClosedBasin, KeepsItsWaterThroughAHundredThousandStepsOfRain) {
  const double exact = drift_under_rain(ElementType::float64);
  record_figure("flood.mass.rel_fp64", exact, "1", "37 x 23 cells, 12 m deep, 10 mm/h, 1e5 steps");
  EXPECT_LE(exact, 1e-13);
  const double narrow = drift_under_rain(ElementType::float32);
  record_figure("flood.mass.rel_fp32", narrow, "1", "same in single precision");
  EXPECT_LE(narrow, 1e-6);
}

/// Worst drift of the water and of its tracers, relative to what there was and came.
double drift_with_everything(ElementType precision) {
  FloodCase definition = every_structure();
  definition.parameters.precision = precision;
  definition.parameters.infiltration = flood::InfiltrationLaw::constant;
  definition.layers["infiltration_rate"] = {"m s-1", [](double, double) { return 4e-6; }};
  flood::Tracer rain = {.id = "rain", .kind = flood::TracerKind::origin};
  rain.inflows = {{"rain", 1.0, {}, {}}};
  const flood::Tracer salt = {.id = "salt", .kind = flood::TracerKind::species, .start = 0.3};
  const flood::Tracer age = {.id = "age", .kind = flood::TracerKind::age};
  definition.parameters.tracers = {rain, salt, age};
  FloodRun run(definition);
  double seconds = 0.0;
  while (run.state().steps < 100000) {
    seconds += 500.0;
    run.run_to(seconds, 100.0);
  }
  EXPECT_LT(run.state().booked("water", "infiltration"), -1000.0);
  EXPECT_GT(std::abs(run.structure("levee", "volume")), 1000.0);
  double worst = 0.0;
  for (const BudgetLine& line : run.simulation().processes().front()->budgets(run.state()))
    worst = std::max(worst, std::abs(line.error) / line.throughput);
  return worst;
}

TEST(ClosedBasin, KeepsItsWaterAndTracersThroughAHundredThousandStepsOfEverything) {
  const double exact = drift_with_everything(ElementType::float64);
  record_figure(
      "flood2.mass.rel_fp64", exact, "1",
      "131 x 37 cells, all structures, a breach, rain, infiltration, three tracers: the worst ledger");
  EXPECT_LE(exact, 1e-13);
  EXPECT_LE(drift_with_everything(ElementType::float32), 1e-6);
}

}  // namespace
}  // namespace dvinis::test
