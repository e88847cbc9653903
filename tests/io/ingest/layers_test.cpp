#include <cmath>
#include <limits>

#include "core/base/error.hpp"
#include "tests/io/ingest/ingest_support.hpp"

namespace dvinis {
namespace {

using test::says;
using test::sentence_of;
using test::Tiff;
using test::twin_of;
using test::write_tiff;

/// A plain of 5 x 3 cells of 2 m with its corner at (10, 20).
std::string plain(const std::string& rest) {
  return "scenario: t\n"
         "domain:\n"
         "  plain: { width: 10 m, height: 6 m, west: 10 m, south: 20 m, spacing: 2 m, elevation: 7 m }\n"
         "  crs: local\n"
         "  vertical_datum: local\n"
         "time: { start: 2026-01-01T00:00:00Z, duration: 60 s }\n" +
         rest;
}

double value_of(const Twin& twin, const std::string& layer, Index i, Index j) {
  return twin.layers.at(layer).values.value(i, j);
}

/// A raster on the same cells as `plain`, its value 10 * row from the south + column.
Tiff on_the_plain() {
  Tiff tiff;
  tiff.columns = 5;
  tiff.rows = 3;
  tiff.west = 10.0;
  tiff.north = 26.0;
  tiff.dx = 2.0;
  tiff.dy = -2.0;
  for (int row = 2; row >= 0; --row) {
    for (int column = 0; column < 5; ++column) tiff.values.push_back(10.0 * row + column);
  }
  return tiff;
}

const std::string east_half =
    "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"properties\":{\"n\":0.02,\"name\":"
    "\"road\"},"
    "\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[16,20],[20,20],[20,26],[16,26],[16,20]]]}}]}";

TEST(Layers, APlainGivesItsGroundEverywhere) {
  const Twin twin = twin_of(plain(""), ".");
  EXPECT_EQ(twin.grid.nx, 5);
  EXPECT_EQ(twin.grid.ny, 3);
  EXPECT_EQ(twin.grid.north(), 26.0);
  EXPECT_EQ(value_of(twin, "bed_elevation", 4, 2), 7.0);
  EXPECT_EQ(twin.layers.at("bed_elevation").unit, "m");
}

TEST(Layers, APlainThatIsNoWholeNumberOfCellsIsRefused) {
  const std::string yaml =
      "domain: { plain: { width: 10 m, height: 6.5 m, spacing: 2 m }, vertical_datum: local }\n";
  EXPECT_TRUE(
      says(sentence_of([&] { twin_of(yaml, "."); }), {"scenario.yaml:1", "height of 6.5 m", "whole number"}));
}

TEST(Layers, ValueRasterAndAreasComposeInThatOrder) {
  const test::TemporaryFolder folder;
  Tiff tiff = on_the_plain();
  tiff.has_nodata = true;
  tiff.nodata = -1.0;
  tiff.values[0] = -1.0;  // north-west cell
  for (double& value : tiff.values) value = value < 0.0 ? value : 0.01 * (value + 1.0);
  write_tiff(folder.path("n.tif"), tiff);
  folder.write("roads.geojson", east_half);
  const Twin twin = twin_of(plain("layers:\n"
                                  "  roughness:\n"
                                  "    value: 0.5 s/m^(1/3)\n"
                                  "    raster: n.tif\n"
                                  "    areas:\n"
                                  "      - { file: roads.geojson, where: name=road, attribute: n }\n"),
                            folder.text());
  EXPECT_EQ(value_of(twin, "roughness", 0, 2), 0.5);   // the raster's hole keeps the value
  EXPECT_EQ(value_of(twin, "roughness", 1, 0), 0.02);  // raster
  EXPECT_EQ(value_of(twin, "roughness", 2, 1), 0.13);  // raster, row counted from the south
  EXPECT_EQ(value_of(twin, "roughness", 3, 1), 0.02);  // area
  EXPECT_EQ(twin.layers.at("roughness").unit, "s m-1/3");
  ASSERT_EQ(twin.provenance.inputs.size(), 2u);
  EXPECT_EQ(twin.provenance.inputs[0].path, "n.tif");
  EXPECT_EQ(twin.provenance.inputs[1].sha256.size(), 64u);
}

TEST(Layers, FormulasSeeTheGround) {
  const Twin twin = twin_of(plain("layers:\n"
                                  "  bed_elevation: { formula: \"z + (x - 15)^2\" }\n"
                                  "  initial_level: { formula: \"x < 14 ? z + 1 : y\", unit: cm }\n"),
                            ".");
  EXPECT_EQ(value_of(twin, "bed_elevation", 0, 1), 7.0 + 16.0);
  EXPECT_EQ(value_of(twin, "initial_level", 0, 0), 0.24);
  EXPECT_EQ(value_of(twin, "initial_level", 4, 2), 0.25);
}

TEST(Layers, BadFormulasPointAtTheLineAndThePlace) {
  const auto sentence = [](const std::string& formula) {
    return sentence_of(
        [&] { twin_of(plain("layers:\n  initial_depth:\n    formula: \"" + formula + "\"\n"), "."); });
  };
  EXPECT_TRUE(
      says(sentence("x + * 2"), {"scenario.yaml:9", "layers.initial_depth.formula", "x + * 2", "character"}));
  EXPECT_TRUE(says(sentence("depth + 1"), {"depth + 1", "known are x, y, z"}));
  EXPECT_TRUE(says(sentence("1 / (x - 13)"), {"gives inf", "x 13, y 21"}));
  EXPECT_TRUE(says(sentence("sqrt(-x)"), {"x 11"}));
  EXPECT_TRUE(says(sentence("x = 4"), {"assigns at character 3"}));
  EXPECT_TRUE(says(sentence("1, 2"), {"gives 2 numbers"}));
  EXPECT_EQ(sentence("x >= 4 && y != 2 ? 1 : 0"), "");
}

TEST(Layers, UnknownLayersNeedAUnit) {
  EXPECT_TRUE(says(sentence_of([] { twin_of(plain("layers: { roughnes: { value: 0.04 } }\n"), "."); }),
                   {"scenario.yaml:7", "layers.roughnes", "did you mean 'roughness'", "unit"}));
  const Twin twin = twin_of(plain("layers: { snow: { value: 25 cm, unit: cm } }\n"), ".");
  EXPECT_EQ(value_of(twin, "snow", 1, 1), 0.25);
  EXPECT_EQ(twin.layers.at("snow").unit, "m");
  EXPECT_TRUE(
      says(sentence_of([] { twin_of(plain("layers: { snow: { value: 25 cm, unit: furlongz } }\n"), "."); }),
           {"scenario.yaml:7", "furlongz"}));
  EXPECT_TRUE(says(sentence_of([] { twin_of(plain("layers: { roughness: { value: 4 m } }\n"), "."); }),
                   {"scenario.yaml:7", "layers.roughness.value", "4 m"}));
}

TEST(Layers, ALayerWithoutValuesIsRefused) {
  EXPECT_TRUE(
      says(sentence_of([] { twin_of(plain("layers: { roughness: { vertical_datum: local } }\n"), "."); }),
           {"says nothing", "`value`"}));
  EXPECT_TRUE(says(sentence_of([] {
                     twin_of(plain("layers: { roughness: { value: 0.1 s/m^(1/3), formula: x } }\n"), ".");
                   }),
                   {"a formula covers every cell"}));
}

TEST(Layers, CellsLeftWithoutAValueAreCounted) {
  const test::TemporaryFolder folder;
  folder.write("roads.geojson", east_half);
  const auto sentence = sentence_of([&] {
    twin_of(plain("layers: { roughness: { areas: [ { file: roads.geojson, attribute: n } ] } }\n"),
            folder.text());
  });
  EXPECT_TRUE(says(sentence, {"9 of 15 cells", "x 11.00, y 21.00", "roads.geojson"}));
  // A level may lack: there is no water outside the reservoir. A depth is zero there.
  const Twin twin = twin_of(plain("layers:\n"
                                  "  initial_level: { areas: [ { file: roads.geojson, value: 9 m } ] }\n"
                                  "  initial_depth: { areas: [ { file: roads.geojson, value: 2 m } ] }\n"),
                            folder.text());
  EXPECT_TRUE(std::isnan(value_of(twin, "initial_level", 0, 0)));
  EXPECT_EQ(value_of(twin, "initial_level", 3, 0), 9.0);
  EXPECT_EQ(value_of(twin, "initial_depth", 0, 0), 0.0);
}

TEST(Layers, AreasThatMissTheGridOrTheAttributeAreErrors) {
  const test::TemporaryFolder folder;
  std::string far = east_half;
  for (std::size_t at = far.find("[16,2"); at != std::string::npos; at = far.find("[16,2"))
    far.replace(at, 3, "[96");
  for (std::size_t at = far.find("[20,2"); at != std::string::npos; at = far.find("[20,2"))
    far.replace(at, 3, "[98");
  folder.write("far.geojson", far);
  folder.write("roads.geojson", east_half);
  const auto sentence = [&](const std::string& area) {
    return sentence_of([&] {
      twin_of(plain("layers: { roughness: { value: 0.1 s/m^(1/3), areas: [ " + area + " ] } }\n"),
              folder.text());
    });
  };
  EXPECT_TRUE(says(sentence("{ file: far.geojson, attribute: n }"),
                   {"far.geojson cover no cell", "x 10.00 to 20.00"}));
  EXPECT_TRUE(says(sentence("{ file: roads.geojson, attribute: nme }"),
                   {"no attribute 'nme'", "did you mean 'name'"}));
  EXPECT_TRUE(
      says(sentence("{ file: roads.geojson, attribute: name }"), {"feature 1", "'road', not a number"}));
  EXPECT_TRUE(says(sentence("{ file: roads.geojson }"), {"`attribute`", "`value`"}));
}

TEST(Layers, VerticalDatumsMustBeNamedAndMayNotMix) {
  EXPECT_TRUE(says(sentence_of([] {
                     twin_of(plain("layers: { initial_level: { value: 8 m, vertical_datum: BAS77 } }\n"),
                             ".");
                   }),
                   {"scenario.yaml:7", "vertical_datum", "'BAS77'", "'local'", "convert"}));
  EXPECT_TRUE(says(
      sentence_of([] { twin_of("domain: { plain: { width: 1 m, height: 1 m, spacing: 1 m } }\n", "."); }),
      {"vertical datum", "not named"}));
}

TEST(Terrain, NodataIsAnErrorUnlessItIsAWall) {
  const test::TemporaryFolder folder;
  Tiff tiff = on_the_plain();
  tiff.has_nodata = true;
  tiff.nodata = -9999.0;
  tiff.values[3] = -9999.0;
  write_tiff(folder.path("bed.tif"), tiff);
  const std::string yaml = "domain:\n  terrain: bed.tif\n  crs: local\n  vertical_datum: local\n";
  const std::string time = "time: { start: 2026-01-01T00:00:00Z, duration: 60 s }\n";
  EXPECT_TRUE(says(sentence_of([&] { twin_of(yaml + time, folder.text()); }),
                   {"scenario.yaml:2", "bed.tif", "1 of 15 cells", "row 1, column 4", "nodata: wall"}));
  std::vector<std::string> lines;
  const Twin twin = twin_of(yaml + "  nodata: wall\n" + time, folder.text(), &lines);
  EXPECT_TRUE(std::isnan(value_of(twin, "bed_elevation", 3, 2)));
  EXPECT_EQ(value_of(twin, "bed_elevation", 4, 0), 4.0);
  ASSERT_FALSE(lines.empty());
  EXPECT_TRUE(says(lines.front(), {"1 of 15 cells", "walls"}));
}

TEST(Terrain, AnExtentCropsToWholeCellsAndASpacingResamples) {
  const test::TemporaryFolder folder;
  write_tiff(folder.path("bed.tif"), on_the_plain());
  const auto yaml = [](const std::string& more) {
    return "domain: { terrain: bed.tif, crs: local, vertical_datum: local, " + more +
           " }\ntime: { start: 2026-01-01T00:00:00Z, duration: 60 s }\n";
  };
  const Twin part =
      twin_of(yaml("extent: { west: 12.3 m, south: 22 m, east: 20 m, north: 26 m }"), folder.text());
  EXPECT_EQ(part.grid.nx, 4);
  EXPECT_EQ(part.grid.ny, 2);
  EXPECT_EQ(value_of(part, "bed_elevation", 0, 0), 11.0);
  const Twin fine = twin_of(yaml("spacing: 1 m"), folder.text());
  EXPECT_EQ(fine.grid.nx, 10);
  EXPECT_NEAR(value_of(fine, "bed_elevation", 4, 3), 10.0 * 1.25 + 1.75, 1e-9);
  const Twin own = twin_of(
      yaml("spacing: 1.5 m, extent: { west: 13 m, south: 22 m, east: 19 m, north: 25 m }"), folder.text());
  EXPECT_EQ(own.grid.nx, 4);
  EXPECT_EQ(own.grid.ny, 2);
  EXPECT_TRUE(says(sentence_of([&] {
                     twin_of(yaml("extent: { west: 2 m, south: 22 m, east: 20 m, north: 26 m }"),
                             folder.text());
                   }),
                   {"beyond the terrain", "x 10.00 to 20.00"}));
  EXPECT_TRUE(says(sentence_of([&] {
                     twin_of(yaml("extent: { west: 20 m, south: 22 m, east: 12 m, north: 26 m }"),
                             folder.text());
                   }),
                   {"west 20 must lie below east 12"}));
  EXPECT_TRUE(says(sentence_of([&] { twin_of(yaml("spacing: 100 m"), folder.text()); }),
                   {"larger than the terrain"}));
}

TEST(Terrain, ASubgridIsTheSamePlaceOnFinerCells) {
  const test::TemporaryFolder folder;
  write_tiff(folder.path("bed.tif"), on_the_plain());
  const auto yaml = [](const std::string& spacing, const std::string& subgrid) {
    return "domain: { terrain: bed.tif, crs: local, vertical_datum: local, spacing: " + spacing +
           ", subgrid: " + subgrid +
           " }\ntime: { start: 2026-01-01T00:00:00Z, duration: 60 s }\n"
           "layers: { roughness: { value: 0.03 s/m^(1/3) } }\n"
           "places: [{ kind: building, id: house, points: [[12 m, 22 m], [14 m, 22 m], [14 m, 24 m], [12 m, "
           "24 m]] }]\n";
  };
  const Twin twin = twin_of(yaml("4 m", "2 m"), folder.text());
  ASSERT_NE(twin.finer, nullptr);
  EXPECT_EQ(twin.finer->grid.nx, 2 * twin.grid.nx);
  EXPECT_EQ(twin.finer->grid.spacing, 2.0);
  EXPECT_EQ(twin.finer->grid.west, twin.grid.west);
  const Twin plain = twin_of(
      "domain: { terrain: bed.tif, crs: local, vertical_datum: local }\n"
      "time: { start: 2026-01-01T00:00:00Z, duration: 60 s }\n",
      folder.text());
  EXPECT_EQ(plain.finer, nullptr);
  EXPECT_EQ(value_of(*twin.finer, "bed_elevation", 1, 1), value_of(plain, "bed_elevation", 1, 1));
  EXPECT_EQ(value_of(*twin.finer, "roughness", 1, 1), 0.03);
  EXPECT_FALSE(twin.finer->places.front().cells.empty());
  EXPECT_TRUE(says(sentence_of([&] { twin_of(yaml("4 m", "3 m"), folder.text()); }),
                   {"2 to 32 finer cells must fill"}));
  EXPECT_TRUE(says(sentence_of([&] { twin_of(yaml("4 m", "4 m"), folder.text()); }), {"2 to 32"}));
}

TEST(Terrain, AnUnknownCrsIsNamedAtItsLine) {
  const std::string yaml = "domain:\n  terrain: bed.tif\n  crs: EPSG:99999\n  vertical_datum: local\n";
  EXPECT_TRUE(
      says(sentence_of([&] { twin_of(yaml, "."); }), {"scenario.yaml:3", "'EPSG:99999'", "not a known"}));
}

TEST(Terrain, TerrainAndPlainExcludeEachOther) {
  EXPECT_TRUE(says(sentence_of([] { twin_of("domain: { vertical_datum: local }\n", "."); }),
                   {"`terrain`", "`plain`"}));
}

}  // namespace
}  // namespace dvinis
