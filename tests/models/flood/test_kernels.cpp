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

const std::vector<std::string> running_fields = {"maximum_depth",  "maximum_speed", "maximum_unit_discharge",
                                                 "maximum_hazard", "hazard_class",  "arrival_time"};

template <class Real>
NaiveFlood<Real> naive_of(FloodRun& run, const FloodCase& definition, double dt) {
  const Grid& grid = run.twin().grid;
  NaiveFlood<Real> naive;
  naive.nx = grid.nx;
  naive.ny = grid.ny;
  naive.spacing = static_cast<Real>(grid.spacing);
  naive.roughness = static_cast<Real>(definition.roughness);
  naive.rain = static_cast<Real>(definition.parameters.constant_rain * dt);
  const Field& bed = run.state().field(run.schema().field("bed"));
  const Field& layer = run.twin().find_layer("bed_elevation")->values;
  for (Index j = 0; j < grid.ny; ++j) {
    for (Index i = 0; i < grid.nx; ++i) {
      naive.bed.push_back(static_cast<Real>(bed.value(i, j)));
      naive.depth.push_back(static_cast<Real>(run.depth(i, j)));
      naive.discharge_x.push_back(static_cast<Real>(run.discharge_x(i, j)));
      naive.discharge_y.push_back(static_cast<Real>(run.discharge_y(i, j)));
      naive.blocked.push_back(std::isnan(layer.value(i, j)) ? 1 : 0);
    }
  }
  if (const auto& fast = definition.parameters.fast) {
    naive.guard = {static_cast<Real>(*fast->depth), static_cast<Real>(fast->froude),
                   static_cast<Real>(fast->level_step)};
  }
  if (definition.parameters.has_rain()) naive.carry.assign(naive.depth.size(), 0);
  for (const flood::Structure& structure : definition.parameters.structures) {
    const auto* weir = std::get_if<flood::Weir>(&structure.form);
    const std::vector<const Place*> places = run.twin().places_of("structure");
    const auto place =
        std::find_if(places.begin(), places.end(), [&](const Place* p) { return p->id == structure.place; });
    for (const flood::CornerStep& step : flood::corner_path(grid, (*place)->points)) {
      NaiveStructure<Real> face;
      face.is_x = step.dj != 0;
      face.i = step.from_i + std::min<Index>(step.di, 0);
      face.j = step.from_j + std::min<Index>(step.dj, 0);
      const auto k = static_cast<std::size_t>(face.j * grid.nx + face.i);
      if (naive.blocked[k] != 0 ||
          naive.blocked[face.is_x ? k - 1 : k - static_cast<std::size_t>(grid.nx)] != 0)
        continue;
      face.law = [weir](const flood::StructureSide& before, const flood::StructureSide& behind) {
        const double sill = std::max({weir->crest, before.bed, behind.bed});
        return flood::weir_discharge(weir->profile, weir->coefficient, before.energy - sill,
                                     behind.level - sill);
      };
      naive.structures.push_back(face);
    }
  }
  for (const flood::Tracer& tracer : definition.parameters.tracers) {
    typename NaiveFlood<Real>::Tracer copy;
    const Field& value = run.state().field(run.schema().field(tracer.field()));
    for (Index j = 0; j < grid.ny; ++j) {
      for (Index i = 0; i < grid.nx; ++i) copy.value.push_back(static_cast<Real>(value.value(i, j)));
    }
    if (sizeof(Real) == 4) copy.carry.assign(copy.value.size(), 0);
    for (const flood::TracerInflow& inflow : tracer.inflows)
      copy.rain = static_cast<Real>(inflow.concentration);
    naive.tracers.push_back(copy);
  }
  return naive;
}

