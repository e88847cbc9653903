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
  definition.bed = [](double x, double y) {
    return 100.3 + 0.4 * std::sin(0.06 * x + 0.3) * std::cos(0.11 * y) + 0.002 * x;
  };
  definition.depth = [](double x, double y) { return std::hypot(x - 150.0, y - 60.0) < 50.0 ? 2.0 : 0.0; };
  definition.wanted = {"maximum_depth", "maximum_hazard", "arrival_time"};
  return definition;
}

/// Cells whose bits differ between a run and the run of the transformed set-up, transformed back.
Index cells_that_break_symmetry(bool flip_x, bool flip_y, bool swap_axes) {
  constexpr Index n = 83;  // neither a multiple of the tile's width nor of its height
  const auto back = [=](Index i, Index j) {
    Cell cell{flip_x ? n - 1 - i : i, flip_y ? n - 1 - j : j};
    if (swap_axes) std::swap(cell.i, cell.j);
    return cell;
  };
  // Values by cell number on multiples of 1/1024 m, so that both set-ups hold the very same numbers.
  const auto bed_of = [](Cell c) {
    const auto x = static_cast<double>(c.i);
    const auto y = static_cast<double>(c.j);
    return std::round(1024.0 * (0.3 * std::sin(0.1 * x) + 0.2 * std::cos(0.18 * y + 0.04 * x))) / 1024.0;
  };
  const auto depth_of = [](Cell c) {
    return std::hypot(static_cast<double>(c.i) - 20.0, static_cast<double>(c.j) - 45.0) < 15.0 ? 1.5 : 0.0;
  };
  const auto make = [&](bool is_transformed) {
    FloodCase definition;
    definition.nx = n;
    definition.ny = n;
    definition.spacing = 2.0;
    definition.roughness = 0.03;
    const auto cell_at = [=](double x, double y) {
      const Cell cell{static_cast<Index>(x / 2.0), static_cast<Index>(y / 2.0)};
      return is_transformed ? back(cell.i, cell.j) : cell;
    };
    definition.bed = [=](double x, double y) { return bed_of(cell_at(x, y)); };
    definition.depth = [=](double x, double y) { return depth_of(cell_at(x, y)); };
    return definition;
  };
  FloodRun one(make(false));
  FloodRun other(make(true));
  one.run_to(8.0, 4.0);
  other.run_to(8.0, 4.0);
  Index differing = 0;
  for (Index j = 0; j < n; ++j) {
    for (Index i = 0; i < n; ++i) {
      const Cell cell = back(i, j);
      differing += other.depth(i, j) != one.depth(cell.i, cell.j) ? 1 : 0;
    }
  }
  return differing;
}

