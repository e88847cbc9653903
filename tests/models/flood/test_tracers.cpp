// Tracers: constants stay, amounts are kept, values stay within their range, fronts go with the water.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/grid/parallel.hpp"
#include "io/scenario/yaml.hpp"
#include "models/flood/flood.hpp"
#include "tests/support/figures.hpp"
#include "tests/support/flood_case.hpp"

namespace dvinis::test {
namespace {

using flood::Tracer;
using flood::TracerKind;

Tracer origin(const std::string& id, const std::vector<std::string>& ways, bool of_start = false) {
  Tracer tracer;
  tracer.id = id;
  tracer.kind = TracerKind::origin;
  tracer.start = of_start ? 1.0 : 0.0;
  for (const std::string& way : ways) tracer.inflows.push_back({way, 1.0, {}, {}});
  return tracer;
}

Tracer species(const std::string& id, double start, const std::vector<flood::TracerInflow>& inflows = {}) {
  Tracer tracer;
  tracer.id = id;
  tracer.kind = TracerKind::species;
  tracer.start = start;
  tracer.inflows = inflows;
  return tracer;
}

Tracer age() {
  Tracer tracer;
  tracer.id = "age";
  tracer.kind = TracerKind::age;
  return tracer;
}

double value_of(FloodRun& run, const std::string& field, Index i, Index j) {
  return run.state().field(run.schema().field(field)).value(i, j);
}

/// Worst relative error of all ledgers.
double worst_ledger(FloodRun& run) {
  double worst = 0.0;
  for (const BudgetLine& line : run.simulation().processes().front()->budgets(run.state()))
    worst = std::max(worst, std::abs(line.error) / line.throughput);
  return worst;
}

/// All that water can go through: structures, a breach, rain by gauges, a soil, a river, a rim, a source, a
/// withdrawal; land that gets wet and falls dry.
FloodCase everything_at_once() {
  FloodCase definition = every_structure();
  definition.parameters.constant_rain = 0.0;
  const Shape hills = definition.bed;
  definition.bed = [=](double x, double y) { return hills(x, y) + (x > 450.0 ? 0.004 * (x - 450.0) : 0.0); };
  definition.constant_series("shower", "m s-1", 0.0);
  definition.series["shower"].seconds = {0.0, 100.0, 200.0, 300.0};
  definition.series["shower"].values = {0.0, 4e-5, 0.0, 0.0};
  definition.parameters.rain_gauges = {{"shower", 100.0, 20.0}, {"shower", 500.0, 150.0}};
  definition.parameters.infiltration = flood::InfiltrationLaw::constant;
  definition.layers["infiltration_rate"] = {"m s-1", [](double, double) { return 8e-6; }};
  definition.constant_series("river", "m3 s-1", 4.0);
  definition.boundary(flood::Edge::west, flood::BoundaryKind::discharge, "river");
  definition.constant_series("sea", "m", 1.5);
  definition.boundary(flood::Edge::north, flood::BoundaryKind::level, "sea");
  definition.boundary(flood::Edge::east, flood::BoundaryKind::free);
  const Grid grid{definition.nx, definition.ny, definition.spacing, 0.0, 0.0, {}};
  definition.places.push_back(point_place("source", "spring", grid, 552.0, 52.0));
  definition.places.push_back(point_place("source", "well", grid, 152.0, 92.0));
  definition.constant_series("spring", "m3 s-1", 0.3);
  definition.constant_series("well", "m3 s-1", -0.5);
  definition.parameters.sources = {{"spring", "spring", {}}, {"well", "well", {}}};
  return definition;
}

/// The ways by which water comes into it.
const std::vector<std::string> all_ways = {"rain", "discharge west", "level north", "spring"};

FloodCase coarse_with_tables(FloodCase definition) {
  definition.nx = 33;
  definition.ny = 10;
  definition.spacing = 20.0;
  definition.subgrid_ratio = 4;
  definition.parameters.fast = flood::FastMode{};
  for (Place& place : definition.places) {
    const Grid grid{33, 10, 20.0, 0.0, 0.0, {}};
    if (place.kind == "source") place.cells = {*grid.cell_at(place.points.front())};
  }
  return definition;
}

/// Largest distance of a tracer from 1 in wet cells, over ticks.
double worst_distance_from_one(FloodCase definition) {
  definition.parameters.tracers = {origin("all", all_ways, true)};
  FloodRun run(definition);
  double worst = 0.0;
  Index was_dry = 0;
  for (double seconds = 20.0; seconds <= 600.0; seconds += 20.0) {
    run.run_to(seconds, 20.0);
    for (Index j = 0; j < definition.ny; ++j) {
      for (Index i = 0; i < definition.nx; ++i) {
        const double value = value_of(run, "tracer_all", i, j);
        if (run.depth(i, j) > 0.0) {
          worst = std::max(worst, std::abs(value - 1.0));
        } else {
          was_dry += 1;
          EXPECT_EQ(value, 0.0);
        }
      }
    }
  }
  EXPECT_GT(was_dry, 100);
  for (const char* id : {"levee", "gate", "bridge", "jam", "culvert", "pump"})
    EXPECT_GT(std::abs(run.structure(id, "volume")), 1.0) << id;
  EXPECT_EQ(run.state().booked("cells", "tracers: held within the values around"), 0.0);
  return worst;
}

TEST(Tracers, ThatAreOneStayOneWhateverTheWaterDoes) {
  double worst = 0.0;
  for (const ElementType precision : {ElementType::float64, ElementType::float32}) {
    FloodCase definition = everything_at_once();
    definition.parameters.precision = precision;
    worst = std::max(worst, worst_distance_from_one(definition));
    definition.parameters.fast = flood::FastMode{};
    worst = std::max(worst, worst_distance_from_one(definition));
    worst = std::max(worst, worst_distance_from_one(coarse_with_tables(definition)));
  }
  record_figure("flood2.tracer.constant", worst, "1",
                "everything at once for 600 s, single and double precision, both modes and sub-grid tables");
  EXPECT_LE(worst, 1e-12);
}

TEST(Tracers, KeepTheirAmountsTheirRangeAndSumUpToOne) {
  for (const bool is_single : {false, true}) {
    for (const int mode : {0, 1, 2}) {
      FloodCase definition = everything_at_once();
      definition.parameters.precision = is_single ? ElementType::float32 : ElementType::float64;
      if (mode == 1) definition.parameters.fast = flood::FastMode{};
      if (mode == 2) definition = coarse_with_tables(definition);
      definition.parameters.tracers = {origin("start", {}, true),
                                       origin("rain", {"rain"}),
                                       origin("river", {"discharge west"}),
                                       origin("sea", {"level north"}),
                                       origin("spring", {"spring"}),
                                       age(),
                                       species("salt", 0.035, {{"spring", 2.0, {}, {}}})};
      FloodRun run(definition);
      run.run_to(600.0, 20.0);
      EXPECT_LE(worst_ledger(run), is_single ? 1e-6 : 1e-13) << mode;
      double worst_sum = 0.0;
      for (Index j = 0; j < definition.ny; ++j) {
        for (Index i = 0; i < definition.nx; ++i) {
          if (!(run.depth(i, j) > 0.0)) continue;
          double sum = 0.0;
          for (const char* id : {"start", "rain", "river", "sea", "spring"}) {
            const double share = value_of(run, std::string("tracer_") + id, i, j);
            EXPECT_GE(share, 0.0);
            EXPECT_LE(share, 1.0);
            sum += share;
          }
          worst_sum = std::max(worst_sum, std::abs(sum - 1.0));
          EXPECT_LE(value_of(run, "tracer_salt", i, j), 2.0);
          EXPECT_LE(value_of(run, "tracer_age", i, j), 600.0);
        }
      }
      // Limiters work on each tracer alone: where fronts cross the sum strays.
      EXPECT_LE(worst_sum, 0.1) << mode;
      const auto booked = [&](const char* id, const char* account) {
        return run.state().booked(std::string("water '") + id + "'", account);
      };
      EXPECT_GT(booked("rain", "rain"), 100.0);
      EXPECT_LT(booked("rain", "infiltration"), -10.0);
      EXPECT_GT(booked("river", "discharge west"), 1000.0);
      EXPECT_GT(booked("spring", "source spring"), 100.0);
      EXPECT_LT(booked("start", "source well"), -10.0);
    }
  }
}

/// A straight channel in uniform flow, and how far the front or hump of a tracer lies off where the water
/// has carried it.
double advection_error(Index nx, bool is_smooth, bool is_fast) {
  FloodCase definition;
  const double length = 4000.0;
  definition.nx = nx;
  definition.ny = 3;
  definition.spacing = length / static_cast<double>(nx);
  const double slope = 1e-3;
  const double q = 2.0;
  definition.roughness = 0.03;
  const double h = normal_depth_of(q, 0.03, slope);
  definition.bed = [=](double x, double) { return 100.0 - slope * x; };
  definition.depth = [=](double, double) { return h; };
  definition.velocity_x = [=](double, double) { return q / h; };
  definition.constant_series("in", "m3 s-1", q * 3.0 * definition.spacing);
  definition.boundary(flood::Edge::west, flood::BoundaryKind::discharge, "in");
  definition.boundary(flood::Edge::east, flood::BoundaryKind::free);
  definition.parameters.tracers = {species("hump", 1.0)};
  if (is_fast) definition.parameters.fast = flood::FastMode{};
  FloodRun run(definition);
  const auto shape = [&](double x) {
    return is_smooth ? std::exp(-std::pow((x - 1000.0) / 200.0, 2)) : (x > 800.0 && x < 1200.0 ? 1.0 : 0.0);
  };
  const auto mean_of = [&](Index i, double shift) {
    double sum = 0.0;
    for (int k = 0; k < 20; ++k)
      sum += shape((static_cast<double>(i) + (k + 0.5) / 20.0) * definition.spacing - shift) / 20.0;
    return sum;
  };
  Field& value = run.state().field(run.schema().field("tracer_hump"));
  double amount = 0.0;
  for (Index j = 0; j < 3; ++j) {
    for (Index i = 0; i < nx; ++i) {
      value.set(i, j, mean_of(i, 0.0));
      amount += run.depth(i, j) * value.value(i, j) * definition.spacing * definition.spacing;
    }
  }
  run.state().scalar(run.schema().scalar("flood.tracer_hump.at_start")) = amount;
  const double seconds = 1200.0;
  run.run_to(seconds, 100.0);
  EXPECT_LE(worst_ledger(run), 1e-13);
  double error = 0.0;
  double total = 0.0;
  for (Index i = 0; i < nx; ++i) {
    const double expected = mean_of(i, seconds * q / h);
    error += std::abs(value_of(run, "tracer_hump", i, 1) - expected);
    total += expected;
  }
  return error / total;
}

TEST(Tracers, GoWithTheWaterAtHigherThanFirstOrder) {
  for (const bool is_fast : {false, true}) {
    const double coarse = advection_error(200, true, is_fast);
    const double fine = advection_error(400, true, is_fast);
    RecordProperty(is_fast ? "fast_coarse" : "coarse", std::to_string(coarse));
    RecordProperty(is_fast ? "fast_fine" : "fine", std::to_string(fine));
    EXPECT_LT(coarse, 0.075);
    EXPECT_LT(fine, coarse / 2.7);
    EXPECT_LT(advection_error(200, false, is_fast), 0.26);
  }
}

TEST(Tracers, MixInAPondAsItsBalanceSays) {
  // Rain and as much seepage: the pond stays as deep, h dc/dt = -r c.
  for (const ElementType precision : {ElementType::float64, ElementType::float32}) {
    FloodCase definition;
    definition.nx = 9;
    definition.ny = 7;
    definition.spacing = 10.0;
    definition.depth = [](double, double) { return 0.2; };
    definition.parameters.precision = precision;
    definition.parameters.constant_rain = 1e-5;
    definition.parameters.infiltration = flood::InfiltrationLaw::constant;
    definition.layers["infiltration_rate"] = {"m s-1", [](double, double) { return 1e-5; }};
    definition.parameters.tracers = {species("salt", 3.0), origin("rain", {"rain"}), age()};
    FloodRun run(definition);
    const double seconds = 6.0 * 3600.0;
    run.run_to(seconds, 600.0);
    const double left = std::exp(-1e-5 * seconds / 0.2);
    EXPECT_NEAR(value_of(run, "tracer_salt", 4, 3), 3.0 * left, 1e-3);
    EXPECT_NEAR(value_of(run, "tracer_rain", 4, 3), 1.0 - left, 1e-3);
    // The water's age: what was there has all the time, what fell the mean of a tank that is being flushed.
    EXPECT_NEAR(seconds - value_of(run, "tracer_age", 4, 3), 0.2 / 1e-5 * (1.0 - left), 20.0);
    EXPECT_LE(worst_ledger(run), precision == ElementType::float32 ? 1e-6 : 1e-13);
  }
}

TEST(Tracers, AgeIsTheTravelTimeOfAChannel) {
  FloodCase definition;
  definition.nx = 100;
  definition.ny = 3;
  definition.spacing = 10.0;
  definition.roughness = 0.03;
  definition.bed = [](double x, double) { return 50.0 - 2e-3 * x; };
  const double h = normal_depth_of(1.0, 0.03, 2e-3);
  definition.depth = [=](double, double) { return h; };
  definition.flow_eastward(30.0);
  definition.parameters.tracers = {age(), origin("river", {"discharge west"})};
  const Grid grid{100, 3, 10.0, 0.0, 0.0, {}};
  definition.places = {point_place("gauge", "half way", grid, 505.0, 15.0)};
  definition.wanted = {"water_age", "share_river", "maximum_share_river"};
  FloodRun run(definition);
  run.run_to(3600.0, 60.0);
  run.simulation().processes().front()->observe(run.state(), Shown::everything);
  const double travel = 505.0 * h / 1.0;
  EXPECT_NEAR(value_of(run, "water_age", 50, 1), travel, 0.03 * travel);
  EXPECT_NEAR(run.state().table(run.schema().table("gauges")).column("water_age")[0], travel, 0.03 * travel);
  EXPECT_NEAR(value_of(run, "share_river", 50, 1), 1.0, 1e-6);
  EXPECT_NEAR(value_of(run, "maximum_share_river", 50, 1), 1.0, 1e-6);
}

TEST(Tracers, KeepTheirBitsForAnyThreadCountAndAfterResume) {
  for (const bool is_fast : {false, true}) {
    FloodCase definition = everything_at_once();
    definition.parameters.precision = ElementType::float32;
    if (is_fast) definition.parameters.fast = flood::FastMode{};
    definition.parameters.tracers = {origin("river", {"discharge west"}), age()};
    set_thread_count(1);
    FloodRun whole(definition);
    whole.run_to(200.0, 20.0);
    for (const int threads : {2, 3}) {
      set_thread_count(threads);
      FloodRun halved(definition);
      halved.run_to(100.0, 20.0);
      FloodRun resumed(definition);
      resumed.state() = halved.state();
      resumed.run_to(200.0, 20.0);
      EXPECT_EQ(resumed.state().checksum(), whole.state().checksum());
    }
    set_thread_count(0);
  }
}

TEST(Tracers, DoNotTouchTheWater) {
  FloodCase definition = everything_at_once();
  FloodRun without(definition);
  without.run_to(100.0, 20.0);
  definition.parameters.tracers = {origin("river", {"discharge west"}), age()};
  FloodRun with(definition);
  with.run_to(100.0, 20.0);
  for (Index j = 0; j < definition.ny; ++j) {
    for (Index i = 0; i < definition.nx; ++i) {
      ASSERT_EQ(with.depth(i, j), without.depth(i, j));
      ASSERT_EQ(with.discharge_x(i, j), without.discharge_x(i, j));
    }
  }
}

TEST(Tracers, AreHeldWithinTheirRangeWhereCellsEmptyFast) {
  // A steep wet ridge under a jet: cells give away nearly all they hold in one sub-step.
  FloodCase definition;
  definition.nx = 67;
  definition.ny = 37;
  definition.bed = [](double x, double y) { return 4.0 * std::sin(0.9 * x) * std::cos(0.8 * y); };
  definition.depth = [](double x, double y) { return 0.02 + 0.02 * std::sin(5.0 * x + 3.0 * y); };
  definition.velocity_x = [](double, double) { return 6.0; };
  definition.velocity_y = [](double x, double) { return 5.0 * std::sin(x); };
  definition.parameters.courant = 0.5;
  definition.parameters.tracers = {species("salt", 1.0)};
  for (const ElementType precision : {ElementType::float64, ElementType::float32}) {
    definition.parameters.precision = precision;
    FloodRun run(definition);
    Field& value = run.state().field(run.schema().field("tracer_salt"));
    double amount = 0.0;
    for (Index j = 0; j < definition.ny; ++j) {
      for (Index i = 0; i < definition.nx; ++i) {
        if (!(run.depth(i, j) > 0.0)) continue;
        value.set(i, j, (i / 3 + j / 2) % 2 == 0 ? 1.0 : 0.0);
        amount += run.depth(i, j) * value.value(i, j);
      }
    }
    run.state().scalar(run.schema().scalar("flood.tracer_salt.at_start")) = amount;
    run.run_to(4.0, 0.5);
    for (Index j = 0; j < definition.ny; ++j) {
      for (Index i = 0; i < definition.nx; ++i) {
        EXPECT_GE(value_of(run, "tracer_salt", i, j), 0.0);
        EXPECT_LE(value_of(run, "tracer_salt", i, j), 1.0);
      }
    }
    EXPECT_LE(worst_ledger(run), precision == ElementType::float32 ? 1e-6 : 1e-13);
    EXPECT_GT(run.state().booked("cells", "tracers: held within the values around"), 0.0);
  }
}

// Settings.

std::string problem_with(const std::string& text) {
  try {
    flood::read_parameters(validated(parse_yaml(text, "scenario.yaml"), flood::keys()));
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

void expect_problem(const std::string& text, const std::string& part) {
  const std::string problem = problem_with("tracers: [" + text + "]");
  EXPECT_NE(problem.find(part), std::string::npos) << "said: '" << problem << "'";
}

TEST(TracerSettings, TellWhatIsWrong) {
  EXPECT_EQ(problem_with(
                "tracers: [{ id: a, kind: origin, of: [start, rain] }, { id: b, kind: age },"
                "{ id: c, kind: species, start: 5 mg/L, inflows: [{ of: rain, concentration: 0 kg m-3 }] }]"),
            "");
  expect_problem("{ id: 'The river', kind: age }", "small letters");
  expect_problem("{ id: a, kind: origin }", "needs `of: [...]`");
  expect_problem("{ id: a, kind: species }", "no water brings any 'a'");
  expect_problem("{ id: a, kind: origin, of: [rain], start: 1 kg m-3 }",
                 "belongs to tracers of the kind 'species'");
  expect_problem("{ id: a, kind: species, of: [rain] }", "belongs to tracers of the kind 'origin'");
  expect_problem("{ id: a, kind: species, inflows: [{ of: rain }] }",
                 "either as `concentration` or as `series`");
  expect_problem("{ id: a, kind: species, inflows: [{ of: rain, concentration: 1 kg }] }", "kg m-3");
  expect_problem("{ id: a, kind: age }, { id: a, kind: origin, of: [start] }", "two tracers are called 'a'");
  expect_problem("{ id: a, kind: age }, { id: b, kind: age }", "both are the age of the water");
}

TEST(TracerSettings, AreHeldAgainstTheWaysIn) {
  const auto problem = [](const Tracer& tracer) -> std::string {
    FloodCase definition = everything_at_once();
    definition.parameters.tracers = {tracer};
    try {
      FloodRun run(definition);
    } catch (const ScenarioError& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_NE(problem(origin("a", {"sprng"})).find("did you mean 'spring'"), std::string::npos);
  EXPECT_NE(problem(origin("a", {"free east"})).find("no water comes in by 'free east'"), std::string::npos);
  Tracer salt = species("salt", 0.0, {{"spring", 0.0, "river", {}}});
  EXPECT_NE(problem(salt).find("no series of concentrations"), std::string::npos);
}

}  // namespace
}  // namespace dvinis::test
