#include <cmath>
#include <nlohmann/json.hpp>

#include "tests/io/export/finished_run.hpp"

namespace dvinis {
namespace {

using Json = nlohmann::json;
using test::FinishedRun;
using test::SmallRun;

double ring_area(const Json& ring) {
  double twice = 0.0;
  for (std::size_t k = 1; k < ring.size(); ++k) {
    twice += ring[k - 1][0].get<double>() * ring[k][1].get<double>() -
             ring[k][0].get<double>() * ring[k - 1][1].get<double>();
  }
  return 0.5 * twice;
}

/// Area by class of all polygons, holes taken off.
std::map<int, double> areas(const Json& collection) {
  std::map<int, double> sums;
  for (const Json& feature : collection.at("features")) {
    EXPECT_EQ(feature.at("geometry").at("type"), "Polygon");
    for (const Json& ring : feature.at("geometry").at("coordinates")) {
      sums[feature.at("properties").at("class").get<int>()] += ring_area(ring);
    }
  }
  return sums;
}

TEST(ExportGeojson, classes_cover_exactly_the_cells_of_each_class) {
  const SmallRun small(37, 23, false);
  const FinishedRun run(small);
  const std::vector<double> limits = {0.25, 0.5, 1.5};

  export_geojson_classes(run.results, "water_depth", 1, limits, run.folder.file("depth.geojson"));

  const Json collection = Json::parse(run.text_of("depth.geojson"));
  std::map<int, double> expected;
  for (Index j = 0; j < 23; ++j) {
    for (Index i = j == 0 ? 1 : 0; i < 37; ++i) {
      const double depth = SmallRun::depth(i, j, 1);
      const int number = depth >= 1.5 ? 3 : depth >= 0.5 ? 2 : depth >= 0.25 ? 1 : 0;
      if (number > 0) expected[number] += 4.0;
    }
  }
  for (const auto& [number, area] : areas(collection))
    EXPECT_NEAR(std::abs(area), expected[number], 1e-6) << number;
  EXPECT_EQ(areas(collection).size(), 3u);
  EXPECT_NE(collection.at("description").get<std::string>().find("local system"), std::string::npos);
  EXPECT_FALSE(collection.contains("crs"));
  const Json& properties = collection.at("features").at(0).at("properties");
  EXPECT_EQ(properties.at("field"), "water_depth");
  EXPECT_EQ(properties.at("unit"), "m");
  EXPECT_EQ(properties.at("time"), "2007-06-08T04:01:00Z");
  run.expect_only({"depth.geojson"});
}

TEST(ExportGeojson, speaks_longitude_and_latitude_for_a_projected_run) {
  const FinishedRun run(SmallRun(37, 23));

  export_geojson_classes(run.results, "maximum_depth", 0, usual_depth_limits(),
                         run.folder.file("maximum.geojson"));

  const Json collection = Json::parse(run.text_of("maximum.geojson"));
  ASSERT_FALSE(collection.at("features").empty());
  for (const Json& feature : collection.at("features")) {
    const Json& outer = feature.at("geometry").at("coordinates").at(0);
    EXPECT_NEAR(outer.at(0).at(0).get<double>(), 151.73, 0.02);
    EXPECT_NEAR(outer.at(0).at(1).get<double>(), -32.94, 0.02);
    EXPECT_GT(ring_area(outer), 0.0) << "outer rings turn anticlockwise (RFC 7946)";
  }
  const Json& last = collection.at("features").back().at("properties");
  EXPECT_EQ(last.at("label"), "2 m and more");
  EXPECT_TRUE(last.at("to").is_null());
}

TEST(ExportGeojson, takes_the_classes_of_a_field_of_categories) {
  const FinishedRun run(SmallRun(37, 23));

  export_geojson_classes(run.results, "hazard_class", 0, {}, run.folder.file("hazard.geojson"));

  const Json collection = Json::parse(run.text_of("hazard.geojson"));
  std::map<int, std::string> labels;
  for (const Json& feature : collection.at("features")) {
    labels[feature.at("properties").at("class").get<int>()] =
        feature.at("properties").at("label").get<std::string>();
  }
  EXPECT_EQ(labels.at(1), "H1 safe");
  EXPECT_EQ(labels.at(2), "H2 unsafe for small vehicles");
}

TEST(ExportGeojson, asks_for_limits_that_rise) {
  const FinishedRun run(SmallRun(37, 23));
  const std::string path = run.folder.file("x.geojson");

  for (const std::vector<double>& limits : {std::vector<double>{}, {0.5, 0.5}, {1.0, 0.5}}) {
    EXPECT_NE(test::sentence_of<Error>([&] {
                export_geojson_classes(run.results, "water_depth", 0, limits, path);
              }).find("class limits of 'water_depth' must be given and rise"),
              std::string::npos);
  }
}

TEST(ExportGeojson, points_carry_ids_labels_and_columns) {
  const FinishedRun run(SmallRun(37, 23));

  export_geojson_points(run.results, "gauges", run.folder.file("gauges.geojson"));

  const Json collection = Json::parse(run.text_of("gauges.geojson"));
  ASSERT_EQ(collection.at("features").size(), 3u);
  const Json& last = collection.at("features").at(2);
  EXPECT_EQ(last.at("properties").at("label"), "Tiltiņš, lower");
  EXPECT_EQ(last.at("properties").at("maximum_level"), 13.75);
  EXPECT_FALSE(last.at("properties").contains("water_level"));
  EXPECT_NEAR(last.at("geometry").at("coordinates").at(0).get<double>(), 151.74, 0.01);
}

TEST(ExportGeojson, replaces_an_older_product) {
  const FinishedRun run(SmallRun(37, 23));
  const std::string path = run.folder.file("gauges.geojson");
  std::ofstream(path) << "old";

  export_geojson_points(run.results, "gauges", path);

  EXPECT_EQ(Json::parse(run.text_of("gauges.geojson")).at("features").size(), 3u);
}

}  // namespace
}  // namespace dvinis
