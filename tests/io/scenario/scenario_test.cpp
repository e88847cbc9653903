#include "io/scenario/scenario.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "io/scenario/keys.hpp"

namespace dvinis {
namespace {

KeyTable flood_keys() {
  return {{.name = "courant",
           .kind = KeyKind::number,
           .about = "Courant number.",
           .minimum = 0.0,
           .maximum = 1.0,
           .fallback = "0.45"},
          {.name = "manning", .kind = KeyKind::number, .unit = "s/m^(1/3)"}};
}

const std::vector<CatalogueEntry>& models() {
  static const std::vector<CatalogueEntry> entries = {{"flood", "Water on the ground.", flood_keys, nullptr}};
  return entries;
}

/// Twelve lines that say as little as a scenario can.
const std::string smallest = R"(scenario: pond
domain:
  plain: { width: 70 m, height: 110 m, spacing: 10 m }
  crs: local
  vertical_datum: local
time:
  start: 2026-01-01T00:00:00Z
  duration: 90 s
  exchange: 7 s
models:
  flood:
    courant: 0.4
)";

std::string problems(const std::string& text, const std::vector<std::string>& overrides = {}) {
  try {
    parse_scenario(text, "scenario.yaml", overrides, models());
  } catch (const Error& error) {
    return error.what();
  }
  return "(none)";
}

/// `smallest` and more lines, from line 13 on.
std::string problems_with(const std::string& more) { return problems(smallest + more); }

TEST(Scenario, the_smallest_one_has_all_defaults) {
  const Scenario scenario = parse_scenario(smallest, "scenario.yaml", {}, models());
  EXPECT_EQ(scenario.text, smallest);
  EXPECT_EQ(scenario.settings.at("time").at("duration").duration(), 90 * microseconds_per_second);
  EXPECT_EQ(scenario.settings.at("seed").integer(), 0);
  EXPECT_EQ(scenario.settings.at("outputs").at("folder").text(), "out");
  EXPECT_EQ(scenario.settings.at("domain").at("nodata").text(), "error");
  EXPECT_EQ(scenario.settings.at("domain").at("plain").at("west").number(), 0.0);
  EXPECT_EQ(scenario.settings.at("models").at("flood").at("courant").number(), 0.4);
}

TEST(Scenario, typing_errors_in_model_keys_are_named_with_their_line) {
  EXPECT_EQ(problems_with("    mannng: 0.03 s/m^(1/3)\n"),
            "scenario.yaml:13: models.flood.mannng: unknown key; did you mean 'manning'?");
  EXPECT_EQ(problems_with("    manning: 0.03\n"),
            "scenario.yaml:13: models.flood.manning: '0.03' has no unit; write it with one that converts to "
            "s/m^(1/3), "
            "for example '0.03 s/m^(1/3)'");
  EXPECT_EQ(problems_with("  floods: {}\n"),
            "scenario.yaml:13: models.floods: unknown key; did you mean 'flood'?");
}

TEST(Scenario, missing_sections_are_all_named) {
  EXPECT_EQ(problems(""),
            "scenario.yaml:1: scenario: required key is missing; expected text (Short name: letters, digits, "
            "'-', '_' "
            "and '.'.)\n"
            "scenario.yaml:1: domain: required key is missing; expected a map of keys (Ground and grid.)\n"
            "scenario.yaml:1: time: required key is missing; expected a map of keys (Clock.)\n"
            "scenario.yaml:1: models: required key is missing; expected a map of keys (What happens: one "
            "section per "
            "model.)");
}

TEST(Scenario, a_text_of_nothing_but_unknown_keys_is_answered_briefly) {
  std::string text;
  for (int n = 0; n < 20000; ++n) text += "scenari" + std::to_string(n) + ":\n";
  const std::string report = problems(text);
  EXPECT_LT(report.size(), 10000u);
  EXPECT_NE(report.find("more problems"), std::string::npos);
}

TEST(Scenario, overrides_are_validated_like_the_text) {
  EXPECT_EQ(problems(smallest, {"models.flood.courant=1.5"}),
            "--set: models.flood.courant: 1.5 is out of range; allowed: 0 to 1");
  EXPECT_EQ(problems(smallest, {"models.flood.curant=0.5"}),
            "--set: models.flood.curant: unknown key; did you mean 'courant'?");
  EXPECT_EQ(problems(smallest, {"models.flood.courant"}).substr(0, 26), "--set models.flood.courant");
  const Scenario scenario =
      parse_scenario(smallest, "s.yaml", {"seed=7", "outputs.folder=/data/out"}, models());
  EXPECT_EQ(scenario.settings.at("seed").integer(), 7);
  EXPECT_EQ(scenario.settings.at("outputs").at("folder").text(), "/data/out");
  EXPECT_EQ(scenario.overrides.size(), 2u);
}

TEST(Scenario, files_stay_inside_the_scenarios_folder) {
  EXPECT_EQ(problems_with("series: { wave: { file: ../wave.csv, time: t, value: v, unit: m } }\n"),
            "scenario.yaml:13: series.wave.file: '../wave.csv' lies outside the scenario's folder; copy it "
            "into the "
            "folder, or name it with --set series.wave.file=... on the command line");
  EXPECT_NE(problems_with("outputs: { folder: /tmp }\n"), "(none)");
  EXPECT_NE(problems_with("layers: { bed_elevation: { raster: [a.tif, /b.tif] } }\n"), "(none)");
}

TEST(Scenario, times_must_fit_each_other) {
  EXPECT_EQ(problems(smallest, {"time.exchange=2 min"}),
            "--set: time.exchange: 2 min is longer than the run of 90 s; allowed: at most the duration");
  EXPECT_EQ(problems(smallest, {"time.duration=0 s"}),
            "--set: time.duration: 0 s is out of range; allowed: above 0 s");
  EXPECT_EQ(problems(smallest, {"time.display_offset=20 h"}),
            "--set: time.display_offset: 20 h is out of range; allowed: -14 h to 14 h");
  EXPECT_EQ(problems_with("outputs: { maps: { every: 15 s }, series: { every: 21 s } }\n"),
            "scenario.yaml:13: outputs.maps.every: 15 s is no multiple of the exchange interval of 7 s; "
            "outputs fall on "
            "exchanges");
  EXPECT_EQ(problems_with("outputs: { checkpoint: { every: 15 s } }\n"), "(none)")
      << "a checkpoint may be late";
}

TEST(Scenario, the_name_must_do_for_files) {
  for (const char* name : {"a/b", "..", "-rf", "pond 2", "\"\""}) {
    EXPECT_NE(problems(smallest, {"scenario=" + std::string(name)}), "(none)") << name;
  }
  EXPECT_EQ(problems(smallest, {"scenario=a/b"}),
            "--set: scenario: 'a/b' cannot name files; use at most 64 letters, digits, '-', '_' and '.'");
}

TEST(Scenario, places_of_one_kind_have_ids_of_their_own) {
  EXPECT_EQ(problems_with("places:\n"
                          "  - { kind: gauge, id: a, x: 0 m, y: 0 m }\n"
                          "  - { kind: source, id: a, x: 0 m, y: 0 m }\n"
                          "  - { kind: gauge, id: a, x: 5 m, y: 0 m }\n"
                          "  - { kind: gauge, file: g.csv, id: a, x: x, y: y, unit: m }\n"),
            "scenario.yaml:16: places[2].id: there are two places of kind gauge with id 'a', the first at "
            "scenario.yaml:14; give each its own");
  EXPECT_EQ(
      problems_with("places: [{ kind: gage, id: a }]\n"),
      "scenario.yaml:13: places[0].kind: 'gage' is not allowed; did you mean 'gauge'? allowed: gauge, mark, "
      "section, building, source, area, structure, road");
}

TEST(Scenario, points_and_numbers_have_two_spellings) {
  const Scenario scenario =
      parse_scenario(smallest +
                         "places:\n"
                         "  - { kind: section, id: s, points: [[1 m, 2 km], {x: 3 cm, y: 4 m}] }\n"
                         "  - { kind: mark, id: m, x: 1 m, y: 2 m,\n"
                         "      numbers: { level: 3 m, depth: { column: d, unit: cm } } }\n",
                     "s.yaml", {}, models());
  const Setting& points = scenario.settings.at("places").items.at(0).at("points");
  EXPECT_EQ(points.items.at(0).items.at(1).number(), 2000.0);
  EXPECT_EQ(points.items.at(1).at("x").number(), 0.03);
  const Setting& numbers = scenario.settings.at("places").items.at(1).at("numbers");
  EXPECT_EQ(numbers.at("level").text(), "3 m");
  EXPECT_EQ(numbers.at("depth").at("unit").text(), "cm");
}

TEST(Scenario, constant_series_get_no_keys_that_belong_to_files) {
  const Scenario scenario = parse_scenario(smallest + "series: { inflow: { value: 19.7 m3/s }, tide: 2 m }\n",
                                           "s.yaml", {}, models());
  EXPECT_EQ(scenario.settings.at("series").at("inflow").members.size(), 1u);
  EXPECT_EQ(scenario.settings.at("series").at("tide").text(), "2 m");
}

TEST(Scenario, expectations_need_a_bound) {
  EXPECT_EQ(problems_with("expect:\n  - { what: budget_error, quantity: water }\n"),
            "scenario.yaml:14: expect[0]: has no bound; give `below`, `above` or `between`");
  const std::string value = "expect:\n  - { what: value, table: gauges, place: g, column: depth, ";
  EXPECT_EQ(problems_with(value + "between: [1 m] }\n"),
            "scenario.yaml:14: expect[0].between: expected two numbers, smallest and largest; found 1");
  EXPECT_EQ(problems_with(value + "between: [1 m, 2 m], below: 3 m }\n"),
            "scenario.yaml:14: expect[0].between: stands beside `below` or `above`; keep one of the two");
  EXPECT_EQ(problems_with(value + "above: 1 m, below: 3 m }\n"), "(none)");
}

TEST(Scenario, expectations_take_the_keys_of_their_measure_and_no_others) {
  EXPECT_EQ(
      problems_with("expect:\n  - { what: rmse, table: marks, column: level, place: m1, below: 1 m }\n"),
      "scenario.yaml:14: expect[0]: 'rmse' needs the key 'against'\n"
      "scenario.yaml:14: expect[0].place: is not used by 'rmse', which takes table, column, against");
  EXPECT_EQ(problems_with("expect:\n  - { what: crest, table: gauges, place: g, column: depth, quantity: "
                          "water, below: 1 m }\n"),
            "scenario.yaml:14: expect[0].quantity: is not used by 'crest', which takes table, place, column, "
            "file, time, "
            "value, unit, time_unit, delimiter, decimal, encoding");
  for (const KeyInfo& key : scenario_keys(models())) {
    if (key.name != "expect") continue;
    for (const std::string& what : key.keys.front().choices) {
      EXPECT_EQ(problems_with("expect: [{ what: " + what + ", below: 1 m }]\n").find("bug"),
                std::string::npos)
          << what;
    }
  }
}

TEST(Scenario, reading_a_file_gives_its_folder) {
  const std::filesystem::path folder = std::filesystem::path(testing::TempDir()) / "dvinis-scenario-test";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "scenario.yaml") << smallest;
  const Scenario scenario = read_scenario((folder / "scenario.yaml").string(), {}, models());
  EXPECT_EQ(scenario.folder, folder.string());
  EXPECT_EQ(scenario.file, (folder / "scenario.yaml").string());
  EXPECT_EQ(scenario.text, smallest);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace dvinis
