#include "io/ingest/vector.hpp"

#include "core/base/error.hpp"
#include "io/ingest/crs.hpp"
#include "tests/io/ingest/ingest_support.hpp"

namespace dvinis {
namespace {

using test::says;
using test::sentence_of;

std::string feature(const std::string& properties, const std::string& geometry) {
  return "{\"type\":\"Feature\",\"properties\":{" + properties + "},\"geometry\":" + geometry + "}";
}

std::string collection(const std::string& features, const std::string& crs = "") {
  const std::string member =
      crs.empty() ? "" : "\"crs\":{\"type\":\"name\",\"properties\":{\"name\":\"" + crs + "\"}},";
  return "{\"type\":\"FeatureCollection\"," + member + "\"features\":[" + features + "]}";
}

const std::string square =
    "{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[4,0],[4,3],[0,3],[0,0]],"
    "[[1,1],[2,1],[2,2],[1,2],[1,1]]]}";
const std::string road = feature("\"kind\":\"road\",\"n\":0.02", square);

TEST(Vector, PolygonsKeepHolesAndAttributes) {
  const test::TemporaryFolder folder;
  const std::string path = folder.write("a.geojson", collection(road));
  const FeatureFile file = read_features(path, "", "");
  ASSERT_EQ(file.features.size(), 1u);
  const Feature& found = file.features[0];
  EXPECT_EQ(found.kind, GeometryKind::polygon);
  ASSERT_EQ(found.parts.size(), 1u);
  EXPECT_EQ(found.parts[0].outer.size(), 4u);
  ASSERT_EQ(found.parts[0].holes.size(), 1u);
  EXPECT_EQ(found.numbers.at("n"), 0.02);
  EXPECT_EQ(found.texts.at("kind"), "road");
  EXPECT_EQ(file.files, std::vector<std::string>{path});
}

TEST(Vector, MultiGeometriesKeepEveryPart) {
  const test::TemporaryFolder folder;
  const std::string path = folder.write(
      "m.geojson",
      collection(feature("\"id\":1",
                         "{\"type\":\"MultiPolygon\",\"coordinates\":[[[[0,0],[1,0],[1,1],[0,0]]],"
                         "[[[5,5],[7,5],[7,6],[5,5]]]]}") +
                 "," +
                 feature("\"id\":2",
                         "{\"type\":\"MultiLineString\",\"coordinates\":[[[0,0],[1,0]],[[2,2],[3,4]]]}")));
  const FeatureFile file = read_features(path, "", "");
  ASSERT_EQ(file.features.size(), 2u);
  EXPECT_EQ(file.features[0].parts.size(), 2u);
  EXPECT_EQ(file.features[1].kind, GeometryKind::line);
  EXPECT_EQ(file.features[1].parts[1].outer[1].y, 4.0);
}

TEST(Vector, AFilterTakesMatchingFeaturesAndGuessesMistypedNames) {
  const test::TemporaryFolder folder;
  const std::string path =
      folder.write("a.geojson", collection(road + "," + feature("\"kind\":\"field\",\"n\":0.05", square)));
  EXPECT_EQ(read_features(path, "", "kind=field").features.at(0).numbers.at("n"), 0.05);
  EXPECT_EQ(read_features(path, "", "n=2e-2").features.size(), 1u);
  EXPECT_TRUE(says(sentence_of([&] { read_features(path, "", "knd=road"); }),
                   {"a.geojson", "'knd'", "did you mean 'kind'"}));
  EXPECT_TRUE(says(sentence_of([&] { read_features(path, "", "kind=raod"); }), {"kind=raod", "field, road"}));
  EXPECT_TRUE(says(sentence_of([&] { read_features(path, "", "road"); }), {"attribute=value"}));
}

TEST(Vector, GeometryIsReprojectedToTheGrid) {
  const test::TemporaryFolder folder;
  const std::string point = feature("\"id\":7", "{\"type\":\"Point\",\"coordinates\":[21.0,0.0]}");
  const std::string utm = crs_from_text("EPSG:32634");
  const FeatureFile file = read_features(folder.write("p.geojson", collection(point)), utm, "");
  EXPECT_NEAR(file.features.at(0).parts.at(0).outer.at(0).x, 500000.0, 1e-6);
  EXPECT_NEAR(file.features.at(0).parts.at(0).outer.at(0).y, 0.0, 1e-6);
  const std::string named = folder.write("q.geojson", collection(point, "urn:ogc:def:crs:EPSG::32634"));
  EXPECT_EQ(read_features(named, utm, "").features.at(0).parts.at(0).outer.at(0).x, 21.0);
}

TEST(Vector, SystemsThatLeadNowhereAreRefused) {
  const test::TemporaryFolder folder;
  const std::string point = feature("\"id\":7", "{\"type\":\"Point\",\"coordinates\":[382426.5,6354414.0]}");
  const std::string utm = crs_from_text("EPSG:32756");
  const std::string bare = folder.write("p.geojson", collection(point));
  EXPECT_TRUE(
      says(sentence_of([&] { read_features(bare, utm, ""); }), {"p.geojson", "382426.5", "longitude"}));
  EXPECT_EQ(sentence_of([&] { read_features(bare, "", ""); }), "");  // on a local grid: local
  const std::string named = folder.write("q.geojson", collection(point, "urn:ogc:def:crs:EPSG::32756"));
  EXPECT_TRUE(says(sentence_of([&] { read_features(named, "", ""); }), {"q.geojson", "EPSG:32756", "local"}));
}

TEST(Vector, BadFilesAndGeometriesAreNamed) {
  const test::TemporaryFolder folder;
  const auto sentence = [&](const std::string& name, const std::string& bytes) {
    const std::string path = folder.write(name, bytes);
    return sentence_of([&] { read_features(path, "", ""); });
  };
  EXPECT_TRUE(
      says(sentence_of([&] { read_features(folder.path("none.geojson"), "", ""); }), {"no such file"}));
  EXPECT_TRUE(says(sentence("zero.geojson", ""), {"0 bytes"}));
  EXPECT_TRUE(
      says(sentence("cut.geojson", collection(road).substr(0, 150)), {"cut.geojson", "damaged, truncated"}));
  EXPECT_TRUE(
      says(sentence("none.geojson", collection(feature("\"id\":1", "null"))), {"feature 1", "no geometry"}));
  EXPECT_TRUE(says(sentence("flat.geojson",
                            collection(feature(
                                "\"id\":1", "{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[1,1],[0,0]]]}"))),
                   {"feature 1", "2 points"}));
  EXPECT_TRUE(
      says(sentence("mixed.geojson",
                    collection(feature("\"id\":1",
                                       "{\"type\":\"GeometryCollection\",\"geometries\":[{\"type\":\"Point\","
                                       "\"coordinates\":[0,0]}," +
                                           square + "]}"))),
           {"mixes points"}));
}

}  // namespace
}  // namespace dvinis
