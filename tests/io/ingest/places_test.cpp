#include "core/base/error.hpp"
#include "tests/io/ingest/ingest_support.hpp"

namespace dvinis {
namespace {

using test::says;
using test::sentence_of;
using test::twin_of;

/// 8 x 5 cells of 1 m from (0, 0).
std::string scenario(const std::string& places) {
  return "domain: { plain: { width: 8 m, height: 5 m, spacing: 1 m }, crs: local, vertical_datum: local }\n"
         "time: { start: 2026-01-01T00:00:00Z, duration: 60 s }\nplaces:\n" +
         places;
}

std::string house(const std::string& id, const std::string& corners) {
  return "{\"type\":\"Feature\",\"properties\":{\"id\":\"" + id +
         "\",\"floor\":150},\"geometry\":{\"type\":\"Polygon\","
         "\"coordinates\":[[" +
         corners + "]]}}";
}

std::string houses(const std::string& features) {
  return "{\"type\":\"FeatureCollection\",\"features\":[" + features + "]}";
}

TEST(Places, InlinePlacesFillTheirCells) {
  const Twin twin = twin_of(
      scenario(
          "  - { kind: gauge, id: g, x: 350 cm, y: 1.5 m }\n"
          "  - { kind: source, id: s, label: drain, x: 2.5 m, y: 2.5 m, radius: 1 m }\n"
          "  - { kind: section, id: c, points: [[-1 m, 4.5 m], [3.5 m, 4.5 m]] }\n"
          "  - { kind: area, id: a, points: [{ x: 0 m, y: 0 m }, { x: 2 m, y: 0 m }, { x: 0 m, y: 2 m }] }\n"
          "  - { kind: mark, id: m, x: 1 m, y: 1 m, numbers: { observed_level: 20 cm } }\n"),
      ".");
  ASSERT_EQ(twin.places.size(), 5u);
  EXPECT_EQ(twin.places[0].cells, (std::vector<Cell>{{3, 1}}));
  EXPECT_EQ(twin.places[0].label, "g");
  EXPECT_EQ(twin.places[1].cells, (std::vector<Cell>{{2, 1}, {1, 2}, {2, 2}, {3, 2}, {2, 3}}));
  EXPECT_EQ(twin.places[1].label, "drain");
  EXPECT_EQ(twin.places[2].cells, (std::vector<Cell>{{0, 4}, {1, 4}, {2, 4}, {3, 4}}));
  // Centres (1.5, 0.5) and (0.5, 1.5) lie on the slanted edge: they belong to what is east of it.
  EXPECT_EQ(twin.places[3].cells, (std::vector<Cell>{{0, 0}}));
  EXPECT_EQ(twin.places[4].cells, (std::vector<Cell>{{1, 1}}));
  EXPECT_EQ(twin.places[4].numbers.at("observed_level"), 0.2);
}

TEST(Places, ATableGivesPlacesWithNumbers) {
  const test::TemporaryFolder folder;
  folder.write("marks.csv", "nr;x;y;lvl;flow\nA;150;250,5;12;7200\nB;799;1;-3;0\n");
  const Twin twin = twin_of(
      scenario("  - { kind: mark, file: marks.csv, id: nr, x: x, y: y, unit: cm, delimiter: \";\", "
               "decimal: \",\", numbers: { observed_level: lvl, flow: { column: flow, unit: m3/h } } }\n"),
      folder.text());
  ASSERT_EQ(twin.places.size(), 2u);
  EXPECT_EQ(twin.places[0].id, "A");
  EXPECT_EQ(twin.places[0].cells, (std::vector<Cell>{{1, 2}}));
  EXPECT_EQ(twin.places[0].numbers.at("observed_level"), 0.12);
  EXPECT_DOUBLE_EQ(twin.places[0].numbers.at("flow"), 2.0);
  EXPECT_EQ(twin.places[1].cells, (std::vector<Cell>{{7, 0}}));
}

TEST(Places, HousesAreCutAtTheEdgeAndThoseOutsideAreCounted) {
  const test::TemporaryFolder folder;
  folder.write("h.geojson", houses(house("whole", "[1,1],[3,1],[3,3],[1,3],[1,1]") + "," +
                                   house("cut", "[7,4],[12,4],[12,9],[7,9],[7,4]") + "," +
                                   house("far", "[70,40],[72,40],[72,49],[70,40]") + "," +
                                   house("shed", "[5.1,2.1],[5.3,2.1],[5.3,2.3],[5.1,2.1]")));
  std::vector<std::string> lines;
  const Twin twin = twin_of(
      scenario("  - { kind: building, file: h.geojson, id: id, unit: cm, numbers: { floor: floor } }\n"),
      folder.text(), &lines);
  ASSERT_EQ(twin.places.size(), 3u);
  EXPECT_EQ(twin.places[0].cells, (std::vector<Cell>{{1, 1}, {2, 1}, {1, 2}, {2, 2}}));
  EXPECT_EQ(twin.places[0].numbers.at("floor"), 1.5);
  EXPECT_EQ(twin.places[1].cells, (std::vector<Cell>{{7, 4}}));
  EXPECT_EQ(twin.places[2].cells, (std::vector<Cell>{{5, 2}}));
  const auto said = [&](const std::string& piece) {
    for (const std::string& line : lines) {
      if (line.find(piece) != std::string::npos) return true;
    }
    return false;
  };
  EXPECT_TRUE(said("1 of 4 buildings lie wholly outside"));
  EXPECT_TRUE(said("1 of 4 buildings cover no cell's centre"));
  folder.write("h.geojson", houses(house("far", "[70,40],[72,40],[72,49],[70,40]")));
  EXPECT_TRUE(says(sentence_of([&] {
                     twin_of(scenario("  - { kind: building, file: h.geojson, id: id }\n"), folder.text());
                   }),
                   {"all 1 buildings lie outside"}));
}

TEST(Places, PointsOutsideTheGridAreErrorsWithItsExtent) {
  for (const std::string kind : {"gauge", "mark", "source"}) {
    EXPECT_TRUE(
        says(sentence_of(
                 [&] { twin_of(scenario("  - { kind: " + kind + ", id: p1, x: 8.5 m, y: 1 m }\n"), "."); }),
             {"scenario.yaml:4", kind + " 'p1'", "x 8.50, y 1.00", "x 0.00 to 8.00 m, y 0.00 to 5.00 m"}));
  }
  EXPECT_TRUE(says(sentence_of([&] {
                     twin_of(scenario("  - { kind: section, id: s, points: [[-3 m, 1 m], [-1 m, 4 m]] }\n"),
                             ".");
                   }),
                   {"section 's'", "outside the grid"}));
}

TEST(Places, IdsOfOneKindMustDiffer) {
  EXPECT_TRUE(says(
      sentence_of([] {
        twin_of(
            scenario("  - { kind: gauge, id: a, x: 1 m, y: 1 m }\n  - { kind: mark, id: a, x: 1 m, y: 1 m }\n"
                     "  - { kind: gauge, id: a, x: 2 m, y: 1 m }\n"),
            ".");
      }),
      {"scenario.yaml:6", "gauge 'a' appears twice"}));
}

TEST(Places, MissingAndMisplacedWordsAreExplained) {
  const test::TemporaryFolder folder;
  folder.write("p.csv", "id,east,y\nA,1,2\n");
  folder.write("h.geojson", houses(house("a", "[1,1],[3,1],[3,3],[1,3],[1,1]")));
  const auto sentence = [&](const std::string& place) {
    return sentence_of([&] { twin_of(scenario("  - { " + place + " }\n"), folder.text()); });
  };
  EXPECT_TRUE(says(sentence("kind: gauge, file: p.csv, id: id, x: x, y: y"), {"`unit` is missing"}));
  EXPECT_TRUE(says(sentence("kind: gauge, file: p.csv, id: id, x: eats, y: y, unit: m"),
                   {"p.csv", "'eats'", "did you mean 'east'"}));
  EXPECT_TRUE(says(sentence("kind: gauge, id: a, x: 12, y: 3 m"), {"'12' has no unit"}));
  EXPECT_TRUE(says(sentence("kind: gauge, id: a"), {"`x` and `y`", "`points`"}));
  EXPECT_TRUE(
      says(sentence("kind: gauge, id: a, x: 1 m, y: 1 m, radius: 2 m"), {"only a source has a radius"}));
  EXPECT_TRUE(
      says(sentence("kind: gauge, id: a, points: [[1 m, 1 m], [2 m, 2 m]]"), {"a gauge is one point"}));
  EXPECT_TRUE(says(sentence("kind: building, id: a, points: [[1 m, 1 m], [2 m, 2 m]]"), {"at least 3"}));
  EXPECT_TRUE(says(sentence("kind: building, file: h.geojson, id: idd"),
                   {"feature 1", "'idd'", "did you mean 'id'"}));
  EXPECT_TRUE(says(sentence("kind: building, file: h.geojson, id: id, x: x"), {"belongs to a table"}));
  EXPECT_TRUE(says(sentence("kind: gauge, file: h.geojson, id: id"), {"a gauge is one point"}));
}

}  // namespace
}  // namespace dvinis
