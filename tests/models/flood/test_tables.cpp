// Sources, boundaries, houses, gauges, marks, sections: what a scenario asks of the flood.

#include <gtest/gtest.h>

#include <cmath>

#include "models/flood/flood.hpp"
#include "tests/support/flood_case.hpp"

namespace dvinis::test {
namespace {

FloodCase tank() {
  FloodCase definition;
  definition.nx = 21;
  definition.ny = 13;
  definition.spacing = 2.0;
  definition.roughness = 0.03;
  return definition;
}

Grid grid_of(const FloodCase& definition) {
  return {definition.nx, definition.ny, definition.spacing, definition.west, definition.south, {}};
}

double booked(FloodRun& run, const std::string& account) { return run.state().booked("water", account); }

TEST(Source, BringsItsWholeVolumeAndTheLedgerCloses) {
  FloodCase definition = tank();
  definition.places = {point_place("source", "spring", grid_of(definition), 20.5, 13.0)};
  definition.constant_series("inflow", "m3 s-1", 3.0);
  definition.parameters.sources = {{"spring", "inflow", {}}};
  FloodRun run(definition);
  run.run_to(40.0, 5.0);
  EXPECT_NEAR(booked(run, "source spring"), 120.0, 1e-9);
  EXPECT_LT(run.relative_water_error(), 1e-14);
}

TEST(Source, ThatWithdrawsTakesOnlyWhatIsThereAndSaysSo) {
  FloodCase definition = tank();
  definition.depth = [](double, double) { return 0.01; };
  definition.places = {point_place("source", "pump", grid_of(definition), 20.5, 13.0)};
  definition.constant_series("outflow", "m3 s-1", -50.0);
  definition.parameters.sources = {{"pump", "outflow", {}}};
  FloodRun run(definition);
  run.run_to(20.0, 5.0);
  EXPECT_GT(booked(run, "source pump"), -21 * 13 * 4 * 0.01 - 1e-9);
  EXPECT_GT(run.state().booked("unmet withdrawal", "source pump"), 900.0);
  EXPECT_LT(run.relative_water_error(), 1e-13);
}

TEST(Source, WithAnUnknownPlaceNamesTheNearestOne) {
  FloodCase definition = tank();
  definition.places = {point_place("source", "spring", grid_of(definition), 20.5, 13.0)};
  definition.constant_series("inflow", "m3 s-1", 3.0);
  definition.parameters.sources = {{"sprng", "inflow", {}}};
  try {
    FloodRun run(definition);
    FAIL() << "an unknown place must be refused";
  } catch (const ScenarioError& error) {
    EXPECT_NE(std::string(error.what()).find("did you mean 'spring'"), std::string::npos) << error.what();
  }
}

TEST(DischargeBoundary, DeliversExactlyItsSeriesOnWetAndDryBeds) {
  for (const double depth : {0.0, 0.8}) {
    FloodCase definition = tank();
    definition.depth = [=](double, double) { return depth; };
    definition.constant_series("river", "m3 s-1", 5.0);
    definition.boundary(flood::Edge::west, flood::BoundaryKind::discharge, "river");
    FloodRun run(definition);
    run.run_to(30.0, 10.0);
    EXPECT_NEAR(booked(run, "discharge west"), 150.0, 1e-9) << depth;
    EXPECT_LT(run.relative_water_error(), 1e-14);
  }
}

TEST(Inflow, OntoADryBedDoesNotHeapUpInTheFirstStep) {
  // 60 m3/s over 26 m of edge, or out of one cell, on cells of 2 m: the critical depth is 0.8 m, and nothing
  // should be much deeper, though no wave inside limits the first step.
  for (const bool is_boundary : {true, false}) {
    FloodCase definition = tank();
    definition.wanted = {"maximum_depth"};
    definition.constant_series("river", "m3 s-1", is_boundary ? 60.0 : 6.0);
    if (is_boundary) {
      definition.boundary(flood::Edge::west, flood::BoundaryKind::discharge, "river");
    } else {
      definition.places = {point_place("source", "spring", grid_of(definition), 20.5, 13.0)};
      definition.parameters.sources = {{"spring", "river", {}}};
    }
    FloodRun run(definition);
    run.run_to(4.0, 4.0);
    double largest = 0.0;
    for (Index j = 0; j < definition.ny; ++j) {
      for (Index i = 0; i < definition.nx; ++i) {
        largest = std::max(largest, run.state().field(run.schema().field("maximum_depth")).value(i, j));
      }
    }
    EXPECT_LT(largest, 1.6) << is_boundary;
    EXPECT_GT(largest, 0.4) << is_boundary;
  }
}

TEST(LevelBoundary, FillsTheDomainToItsLevel) {
  FloodCase definition = tank();
  definition.roughness = 0.1;  // a fixed level reflects: only friction ends the seiche
  definition.bed = [](double x, double) { return 0.01 * x; };
  definition.constant_series("sea", "m", 1.0);
  definition.boundary(flood::Edge::west, flood::BoundaryKind::level, "sea");
  FloodRun run(definition);
  run.run_to(2000.0, 500.0);
  for (Index i = 0; i < definition.nx; ++i)
    EXPECT_NEAR(run.depth(i, 6) + 0.01 * (2.0 * static_cast<double>(i) + 1.0), 1.0, 1e-2);
  EXPECT_LT(run.relative_water_error(), 1e-13);
}

TEST(FreeBoundary, DrainsAndNothingEnters) {
  FloodCase definition = tank();
  definition.bed = [](double x, double) { return 2.0 - 0.02 * x; };
  definition.depth = [](double, double) { return 0.3; };
  definition.boundary(flood::Edge::east, flood::BoundaryKind::free);
  FloodRun run(definition);
  double last = 0.0;
  for (int k = 1; k <= 20; ++k) {
    run.run_to(10.0 * k, 10.0);
    EXPECT_LE(booked(run, "free east"), last);
    last = booked(run, "free east");
  }
  EXPECT_LT(last, -0.9 * 21 * 13 * 4 * 0.3);
  EXPECT_LT(run.relative_water_error(), 1e-13);
}

TEST(IncomingWave, PassesThroughAndLeaves) {
  // A hump travels along a flat flume; the far end is a wave boundary without wave: it must not reflect.
  FloodCase definition;
  definition.nx = 200;
  definition.ny = 3;
  definition.depth = [](double x, double) { return 1.0 + 0.01 * std::exp(-(x - 60.0) * (x - 60.0) / 50.0); };
  definition.constant_series("none", "m", 0.0);
  for (const flood::Edge edge : {flood::Edge::west, flood::Edge::east}) {
    definition.boundary(edge, flood::BoundaryKind::wave, "none");
    definition.parameters.boundaries.back().still_level = 1.0;
  }
  FloodRun run(definition);
  run.run_to(120.0, 10.0);
  double largest = 0.0;
  for (Index i = 0; i < definition.nx; ++i) largest = std::max(largest, std::abs(run.depth(i, 1) - 1.0));
  EXPECT_LT(largest, 1e-4);
}

TEST(Buildings, BlockOrRaiseAndReportTheMinuteTheyGetWet) {
  for (const auto treatment : {flood::BuildingTreatment::block, flood::BuildingTreatment::raise}) {
    FloodCase definition = tank();
    const Grid grid = grid_of(definition);
    definition.depth = [](double x, double) { return x < 10.0 ? 1.0 : 0.0; };
    Place house;
    house.kind = "building";
    house.id = "house";
    for (Index j = 5; j < 8; ++j) {
      for (Index i = 12; i < 15; ++i) house.cells.push_back({i, j});
    }
    house.points = {{24, 10}, {30, 10}, {30, 16}, {24, 16}};
    definition.places = {house};
    definition.parameters.buildings = treatment;
    FloodRun run(definition);
    run.run_to(30.0, 0.5);
    for (const Cell cell : house.cells) EXPECT_EQ(run.depth(cell.i, cell.j), 0.0);
    const Table& table = run.state().table(run.schema().table("buildings"));
    const double first_wet = table.column("first_wet")[0];
    EXPECT_GT(first_wet, 1.0);
    EXPECT_LT(first_wet, 8.0);
    EXPECT_GT(table.column("maximum_depth")[0], 0.1);
    EXPECT_GE(table.column("hazard_class")[0], 1.0);
    ASSERT_EQ(run.state().events.size(), 1u);
    EXPECT_EQ(run.state().events[0].subject, "house");
    EXPECT_EQ(run.state().events[0].occurred, from_seconds(first_wet));
    EXPECT_LT(run.relative_water_error(), 1e-14);
  }
}

TEST(Roads, CloseWhereWaterStandsOnThemAndOpenAgain) {
  // A wave runs out of a pond over dry ground and away; one road lies low, one on a dam, one leaves the pond.
  FloodCase definition = tank();
  const Grid grid = grid_of(definition);
  definition.depth = [](double x, double) { return x < 10.0 ? 1.0 : 0.0; };
  const auto road = [&](const char* id, Index column) {
    Place place;
    place.kind = "road";
    place.id = id;
    place.points = {grid.centre({column, 1}), grid.centre({column, 8})};
    for (Index j = 1; j < 9; ++j) place.cells.push_back({column, j});
    return place;
  };
  definition.places = {road("low", 12), road("on a dam", 12), road("in the pond", 2)};
  definition.places[1].numbers["surface"] = 2.0;
  for (Index i = 3; i < 14; ++i) definition.places[2].cells.push_back({i, 4});
  definition.boundary(flood::Edge::east, flood::BoundaryKind::free);
  FloodRun run(definition);
  run.run_to(300.0, 0.5);
  const Table& table = run.state().table(run.schema().table("roads"));
  const double from = table.column("closed_from")[0];
  const double until = table.column("closed_until")[0];
  EXPECT_GT(from, 1.0);
  EXPECT_LT(from, 15.0);
  EXPECT_GT(until, from);
  EXPECT_LT(until, 250.0);
  EXPECT_GT(table.column("maximum_depth")[0], 0.3);
  EXPECT_TRUE(std::isnan(table.column("closed_from")[1]));
  EXPECT_EQ(table.column("maximum_depth")[1], 0.0);
  // What is under water at the start is a bridge; the rest of that road closes like the others.
  EXPECT_GT(table.column("closed_from")[2], 0.0);
}

TEST(Buildings, TellUntilWhenOneCouldLeaveOnFoot) {
  FloodCase definition = tank();
  const Grid grid = grid_of(definition);
  definition.depth = [](double x, double) { return x < 10.0 ? 2.0 : 0.0; };
  Place house;
  house.kind = "building";
  house.id = "house";
  house.cells = {{12, 5}};
  house.points = {grid.centre({12, 5})};
  definition.places = {house};
  FloodRun run(definition);
  run.run_to(30.0, 0.5);
  const Table& table = run.state().table(run.schema().table("buildings"));
  EXPECT_GE(table.column("hazard_class")[0], 3.0);
  EXPECT_GE(table.column("unsafe_on_foot")[0], table.column("first_wet")[0]);
  EXPECT_LT(table.column("unsafe_on_foot")[0], 15.0);
}

TEST(Marks, ReadTheNearestWetCellWhereTheirOwnIsDry) {
  FloodCase definition = tank();
  definition.bed = [](double x, double) { return x > 20.0 ? 2.0 : 0.0; };
  definition.level = [](double, double) { return 1.0; };
  const Grid grid = grid_of(definition);
  definition.places = {point_place("mark", "wet", grid, 11.0, 13.0),
                       point_place("mark", "bank", grid, 21.5, 13.0),
                       point_place("mark", "far", grid, 35.0, 13.0)};
  FloodRun run(definition);
  run.simulation().processes().front()->observe(run.state(), Shown::everything);
  const Table& marks = run.state().table(run.schema().table("marks"));
  EXPECT_NEAR(marks.column("water_level")[0], 1.0, 1e-9);
  EXPECT_EQ(marks.column("distance")[0], 0.0);
  EXPECT_NEAR(marks.column("water_level")[1], 1.0, 1e-9);
  EXPECT_NEAR(marks.column("distance")[1], 2.5, 1e-9);
  EXPECT_TRUE(std::isnan(marks.column("water_level")[2]));
}

TEST(Observe, IsIdempotent) {
  FloodCase definition = tank();
  definition.depth = [](double x, double) { return x < 10.0 ? 1.0 : 0.1; };
  definition.wanted = {"water_level", "velocity_x", "velocity_y", "speed", "maximum_depth", "arrival_time"};
  definition.places = {point_place("gauge", "g", grid_of(definition), 11.0, 13.0)};
  FloodRun run(definition);
  run.run_to(3.0, 1.0);
  run.simulation().processes().front()->observe(run.state(), Shown::everything);
  const std::string once = run.state().checksum();
  run.simulation().processes().front()->observe(run.state(), Shown::everything);
  EXPECT_EQ(run.state().checksum(), once);
}

TEST(Sections, MeasureTheSteadyDischargeInEveryDirection) {
  FloodCase definition;
  definition.nx = 40;
  definition.ny = 9;
  definition.depth = [](double, double) { return 1.0; };
  definition.constant_series("river", "m3 s-1", 9.0);
  definition.constant_series("sea", "m", 1.0);
  definition.roughness = 0.01;
  definition.boundary(flood::Edge::west, flood::BoundaryKind::discharge, "river");
  definition.boundary(flood::Edge::east, flood::BoundaryKind::level, "sea");
  // Looking along the line the flow comes from the left: positive to the right.
  Place northward;
  northward.kind = "section";
  northward.id = "northward";
  northward.points = {{20.0, 0.0}, {20.0, 9.0}};
  Place slanted = northward;
  slanted.id = "slanted";
  slanted.points = {{12.0, 0.0}, {25.0, 9.0}};
  Place southward = northward;
  southward.id = "southward";
  southward.points = {{20.0, 9.0}, {20.0, 0.0}};
  definition.places = {northward, slanted, southward};
  FloodRun run(definition);
  run.run_to(900.0, 100.0);
  run.simulation().processes().front()->observe(run.state(), Shown::everything);
  const std::vector<double>& discharge =
      run.state().table(run.schema().table("sections")).column("discharge");
  EXPECT_NEAR(discharge[0], 9.0, 0.05);
  EXPECT_NEAR(discharge[1], 9.0, 0.15);
  EXPECT_NEAR(discharge[2], -9.0, 0.05);
}

TEST(RunningFields, KeepMaximaArrivalAndDuration) {
  FloodCase definition = tank();
  definition.depth = [](double x, double) { return x < 10.0 ? 1.0 : 0.0; };
  definition.wanted = {"maximum_depth",  "maximum_speed", "maximum_unit_discharge",
                       "maximum_hazard", "hazard_class",  "arrival_time",
                       "wet_duration"};
  FloodRun run(definition);
  run.run_to(20.0, 1.0);
  const auto value = [&](const char* name, Index i) {
    return run.state().field(run.schema().field(name)).value(i, 6);
  };
  EXPECT_NEAR(value("maximum_depth", 0), 1.0, 1e-6);
  EXPECT_GT(value("arrival_time", 15), value("arrival_time", 8));
  EXPECT_GT(value("maximum_speed", 8), 1.0);
  EXPECT_GE(value("hazard_class", 8), 2.0);
  EXPECT_NEAR(value("wet_duration", 0), 20.0, 1e-3);
  EXPECT_GE(value("maximum_unit_discharge", 8), value("maximum_depth", 8) * 0.1);
}

TEST(RatingBoundary, DrainsATankAsALinearReservoir) {
  // dV/dt = -k (level - zero): the level falls exponentially while it is nearly level.
  for (const ElementType precision : {ElementType::float32, ElementType::float64}) {
    for (const bool is_fast : {false, true}) {
      FloodCase definition = tank();
      definition.parameters.precision = precision;
      if (is_fast) definition.parameters.fast = flood::FastMode{};
      definition.depth = [](double, double) { return 2.0; };
      definition.boundary(flood::Edge::east, flood::BoundaryKind::rating);
      definition.parameters.boundaries.back().rating = {{1.0, 0.0}, {1.5, 0.5}, {3.0, 2.0}};
      FloodRun run(definition);
      const double area = 21 * 13 * 4.0;
      for (const double time : {300.0, 900.0}) {
        run.run_to(time, 5.0);
        double mean = 0.0;
        for (Index j = 0; j < 13; ++j) {
          for (Index i = 0; i < 21; ++i) mean += run.depth(i, j) / (21 * 13);
        }
        EXPECT_NEAR(mean, 1.0 + std::exp(-time / area), 2e-3) << time;
      }
      EXPECT_NEAR(booked(run, "rating east"), -area * (1.0 - std::exp(-900.0 / area)), 2.0);
      EXPECT_LE(run.relative_water_error(), precision == ElementType::float32 ? 1e-6 : 1e-13);
    }
  }
}

TEST(RatingBoundary, LetsARiverThroughAtItsLevel) {
  FloodCase definition = tank();
  definition.nx = 60;
  definition.depth = [](double, double) { return 0.5; };
  definition.flow_eastward(12.0);
  definition.parameters.boundaries.back().kind = flood::BoundaryKind::rating;
  definition.parameters.boundaries.back().rating = {{0.2, 0.0}, {0.9, 5.0}, {1.3, 15.0}};
  FloodRun run(definition);
  run.run_to(1200.0, 10.0);
  const double before = run.state().booked("water", "free east");
  run.run_to(1300.0, 10.0);
  EXPECT_NEAR((before - run.state().booked("water", "free east")) / 100.0, 12.0, 0.02);
  EXPECT_NEAR(run.depth(59, 6), 1.18, 0.01);
}

}  // namespace
}  // namespace dvinis::test
