// The fast mode: what it must share with the full equations, where it must be exact, where it hands over.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/grid/parallel.hpp"
#include "models/flood/physics.hpp"
#include "tests/support/flood_case.hpp"

namespace dvinis::test {
namespace {

using flood::Edge;
using flood::gravity;

double bumpy(double x, double y) {
  return 100.3 + 0.9 * std::sin(0.06 * x + 0.3) * std::cos(0.11 * y) + 0.02 * std::sin(1.7 * x + 0.9 * y);
}

FloodCase fast_everywhere() {
  FloodCase definition;
  definition.parameters.fast = flood::FastMode{.froude = 1e3, .level_step = 1e6};
  return definition;
}

/// Rough hilly ground, in fast mode.
FloodCase hills(Index nx, Index ny) {
  FloodCase definition;
  definition.nx = nx;
  definition.ny = ny;
  definition.spacing = 2.0;
  definition.roughness = 0.03;
  definition.bed = bumpy;
  definition.parameters.fast = flood::FastMode{};
  return definition;
}

TEST(FastMode, LeavesStillWaterExactlyStill) {
  for (const ElementType precision : {ElementType::float32, ElementType::float64}) {
    FloodCase definition = fast_everywhere();
    definition.nx = 137;
    definition.ny = 41;
    definition.spacing = 3.0;
    definition.roughness = 0.03;
    definition.bed = bumpy;
    definition.level = [](double, double) { return 100.5; };
    definition.parameters.precision = precision;
    FloodRun run(definition);
    run.run_to(60.0, 20.0);
    EXPECT_EQ(run.largest_speed(), 0.0);
    EXPECT_EQ(run.relative_water_error(), 0.0);
  }
}

TEST(FastMode, UniformFlowIsManningsWhateverTheStep) {
  // A plane of slope S between an inflow and a free rim: q = sqrt(S) h^(5/3) / n in the middle.
  for (const double maximum_step : {0.2, 1.0}) {
    FloodCase definition = fast_everywhere();
    definition.nx = 200;
    definition.ny = 3;
    definition.spacing = 5.0;
    definition.roughness = 0.035;
    const double slope = 0.002;
    definition.bed = [=](double x, double) { return 10.0 - slope * x; };
    definition.depth = [](double, double) { return 1.0; };
    definition.parameters.maximum_step = maximum_step;
    const double unit_discharge = 1.4;
    definition.flow_eastward(unit_discharge * 15.0);
    FloodRun run(definition);
    run.run_to(7200.0, 600.0);
    const double normal_depth = normal_depth_of(unit_discharge, 0.035, slope);
    EXPECT_NEAR(run.depth(100, 1), normal_depth, 2e-4 * normal_depth);
    EXPECT_NEAR(run.discharge_x(100, 1), unit_discharge, 1e-3 * unit_discharge);
    EXPECT_LE(run.relative_water_error(), 1e-12);
  }
}

TEST(FastMode, LowersTheLevelOfWaterThatSpeedsUpOverABump) {
  // Subcritical flow over a bump keeps its head: h + z + q^2 / (2 g h^2) is the same everywhere.
  FloodCase definition = fast_everywhere();
  definition.nx = 250;
  definition.ny = 2;
  definition.spacing = 0.1;
  definition.bed = [](double x, double) { return std::max(0.0, 0.2 - 0.05 * (x - 10.0) * (x - 10.0)); };
  definition.level = [](double, double) { return 2.0; };
  definition.velocity_x = [](double, double) { return 2.21; };
  const double unit_discharge = 4.42;
  definition.constant_series("in", "m3 s-1", unit_discharge * 0.2);
  definition.constant_series("sea", "m", 2.0);
  definition.boundary(flood::Edge::west, flood::BoundaryKind::discharge, "in");
  definition.boundary(flood::Edge::east, flood::BoundaryKind::level, "sea");
  FloodRun run(definition);
  run.run_to(200.0, 50.0);
  const auto head_over = [&](double bed, double depth) {
    return bed + depth + unit_discharge * unit_discharge / (2.0 * gravity * depth * depth);
  };
  const double head = head_over(0.0, 2.0);
  double crest_depth = 2.0;  // the subcritical root
  while (head_over(0.2, crest_depth) > head) crest_depth -= 1e-5;
  const double dip = 2.0 - (crest_depth + 0.2);
  EXPECT_GT(dip, 0.08);
  EXPECT_NEAR(2.0 - (run.depth(100, 0) + 0.2), dip, 0.1 * dip) << "without momentum there is no dip";
}

TEST(FastMode, CarriesARiverAskewToTheCells) {
  // A straight river of 40 m between steep banks at 45 degrees to the cells: normal depth, less what steps of
  // the bank cost.
  FloodCase definition = fast_everywhere();
  const double slope = 0.005;
  const double width = 40.0;
  const double roughness = 0.06;
  const double side = std::sqrt(0.5);
  definition.nx = 120;
  definition.ny = 160;
  definition.spacing = 5.0;
  definition.roughness = roughness;
  const auto along = [=](double x, double y) { return side * (x + y - 100.0); };
  const auto across = [=](double x, double y) { return side * (y - 100.0 - x); };
  definition.bed = [=](double x, double y) {
    const double bank = std::clamp(std::abs(across(x, y)) - width / 2, 0.0, 6.0);
    return 20.0 - slope * along(x, y) + bank;
  };
  const double discharge = 100.0;
  const double normal_depth = normal_depth_of(discharge / width, roughness, slope);
  definition.level = [=](double x, double y) { return 20.0 - slope * along(x, y) + normal_depth; };
  definition.flow_eastward(discharge);
  FloodRun run(definition);
  run.run_to(1500.0, 500.0);
  const double middle = along(300.0, 400.0);
  const double reach = 100.0;
  double volume = 0.0;
  for (Index j = 0; j < definition.ny; ++j) {
    for (Index i = 0; i < definition.nx; ++i) {
      const double x = 5.0 * static_cast<double>(i) + 2.5;
      const double y = 5.0 * static_cast<double>(j) + 2.5;
      if (std::abs(along(x, y) - middle) < reach) volume += 25.0 * run.depth(i, j);
    }
  }
  const double section = volume / (2.0 * reach);  // width h + h^2, with banks of 1 in 1
  const double depth = 0.5 * (std::sqrt(width * width + 4.0 * section) - width);
  EXPECT_GT(depth, 0.97 * normal_depth);
  EXPECT_LT(depth, 1.15 * normal_depth);
}

TEST(FastMode, ABasinSwingsAtItsOwnPeriodAndDoesNotLoseIt) {
  // One node across a closed basin: period 2 L / sqrt(g h). Without friction nothing damps it but the scheme.
  FloodCase definition = fast_everywhere();
  const double length = 400.0;
  const double depth = 5.0;
  definition.nx = 100;
  definition.ny = 4;
  definition.spacing = length / 100.0;
  definition.level = [=](double x, double) { return depth + 0.01 * std::cos(M_PI * x / length); };
  FloodRun run(definition);
  const double period = 2.0 * length / std::sqrt(gravity * depth);
  run.run_to(3.0 * period, period / 8.0);
  const double after = run.depth(0, 1) - depth;
  EXPECT_NEAR(after, 0.01, 2e-4) << "three periods later the crest stands where it stood";
  run.run_to(3.5 * period, period / 8.0);
  EXPECT_NEAR(run.depth(0, 1) - depth, -0.01, 2e-4);
}

TEST(FastMode, IsExactUnderMirroringAndExchangeOfAxes) {
  const auto make = [](bool is_turned) {
    FloodCase definition;
    definition.nx = 83;
    definition.ny = 83;
    definition.spacing = 2.0;
    definition.roughness = 0.03;
    definition.parameters.fast = flood::FastMode{.froude = 0.6, .level_step = 0.8, .depth = 0.3};
    const auto mirror = [=](double x, double y) {
      return is_turned ? std::pair{166.0 - y, x} : std::pair{x, y};
    };
    definition.bed = [=](double x, double y) {
      const auto [a, b] = mirror(x, y);
      return std::round(1024.0 * (0.3 * std::sin(0.05 * a) + 0.2 * std::cos(0.09 * b + 0.02 * a))) / 1024.0;
    };
    definition.depth = [=](double x, double y) {
      const auto [a, b] = mirror(x, y);
      return std::hypot(a - 41.0, b - 91.0) < 30.0 ? 1.5 : 0.0;
    };
    return definition;
  };
  // Tiles are wider than high, so the guard would turn other cells over: switch it off for the comparison.
  FloodCase straight = make(false);
  FloodCase turned = make(true);
  for (FloodCase* definition : {&straight, &turned})
    definition->parameters.fast = flood::FastMode{.froude = 1e3, .level_step = 1e6};
  FloodRun one(straight);
  FloodRun other(turned);
  one.run_to(8.0, 4.0);
  other.run_to(8.0, 4.0);
  for (Index j = 0; j < 83; ++j) {
    for (Index i = 0; i < 83; ++i) ASSERT_EQ(other.depth(i, j), one.depth(82 - j, i)) << i << ' ' << j;
  }
}

TEST(FastMode, HandsADamBreakToTheFullEquationsAndKeepsEveryDrop) {
  FloodCase definition = hills(300, 40);
  definition.level = [](double x, double) { return x < 150.0 ? 104.0 : 101.0; };
  FloodCase reference = definition;
  reference.parameters.fast.reset();
  FloodRun fast(definition);
  FloodRun full(reference);
  fast.run_to(40.0, 5.0);
  full.run_to(40.0, 5.0);
  double sum = 0.0;
  for (Index j = 0; j < 40; ++j) {
    for (Index i = 0; i < 300; ++i) sum += std::abs(fast.depth(i, j) - full.depth(i, j));
  }
  EXPECT_LE(sum / (300 * 40), 0.02) << "mean difference to the full equations [m]; the wave is 3 m high";
  EXPECT_GT(fast.state().booked("tile sub-steps", "flood: full equations"), 0.0);
  EXPECT_GT(fast.state().booked("tile sub-steps", "flood: fast mode"), 0.0);
  EXPECT_LE(fast.relative_water_error(), 1e-13);
}

TEST(FastMode, WavesPassALevelRimAsInTheFullEquations) {
  // Beyond the rim lies water beside dry corners: nothing there may push water along the rim.
  for (const Edge edge : {Edge::west, Edge::north}) {
    const auto make = [&](bool is_fast) {
      FloodCase definition;
      const bool is_west = edge == Edge::west;
      definition.nx = is_west ? 150 : 21;
      definition.ny = is_west ? 21 : 150;
      definition.spacing = 0.02;
      definition.roughness = 0.0025;
      definition.bed = [=](double x, double y) { return -0.135 + 0.0005 * (is_west ? y : x); };
      definition.level = [](double, double) { return 0.0; };
      definition.constant_series("sea", "m", 0.0);
      Series& sea = definition.series["sea"];
      sea.seconds.clear();
      sea.values.clear();
      for (int k = 0; k <= 120; ++k) {
        sea.seconds.push_back(0.1 * k);
        sea.values.push_back(0.008 * std::sin(2.0 * 3.14159265358979 * 0.1 * k / 6.0));
      }
      definition.boundary(edge, flood::BoundaryKind::level, "sea");
      if (is_fast) definition.parameters.fast = flood::FastMode{};
      return definition;
    };
    FloodRun fast(make(true));
    FloodRun full(make(false));
    for (const double time : {2.0, 6.0, 11.0}) {
      fast.run_to(time, 0.5);
      full.run_to(time, 0.5);
      double largest = 0.0;
      for (Index j = 0; j < fast.twin().grid.ny; ++j) {
        for (Index i = 0; i < fast.twin().grid.nx; ++i)
          largest = std::max(largest, std::abs(fast.depth(i, j) - full.depth(i, j)));
      }
      EXPECT_LE(largest, 1e-3) << "of waves 0.016 m high, at " << time << " s";
    }
  }
}

TEST(FastMode, KeepsEveryDropWhereTheFullEquationsMeetRimsSourcesAndRain) {
  // The full equations take two halves of a sub-step; what comes from outside comes once.
  for (const double level_step : {0.05, 1e6}) {
    FloodCase definition = hills(150, 37);
    definition.level = [](double x, double) { return x < 150.0 ? 103.0 : 101.0; };
    definition.parameters.fast = flood::FastMode{.froude = 0.2, .level_step = level_step, .depth = 0.02};
    definition.parameters.constant_rain = 1e-5;
    definition.flow_eastward(40.0);
    definition.constant_series("sea", "m", 103.5);
    definition.constant_series("drain", "m3 s-1", -2.0);
    definition.constant_series("spring", "m3 s-1", 1.5);
    definition.boundary(flood::Edge::north, flood::BoundaryKind::level, "sea");
    const Grid grid{definition.nx, definition.ny, definition.spacing, 0.0, 0.0, {}};
    definition.places = {point_place("source", "well", grid, 101.0, 41.0),
                         point_place("source", "hill", grid, 221.0, 31.0)};
    definition.parameters.sources = {{"well", "drain", {}}, {"hill", "spring", {}}};
    FloodRun run(definition);
    run.run_to(40.0, 5.0);
    EXPECT_GT(run.state().booked("tile sub-steps", "flood: full equations"), 0.0);
    EXPECT_LE(run.relative_water_error(), 1e-13);
    EXPECT_NEAR(run.state().booked("water", "discharge west"), 1600.0, 1e-9);
    EXPECT_NEAR(run.state().booked("water", "source hill"), 60.0, 1e-9);
  }
}

TEST(FastMode, SameBitsForAnyThreadCountAndAfterResume) {
  FloodCase definition = hills(300, 70);
  definition.level = [](double x, double) { return x < 150.0 ? 102.0 : 0.0; };
  definition.parameters.precision = ElementType::float32;
  definition.parameters.record_every = 2.0;
  definition.wanted = {"maximum_depth", "maximum_speed", "wet_duration"};
  std::string reference;
  for (const int threads : {1, 2, 3}) {
    set_thread_count(threads);
    FloodRun run(definition);
    run.run_to(30.0, 5.0);
    if (reference.empty()) reference = run.state().checksum();
    EXPECT_EQ(run.state().checksum(), reference) << threads << " threads";
  }
  FloodRun first(definition);
  first.run_to(15.0, 5.0);
  FloodRun second(definition);
  second.state() = first.state();
  second.run_to(30.0, 5.0);
  EXPECT_EQ(second.state().checksum(), reference);
}

}  // namespace
}  // namespace dvinis::test
