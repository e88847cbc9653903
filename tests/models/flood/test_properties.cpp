// What must hold whatever the numbers: symmetry, repeatability, conservation.

#include <gtest/gtest.h>

#include <cmath>

#include "core/grid/parallel.hpp"
#include "tests/support/figures.hpp"
#include "tests/support/flood_case.hpp"

namespace dvinis::test {
namespace {

/// A lively flood on bumpy ground over several tiles, with a dry part and rain.
FloodCase lively(ElementType precision) {
  FloodCase definition;
  definition.nx = 137;
  definition.ny = 41;
  definition.spacing = 3.0;
  definition.roughness = 0.025;
  definition.parameters.precision = precision;
  definition.parameters.constant_rain = 1e-5;
  definition.bed = [](double x, double y) { return 100.3 + 0.4 * std::sin(0.06 * x + 0.3) * std::cos(0.11 * y) + 0.002 * x; };
  definition.depth = [](double x, double y) { return std::hypot(x - 150.0, y - 60.0) < 50.0 ? 2.0 : 0.0; };
  definition.wanted = {"maximum_depth", "maximum_hazard", "arrival_time"};
  return definition;
}

/// Largest difference between a run and the run of the transformed set-up, transformed back.
double symmetry_error(bool flip_x, bool flip_y, bool swap_axes) {
  constexpr Index n = 83;
  constexpr double size = 2.0 * n;
  FloodCase straight;
  straight.nx = n;
  straight.ny = n;
  straight.spacing = 2.0;
  straight.roughness = 0.03;
  const Shape bed = [](double x, double y) { return 0.3 * std::sin(0.05 * x) + 0.2 * std::cos(0.09 * y + 0.02 * x); };
  const Shape depth = [](double x, double y) { return std::hypot(x - 40.0, y - 90.0) < 30.0 ? 1.5 : 0.0; };
  straight.bed = bed;
  straight.depth = depth;
  const auto transform = [=](const Shape& shape) -> Shape {
    return [=](double x, double y) {
      double a = flip_x ? size - x : x;
      double b = flip_y ? size - y : y;
      if (swap_axes) std::swap(a, b);
      return shape(a, b);
    };
  };
  FloodCase changed = straight;
  changed.bed = transform(bed);
  changed.depth = transform(depth);
  FloodRun one(straight);
  FloodRun other(changed);
  one.run_to(12.0, 3.0);
  other.run_to(12.0, 3.0);
  double largest = 0.0;
  for (Index j = 0; j < n; ++j) {
    for (Index i = 0; i < n; ++i) {
      Index a = flip_x ? n - 1 - i : i;
      Index b = flip_y ? n - 1 - j : j;
      if (swap_axes) std::swap(a, b);
      largest = std::max(largest, std::abs(other.depth(i, j) - one.depth(a, b)));
    }
  }
  return largest;
}

TEST(Symmetry, MirroredAndTurnedInputsGiveMirroredAndTurnedOutputs) {
  // Not only close: the set-ups are sampled at mirrored points whose sines may differ in the last bit, no more.
  EXPECT_LT(symmetry_error(true, false, false), 1e-12);
  EXPECT_LT(symmetry_error(false, true, false), 1e-12);
  EXPECT_LT(symmetry_error(false, false, true), 1e-12);
  EXPECT_LT(symmetry_error(true, false, true), 1e-12);
}

TEST(Symmetry, IsExactForWaterThatIsSymmetricItself) {
  FloodCase definition;
  definition.nx = 75;
  definition.ny = 75;
  definition.spacing = 1.0;
  definition.west = -37.5;
  definition.south = -37.5;
  definition.depth = [](double x, double y) { return x * x + y * y < 150.0 ? 2.0 : 0.5; };
  FloodRun run(definition);
  run.run_to(6.0, 2.0);
  for (Index j = 0; j < 75; ++j) {
    for (Index i = 0; i < 75; ++i) {
      ASSERT_EQ(run.depth(i, j), run.depth(74 - i, j)) << i << ' ' << j;
      ASSERT_EQ(run.depth(i, j), run.depth(i, 74 - j)) << i << ' ' << j;
      ASSERT_EQ(run.depth(i, j), run.depth(j, i)) << i << ' ' << j;
    }
  }
}

TEST(SameBits, ForAnyThreadCountInstructionSetAndAfterResume) {
  Index differing = 0;
  for (const ElementType precision : {ElementType::float32, ElementType::float64}) {
    std::string reference;
    for (const int threads : {1, 2, 3, 7}) {
      set_thread_count(threads);
      FloodRun run(lively(precision));
      run.run_to(30.0, 5.0);
      if (reference.empty()) reference = run.state().checksum();
      differing += run.state().checksum() == reference ? 0 : 1;
    }
    set_thread_count(2);
    for (const char* level : {"v2", "v3", "v4"}) {
      setenv("DVINIS_ISA", level, 1);
      try {
        FloodRun run(lively(precision));
        run.run_to(30.0, 5.0);
        differing += run.state().checksum() == reference ? 0 : 1;
      } catch (const UsageError&) {
        continue;
      }
    }
    unsetenv("DVINIS_ISA");
    // Run to half time, move the State into a fresh binding, go on.
    FloodRun first(lively(precision));
    first.run_to(15.0, 5.0);
    FloodRun second(lively(precision));
    second.state() = first.state();
    second.run_to(30.0, 5.0);
    differing += second.state().checksum() == reference ? 0 : 1;
  }
  set_thread_count(2);
  record_figure("flood.bits.threads", static_cast<double>(differing), "count",
                "states that differ between 1, 2, 3, 7 threads, v2, v3, v4 and resume, both precisions");
  EXPECT_EQ(differing, 0);
}

TEST(Positivity, HoldsWithoutClippingWhenAWallOfWaterRunsOverDryBumps) {
  FloodCase definition;
  definition.nx = 120;
  definition.ny = 60;
  definition.spacing = 0.3;
  definition.bed = [](double x, double y) { return 0.4 + 0.4 * std::sin(3.0 * x) * std::sin(2.0 * y); };
  definition.depth = [](double x, double) { return x < 8.0 ? 2.0 : 0.0; };
  FloodRun run(definition);
  run.run_to(20.0, 1.0);
  for (Index j = 0; j < definition.ny; ++j) {
    for (Index i = 0; i < definition.nx; ++i) ASSERT_GE(run.depth(i, j), 0.0);
  }
  EXPECT_LT(run.relative_water_error(), 1e-13);
  EXPECT_LT(run.state().booked("water", "clipped"), 1e-12 * 8.0 * 18.0 * 2.0);
}

TEST(Activity, FollowsTheWater) {
  // The sleeping part of a large dry plain costs nothing: same answer as the small plain around the water.
  FloodCase small;
  small.nx = 192;
  small.ny = 48;
  small.bed = [](double x, double) { return x < 60.0 ? 0.0 : 0.05 * (x - 60.0); };
  small.depth = [](double x, double) { return x < 30.0 ? 1.0 : 0.0; };
  FloodCase large = small;
  large.nx = 640;
  FloodRun a(small);
  FloodRun b(large);
  a.run_to(10.0, 1.0);
  b.run_to(10.0, 1.0);
  for (Index j = 0; j < small.ny; ++j) {
    for (Index i = 0; i < small.nx; ++i) ASSERT_EQ(a.depth(i, j), b.depth(i, j));
  }
}

TEST(StepInvention, ATickIsFilledExactlyAndShorterTicksConverge) {
  FloodCase definition = lively(ElementType::float64);
  definition.parameters.constant_rain = 0.0;
  FloodRun coarse(definition);
  coarse.run_to(20.0, 20.0);
  FloodRun fine(definition);
  fine.run_to(20.0, 0.5);
  EXPECT_EQ(coarse.state().time, from_seconds(20.0));
  double largest = 0.0;
  for (Index j = 0; j < definition.ny; ++j) {
    for (Index i = 0; i < definition.nx; ++i) largest = std::max(largest, std::abs(coarse.depth(i, j) - fine.depth(i, j)));
  }
  EXPECT_LT(largest, 0.05);
}

}  // namespace
}  // namespace dvinis::test