TEST(Symmetry, MirroredAndTurnedInputsGiveMirroredAndTurnedOutputsToTheLastBit) {
  const Index differing =
      cells_that_break_symmetry(true, false, false) + cells_that_break_symmetry(false, true, false) +
      cells_that_break_symmetry(false, false, true) + cells_that_break_symmetry(true, false, true);
  record_figure("flood.symmetry.cells", static_cast<double>(differing), "count",
                "cells whose bits differ when the input is mirrored, transposed or turned");
  EXPECT_EQ(differing, 0);
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

TEST(Films, OfAnyThinnessStayNumbers) {
  // A depth of 1e-300 m has an infinite friction rate and no speed: their product must not poison the run.
  FloodCase definition;
  definition.nx = 30;
  definition.ny = 7;
  definition.roughness = 0.04;
  definition.bed = [](double x, double) { return 0.1 * x; };
  definition.depth = [](double x, double) {
    return x < 3.0 ? 0.2 : x < 10.0 ? 1e-300 : x < 20.0 ? 1e-18 : 1e-9;
  };
  for (const ElementType precision : {ElementType::float64, ElementType::float32}) {
    definition.parameters.precision = precision;
    FloodRun run(definition);
    run.run_to(20.0, 1.0);
    for (Index i = 0; i < definition.nx; ++i) ASSERT_TRUE(std::isfinite(run.discharge_x(i, 3)));
    EXPECT_LT(run.relative_water_error(), 1e-6);
  }
}

TEST(ThreeMounds, AreOverrunAndDrainedInBothPrecisions) {
  FloodCase definition;
  definition.nx = 200;
  definition.ny = 80;
  definition.spacing = 0.375;
  definition.roughness = 0.018;
  definition.bed = [](double x, double y) {
    return std::max({0.0, 1.0 - 0.1 * std::hypot(x - 30.0, y - 22.5),
                     1.0 - 0.1 * std::hypot(x - 30.0, y - 7.5), 2.8 - 0.28 * std::hypot(x - 47.5, y - 15.0)});
  };
  definition.depth = [](double x, double) { return x < 16.0 ? 1.875 : 0.0; };
  for (const ElementType precision : {ElementType::float64, ElementType::float32}) {
    definition.parameters.precision = precision;
    FloodRun run(definition);
    run.run_to(60.0, 20.0);
    EXPECT_LT(run.largest_speed(), 6.0);
    EXPECT_GT(run.depth(190, 40), 0.1) << "the water has reached the far end";
    EXPECT_EQ(run.depth(126, 40), 0.0) << "the top of the high mound stays dry";
    EXPECT_LT(run.relative_water_error(), precision == ElementType::float64 ? 1e-14 : 1e-6);
  }
}

TEST(Alley, BetweenAHouseAndLowerGroundDrainsToTheLowerGround) {
  // A row of cells with a wall of 3 m on one side and dry ground, a little lower, on the other: the wall must
  // not tilt the water's surface so far that it cannot leave.
  FloodCase definition;
  definition.nx = 12;
  definition.ny = 7;
  definition.roughness = 0.04;
  definition.bed = [](double, double y) { return y < 3.0 ? 21.0 : y < 4.0 ? 18.0 : 17.95; };
  definition.depth = [](double, double y) { return y > 3.0 && y < 4.0 ? 0.2 : 0.0; };
  FloodRun run(definition);
  run.run_to(20.0, 1.0);
  EXPECT_LT(run.depth(5, 3), 0.05);
  EXPECT_GT(run.depth(5, 5), 0.04);
  EXPECT_LT(run.largest_speed(), 2.0);
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

TEST(Activity, ForgetsWaterThatSomebodyTookOutOfTheStateBetweenTicks) {
  // Two neighbouring tiles are emptied by hand, as an assimilation might: what the working fields still hold
  // of their water must not come back. A fresh binding, which has never seen that water, is the yardstick.
  FloodCase definition;
  definition.nx = 256;
  definition.ny = 48;
  definition.depth = [](double x, double) { return x > 70.0 && x < 120.0 ? 1.0 : 0.0; };
  definition.bed = [](double x, double) { return x < 64.0 || x > 128.0 ? 3.0 : 0.0; };
  for (const double ticks : {1.0, 0.05}) {
    FloodRun run(definition);
    run.run_to(2.0, ticks);
    for (const char* name : {"water_depth", "unit_discharge_x", "unit_discharge_y"}) {
      Field& field = run.state().field(run.schema().field(name));
      for (Index j = 0; j < 32; ++j) {
        for (Index i = 64; i < 128; ++i) field.set(i, j, 0.0);
      }
    }
    FloodRun fresh(definition);
    fresh.state() = run.state();
    run.run_to(4.0, ticks);
    fresh.run_to(4.0, ticks);
    EXPECT_EQ(run.state().checksum(), fresh.state().checksum()) << ticks;
    EXPECT_EQ(run.depth(100, 2), 0.0) << "the emptied end is still dry";
    EXPECT_GT(run.depth(100, 40), 0.1);
  }
}

TEST(RunningFields, CountARepeatedSubStepOnce) {
  // Steps four times too long overdraw cells and are repeated; nobody may be wet for longer than time went
  // by.
  FloodCase definition;
  definition.nx = 90;
  definition.ny = 40;
  definition.spacing = 0.5;
  definition.parameters.courant = 1.0;
  definition.bed = [](double x, double y) { return 0.4 + 0.4 * std::sin(1.7 * x) * std::sin(1.3 * y); };
  definition.depth = [](double x, double) { return x < 12.0 ? 2.0 : 0.0; };
  definition.wanted = {"wet_duration", "arrival_time"};
  FloodRun run(definition);
  run.run_to(3.0, 1.0);
  EXPECT_GT(run.state().booked("sub-steps", "flood: repeated smaller"), 0.0);
  const Field& duration = run.state().field(run.schema().field("wet_duration"));
  const Field& arrival = run.state().field(run.schema().field("arrival_time"));
  for (Index j = 0; j < definition.ny; ++j) {
    for (Index i = 0; i < definition.nx; ++i) {
      if (std::isnan(arrival.value(i, j))) continue;
      ASSERT_LT(duration.value(i, j), 3.0 - arrival.value(i, j) + 0.2) << i << ' ' << j;
    }
  }
  EXPECT_NEAR(duration.value(3, 20), 3.0, 1e-4) << "wet all the time";
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
    for (Index i = 0; i < definition.nx; ++i)
      largest = std::max(largest, std::abs(coarse.depth(i, j) - fine.depth(i, j)));
  }
  EXPECT_LT(largest, 0.05);
}

}  // namespace
}  // namespace dvinis::test
