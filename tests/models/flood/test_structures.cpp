// Structures: their laws against hand calculations, lines on the grid, what is kept and what is refused.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numbers>
#include <set>

#include "core/grid/parallel.hpp"
#include "models/flood/structures/laws.hpp"
#include "models/flood/structures/placed.hpp"
#include "tests/support/flood_case.hpp"

namespace dvinis::test {
namespace {

using flood::StructureSide;

constexpr double g = 9.81;

StructureSide still(double bed, double level) { return {bed, level, level}; }

// Laws.

TEST(WeirLaw, IsTheTextbookOne) {
  // Broad: q = C 2/3 sqrt(2g) H^1.5 with C = 0.577 is critical flow, 1.705 H^1.5.
  EXPECT_NEAR(flood::weir_discharge(flood::WeirProfile::broad, 0.57735, 1.0, -2.0), 1.7049, 1e-4);
  EXPECT_NEAR(flood::weir_discharge(flood::WeirProfile::sharp, 0.62, 0.5, -1.0), 0.6472, 1e-4);
  // Villemonte at half the head: (1 - 0.5^1.5)^0.385 = 0.8455.
  EXPECT_NEAR(flood::weir_discharge(flood::WeirProfile::sharp, 0.62, 0.5, 0.25), 0.6472 * 0.8455, 1e-4);
  EXPECT_EQ(flood::weir_discharge(flood::WeirProfile::broad, 0.577, -0.1, -0.2), 0.0);
  EXPECT_EQ(flood::weir_discharge(flood::WeirProfile::broad, 0.577, 0.5, 0.5), 0.0);
}

TEST(WeirLaw, DrownsWithoutAStep) {
  const auto q = [](double tail) {
    return flood::weir_discharge(flood::WeirProfile::broad, 0.577, 1.2, tail);
  };
  EXPECT_NEAR(q(0.8 - 1e-9), q(0.8 + 1e-9), 1e-8);
  for (double tail = 0.81; tail < 1.2; tail += 0.01) EXPECT_LT(q(tail), q(tail - 0.01));
  // 1.2 m before and 1.1 m behind: C 2/3 sqrt(2g) 3 sqrt(3)/2 * 1.1 * sqrt(0.1).
  EXPECT_NEAR(q(1.1), 0.577 * 2.0 / 3.0 * std::sqrt(2 * g) * 2.5981 * 1.1 * std::sqrt(0.1), 1e-4);
}

TEST(GateLaw, IsAJetBelowALeaf) {
  // a = 0.5 m, H = 3 m: 0.305 sqrt(19.62 * 2.695) = 2.2178; its sequent depth is 1.67 m.
  EXPECT_NEAR(flood::sluice_discharge(0.5, 0.61, 3.0, 0.0), 2.2178, 1e-4);
  EXPECT_NEAR(flood::sluice_discharge(0.5, 0.61, 3.0, 1.6), 2.2178, 1e-4);
  // Drowned to 2 m: the q for which energy and momentum give the same depth at the leaf.
  const double q = flood::sluice_discharge(0.5, 0.61, 3.0, 2.0);
  const double at_leaf = 3.0 - q * q / (2 * g * 0.305 * 0.305);
  EXPECT_NEAR(at_leaf * at_leaf / 2 + q * q / (g * 0.305), 2.0 + q * q / (g * 2.0), 1e-10);
  EXPECT_LT(q, 2.2178);
  // Where the roller reaches the leaf the discharge drops.
  EXPECT_NEAR(flood::sluice_discharge(0.5, 0.61, 3.0, 1.7), 2.0, 0.1);
  for (double tail = 1.5; tail < 3.0; tail += 0.01) {
    const double here = flood::sluice_discharge(0.5, 0.61, 3.0, tail);
    const double next = flood::sluice_discharge(0.5, 0.61, 3.0, tail + 0.01);
    EXPECT_LE(next, here) << tail;
  }
  EXPECT_EQ(flood::sluice_discharge(0.0, 0.61, 3.0, 2.0), 0.0);
  // A leaf above the water lets through what the sill does.
  EXPECT_NEAR(flood::sluice_discharge(2.0, 0.61, 1.0, 0.0), 1.7049, 1e-4);
  const flood::Gate gate = {.sill = 10.0, .opening = 0.5, .leaf_height = 2.0};
  EXPECT_NEAR(flood::gate_discharge(gate, 0.5, still(9.0, 13.0), still(9.0, 10.2)),
              2.2178 + 0.62 * 2.0 / 3.0 * std::sqrt(2 * g) * std::pow(0.5, 1.5), 1e-4);
}

TEST(BridgeLaw, IsYarnellsBelowTheSoffit) {
  const flood::Bridge bridge = {.soffit = 20.0, .deck = 21.0};
  // F^2 = 0.09 behind, 4 m deep, a = 0.15: 2 K (K - 0.6 + 5 F^2)(a + 15 a^4) F^2 h.
  const double froude_squared = 0.09;
  const double a = 0.15;
  const double rise =
      2.0 * 1.05 * (0.45 + 5.0 * froude_squared) * (a + 15.0 * std::pow(a, 4)) * froude_squared * 4.0;
  const double q = 4.0 * std::sqrt(froude_squared * g * 4.0);
  EXPECT_NEAR(flood::bridge_discharge(bridge, a, still(10.0, 14.0 + rise), still(10.0, 14.0)), q, 1e-3 * q);
  // Nothing in the way: no rise to speak of.
  EXPECT_GT(flood::bridge_discharge(bridge, 0.0, still(10.0, 14.001), still(10.0, 14.0)), q);
}

TEST(BridgeLaw, IsAnOrificeUnderPressureAndAWeirOverTheRoad) {
  const flood::Bridge bridge = {.soffit = 13.0, .deck = 14.5};
  // 3 m of opening, 20 % blocked, 1 m of drop: 0.8 * 0.8 * 3 * sqrt(2g).
  EXPECT_NEAR(flood::bridge_discharge(bridge, 0.2, still(10.0, 14.4), still(10.0, 13.4)),
              0.8 * 0.8 * 3.0 * std::sqrt(2 * g), 1e-3);
  const double over = 0.5 * 2.0 / 3.0 * std::sqrt(2 * g) * std::pow(0.5, 1.5);
  EXPECT_NEAR(flood::bridge_discharge(bridge, 0.2, still(10.0, 15.0), still(10.0, 14.0)),
              0.8 * 0.8 * 3.0 * std::sqrt(2 * g) + over, 1e-3);
  EXPECT_NEAR(flood::bridge_discharge(bridge, 1.0, still(10.0, 15.0), still(10.0, 14.0)), over, 1e-9);
}

TEST(JamLaw, IsAConduitWithRoughWalls) {
  const flood::IceJam jam = {.underside = 12.0, .length = 200.0, .roughness = 0.05};
  // 2 m under the ice, R = 1 m: 2g n^2 L = 9.81; 0.7 * 2 * sqrt(2g * 0.5 / 11.31).
  EXPECT_NEAR(flood::jam_discharge(jam, 1.0, 0.3, still(10.0, 13.0), still(10.0, 12.5)),
              1.4 * std::sqrt(2 * g * 0.5 / 11.31), 1e-4);
  EXPECT_EQ(flood::jam_discharge(jam, 1.0, 1.0, still(10.0, 13.0), still(10.0, 12.5)), 0.0);
}

TEST(CulvertLaw, IsThatOfHDS5) {
  flood::Culvert culvert = {.diameter = 1.2, .length = 50.0, .inlet_level = 11.0, .outlet_level = 10.0};
  // Inlet control, drowned: 3.5 m3/s is 1.811 * 3.5 / (1.13097 * 1.09545) = 5.1163, HW/D = 0.0398 * 26.176 +
  // 0.67 - 0.01.
  const double head = 1.2 * (0.0398 * 5.1163 * 5.1163 + 0.67 - 0.5 * 0.02);
  EXPECT_NEAR(flood::culvert_discharge(culvert, 0.0, 11.0 + head, 9.0), 3.5, 1e-3);
  // Inlet control, free: 1.2 m3/s. Critical depth of that: A^3/T = Q^2/g at y = 0.5905 m (by a table of
  // segments).
  const double intensity = 1.811 * 1.2 / (1.13097 * 1.09545);
  double depth = 0.0;
  for (double y = 0.01; y < 1.2; y += 1e-5) {
    const double angle = 2.0 * std::acos(1.0 - 2.0 * y / 1.2);
    const double area = 0.18 * (angle - std::sin(angle));
    if (area * area * area / (1.2 * std::sin(angle / 2)) >= 1.44 / g) {
      depth = y + std::pow(1.2 / area, 2) / (2 * g);
      break;
    }
  }
  const double free_head = depth + 1.2 * (0.0098 * intensity * intensity - 0.01);
  EXPECT_NEAR(flood::culvert_discharge(culvert, 0.0, 11.0 + free_head, 9.0), 1.2, 2e-3);
  // Outlet control, full: both ends drowned, 0.8 m of drop; 1 + 0.5 + 2g n^2 L / R^(4/3) = 2.2034.
  culvert.inlet_level = 10.1;
  const double friction = 2 * g * 0.012 * 0.012 * 50.0 / std::pow(0.3, 4.0 / 3.0);
  EXPECT_NEAR(flood::culvert_discharge(culvert, 0.0, 13.3, 12.5),
              1.13097 * std::sqrt(2 * g * 0.8 / (1.5 + friction)), 1e-3);
  // Half of it blocked, two barrels, and backwards.
  culvert.barrels = 2.0;
  EXPECT_NEAR(flood::culvert_discharge(culvert, 0.5, 13.3, 12.5),
              1.13097 * std::sqrt(2 * g * 0.8 / (1.5 + friction)), 1e-3);
  EXPECT_LT(flood::culvert_discharge(culvert, 0.0, 12.5, 13.3), 0.0);
  culvert.has_flap = true;
  EXPECT_EQ(flood::culvert_discharge(culvert, 0.0, 12.5, 13.3), 0.0);
}

TEST(CulvertLaw, RisesWithTheHeadAndFallsWithTheTail) {
  for (const bool is_box : {false, true}) {
    flood::Culvert culvert = {.length = 30.0, .inlet_level = 10.2, .outlet_level = 10.0};
    if (is_box) {
      culvert.width = 2.0;
      culvert.height = 1.5;
      culvert.inlet = flood::CulvertInlet::box_headwall;
    } else {
      culvert.diameter = 1.5;
    }
    double last = 0.0;
    for (double level = 10.21; level < 15.0; level += 0.01) {
      const double q = flood::culvert_discharge(culvert, 0.0, level, 10.1);
      EXPECT_GE(q, last * (1.0 - 1e-9)) << "at " << level;
      EXPECT_LT(q - last, 0.25) << "a step at " << level;
      last = q;
    }
    double before = flood::culvert_discharge(culvert, 0.0, 13.0, 10.0);
    for (double tail = 10.0; tail < 13.0; tail += 0.01) {
      const double q = flood::culvert_discharge(culvert, 0.0, 13.0, tail);
      EXPECT_LE(q, before * (1.0 + 1e-9)) << "at a tail of " << tail;
      before = q;
    }
  }
}

TEST(PumpLaw, FollowsItsCurve) {
  const std::vector<flood::PumpPoint> curve = {{0.0, 2.0}, {4.0, 1.5}, {6.0, 0.0}};
  EXPECT_EQ(flood::pump_discharge(curve, -1.0), 2.0);
  EXPECT_NEAR(flood::pump_discharge(curve, 2.0), 1.75, 1e-12);
  EXPECT_NEAR(flood::pump_discharge(curve, 5.0), 0.75, 1e-12);
  EXPECT_EQ(flood::pump_discharge(curve, 6.1), 0.0);
}

TEST(BreachLaw, OfVerheijIsItsClosedFormWhileTheHeadStays) {
  flood::Breach breach = {.initial_width = 10.0, .greatest_width = 1e9, .bottom = 4.0, .deepening = 600.0};
  flood::BreachShape shape = {10.0, 7.0};
  const double dt = 0.25;
  for (int k = 0; k < 4 * 4200; ++k)
    shape = flood::grown(breach, shape, 7.0, dt * k, dt, still(0.0, 6.5), still(0.0, 2.0));
  EXPECT_EQ(shape.bottom, 4.0);
  // An hour after the deepening, 2.5 m over the bottom: 1.3 sqrt(g) H^1.5 / u_c log10(1 + 0.04 g t / u_c).
  const double widening =
      1.3 * std::sqrt(g) * std::pow(2.5, 1.5) / 0.2 * std::log10(1.0 + 0.04 * g / 0.2 * 3600.0);
  EXPECT_NEAR(shape.width, 10.0 + widening, 2e-3 * widening);
}

TEST(BreachLaw, OfShearErodesByTheExcess) {
  flood::Breach breach = {.law = flood::BreachLaw::shear,
                          .initial_width = 5.0,
                          .greatest_width = 100.0,
                          .bottom = 4.0,
                          .erodibility = 1e-5,
                          .critical_shear_stress = 10.0,
                          .roughness = 0.03};
  const flood::BreachShape shape =
      flood::grown(breach, {5.0, 6.0}, 6.0, 0.0, 10.0, still(0.0, 7.5), still(0.0, 2.0));
  // Critical flow at 1.5 m of head: h = 1 m, u^2 = 9.81: tau = 1000 * 9.81 * 0.0009 * 9.81 = 86.6 Pa.
  EXPECT_NEAR(shape.bottom, 6.0 - 10.0 * 1e-5 * (86.612 - 10.0), 1e-6);
  EXPECT_NEAR(shape.width, 5.0 + 2.0 * 10.0 * 1e-5 * (86.612 - 10.0), 1e-6);
}

// A face between two cells.

TEST(StructureFlux, OfNothingInTheWayIsWhatFlows) {
  const flood::StructureLaw open = [](const StructureSide& before, const StructureSide& behind) {
    return 1e3 * std::sqrt(std::max(before.level - behind.level, 0.0));
  };
  for (const double velocity : {0.0, 0.4, 1.5, -1.1})
    EXPECT_NEAR(flood::structure_flux({3.0, 2.0, velocity}, {3.0, 2.0, velocity}, open), 2.0 * velocity,
                1e-4);
}

TEST(StructureFlux, OfAWallIsNothingAndMirrorsItself) {
  const flood::StructureLaw wall = [](const StructureSide&, const StructureSide&) { return 0.0; };
  EXPECT_EQ(flood::structure_flux({0.0, 2.0, 1.0}, {0.0, 1.0, 0.0}, wall), 0.0);
  const flood::StructureLaw weir = [](const StructureSide& before, const StructureSide& behind) {
    return flood::weir_discharge(flood::WeirProfile::broad, 0.577, before.energy - 1.0, behind.level - 1.0);
  };
  const double q = flood::structure_flux({0.0, 2.0, 0.3}, {-1.0, 2.2, 0.1}, weir);
  EXPECT_GT(q, 0.1);
  EXPECT_DOUBLE_EQ(flood::structure_flux({-1.0, 2.2, -0.1}, {0.0, 2.0, -0.3}, weir), -q);
  EXPECT_EQ(flood::structure_flux({0.0, 0.9, 0.0}, {-1.0, 0.0, 0.0}, weir), 0.0);
  EXPECT_GT(flood::structure_flux({0.0, 1.2, 0.0}, {-5.0, 0.0, 0.0}, weir), 0.0) << "onto dry ground";
}

// Lines on the grid.

TEST(CornerPath, IsWatertightAndNearTheLine) {
  const Grid grid = {40, 30, 5.0, 100.0, 200.0, {}};
  const std::vector<Point> line = {{103.0, 212.0}, {190.0, 291.0}, {251.0, 240.0}};
  const std::vector<flood::CornerStep> steps = flood::corner_path(grid, line);
  std::set<std::pair<Index, Index>> corners;
  for (std::size_t k = 0; k < steps.size(); ++k) {
    EXPECT_EQ(std::abs(steps[k].di) + std::abs(steps[k].dj), 1);
    EXPECT_TRUE(corners.insert({steps[k].from_i, steps[k].from_j}).second) << "passes a corner twice";
    if (k == 0) continue;
    EXPECT_EQ(steps[k].from_i, steps[k - 1].from_i + steps[k - 1].di);
    EXPECT_EQ(steps[k].from_j, steps[k - 1].from_j + steps[k - 1].dj);
  }
  // No corner is farther than a cell from the line.
  for (const auto& [i, j] : corners) {
    const Point at = {100.0 + 5.0 * static_cast<double>(i), 200.0 + 5.0 * static_cast<double>(j)};
    double nearest = INFINITY;
    for (std::size_t k = 1; k < line.size(); ++k) {
      for (double share = 0.0; share <= 1.0; share += 1e-3) {
        nearest = std::min(nearest, std::hypot(line[k - 1].x + share * (line[k].x - line[k - 1].x) - at.x,
                                               line[k - 1].y + share * (line[k].y - line[k - 1].y) - at.y));
      }
    }
    EXPECT_LT(nearest, 5.0);
  }
}

// In the flood.

TEST(StructuresInFlow, KeepEveryDrop) {
  for (const ElementType precision : {ElementType::float32, ElementType::float64}) {
    for (const bool is_fast : {false, true}) {
      FloodCase definition = every_structure();
      definition.parameters.precision = precision;
      if (is_fast) definition.parameters.fast = flood::FastMode{};
      // The ground takes in some of the rain, also where pipes draw.
      definition.parameters.infiltration = flood::InfiltrationLaw::constant;
      definition.layers["infiltration_rate"] = {"m s-1", [](double, double) { return 4e-6; }};
      FloodRun run(definition);
      run.run_to(600.0, 30.0);
      EXPECT_LT(run.state().booked("water", "infiltration"), -10.0);
      EXPECT_LE(run.relative_water_error(), precision == ElementType::float32 ? 1e-6 : 1e-13);
      for (const char* id : {"levee", "weir", "gate", "bridge", "jam", "culvert", "pump"})
        EXPECT_GT(std::abs(run.structure(id, "volume")), 1.0) << id;
    }
  }
}

TEST(StructuresInFlow, WorkWithSubgridTables) {
  FloodCase definition = every_structure();
  definition.nx = 33;
  definition.ny = 10;
  definition.spacing = 20.0;
  definition.subgrid_ratio = 4;
  definition.parameters.fast = flood::FastMode{};
  definition.structure("second pump", {{402.0, 112.0}, {202.0, 112.0}},
                       flood::Pump{.curve = {{0.0, 0.5}}, .start_level = 1.1, .stop_level = 1.0});
  FloodRun run(definition);
  run.run_to(600.0, 30.0);
  EXPECT_LE(run.relative_water_error(), 1e-13);
  for (const char* id : {"levee", "gate", "bridge", "jam", "culvert", "pump"})
    EXPECT_GT(std::abs(run.structure(id, "volume")), 1.0) << id;
}

TEST(StructuresInFlow, KeepTheirBitsOverTicksAndCopies) {
  FloodCase definition = every_structure();
  definition.parameters.fast = flood::FastMode{};
  FloodRun whole(definition);
  whole.run_to(300.0, 30.0);
  FloodRun halved(definition);
  halved.run_to(150.0, 30.0);
  FloodRun resumed(definition);
  resumed.state() = halved.state();
  resumed.run_to(300.0, 30.0);
  EXPECT_EQ(whole.state().checksum(), resumed.state().checksum());
}

TEST(StructuresInFlow, GiveTheSameBitsOnAnyThreadsAndInstructions) {
  for (const bool has_tables : {false, true}) {
    FloodCase definition = every_structure();
    definition.parameters.precision = ElementType::float32;
    definition.parameters.fast = flood::FastMode{};
    if (has_tables) {
      definition.nx = 33;
      definition.ny = 10;
      definition.spacing = 20.0;
      definition.subgrid_ratio = 4;
    }
    std::set<std::string> checksums;
    const int before = thread_count();
    for (const int threads : {1, 2, 3}) {
      for (const char* level : {"v2", "v3"}) {
        setenv("DVINIS_ISA", level, 1);
        set_thread_count(threads);
        FloodRun run(definition);
        run.run_to(240.0, 30.0);
        checksums.insert(run.state().checksum());
      }
    }
    unsetenv("DVINIS_ISA");
    set_thread_count(before);
    EXPECT_EQ(checksums.size(), 1u) << (has_tables ? "with" : "without") << " sub-grid tables";
  }
}

TEST(StructuresInFlow, AreTheSameInAMirror) {
  // Reference mode: a levee breaks, a gate lets through, from the left or from the right.
  const auto mirrored = [](bool is_mirrored) {
    FloodCase definition;
    definition.nx = 70;
    definition.ny = 20;
    definition.spacing = 5.0;
    definition.roughness = 0.03;
    const double width = 350.0;
    const auto x_of = [=](double x) { return is_mirrored ? width - x : x; };
    definition.bed = [=](double x, double y) { return 0.2 * std::cos(0.03 * x_of(x)) * std::sin(0.07 * y); };
    definition.level = [=](double x, double) { return x_of(x) < 175.0 ? 3.0 : 0.5; };
    const std::vector<Point> line = {{x_of(175.0), 0.0}, {x_of(175.0), 60.0}};
    definition.structure("levee", line,
                         flood::Levee{.crest = 4.0,
                                      .breach = flood::Breach{.trigger = {.at = 10.0},
                                                              .initial_width = 10.0,
                                                              .greatest_width = 30.0,
                                                              .bottom = 1.0,
                                                              .deepening = 60.0}});
    definition.structure("gate", {{x_of(175.0), 60.0}, {x_of(175.0), 100.0}},
                         flood::Gate{.sill = 0.5, .opening = 0.4});
    return definition;
  };
  FloodRun one(mirrored(false));
  FloodRun other(mirrored(true));
  one.run_to(120.0, 10.0);
  other.run_to(120.0, 10.0);
  for (Index j = 0; j < 20; ++j) {
    for (Index i = 0; i < 70; ++i) EXPECT_NEAR(one.depth(i, j), other.depth(69 - i, j), 1e-11);
  }
  EXPECT_NEAR(one.structure("levee", "volume"), -other.structure("levee", "volume"), 1e-8);
}

// What is refused.

FloodCase plain() {
  FloodCase definition;
  definition.nx = 21;
  definition.ny = 21;
  definition.spacing = 10.0;
  definition.level = [](double, double) { return 2.0; };
  return definition;
}

TEST(StructuresRefused, WithoutConnection) {
  const auto refused = [](const std::vector<Point>& line, const flood::StructureForm& form) {
    FloodCase definition = plain();
    definition.structure("it", line, form);
    EXPECT_THROW(FloodRun run(definition), ScenarioError);
  };
  refused({{3.0, 3.0}, {4.0, 4.0}}, flood::Weir{.crest = 3.0});              // shorter than a cell
  refused({{0.0, 0.0}, {0.0, 100.0}}, flood::Weir{.crest = 3.0});            // along the rim
  refused({{85.0, 105.0}, {86.0, 105.0}}, flood::Pump{.curve = {{0, 1}}});   // within one cell
  refused({{85.0, 105.0}, {500.0, 105.0}}, flood::Pump{.curve = {{0, 1}}});  // out of the domain
  refused({{50.0, 0.0}, {50.0, 100.0}}, flood::IceJam{.underside = -1.0, .length = 10.0});
  refused({{50.0, 0.0}, {50.0, 100.0}},
          flood::Levee{.crest = 3.0, .breach = flood::Breach{.greatest_width = 120.0, .bottom = 1.0}});
  FloodCase twice = plain();
  twice.structure("one", {{50.0, 0.0}, {50.0, 100.0}}, flood::Weir{.crest = 3.0});
  twice.structure("other", {{50.0, 50.0}, {50.0, 150.0}}, flood::Gate{.sill = 3.0});
  EXPECT_THROW(FloodRun run(twice), ScenarioError);
  FloodCase unused = plain();
  unused.structure("one", {{50.0, 0.0}, {50.0, 100.0}}, flood::Weir{.crest = 3.0});
  unused.parameters.structures.clear();
  EXPECT_THROW(FloodRun run(unused), ScenarioError);
}

}  // namespace
}  // namespace dvinis::test