Index differing_values(FloodRun& run, const std::string& name, const std::vector<float>& expected) {
  const Field& field = run.state().field(run.schema().field(name));
  Index differing = 0;
  for (Index j = 0; j < field.ny(); ++j) {
    for (Index i = 0; i < field.nx(); ++i) {
      const double value = field.value(i, j);
      const auto other = static_cast<double>(expected[static_cast<std::size_t>(j * field.nx() + i)]);
      differing += value == other || (std::isnan(value) && std::isnan(other)) ? 0 : 1;
    }
  }
  return differing;
}

/// Tracers start with values of no order.
void spread_tracers(FloodRun& run, const FloodCase& definition) {
  std::mt19937 dice(3);
  for (const flood::Tracer& tracer : definition.parameters.tracers) {
    Field& value = run.state().field(run.schema().field(tracer.field()));
    double amount = 0.0;
    for (Index j = 0; j < definition.ny; ++j) {
      for (Index i = 0; i < definition.nx; ++i) {
        const auto number = static_cast<double>(dice() % 1000) / 999.0 + 0.01 * static_cast<double>(i);
        if (run.depth(i, j) > 0.0) value.set(i, j, number);
        amount += run.depth(i, j) * value.value(i, j) * run.twin().grid.cell_area();
      }
    }
    run.state().scalar(run.schema().scalar("flood." + tracer.field() + ".at_start")) = amount;
  }
}

template <class Real>
void expect_same_bits_as_naive(FloodCase definition, int steps) {
  definition.parameters.precision = sizeof(Real) == 4 ? ElementType::float32 : ElementType::float64;
  definition.wanted = running_fields;
  FloodRun run(definition);
  spread_tracers(run, definition);
  const double dt = 0.03125;  // a power of two: tick length and step are the same number in both
  NaiveFlood<Real> naive = naive_of<Real>(run, definition, dt);
  for (int step = 1; step <= steps; ++step) {
    run.run_to(dt * step, dt);
    naive.step(static_cast<Real>(dt));
  }
  naive.record();
  ASSERT_EQ(run.state().steps, steps) << "the engine must take the oracle's steps";
  Index differing = 0;
  Index wet = 0;
  for (Index j = 0; j < definition.ny; ++j) {
    for (Index i = 0; i < definition.nx; ++i) {
      const auto k = static_cast<std::size_t>(j * definition.nx + i);
      wet += naive.depth[k] > 0 ? 1 : 0;
      differing += run.depth(i, j) != static_cast<double>(naive.depth[k]) ||
                           run.discharge_x(i, j) != static_cast<double>(naive.discharge_x[k]) ||
                           run.discharge_y(i, j) != static_cast<double>(naive.discharge_y[k])
                       ? 1
                       : 0;
    }
  }
  EXPECT_GE(wet, definition.nx);
  EXPECT_EQ(differing, 0);
  for (std::size_t t = 0; t < naive.tracers.size(); ++t) {
    const Field& field = run.state().field(run.schema().field(definition.parameters.tracers[t].field()));
    Index other = 0;
    for (Index j = 0; j < definition.ny; ++j) {
      for (Index i = 0; i < definition.nx; ++i) {
        const auto k = static_cast<std::size_t>(j * definition.nx + i);
        other += field.value(i, j) == static_cast<double>(naive.tracers[t].value[k]) ? 0 : 1;
      }
    }
    EXPECT_EQ(other, 0) << "cells with other values of " << definition.parameters.tracers[t].id;
  }
  EXPECT_EQ(differing_values(run, "maximum_depth", naive.maximum_depth), 0);
  EXPECT_EQ(differing_values(run, "maximum_speed", naive.maximum_speed), 0);
  EXPECT_EQ(differing_values(run, "maximum_unit_discharge", naive.maximum_unit_discharge), 0);
  EXPECT_EQ(differing_values(run, "maximum_hazard", naive.maximum_hazard), 0);
  EXPECT_EQ(differing_values(run, "hazard_class", naive.hazard_class), 0);
  EXPECT_EQ(differing_values(run, "arrival_time", naive.arrival_time), 0);
}

