// Measures: at a time, by a rule, after their preparation; what a scenario may not say of structures and
// measures.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "io/scenario/yaml.hpp"
#include "models/flood/flood.hpp"
#include "tests/support/flood_case.hpp"

namespace dvinis::test {
namespace {

/// Two ponds, the western one filling, with a gate between them.
FloodCase gated() {
  FloodCase definition;
  definition.nx = 40;
  definition.ny = 11;
  definition.spacing = 10.0;
  definition.level = [](double x, double) { return x < 200.0 ? 2.0 : 0.5; };
  definition.structure("gate", {{200.0, 0.0}, {200.0, 110.0}}, flood::Gate{.sill = 0.0, .opening = 0.0});
  Grid grid = {40, 11, 10.0, 0.0, 0.0, {}};
  definition.places.push_back(point_place("gauge", "west", grid, 55.0, 55.0));
  definition.constant_series("fill", "m3 s-1", 20.0);
  definition.boundary(flood::Edge::west, flood::BoundaryKind::discharge, "fill");
  return definition;
}

flood::Measure opens(const std::string& set) {
  flood::Measure measure;
  measure.label = "set to " + set;
  measure.structure = "gate";
  measure.set = set;
  Setting text;
  text.kind = Setting::Kind::scalar;
  text.scalar = set;
  measure.where.members.emplace_back("set", text);
  return measure;
}

flood::Rule level(bool is_above, double threshold) { return {"gauge", "west", "level", is_above, threshold}; }

Index count(const FloodRun& run, const std::string& kind) {
  const auto& events = const_cast<FloodRun&>(run).state().events;
  return std::count_if(events.begin(), events.end(), [&](const Event& event) { return event.kind == kind; });
}

double measured(FloodRun& run, const std::string& column, std::size_t row = 0) {
  return run.state().table(run.schema().table("measures")).column(column)[row];
}

TEST(Measures, AtATimeWorkAfterTheirPreparation) {
  FloodCase definition = gated();
  flood::Measure measure = opens("0.4 m");
  measure.at = 100.0;
  measure.setup_time = 60.0;
  measure.cost = 2500.0;
  definition.parameters.measures = {measure};
  FloodRun run(definition);
  run.run_to(150.0, 10.0);
  EXPECT_NEAR(measured(run, "decided"), 100.0, 1.0);
  EXPECT_EQ(run.structure("gate", "opening"), 0.0);
  EXPECT_EQ(run.structure("gate", "volume"), 0.0);
  run.run_to(200.0, 10.0);
  EXPECT_NEAR(measured(run, "works"), 160.0, 1.5);
  EXPECT_EQ(run.structure("gate", "opening"), 0.4);
  EXPECT_GT(run.structure("gate", "volume"), 100.0);
  EXPECT_EQ(measured(run, "cost"), 2500.0);
  ASSERT_EQ(count(run, "measure decided"), 1);
  ASSERT_EQ(count(run, "measure works"), 1);
  const auto& events = run.state().events;
  EXPECT_EQ(events.back().parents, std::vector<std::int64_t>{events[events.size() - 2].id});
  EXPECT_LE(run.relative_water_error(), 1e-13);
}

TEST(Measures, MoveNoFasterThanTheirStructure) {
  FloodCase definition = gated();
  std::get<flood::Gate>(definition.parameters.structures.front().form).rate = 0.01;
  flood::Measure measure = opens("0.4 m");
  measure.at = 100.0;
  definition.parameters.measures = {measure};
  FloodRun run(definition);
  run.run_to(120.0, 10.0);
  EXPECT_NEAR(run.structure("gate", "opening"), 0.2, 0.015);
  run.run_to(200.0, 10.0);
  EXPECT_EQ(run.structure("gate", "opening"), 0.4);
}

TEST(Measures, ByARuleWaitUntilItHasLasted) {
  FloodCase definition = gated();
  flood::Measure measure = opens("0.3 m");
  measure.when = level(true, 2.2);
  measure.lasting = 120.0;
  definition.parameters.measures = {measure};
  FloodRun run(definition);
  double passed = NAN;
  for (double time = 5.0; time <= 900.0; time += 5.0) {
    run.run_to(time, 5.0);
    const double water = run.depth(5, 5);
    if (std::isnan(measured(run, "decided")) && !(water > 2.2)) passed = time;  // waves cross the pond
  }
  ASSERT_FALSE(std::isnan(passed));
  EXPECT_NEAR(measured(run, "decided"), passed + 120.0, 8.0);
  EXPECT_EQ(run.structure("gate", "opening"), 0.3);
}

TEST(Measures, ThatRepeatKeepALevelBetweenTwo) {
  FloodCase definition = gated();
  flood::Measure up = opens("1.0 m");
  up.when = level(true, 2.3);
  up.repeats = true;
  flood::Measure down = opens("0 m");
  down.when = level(false, 2.0);
  down.repeats = true;
  definition.parameters.measures = {up, down};
  definition.boundary(flood::Edge::east, flood::BoundaryKind::free);
  FloodRun run(definition);
  run.run_to(4.0 * 3600.0, 60.0);
  EXPECT_GE(measured(run, "times", 0), 3.0);
  EXPECT_LE(std::abs(measured(run, "times", 0) - measured(run, "times", 1)), 1.0);
  EXPECT_LT(measured(run, "times", 0), 40.0) << "it does not flap";
}

TEST(Measures, AreKeptByCopiesOfTheState) {
  FloodCase definition = gated();
  flood::Measure measure = opens("0.3 m");
  measure.when = level(true, 2.1);
  measure.lasting = 60.0;
  measure.setup_time = 60.0;
  definition.parameters.measures = {measure};
  FloodRun whole(definition);
  whole.run_to(600.0, 10.0);
  FloodRun half(definition);
  half.run_to(300.0, 10.0);
  FloodRun resumed(definition);
  resumed.state() = half.state();
  resumed.run_to(600.0, 10.0);
  EXPECT_EQ(whole.state().checksum(), resumed.state().checksum());
  EXPECT_EQ(measured(whole, "times"), 1.0);
}

TEST(Measures, MayJoinWhenARunGoesOn) {
  FloodCase definition = gated();
  flood::Measure early = opens("0.1 m");
  early.at = 50.0;
  flood::Measure late = opens("0.3 m");
  late.at = 200.0;
  late.is_enabled = false;
  definition.parameters.measures = {late, early};
  FloodRun first(definition);
  first.run_to(100.0, 10.0);
  EXPECT_EQ(first.structure("gate", "opening"), 0.1);
  definition.parameters.measures.front().is_enabled = true;
  FloodRun second(definition);
  second.state() = first.state();
  second.run_to(300.0, 10.0);
  EXPECT_EQ(second.structure("gate", "opening"), 0.3);
  EXPECT_EQ(measured(second, "times", 0), 1.0);
  EXPECT_EQ(measured(second, "times", 1), 1.0);
}

TEST(Measures, BreakLeveesAndStopPumps) {
  FloodCase definition = gated();
  definition.parameters.structures.front().form =
      flood::Levee{.crest = 5.0, .breach = flood::Breach{.greatest_width = 50.0, .bottom = 0.5}};
  flood::Measure measure = opens("broken");
  measure.at = 50.0;
  definition.parameters.measures = {measure};
  FloodRun run(definition);
  run.run_to(900.0, 10.0);
  EXPECT_NEAR(run.structure("gate", "since"), 50.0, 2.0);
  EXPECT_GT(run.structure("gate", "volume"), 100.0);
}

// What a scenario may not say.

std::string problem_with(const std::string& text) {
  try {
    const Setting raw = parse_yaml(text, "scenario.yaml");
    flood::read_parameters(validated(raw, flood::keys()));
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

void expect_problem(const std::string& text, const std::string& part) {
  const std::string problem = problem_with(text);
  EXPECT_NE(problem.find(part), std::string::npos) << "said: '" << problem << "'";
}

TEST(StructureSettings, TellWhatIsWrong) {
  EXPECT_EQ(problem_with("structures: [{ place: a, weir: { crest: 2 m } }]"), "");
  expect_problem("structures: [{ place: a }]", "needs to be one of weir, gate, bridge");
  expect_problem("structures: [{ place: a, weir: { crest: 2 m }, gate: { sill: 1 m, opening: 1 m } }]",
                 "weir and gate at once");
  expect_problem("structures: [{ place: a, bridge: { soffit: 3 m, deck: 2 m } }]", "the other way up");
  expect_problem("structures: [{ place: a, gate: { sill: 3 m, opening: -1 m } }]", "opening");
  expect_problem("structures: [{ place: a, levee: { crest: 3 m, breach: { bottom: 4 m } } }]",
                 "erodes downward");
  expect_problem("structures: [{ place: a, levee: { crest: 3 m, breach: { bottom: 2 m, law: shear } } }]",
                 "needs `erodibility`");
  expect_problem("structures: [{ place: a, culvert: { inlet_level: 1 m, outlet_level: 1 m } }]",
                 "give either `diameter`");
  expect_problem(
      "structures: [{ place: a, culvert: { diameter: 1 m, inlet: box_headwall, inlet_level: 1 m, "
      "outlet_level: 1 m } }]",
      "no inlet of a round pipe");
  const std::string pump = "structures: [{ place: a, pump: { start_level: 2 m, stop_level: ";
  expect_problem(pump + "2 m, curve: [{ head: 0 m, discharge: 1 m3/s }] } }]", "start and stop all the time");
  expect_problem(
      pump + "1 m, curve: [{ head: 0 m, discharge: 1 m3/s }, { head: 2 m, discharge: 1.2 m3/s }] } }]",
      "a pump's curve falls");
  expect_problem("structures: [{ place: a, ice_jam: { underside: 2 m } }]", "length");
}

TEST(MeasureSettings, TellWhatIsWrong) {
  const std::string measure = "measures: [{ structure: a, set: 1 m, ";
  EXPECT_EQ(problem_with(measure + "when: 'gauge(ogre).level > 22.15 m', lasting: 30 min }]"), "");
  expect_problem(measure + "}]", "give either `at` (a time) or `when` (a rule)");
  expect_problem(measure + "when: 'ogre is high' }]", "is no rule");
  expect_problem(measure + "when: 'gauge(ogre).temperature > 3 m' }]", "it has depth, level");
  expect_problem(measure + "when: 'gauge(ogre).level > 3 kg' }]", "kg");
  expect_problem(measure + "at: 1 h, lasting: 1 h }]", "belong to a rule");
  expect_problem(
      "measures: [{ structure: a, set: 1 m, when: 'gauge(g).level > 2 m', repeats: true }, "
      "{ structure: a, set: 0 m, when: 'gauge(g).level < 2 m', repeats: true }]",
      "leave a gap between the two (hysteresis)");
  EXPECT_EQ(
      problem_with("measures: [{ structure: a, set: 1 m, when: 'gauge(g).level > 2 m', repeats: true }, "
                   "{ structure: a, set: 0 m, when: 'gauge(g).level < 1.8 m', repeats: true }]"),
      "");
}

TEST(MeasureSettings, AreHeldAgainstThePlaces) {
  const auto refused = [](const flood::Measure& measure) {
    FloodCase definition = gated();
    definition.parameters.measures = {measure};
    EXPECT_THROW(FloodRun run(definition), ScenarioError);
  };
  flood::Measure measure = opens("1 m");
  measure.at = 1.0;
  measure.structure = "gat";
  refused(measure);
  measure = opens("open");
  measure.at = 1.0;
  refused(measure);
  measure = opens("-1 m");
  measure.at = 1.0;
  refused(measure);
  measure = opens("1 m");
  measure.when = flood::Rule{"gauge", "east", "level", true, 1.0};
  refused(measure);
}

}  // namespace
}  // namespace dvinis::test
