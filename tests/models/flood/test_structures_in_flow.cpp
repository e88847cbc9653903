// Structures in the flood against hand calculations: heads, ponds, breaches, the backwater of a jam.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "models/flood/structures/laws.hpp"
#include "tests/support/figures.hpp"
#include "tests/support/flood_case.hpp"

namespace dvinis::test {
namespace {

using flood::StructureSide;

constexpr double g = 9.81;

StructureSide still(double bed, double level) { return {bed, level, level}; }

/// A channel 3 cells wide along x with a structure across its middle.
FloodCase channel(Index nx, double spacing, double slope, double roughness) {
  FloodCase definition;
  definition.nx = nx;
  definition.ny = 3;
  definition.spacing = spacing;
  definition.roughness = roughness;
  definition.bed = [=](double x, double) { return 100.0 - slope * x; };
  return definition;
}
std::vector<Point> across(const FloodCase& definition, Index column) {
  const double x = static_cast<double>(column) * definition.spacing;
  // Northward: to its right is downstream.
  return {{x, 0.0}, {x, static_cast<double>(definition.ny) * definition.spacing}};
}
double level_in(const FloodRun& run, Index i) {
  return run.depth(i, 1) + run.twin().find_layer("bed_elevation")->values.value(i, 1);
}
double energy_in(const FloodRun& run, Index i) {
  const double velocity = run.discharge_x(i, 1) / run.depth(i, 1);
  return level_in(run, i) + velocity * velocity / (2 * g);
}

double& worst_structure() {
  static double worst = 0.0;
  return worst;
}
void expect_within_one_percent(double value, double expected, const char* what) {
  EXPECT_NEAR(value, expected, 0.01 * std::abs(expected)) << what;
  worst_structure() = std::max(worst_structure(), std::abs(value - expected) / std::abs(expected));
}

void a_weir_dams_to_its_head() {
  for (const auto profile : {flood::WeirProfile::broad, flood::WeirProfile::sharp}) {
    for (const bool is_fast : {false, true}) {
      FloodCase definition = channel(61, 5.0, 0.0, 0.0);
      definition.flow_eastward(15.0);
      definition.depth = [](double x, double) { return x < 150.0 ? 1.5 : 0.3; };
      const double coefficient = profile == flood::WeirProfile::broad ? 0.577 : 0.62;
      definition.structure("weir", across(definition, 30),
                           flood::Weir{.crest = 101.2, .profile = profile, .coefficient = coefficient});
      if (is_fast) definition.parameters.fast = flood::FastMode{};
      FloodRun run(definition);
      run.run_to(3600.0, 60.0);
      expect_within_one_percent(run.structure("weir", "discharge"), 15.0, "weir: what comes goes");
      const double head = std::pow(1.0 / (coefficient * 2.0 / 3.0 * std::sqrt(2 * g)), 2.0 / 3.0);
      expect_within_one_percent(energy_in(run, 20) - 101.2, head, "weir: head");
      EXPECT_LE(run.relative_water_error(), 1e-13);
    }
  }
}

TEST(StructuresInFlow, AWeirAskewPassesWhatItsLengthDoes) {
  // A diagonal wall between two large still ponds: per metre of its true length, not of its stairs, what a
  // straight one passes; both draw down the water beside them by as much.
  FloodCase definition;
  definition.nx = 60;
  definition.ny = 60;
  definition.spacing = 10.0;
  definition.bed = [](double x, double y) { return x + y < 600.0 ? 0.0 : -5.0; };
  definition.level = [](double x, double y) { return x + y < 600.0 ? 3.0 : -4.0; };
  definition.structure("wall", {{600.0, 0.0}, {0.0, 600.0}}, flood::Weir{.crest = 2.5});
  FloodRun run(definition);
  run.run_to(20.0, 1.0);
  definition.bed = [](double x, double) { return x < 300.0 ? 0.0 : -5.0; };
  definition.level = [](double x, double) { return x < 300.0 ? 3.0 : -4.0; };
  definition.places.front().points = {{300.0, 0.0}, {300.0, 600.0}};
  FloodRun straight(definition);
  straight.run_to(20.0, 1.0);
  // To the left of a line to the north-west lies the south-west.
  // In the pockets of its stairs the water sinks a little more: 2 cm of 50 here.
  const double expected = straight.structure("wall", "discharge");
  EXPECT_NEAR(run.structure("wall", "discharge") / std::sqrt(2.0), expected, 0.08 * expected);
}

void a_gate_holds_back_to_its_head() {
  for (const bool is_fast : {false, true}) {
    FloodCase definition = channel(61, 5.0, 0.0, 0.0);
    definition.flow_eastward(22.5);
    definition.depth = [](double x, double) { return x < 150.0 ? 2.5 : 0.4; };
    definition.structure("gate", across(definition, 30), flood::Gate{.sill = 100.0, .opening = 0.4});
    if (is_fast) definition.parameters.fast = flood::FastMode{};
    FloodRun run(definition);
    run.run_to(3600.0, 60.0);
    expect_within_one_percent(run.structure("gate", "discharge"), 22.5, "gate: what comes goes");
    // q = 1.5 m2/s: H = (q / (C a))^2 / 2g + C a.
    const double jet = 0.61 * 0.4;
    expect_within_one_percent(energy_in(run, 20) - 100.0, std::pow(1.5 / jet, 2) / (2 * g) + jet,
                              "gate: head");
  }
}

void a_bridge_raises_the_level_as_yarnell_says() {
  for (const bool is_fast : {false, true}) {
    FloodCase definition = channel(121, 10.0, 5e-4, 0.03);
    const double q = 4.0;
    const double normal = normal_depth_of(q, 0.03, 5e-4);
    definition.flow_eastward(q * 30.0);
    definition.depth = [=](double, double) { return normal; };
    definition.structure("bridge", across(definition, 60),
                         flood::Bridge{.soffit = 110.0, .deck = 111.0, .blocked_share = 0.25});
    if (is_fast) definition.parameters.fast = flood::FastMode{};
    FloodRun run(definition);
    run.run_to(4.0 * 3600.0, 60.0);
    const double h = run.depth(60, 1);
    const double froude_squared = q * q / (g * h * h * h);
    const double a = 0.25;
    const double rise =
        2.0 * 1.05 * (0.45 + 5.0 * froude_squared) * (a + 15.0 * std::pow(a, 4)) * froude_squared * h;
    // Between the middles of the two cells the bed falls by half a centimetre, and friction with it.
    const double measured = level_in(run, 59) - level_in(run, 60) - 5e-4 * 10.0;
    EXPECT_NEAR(measured, rise, 0.03 * rise);
    expect_within_one_percent(run.depth(59, 1), h + rise, "bridge: depth");
    expect_within_one_percent(run.structure("bridge", "discharge"), q * 30.0, "bridge: what comes goes");
  }
}

TEST(StructuresInFlow, AnOpenBridgeIsNotThere) {
  for (const bool is_fast : {false, true}) {
    FloodCase definition = channel(121, 10.0, 5e-4, 0.03);
    const double normal = normal_depth_of(4.0, 0.03, 5e-4);
    definition.flow_eastward(120.0);
    definition.depth = [=](double, double) { return normal; };
    definition.structure("bridge", across(definition, 60), flood::Bridge{.soffit = 110.0, .deck = 111.0});
    if (is_fast) definition.parameters.fast = flood::FastMode{};
    FloodRun run(definition);
    run.run_to(2.0 * 3600.0, 60.0);
    for (const Index i : {20, 58, 59, 60, 61, 100})
      EXPECT_NEAR(run.depth(i, 1), normal, 0.01 * normal) << "column " << i << (is_fast ? ", fast" : "");
  }
}

/// Two ponds of 10 x 21 cells of 10 m with a wall one cell thick between them.
FloodCase ponds(double west_level, double east_level) {
  FloodCase definition;
  definition.nx = 21;
  definition.ny = 21;
  definition.spacing = 10.0;
  definition.bed = [](double x, double) { return x > 100.0 && x < 110.0 ? 20.0 : 0.0; };
  definition.level = [=](double x, double) { return x < 105.0 ? west_level : east_level; };
  return definition;
}

void a_culvert_levels_two_ponds() {
  for (const bool is_fast : {false, true}) {
    FloodCase definition = ponds(6.0, 4.0);
    const flood::Culvert culvert = {.diameter = 1.5, .length = 30.0, .inlet_level = 1.0, .outlet_level = 0.9};
    definition.structure("culvert", {{85.0, 105.0}, {125.0, 105.0}}, culvert);
    if (is_fast) definition.parameters.fast = flood::FastMode{};
    FloodRun run(definition);
    run.run_to(1800.0, 60.0);
    // Both ponds by hand: 21 000 m2 each.
    double west = 6.0;
    double east = 4.0;
    for (int k = 0; k < 18000; ++k) {
      const double moved = 0.1 * flood::culvert_discharge(culvert, 0.0, west, east) / 21000.0;
      west -= moved;
      east += moved;
    }
    expect_within_one_percent(run.structure("culvert", "volume"), 21000.0 * (6.0 - west), "culvert: volume");
    EXPECT_LE(run.relative_water_error(), 1e-13);
    if (is_fast) continue;
    run.run_to(20000.0, 600.0);
    EXPECT_NEAR(level_in(run, 5), 5.0, 0.005);
    EXPECT_NEAR(level_in(run, 15), 5.0, 0.005);
    EXPECT_NEAR(run.structure("culvert", "discharge"), 0.0, 0.2);
  }
}

void a_pump_lifts_by_its_curve() {
  FloodCase definition = ponds(2.0, 3.0);
  const flood::Pump pump = {
      .curve = {{0.0, 3.0}, {3.0, 1.5}, {6.0, 0.0}}, .start_level = 1.5, .stop_level = 1.0};
  definition.structure("pump", {{85.0, 105.0}, {125.0, 105.0}}, pump);
  FloodRun run(definition);
  run.run_to(1800.0, 60.0);
  double west = 2.0;
  double east = 3.0;
  for (int k = 0; k < 18000; ++k) {
    const double moved = 0.1 * flood::pump_discharge(pump.curve, east - west) / 21000.0;
    west -= moved;
    east += moved;
  }
  expect_within_one_percent(run.structure("pump", "volume"), 21000.0 * (2.0 - west), "pump: volume");
  run.run_to(4.0 * 3600.0, 600.0);
  EXPECT_NEAR(level_in(run, 3), 1.0, 0.05) << "it stops at its stop level";
  EXPECT_EQ(run.structure("pump", "running"), 0.0);
  EXPECT_LE(run.relative_water_error(), 1e-13);
  const auto count = [&](const std::string& kind) {
    return std::count_if(run.state().events.begin(), run.state().events.end(),
                         [&](const Event& event) { return event.kind == kind; });
  };
  EXPECT_EQ(count("pump starts"), 1);
  EXPECT_EQ(count("pump stops"), 1);
}

TEST(StructuresInFlow, APumpWithoutPowerStandsStill) {
  FloodCase definition = ponds(2.0, 3.0);
  definition.structure(
      "pump", {{85.0, 105.0}, {125.0, 105.0}},
      flood::Pump{.curve = {{0.0, 3.0}}, .start_level = 1.5, .stop_level = 1.0, .has_power = false});
  FloodRun run(definition);
  run.run_to(600.0, 60.0);
  EXPECT_EQ(run.structure("pump", "volume"), 0.0);
}

/// A reservoir behind a levee above a plain that drains freely.
FloodCase reservoir(const flood::Breach& breach) {
  FloodCase definition;
  definition.nx = 80;
  definition.ny = 40;
  definition.spacing = 10.0;
  definition.bed = [](double x, double) { return x < 400.0 ? -20.0 : -4.0 - 0.01 * (x - 400.0); };
  definition.level = [](double x, double) { return x < 400.0 ? 4.0 : -100.0; };
  definition.roughness = 0.02;
  definition.boundary(flood::Edge::east, flood::BoundaryKind::free);
  definition.structure("levee", {{400.0, 0.0}, {400.0, 400.0}}, flood::Levee{.crest = 5.0, .breach = breach});
  return definition;
}

TEST(Breach, DrainsAReservoirAsAMassBalanceOfTheSameLawDoes) {
  double worst = 0.0;
  for (const auto law : {flood::BreachLaw::verheij, flood::BreachLaw::shear}) {
    flood::Breach breach = {.trigger = {.at = 60.0},
                            .law = law,
                            .initial_width = 2.0,
                            .greatest_width = 12.0,
                            .bottom = 1.5,
                            .deepening = 1200.0,
                            .critical_velocity = 0.5,
                            .erodibility = 1e-5,
                            .critical_shear_stress = 5.0};
    if (law == flood::BreachLaw::shear) breach.initial_bottom = 3.0;
    FloodRun run(reservoir(breach));
    double peak = 0.0;
    double at_peak = 0.0;
    const double end = 5400.0;
    for (double time = 2.0; time <= end; time += 2.0) {
      run.run_to(time, 2.0);
      if (run.structure("levee", "discharge") > peak) {
        peak = run.structure("levee", "discharge");
        at_peak = time;
      }
    }
    // The pool by hand: 400 x 400 m, level, the same growth and weir.
    double level = 4.0;
    double expected_peak = 0.0;
    double expected_at = 0.0;
    double volume = 0.0;
    flood::BreachShape shape = {2.0, breach.initial_bottom.value_or(5.0)};
    const double dt = 0.05;
    for (double time = 60.0; time < end; time += dt) {
      const double q =
          shape.width * flood::weir_discharge(flood::WeirProfile::broad, 0.577, level - shape.bottom, -9.0);
      if (q > expected_peak) {
        expected_peak = q;
        expected_at = time;
      }
      volume += q * dt;
      level -= q * dt / 160000.0;
      shape = flood::grown(breach, shape, 5.0, time - 60.0, dt, still(0.0, level), still(-4.0, -4.0));
    }
    const double peak_error = std::abs(peak / expected_peak - 1.0);
    const double volume_error = std::abs(run.structure("levee", "volume") / volume - 1.0);
    worst = std::max({worst, peak_error, volume_error});
    EXPECT_LE(peak_error, 0.01) << peak << " instead of " << expected_peak;
    EXPECT_LE(volume_error, 0.01);
    EXPECT_NEAR(at_peak, expected_at, 0.05 * expected_at);
    EXPECT_NEAR(run.structure("levee", "breach_width"), shape.width, 0.01 * shape.width);
    EXPECT_NEAR(run.structure("levee", "since"), 60.0, 1.0);
    EXPECT_LE(run.relative_water_error(), 1e-13);
  }
  record_figure(
      "flood2.breach.rel", worst, "1",
      "worst of peak and volume of two breaches (Verheij, shear stress) in a levee of 400 m, 12 m wide in "
      "the end, before a pool that stays nearly level");
}

TEST(Breach, IsSetOffByOvertoppingHeadOrNothing) {
  flood::Breach breach = {.initial_width = 20.0, .greatest_width = 50.0, .bottom = 1.0};
  const auto broken_at = [&](double seconds) {
    FloodRun run(reservoir(breach));
    run.run_to(seconds, 10.0);
    return run.structure("levee", "since");
  };
  EXPECT_TRUE(std::isnan(broken_at(300.0)));
  breach.trigger.head = 7.5;  // 4 m over the plain 4 m lower
  breach.trigger.lasting = 120.0;
  EXPECT_NEAR(broken_at(300.0), 120.0, 2.0);
  breach.trigger.head = 8.5;
  EXPECT_TRUE(std::isnan(broken_at(300.0)));
  breach.trigger.overtopping = 0.1;
  EXPECT_TRUE(std::isnan(broken_at(300.0)));
  FloodCase overtopped = reservoir(breach);
  overtopped.level = [](double x, double) { return x < 400.0 ? 5.3 : -100.0; };
  FloodRun run(overtopped);
  run.run_to(300.0, 10.0);
  EXPECT_NEAR(run.structure("levee", "since"), 120.0, 2.0);
  ASSERT_FALSE(run.state().events.empty());
  EXPECT_EQ(run.state().events.front().kind, "levee breaks");
}

/// Depths along a channel before a jam by the gradually varied profile, dh/dx = (S - S_f)/(1 - F^2) upstream
/// of the depth that the jam's losses ask for over normal depth behind it.
std::vector<double> profile_before(const flood::IceJam& jam, Index jam_column, double height, double q,
                                   double n, double slope, double spacing) {
  const double normal = normal_depth_of(q, n, slope);
  const double speed = q / ((1.0 - jam.blocked_share) * height);
  const double losses =
      jam.entrance_loss + 1.0 +
      2 * g * jam.roughness * jam.roughness * jam.length / std::pow(0.5 * height, 4.0 / 3.0);
  double depth = normal + losses * speed * speed / (2 * g);
  for (int k = 0; k < 20; ++k)
    depth = normal + losses * speed * speed / (2 * g) - q * q / (2 * g * depth * depth);
  std::vector<double> profile(static_cast<std::size_t>(jam_column));
  for (Index i = jam_column - 1; i >= 0; --i) {
    const double length = i == jam_column - 1 ? 0.5 * spacing : spacing;
    constexpr int parts = 100;
    for (int k = 0; k < parts; ++k) {
      const double friction = n * n * q * q / std::pow(depth, 10.0 / 3.0);
      depth -= length / parts * (slope - friction) / (1.0 - q * q / (g * depth * depth * depth));
    }
    profile[static_cast<std::size_t>(i)] = depth;
  }
  return profile;
}

TEST(IceJam, RaisesTheRiverAsTheGraduallyVariedProfile) {
  double worst = 0.0;
  for (const bool is_fast : {false, true}) {
    const double slope = 4e-4;
    const double n = 0.03;
    const double q = 3.0;
    FloodCase definition = channel(301, 10.0, slope, n);
    const double normal = normal_depth_of(q, n, slope);
    definition.flow_eastward(q * 30.0);
    const Index jam_column = 250;
    const double bed = 100.0 - slope * 10.0 * static_cast<double>(jam_column);
    const flood::IceJam jam = {
        .underside = bed + 1.5, .blocked_share = 0.3, .length = 150.0, .roughness = 0.04};
    const std::vector<double> profile = profile_before(jam, jam_column, 1.5, q, n, slope, 10.0);
    // It begins with four fifths of the rise and has to find the rest.
    definition.depth = [=](double x, double) {
      const auto i = static_cast<std::size_t>(x / 10.0);
      return i < profile.size() ? normal + 0.8 * (profile[i] - normal) : normal;
    };
    definition.structure("jam", across(definition, jam_column), jam);
    if (is_fast) definition.parameters.fast = flood::FastMode{};
    FloodRun run(definition);
    run.run_to(10.0 * 3600.0, 600.0);
    for (Index i = 20; i < jam_column; i += 10) {
      const double depth = profile[static_cast<std::size_t>(i)];
      const double error = std::abs(run.depth(i, 1) / depth - 1.0);
      EXPECT_LE(error, 0.02) << "column " << i << ": " << run.depth(i, 1) << " instead of " << depth
                             << (is_fast ? ", fast" : "");
      worst = std::max(worst, error);
    }
    EXPECT_GT(run.depth(jam_column - 1, 1), normal + 1.0) << "a jam that matters";
  }
  record_figure("flood2.icejam.backwater_rel", worst, "1",
                "largest error of depth along 2.3 km before a jam, both modes");
}

TEST(IceJam, BreaksWhenTheHeadPassesItsLimit) {
  FloodCase definition = channel(121, 10.0, 4e-4, 0.03);
  const double normal = normal_depth_of(3.0, 0.03, 4e-4);
  definition.flow_eastward(90.0);
  definition.depth = [=](double, double) { return normal; };
  definition.structure(
      "jam", across(definition, 60),
      flood::IceJam{.underside = 101.0, .blocked_share = 0.8, .length = 200.0, .release_head = 1.5});
  FloodRun run(definition);
  run.run_to(3600.0, 60.0);
  const double released = run.structure("jam", "since");
  EXPECT_GT(released, 60.0);
  EXPECT_LT(released, 3600.0);
  EXPECT_EQ(run.state().events.front().kind, "ice jam breaks");
  run.run_to(4.0 * 3600.0, 60.0);
  EXPECT_NEAR(run.depth(50, 1), normal, 0.02 * normal) << "nothing holds the river any more";
}

TEST(StructuresInFlow, AWeirAndAJamDamWithSubgridTablesToo) {
  // A trapezoidal bed across the channel, which only the finer cells know.
  const auto definition_with = [](const flood::StructureForm& form) {
    FloodCase definition = channel(61, 20.0, 0.0, 0.0);
    definition.subgrid_ratio = 4;
    definition.bed = [](double, double) { return 100.0; };
    definition.flow_eastward(60.0);
    definition.depth = [](double x, double) { return x < 600.0 ? 2.0 : 0.5; };
    definition.structure("it", across(definition, 30), form);
    definition.parameters.fast = flood::FastMode{};
    return definition;
  };
  FloodRun weir(definition_with(flood::Weir{.crest = 101.2}));
  weir.run_to(4.0 * 3600.0, 60.0);
  const double head = std::pow(1.0 / (0.577 * 2.0 / 3.0 * std::sqrt(2 * g)), 2.0 / 3.0);
  EXPECT_NEAR(weir.depth(20, 1) + std::pow(1.0 / weir.depth(20, 1), 2) / (2 * g), 1.2 + head,
              0.01 * (1.2 + head));
  EXPECT_NEAR(weir.structure("it", "discharge"), 60.0, 0.6);
  FloodRun jam(definition_with(flood::IceJam{.underside = 100.8, .blocked_share = 0.2, .length = 100.0}));
  jam.run_to(4.0 * 3600.0, 60.0);
  const double behind = jam.depth(30, 1);
  const double losses = 1.5 + 2 * g * 0.05 * 0.05 * 100.0 / std::pow(0.4, 4.0 / 3.0);
  const double exit = std::max(behind, 2.0 / 3.0 * 0.8);
  const double height = 0.5 * (0.8 + std::min(0.8, exit));
  const double loss = losses * std::pow(1.0 / (0.8 * height), 2) / (2 * g);
  EXPECT_NEAR(jam.depth(29, 1), exit + loss, 0.03 * (exit + loss));
  EXPECT_NEAR(jam.structure("it", "discharge"), 60.0, 0.6);
}

TEST(StructuresInFlow, AgreeWithHandCalculations) {
  a_weir_dams_to_its_head();
  a_gate_holds_back_to_its_head();
  a_bridge_raises_the_level_as_yarnell_says();
  a_culvert_levels_two_ponds();
  a_pump_lifts_by_its_curve();
  record_figure("flood2.structures.worst_rel", worst_structure(), "1",
                "weirs, gate, bridge, culvert and pump in flow against hand calculations, both modes");
  EXPECT_LE(worst_structure(), 0.01);
  EXPECT_GT(worst_structure(), 0.0);
}

}  // namespace
}  // namespace dvinis::test