void expect_same_bits_in_both_precisions(const FloodCase& definition) {
  expect_same_bits_as_naive<double>(definition, 40);
  expect_same_bits_as_naive<float>(definition, 40);
}

/// For every instruction set this processor has.
template <class Body>
void for_each_level(const Body& body) {
  for (const char* level : {"v2", "v3", "v4"}) {
    setenv("DVINIS_ISA", level, 1);
    SCOPED_TRACE(level);
    try {
      flood::chosen_instruction_set();
    } catch (const UsageError&) {
      continue;
    }
    body();
  }
  unsetenv("DVINIS_ISA");
}

TEST(SweptWindows, EqualTheNaiveStepBitForBitOnOddGridsWithHoles) {
  for_each_level([] {
    expect_same_bits_in_both_precisions(rough_case(150, 37, 0.0));
    expect_same_bits_in_both_precisions(rough_case(65, 17, 0.0));
    expect_same_bits_in_both_precisions(rough_case(3, 5, 0.0));
    expect_same_bits_in_both_precisions(rough_case(1, 1, 0.0));
  });
}

TEST(SweptWindows, EqualTheNaiveStepWithoutFriction) {
  FloodCase definition = rough_case(150, 37, 0.0);
  definition.roughness = 0.0;
  expect_same_bits_in_both_precisions(definition);
}

TEST(SweptWindows, EqualTheNaiveStepUnderRain) {
  FloodCase definition = rough_case(150, 37, 7.0);
  definition.parameters.constant_rain = 1e-4;
  for_each_level([&] { expect_same_bits_in_both_precisions(definition); });
}

/// Walls across tiles and along their borders, over and through which water goes both ways.
FloodCase walled(FloodCase definition) {
  const auto weir = [](double crest) { return flood::StructureForm(flood::Weir{.crest = crest}); };
  definition.structure("along a border", {{128.0, 6.0}, {128.0, 60.0}}, weir(0.3));
  definition.structure("across", {{180.0, 32.0}, {230.0, 32.0}}, weir(-1.0));
  definition.structure("inside", {{250.0, 50.0}, {262.0, 50.0}}, weir(0.6));
  return definition;
}

TEST(SweptWindows, EqualTheNaiveStepWithStructures) {
  for_each_level([] {
    expect_same_bits_in_both_precisions(walled(rough_case(150, 37, 0.0)));
    expect_same_bits_in_both_precisions(walled(rough_case(150, 37, 3.0)));
  });
}

/// Two tracers in a case; rain brings some of the second.
FloodCase traced(FloodCase definition) {
  flood::Tracer first;
  first.id = "first";
  first.kind = flood::TracerKind::species;
  flood::Tracer second = first;
  second.id = "second";
  if (definition.parameters.has_rain()) second.inflows = {{"rain", 2.5, {}, {}}};
  definition.parameters.tracers = {first, second};
  return definition;
}

TEST(SweptWindows, EqualTheNaiveStepWithTracers) {
  for_each_level([] {
    for (const double altitude_step : {0.0, 7.0})
      expect_same_bits_in_both_precisions(traced(rough_case(150, 37, altitude_step)));
    expect_same_bits_in_both_precisions(traced(rough_case(3, 5, 0.0)));
    expect_same_bits_in_both_precisions(traced(walled(rough_case(150, 37, 0.0))));
    FloodCase rainy = rough_case(150, 37, 0.0);
    rainy.parameters.constant_rain = 1e-4;
    expect_same_bits_in_both_precisions(traced(rainy));
  });
}

