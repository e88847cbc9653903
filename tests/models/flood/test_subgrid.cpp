// Sub-grid tables against closed forms, and floods on them.

#include "models/flood/subgrid.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/base/error.hpp"
#include "tests/support/flood_case.hpp"

namespace dvinis::test {
namespace {

using flood::Subgrid;

constexpr double wall = std::numeric_limits<double>::quiet_NaN();

/// One row of `cells` cells of 20 m from a ground by finer column and row.
template <class Ground>
Subgrid row_of_cells(Index cells, Index ratio, double roughness, const Ground& ground) {
  const Grid grid{cells, 1, 20.0, 0.0, 0.0, {}};
  const Grid finer{cells * ratio, ratio, 20.0 / static_cast<double>(ratio), 0.0, 0.0, {}};
  std::vector<double> heights;
  for (Index j = 0; j < ratio; ++j) {
    for (Index i = 0; i < cells * ratio; ++i) heights.push_back(ground(i, j));
  }
  std::vector<double> bed(static_cast<std::size_t>(cells), INFINITY);
  for (Index j = 0; j < ratio; ++j) {
    for (Index i = 0; i < cells * ratio; ++i) {
      double& lowest = bed[static_cast<std::size_t>(i / ratio)];
      if (ground(i, j) < lowest) lowest = ground(i, j);
    }
  }
  return {grid, finer, heights, std::vector<double>(heights.size(), roughness), bed};
}

TEST(SubgridTables, HoldTheVolumeOfASlopeAndGiveItsLevelBack) {
  // Steps of 0.1 m from west to east: below the top k of 8 columns stand under water.
  const Subgrid tables =
      row_of_cells(1, 8, 0.03, [](Index i, Index) { return 5.0 + 0.1 * static_cast<double>(i); });
  const auto exact = [](double level) {
    double sum = 0.0;
    for (int i = 0; i < 8; ++i) sum += std::max(0.0, level - 0.1 * i);
    return sum / 8.0;
  };
  for (double level = 0.01; level < 2.0; level += 0.013) {
    EXPECT_NEAR(tables.mean_depth({0, 0}, level), exact(level), 4e-3) << level;
    EXPECT_NEAR(tables.level_above_bed({0, 0}, tables.mean_depth({0, 0}, level)), level, 1e-12) << level;
  }
  EXPECT_DOUBLE_EQ(tables.mean_depth({0, 0}, 1.7), exact(1.7)) << "above its highest ground a cell is exact";
  EXPECT_EQ(tables.level_above_bed({0, 0}, 0.0), 0.0);
}

TEST(SubgridTables, ALeveeThroughACellHoldsUntilItIsOvertopped) {
  // Ground at 0 m, a crest of 2 m in column 4 of 8, ground at 0.5 m behind it.
  const auto ground = [](Index i, Index) { return i < 4 ? 0.0 : i == 4 ? 2.0 : 0.5; };
  const Subgrid tables = row_of_cells(1, 8, 0.03, ground);
  EXPECT_EQ(tables.depth_over({6, 3}, 1.9), 0.0) << "dry behind the levee";
  EXPECT_DOUBLE_EQ(tables.depth_over({6, 3}, 2.1), 1.6);
  EXPECT_NEAR(tables.mean_depth({0, 0}, 1.9), 1.9 * 4.0 / 8.0, 2e-2);
  // While the land behind fills the level waits at the crest.
  const double at_crest = 2.0 * 4.0 / 8.0;
  const double behind = 1.5 * 3.0 / 8.0;
  EXPECT_NEAR(tables.level_above_bed({0, 0}, at_crest + 0.5 * behind), 2.0, 5e-2);
  EXPECT_NEAR(tables.level_above_bed({0, 0}, at_crest + behind + 0.1), 2.1, 1e-9);
}

TEST(SubgridTables, FacesLetThroughWhatACrossSectionDoes) {
  // A channel 1.5 m deep and half as wide as the cell, flowing along x.
  const auto ground = [](Index, Index j) { return j >= 2 && j < 6 ? 10.0 : 11.5; };
  const Subgrid tables = row_of_cells(3, 8, 0.03, ground);
  const Subgrid::FaceWater in_channel = tables.face_water({1, 0}, true, 11.0);
  EXPECT_DOUBLE_EQ(in_channel.depth, 0.5) << "1 m over half of the width";
  // Conveyance per width: half of h^(5/3) / n.
  EXPECT_NEAR(std::pow(in_channel.depth, 5.0 / 3.0) / in_channel.roughness, 0.5 / 0.03, 1e-9);
  const Subgrid::FaceWater over_banks = tables.face_water({1, 0}, true, 12.0);
  EXPECT_DOUBLE_EQ(over_banks.depth, 0.5 * 2.0 + 0.5 * 0.5);
  EXPECT_EQ(tables.face_water({1, 0}, true, 9.9).depth, 0.0);
}

TEST(SubgridTables, WallsLetNothingThrough) {
  const auto ground = [](Index i, Index) { return i == 8 || i == 7 ? wall : 1.0; };
  const Subgrid tables = row_of_cells(2, 8, 0.03, ground);
  EXPECT_EQ(tables.face_water({1, 0}, true, 50.0).depth, 0.0);
  EXPECT_NEAR(tables.mean_depth({0, 0}, 2.0), 2.0 * 7.0 / 8.0, 1e-12) << "walls hold no water";
}

FloodCase on_tables(Index ratio) {
  FloodCase definition;
  definition.subgrid_ratio = ratio;
  definition.parameters.fast = flood::FastMode{.froude = 1e3, .level_step = 1e6};
  return definition;
}

double rough_ground(double x, double y) {
  return 50.2 + 0.7 * std::sin(0.05 * x + 0.4) * std::cos(0.07 * y) +
         0.15 * std::sin(1.9 * x) * std::cos(2.3 * y);
}

TEST(SubgridFlood, LeavesStillWaterStill) {
  FloodCase definition = on_tables(5);
  definition.nx = 90;
  definition.ny = 35;
  definition.spacing = 10.0;
  definition.roughness = 0.03;
  definition.bed = rough_ground;
  definition.level = [](double, double) { return 50.4; };
  FloodRun run(definition);
  run.run_to(600.0, 100.0);
  EXPECT_LE(run.largest_speed(), 1e-10);
  EXPECT_LE(run.relative_water_error(), 1e-15);
}

TEST(SubgridFlood, KeepsEveryDropThroughWettingAndDrying) {
  for (const ElementType precision : {ElementType::float64, ElementType::float32}) {
    FloodCase definition = on_tables(4);
    definition.nx = 150;
    definition.ny = 50;
    definition.spacing = 10.0;
    definition.roughness = 0.04;
    definition.bed = rough_ground;
    definition.depth = [](double x, double y) {
      return std::hypot(x - 400.0, y - 250.0) < 150.0 ? 2.0 : 0.0;
    };
    definition.parameters.precision = precision;
    definition.parameters.constant_rain = 1e-6;
    FloodRun run(definition);
    run.run_to(1800.0, 300.0);
    EXPECT_LE(run.relative_water_error(), precision == ElementType::float64 ? 1e-14 : 1e-7);
  }
}

TEST(SubgridFlood, OnLevelCellsIsTheFastModeItself) {
  FloodCase definition = on_tables(4);
  definition.nx = 120;
  definition.ny = 20;
  definition.spacing = 10.0;
  definition.roughness = 0.03;
  definition.parameters.maximum_step = 0.25;  // the same steps in both
  definition.depth = [](double x, double) { return x < 400.0 ? 1.5 : 0.5; };
  FloodCase plain = definition;
  plain.subgrid_ratio = 0;
  FloodRun one(definition);
  FloodRun other(plain);
  one.run_to(60.0, 20.0);
  other.run_to(60.0, 20.0);
  double largest = 0.0;
  for (Index i = 0; i < 120; ++i)
    largest = std::max(largest, std::abs(one.depth(i, 10) - other.depth(i, 10)));
  EXPECT_LE(largest, 1e-4);
  EXPECT_GT(std::abs(one.depth(45, 10) - 0.5), 0.05) << "something must have moved";
}

TEST(SubgridFlood, CarriesAChannelNarrowerThanACell) {
  // Steady flow in a channel of 10 m in cells of 20 m; normal depth of a wide channel with its own Manning
  // friction.
  FloodCase definition = on_tables(8);
  const double slope = 0.001;
  const double roughness = 0.03;
  definition.nx = 150;
  definition.ny = 3;
  definition.spacing = 20.0;
  definition.roughness = roughness;
  definition.bed = [=](double x, double y) { return 20.0 - slope * x + (y > 25.0 && y < 35.0 ? 0.0 : 3.0); };
  definition.level = [=](double x, double) { return 21.5 - slope * x; };
  const double discharge = 15.0;
  definition.flow_eastward(discharge);
  FloodRun run(definition);
  run.run_to(10800.0, 1800.0);
  const double normal_depth = normal_depth_of(discharge / 10.0, roughness, slope);
  const double channel_depth = run.depth(75, 1) * 2.0 - 20.0 * slope * 0.5;
  EXPECT_NEAR(channel_depth, normal_depth, 0.03 * normal_depth);
  EXPECT_NEAR(run.discharge_x(75, 1) * 20.0, discharge, 0.005 * discharge);
}

TEST(SubgridFlood, DeepWaterForgetsTheReliefOfItsBed) {
  // The ground falls within each cell by a good part of the shallow depths that the face tables hold; water
  // far above them must have the roughness it was given, not that of the top of the table.
  for (const Index ratio : {2, 4, 8}) {
    FloodCase definition = on_tables(ratio);
    const double slope = 0.005;
    const double roughness = 0.06;
    definition.nx = 60;
    definition.ny = 2;
    definition.spacing = 20.0;
    definition.roughness = roughness;
    definition.bed = [=](double x, double) { return 20.0 - slope * x; };
    definition.level = [=](double x, double) { return 21.6 - slope * x; };
    const double unit_discharge = 2.5;
    definition.flow_eastward(unit_discharge * 40.0);
    FloodRun run(definition);
    run.run_to(3600.0, 1800.0);
    const double normal_depth = normal_depth_of(unit_discharge, roughness, slope);
    // The upstream level fills the face: half a cell's fall too much.
    EXPECT_NEAR(run.depth(30, 0), normal_depth, 0.6 * slope * 20.0) << ratio;
    EXPECT_LT(run.depth(30, 0), 1.005 * normal_depth) << ratio;
  }
}

TEST(SubgridFlood, NeedsTheFastMode) {
  FloodCase definition = on_tables(4);
  definition.parameters.fast.reset();
  definition.nx = 4;
  definition.ny = 4;
  EXPECT_THROW(FloodRun{definition}, ScenarioError);
}

}  // namespace
}  // namespace dvinis::test
