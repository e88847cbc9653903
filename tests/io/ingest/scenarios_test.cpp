/// The shipped scenarios, through validation and the twin builder.

#include <cmath>
#include <set>

#include "core/base/error.hpp"
#include "io/ingest/crs.hpp"
#include "io/ingest/twin_builder.hpp"
#include "io/scenario/scenario.hpp"
#include "models/catalogue.hpp"
#include "tests/io/ingest/ingest_support.hpp"

namespace dvinis {
namespace {

Twin shipped(const std::string& name) {
  const std::string folder = test::source_folder() + "/scenarios/" + name;
  const Scenario scenario = read_scenario(folder + "/scenario.yaml", {}, catalogue());
  return build_twin(scenario.settings, folder, scenario.text, Log::silent());
}

TEST(Scenarios, MerewetherIsTheStreetOfItsData) {
  const Twin twin = shipped("merewether");
  EXPECT_EQ(twin.grid.nx, 321);
  EXPECT_EQ(twin.grid.ny, 416);
  EXPECT_EQ(twin.grid.spacing, 0.999936810000290);
  EXPECT_TRUE(is_same_crs(twin.grid.crs_wkt, crs_from_text("EPSG:32756")));
  EXPECT_EQ(twin.start_utc, 1181275200);
  EXPECT_EQ(twin.display_offset_minutes, 600);
  EXPECT_EQ(twin.vertical_datum, "local");

  const Field& bed = twin.find_layer("bed_elevation")->values;
  const Field& roughness = twin.find_layer("roughness")->values;
  int walls = 0;
  int road = 0;
  for (Index j = 0; j < twin.grid.ny; ++j) {
    for (Index i = 0; i < twin.grid.nx; ++i) {
      if (std::isnan(bed.value(i, j))) {
        ++walls;
        EXPECT_TRUE(i == 0 || j == 0);  // the west and south edge
      }
      const double n = roughness.value(i, j);
      EXPECT_TRUE(n == 0.02 || n == 0.04);
      road += n == 0.02 ? 1 : 0;
    }
  }
  EXPECT_EQ(walls, 73);
  EXPECT_GT(road, 5000);
  EXPECT_LT(road, 60000);

  EXPECT_EQ(twin.places_of("building").size(), 60u);
  EXPECT_EQ(twin.places_of("mark").size(), 5u);
  EXPECT_EQ(twin.places_of("mark")[2]->numbers.at("observed_level"), 23.36);
  ASSERT_EQ(twin.places_of("source").size(), 1u);
  EXPECT_EQ(twin.places_of("source")[0]->cells.size(), 311u);
  for (const Place* building : twin.places_of("building")) EXPECT_FALSE(building->cells.empty());
  EXPECT_EQ(twin.series.at("inflow").unit, "m3 s-1");
  EXPECT_EQ(twin.series.at("inflow").at(500.0), 19.7);

  std::set<std::string> inputs;
  for (const InputFile& input : twin.provenance.inputs) inputs.insert(input.path);
  EXPECT_EQ(inputs, (std::set<std::string>{"data/dem_1m.tif", "data/areas.geojson", "data/houses.geojson",
                                           "data/observed_peak_levels.csv"}));
  EXPECT_EQ(twin.provenance.seed, 20070608u);
  EXPECT_EQ(twin.provenance.scenario_name, "merewether");
}

TEST(Scenarios, MonaiIsTheBasinOfItsData) {
  const Twin twin = shipped("monai");
  EXPECT_EQ(twin.grid.nx, 393);
  EXPECT_EQ(twin.grid.ny, 244);
  EXPECT_NEAR(twin.grid.spacing, 0.014, 1e-12);
  EXPECT_NEAR(twin.grid.south, 0.0, 1e-12);
  EXPECT_TRUE(twin.grid.crs_wkt.empty());
  const Series& wave = twin.series.at("wave");
  EXPECT_EQ(wave.unit, "m");
  EXPECT_EQ(wave.seconds.back(), 22.5);
  EXPECT_TRUE(wave.holds_after_end);
  EXPECT_EQ(wave.values.front(), -1.19e-5);
  ASSERT_EQ(twin.places_of("gauge").size(), 3u);
  EXPECT_EQ(twin.places_of("gauge")[0]->cells, (std::vector<Cell>{{322, 85}}));
  EXPECT_EQ(twin.find_layer("initial_level")->values.value(200, 100), 0.0);
  EXPECT_EQ(twin.find_layer("roughness")->values.value(392, 243), 0.0025);
}

TEST(Scenarios, TheRadialDamIsAStepInAFormula) {
  const Twin twin = shipped("radial_dam_break");
  EXPECT_EQ(twin.grid.nx, 250);
  const Field& level = twin.find_layer("initial_level")->values;
  int high = 0;
  for (Index j = 0; j < 250; ++j) {
    for (Index i = 0; i < 250; ++i) {
      const double value = level.value(i, j);
      EXPECT_TRUE(value == 10.0 || value == 2.0);
      high += value == 10.0 ? 1 : 0;
      EXPECT_EQ(value, level.value(249 - i, j));
      EXPECT_EQ(value, level.value(j, i));
    }
  }
  EXPECT_NEAR(high * twin.grid.cell_area(), 3.14159265 * 2500.0 * 2500.0, 1e5);
}

}  // namespace
}  // namespace dvinis
