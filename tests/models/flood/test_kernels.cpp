// The tiled kernels against the naive whole-grid step: the same bits.

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "models/flood/kernels.hpp"
#include "models/flood/process.hpp"
#include "tests/support/flood_case.hpp"
#include "tests/support/naive_flood.hpp"

namespace dvinis::test {
namespace {

/// Rough terrain over several tiles with water, dry land and holes; values from a fixed generator.
FloodCase rough_case(Index nx, Index ny, double altitude_step) {
  FloodCase definition;
  definition.nx = nx;
  definition.ny = ny;
  definition.spacing = 2.0;
  definition.roughness = 0.03;
  definition.parameters.maximum_step = 0.05;
  definition.bed = [=](double x, double y) {
    if (std::abs(x - 61.0) < 5.0 && std::abs(y - 21.0) < 7.0) return std::nan("");
    const double hills =
        0.6 * std::sin(0.21 * x) * std::cos(0.17 * y) + 0.001 * std::fmod(x * 7.3 + y * 3.1, 13.0);
    return hills + altitude_step * std::floor(x / 128.0) - 1.5 * altitude_step * std::floor(y / 32.0);
  };
  definition.depth = [=](double x, double y) {
    const double pool = std::sin(0.05 * x) + std::cos(0.08 * y);
    return pool > 0.2 ? 0.5 * pool : 0.0;
  };
  definition.velocity_x = [](double x, double y) { return 0.3 * std::sin(0.3 * y + 0.1 * x); };
  definition.velocity_y = [](double x, double) { return -0.2 * std::cos(0.2 * x); };
  return definition;
}

NaiveFlood naive_of(FloodRun& run, double roughness) {
  const Grid& grid = run.twin().grid;
  NaiveFlood naive;
  naive.nx = grid.nx;
  naive.ny = grid.ny;
  naive.spacing = grid.spacing;
  naive.roughness = roughness;
  const Field& bed = run.state().field(run.schema().field("bed"));
  const Field& layer = run.twin().find_layer("bed_elevation")->values;
  for (Index j = 0; j < grid.ny; ++j) {
    for (Index i = 0; i < grid.nx; ++i) {
      naive.bed.push_back(bed.value(i, j));
      naive.depth.push_back(run.depth(i, j));
      naive.discharge_x.push_back(run.discharge_x(i, j));
      naive.discharge_y.push_back(run.discharge_y(i, j));
      naive.blocked.push_back(std::isnan(layer.value(i, j)) ? 1 : 0);
    }
  }
  return naive;
}

void expect_same_bits_as_naive(const FloodCase& definition, int steps) {
  FloodRun run(definition);
  NaiveFlood naive = naive_of(run, definition.roughness);
  const double dt = 0.03125;  // a power of two: tick length and step are the same number in both
  for (int step = 1; step <= steps; ++step) {
    run.run_to(dt * step, dt);
    naive.step(dt);
  }
  ASSERT_EQ(run.state().steps, steps) << "the engine must take the oracle's steps";
  Index differing = 0;
  Index wet = 0;
  for (Index j = 0; j < definition.ny; ++j) {
    for (Index i = 0; i < definition.nx; ++i) {
      const auto k = static_cast<std::size_t>(j * definition.nx + i);
      wet += naive.depth[k] > 0.0 ? 1 : 0;
      differing += run.depth(i, j) != naive.depth[k] || run.discharge_x(i, j) != naive.discharge_x[k] ||
                           run.discharge_y(i, j) != naive.discharge_y[k]
                       ? 1
                       : 0;
    }
  }
  EXPECT_GT(wet, definition.nx);
  EXPECT_EQ(differing, 0);
}

TEST(TiledKernels, EqualTheNaiveStepBitForBitOnOddGridsWithHoles) {
  expect_same_bits_as_naive(rough_case(150, 37, 0.0), 40);
  expect_same_bits_as_naive(rough_case(65, 17, 0.0), 40);
  expect_same_bits_as_naive(rough_case(3, 5, 0.0), 40);
}

TEST(TiledKernels, EqualTheNaiveStepAcrossTilesOfDifferentDatum) {
  // Cliffs between tiles in both directions: datums differ, also across corners, bed differences must not.
  expect_same_bits_as_naive(rough_case(150, 37, 7.0), 40);
}

TEST(Kernels, EveryInstructionSetGivesTheSameBits) {
  std::string first;
  for (const char* level : {"v2", "v3", "v4"}) {
    setenv("DVINIS_ISA", level, 1);
    std::string checksum;
    try {
      FloodRun run(rough_case(150, 37, 3.0));
      run.run_to(5.0, 0.5);
      checksum = run.state().checksum();
    } catch (const UsageError&) {
      continue;  // this processor has no such level
    }
    if (first.empty()) first = checksum;
    EXPECT_EQ(checksum, first) << level;
  }
  unsetenv("DVINIS_ISA");
  EXPECT_FALSE(first.empty());
}

TEST(Kernels, RefuseAnUnknownInstructionSet) {
  setenv("DVINIS_ISA", "v9", 1);
  EXPECT_THROW(flood::chosen_instruction_set(), UsageError);
  unsetenv("DVINIS_ISA");
}

TEST(SinglePrecision, StaysWithinMillimetresOfDouble) {
  FloodCase definition = rough_case(150, 37, 3.0);
  FloodRun exact(definition);
  definition.parameters.precision = ElementType::float32;
  FloodRun narrow(definition);
  exact.run_to(10.0, 1.0);
  narrow.run_to(10.0, 1.0);
  double largest = 0.0;
  double sum = 0.0;
  for (Index j = 0; j < definition.ny; ++j) {
    for (Index i = 0; i < definition.nx; ++i) {
      const double difference = std::abs(exact.depth(i, j) - narrow.depth(i, j));
      largest = std::max(largest, difference);
      sum += difference;
    }
  }
  // Single cells at a moving wet edge may differ by when they got wet; on the whole the two agree far better.
  EXPECT_LT(largest, 5e-3);
  EXPECT_LT(sum / static_cast<double>(definition.nx * definition.ny), 1e-5);
}

}  // namespace
}  // namespace dvinis::test