/// Lakes at several levels among hills, over several tiles; one of them is dammed in the middle and breaks.
FloodCase lakes(Index nx, Index ny, double altitude_step) {
  FloodCase definition = rough_case(nx, ny, altitude_step);
  definition.depth = nullptr;
  definition.velocity_x = nullptr;
  definition.velocity_y = nullptr;
  const Shape hills = definition.bed;
  definition.bed = [=](double x, double y) { return 2.0 * hills(x, y); };
  definition.level = [=](double x, double y) {
    const double lake = altitude_step * std::floor(x / 128.0) - 1.5 * altitude_step * std::floor(y / 32.0);
    return 2.0 * lake + (std::hypot(x - 0.7 * 2.0 * static_cast<double>(nx), y - 20.0) < 12.0 ? 1.7 : 1.0);
  };
  return definition;
}

TEST(StillWater, LeftAsItIsEqualsTheNaiveStepBitForBit) {
  for_each_level([] {
    for (const double altitude_step : {0.0, 3.0})
      expect_same_bits_in_both_precisions(lakes(211, 67, altitude_step));
    FloodCase smooth = lakes(211, 67, 0.0);
    smooth.roughness = 0.0;
    expect_same_bits_in_both_precisions(smooth);
    expect_same_bits_in_both_precisions(traced(lakes(211, 67, 3.0)));
    FloodCase rainy = lakes(211, 67, 3.0);
    rainy.parameters.constant_rain = 1e-5;
    expect_same_bits_in_both_precisions(rainy);
  });
}

TEST(StillWater, IsNotWorkedOutWhileItIsStill) {
  // Roughness that is no number poisons every cell that is worked out.
  for_each_level([] {
    for (const bool leaves_still_water : {true, false}) {
      FloodCase definition = lakes(211, 67, 0.0);
      definition.parameters.leaves_still_water = leaves_still_water;
      FloodRun run(definition);
      Field& roughness = run.state().field(run.schema().field("manning_roughness"));
      // All of the outermost rows is worked out, for the rim's sake.
      for (Index j = 1; j < definition.ny - 1; ++j) {
        for (Index i = 0; i < 48; ++i) roughness.set(i, j, std::nan(""));
      }
      if (leaves_still_water) {
        run.run_to(1.25, 0.03125);
        EXPECT_GT(run.depth(40, 20) + run.depth(30, 40) + run.depth(20, 50), 0.0);
      } else {
        EXPECT_THROW(run.run_to(1.25, 0.03125), NumericalError);
      }
    }
  });
}

TEST(StillWater, WakesWhenItsRimRisesBehindANarrowTile) {
  // The easternmost tile is one column wide: what comes from the rim is at the next tile within one sub-step.
  for_each_level([] {
    FloodCase definition = rough_case(129, 100, 0.0);
    definition.bed = [](double, double) { return 0.0; };
    definition.depth = [](double, double) { return 1.0; };
    definition.velocity_x = nullptr;
    definition.velocity_y = nullptr;
    definition.boundary(flood::Edge::east, flood::BoundaryKind::level, "sea");
    definition.constant_series("sea", "m", 1.0);
    definition.series["sea"].seconds = {0.0, 10.0, 12.0};
    definition.series["sea"].values = {1.0, 1.0, 1.4};
    definition.series["sea"].holds_after_end = true;
    FloodRun run(definition);
    run.run_to(30.0);
    EXPECT_GT(run.depth(120, 50), 1.01);
    EXPECT_LT(run.relative_water_error(), 1e-13);
  });
}

TEST(StillWater, OffTheQuantumIsWorkedOut) {
  // Depths that differ from the neighbours' by less than they can hold: level to the last bit, but not
  // exactly.
  FloodCase definition = lakes(97, 33, 0.0);
  definition.depth = [level = definition.level, bed = definition.bed](double x, double y) {
    return std::max(0.0, level(x, y) + 1e-5 / 3.0 - bed(x, y));
  };
  definition.level = nullptr;
  expect_same_bits_in_both_precisions(definition);
}

/// Fast mode with limits that some tiles of the rough case pass and some do not.
FloodCase fast_case(Index nx, Index ny, double altitude_step) {
  FloodCase definition = rough_case(nx, ny, altitude_step);
  definition.parameters.fast = flood::FastMode{.froude = 0.7, .level_step = 1.2, .depth = 0.2};
  return definition;
}

TEST(FastMode, EqualsTheNaiveStepBitForBit) {
  for_each_level([] {
    for (const double altitude_step : {0.0, 7.0}) {
      FloodCase everywhere = fast_case(150, 37, altitude_step);
      everywhere.parameters.fast->froude = 1e3;
      everywhere.parameters.fast->level_step = 1e3;
      expect_same_bits_in_both_precisions(everywhere);
      expect_same_bits_in_both_precisions(fast_case(150, 37, altitude_step));
    }
    expect_same_bits_in_both_precisions(fast_case(65, 17, 0.0));
    expect_same_bits_in_both_precisions(fast_case(3, 5, 0.0));
    expect_same_bits_in_both_precisions(fast_case(1, 1, 0.0));
  });
}

TEST(FastMode, EqualsTheNaiveStepUnderRain) {
  FloodCase definition = fast_case(150, 37, 7.0);
  definition.parameters.constant_rain = 1e-4;
  for_each_level([&] { expect_same_bits_in_both_precisions(definition); });
}

TEST(FastMode, EqualsTheNaiveStepWithTracers) {
  for_each_level([] {
    for (const double altitude_step : {0.0, 7.0})
      expect_same_bits_in_both_precisions(traced(fast_case(150, 37, altitude_step)));
    FloodCase rainy = walled(fast_case(150, 37, 0.0));
    rainy.parameters.constant_rain = 1e-4;
    expect_same_bits_in_both_precisions(traced(rainy));
  });
}

TEST(FastMode, WorksBesideTheFullEquationsInTheTestsAbove) {
  // The oracle must have seen both, or the tests above compare one with itself.
  FloodCase definition = fast_case(150, 37, 0.0);
  definition.parameters.precision = ElementType::float64;
  FloodRun run(definition);
  NaiveFlood<double> naive = naive_of<double>(run, definition, 0.03125);
  Index largest = 0;
  Index smallest = definition.nx * definition.ny;
  for (int step = 0; step < 40; ++step) {
    naive.step(0.03125);
    largest = std::max(largest, naive.full_cells);
    smallest = std::min(smallest, naive.full_cells);
  }
  EXPECT_GT(largest, smallest) << "tiles must also change over";
  EXPECT_GT(largest, 0);
  EXPECT_LT(smallest, definition.nx * definition.ny);
}

TEST(SweptWindows, AreTheSameHoweverTheActiveTilesAreCovered) {
  // Each pattern of activity is covered exactly once, by windows that never cross the given width.
  const Tiling tiling{7 * Tiling::width - 5, 9 * Tiling::height - 3};
  std::mt19937 dice(7);
  for (int trial = 0; trial < 200; ++trial) {
    std::vector<std::uint8_t> is_active(static_cast<std::size_t>(tiling.count()));
    for (auto& flag : is_active) flag = dice() % 4 != 0 ? 1 : 0;
    std::vector<flood::Window> windows;
    flood::cover_by_windows(tiling, is_active, 1 + trial % 3, windows);
    std::vector<std::uint8_t> covered(is_active.size(), 0);
    for (const flood::Window& window : windows) {
      EXPECT_EQ(window.column / (1 + trial % 3), (window.column + window.columns - 1) / (1 + trial % 3));
      for (Index row = window.row; row < window.row + window.rows; ++row) {
        for (Index column = window.column; column < window.column + window.columns; ++column)
          ++covered[static_cast<std::size_t>(row * tiling.columns() + column)];
      }
    }
    EXPECT_EQ(covered, is_active);
  }
}

TEST(SweptWindows, EqualTheNaiveStepAcrossTilesOfDifferentDatum) {
  // Cliffs between tiles in both directions: datums differ, also across corners, bed differences must not.
  for_each_level([] { expect_same_bits_in_both_precisions(rough_case(150, 37, 7.0)); });
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
