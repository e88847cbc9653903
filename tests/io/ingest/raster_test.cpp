#include "io/ingest/raster.hpp"

#include <cmath>
#include <filesystem>
#include <limits>

#include "core/base/error.hpp"
#include "io/ingest/crs.hpp"
#include "tests/io/ingest/ingest_support.hpp"

namespace dvinis {
namespace {

using test::says;
using test::sentence_of;
using test::Tiff;
using test::write_tiff;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// 5 x 3 cells of 2 m, every value different, in UTM 34N.
Tiff small_tiff() {
  Tiff tiff;
  tiff.columns = 5;
  tiff.rows = 3;
  for (int k = 0; k < 15; ++k) tiff.values.push_back(100.0 + 0.1 * k);
  tiff.west = 500000.0;
  tiff.north = 6300006.0;
  tiff.dx = 2.0;
  tiff.dy = -2.0;
  tiff.crs = "EPSG:32634";
  return tiff;
}

double value_at(const RasterValues& read, const Grid& grid, Index i, Index j) {
  return read.values[static_cast<std::size_t>(j * grid.nx + i)];
}

TEST(Raster, GridAndNumbersAreTheFilesOwnWithRowZeroInTheSouth) {
  const test::TemporaryFolder folder;
  const Tiff tiff = small_tiff();
  const std::string path = write_tiff(folder.path("a.tif"), tiff);
  const Grid grid = raster_grid({path}, {});
  EXPECT_EQ(grid.nx, 5);
  EXPECT_EQ(grid.ny, 3);
  EXPECT_EQ(grid.spacing, 2.0);
  EXPECT_EQ(grid.west, 500000.0);
  EXPECT_EQ(grid.south, 6300000.0);
  EXPECT_TRUE(is_same_crs(grid.crs_wkt, crs_from_text("EPSG:32634")));
  const RasterValues read = read_rasters({path}, grid, {});
  EXPECT_FALSE(read.resampled);
  EXPECT_EQ(read.holes, 0);
  ASSERT_EQ(read.values.size(), 15u);
  for (Index j = 0; j < 3; ++j) {
    for (Index i = 0; i < 5; ++i) {
      EXPECT_EQ(value_at(read, grid, i, j), tiff.values[static_cast<std::size_t>((2 - j) * 5 + i)]);
    }
  }
}

TEST(Raster, APartOfTheGridTakesThePartOfTheFileBitForBit) {
  const test::TemporaryFolder folder;
  const std::string path = write_tiff(folder.path("a.tif"), small_tiff());
  Grid part = raster_grid({path}, {});
  part.west += 2.0;
  part.south += 2.0;
  part.nx = 3;
  part.ny = 2;
  const RasterValues read = read_rasters({path}, part, {});
  EXPECT_FALSE(read.resampled);
  EXPECT_EQ(value_at(read, part, 0, 0), 100.0 + 0.1 * 6);
  EXPECT_EQ(value_at(read, part, 2, 1), 100.0 + 0.1 * 3);
}

TEST(Raster, AMosaicSpansAllFilesAndTheLaterOneWins) {
  const test::TemporaryFolder folder;
  Tiff east = small_tiff();
  east.west += 8.0;  // one column of overlap
  east.north += 2.0;
  for (double& value : east.values) value += 50.0;
  const std::vector<std::string> paths{write_tiff(folder.path("west.tif"), small_tiff()),
                                       write_tiff(folder.path("east.tif"), east)};
  const Grid grid = raster_grid(paths, {});
  EXPECT_EQ(grid.nx, 9);
  EXPECT_EQ(grid.ny, 4);
  const RasterValues read = read_rasters(paths, grid, {});
  EXPECT_EQ(value_at(read, grid, 4, 1), 150.0 + 0.1 * 10);  // in both: the later file's south-west cell
  EXPECT_EQ(value_at(read, grid, 3, 0), 100.0 + 0.1 * 13);
  EXPECT_EQ(read.holes, 4 + 4);
  EXPECT_EQ(read.first_hole, (Cell{5, 0}));
  EXPECT_TRUE(says(describe_holes(grid, read), {"8 of 36 cells", "row 4, column 6"}));
}

TEST(Raster, FilesOfDifferentAlignmentAreRefused) {
  const test::TemporaryFolder folder;
  Tiff shifted = small_tiff();
  shifted.west += 0.7;
  const std::vector<std::string> paths{write_tiff(folder.path("a.tif"), small_tiff()),
                                       write_tiff(folder.path("b.tif"), shifted)};
  EXPECT_TRUE(says(sentence_of([&] { raster_grid(paths, {}); }), {"b.tif", "a.tif", "extent", "spacing"}));
}

TEST(Raster, ResamplingIsBilinearForSlopesAndNearestForClasses) {
  const test::TemporaryFolder folder;
  Tiff plane = small_tiff();
  plane.columns = 9;
  plane.rows = 7;
  plane.values.clear();
  for (int row = 0; row < 7; ++row) {
    for (int column = 0; column < 9; ++column) plane.values.push_back(3.0 * column + 10.0 * (6 - row));
  }
  plane.north = 6300014.0;
  const std::string path = write_tiff(folder.path("plane.tif"), plane);
  Grid fine = raster_grid({path}, {});
  fine.spacing = 1.0;
  fine.west += 4.0;
  fine.south += 4.0;
  fine.nx = 7;
  fine.ny = 5;
  const RasterValues smooth = read_rasters({path}, fine, {});
  EXPECT_TRUE(smooth.resampled);
  for (Index j = 0; j < fine.ny; ++j) {
    for (Index i = 0; i < fine.nx; ++i) {
      const double column = (fine.x_centre(i) - 500001.0) / 2.0;
      const double row = (fine.y_centre(j) - 6300001.0) / 2.0;
      EXPECT_NEAR(value_at(smooth, fine, i, j), 3.0 * column + 10.0 * row, 1e-9);
    }
  }
  RasterOptions nearest;
  nearest.resampling = Resampling::nearest;
  const RasterValues classes = read_rasters({path}, fine, nearest);
  EXPECT_EQ(value_at(classes, fine, 0, 0), 3.0 * 2 + 10.0 * 2);
  EXPECT_EQ(value_at(classes, fine, 3, 1), 3.0 * 3 + 10.0 * 2);
}

TEST(Raster, ARasterInDegreesIsReprojectedToTheGrid) {
  const test::TemporaryFolder folder;
  // Value = latitude: on the grid every cell must carry its own latitude.
  Tiff degrees;
  degrees.columns = 80;
  degrees.rows = 60;
  degrees.west = 24.0;
  degrees.north = 57.0;
  degrees.dx = 0.001;
  degrees.dy = -0.001;
  degrees.crs = "EPSG:4326";
  for (int row = 0; row < 60; ++row) {
    for (int column = 0; column < 80; ++column) degrees.values.push_back(57.0 - 0.001 * (row + 0.5));
  }
  const std::string path = write_tiff(folder.path("degrees.tif"), degrees);
  const std::string sentence = sentence_of([&] { raster_grid({path}, {}); });
  EXPECT_TRUE(says(sentence, {"degrees.tif", "geographic", "EPSG:32635", "extent"}));
  const CrsTransform to_utm(crs_from_text("EPSG:4326"), crs_from_text("EPSG:32634"), "test");
  const Point middle = to_utm({24.04, 56.97});
  Grid grid;
  grid.nx = 13;
  grid.ny = 9;
  grid.spacing = 100.0;
  grid.west = middle.x - 650.0;
  grid.south = middle.y - 450.0;
  grid.crs_wkt = crs_from_text("EPSG:32634");
  const RasterValues read = read_rasters({path}, grid, {});
  EXPECT_TRUE(read.resampled);
  EXPECT_EQ(read.holes, 0);
  const CrsTransform back(grid.crs_wkt, crs_from_text("EPSG:4326"), "test");
  for (Index j = 0; j < grid.ny; ++j) {
    for (Index i = 0; i < grid.nx; ++i) {
      EXPECT_NEAR(value_at(read, grid, i, j), back(grid.centre({i, j})).y, 2e-6);
    }
  }
}

TEST(Raster, DeclaredNodataAreHoles) {
  const test::TemporaryFolder folder;
  Tiff tiff = small_tiff();
  tiff.has_nodata = true;
  tiff.nodata = -9999.0;
  tiff.values[14] = -9999.0;
  const std::string path = write_tiff(folder.path("a.tif"), tiff);
  const Grid grid = raster_grid({path}, {});
  const RasterValues read = read_rasters({path}, grid, {});
  EXPECT_EQ(read.holes, 1);
  EXPECT_EQ(read.first_hole, (Cell{4, 0}));
  tiff.nodata = nan;
  tiff.values[14] = nan;
  write_tiff(path, tiff);
  EXPECT_EQ(read_rasters({path}, grid, {}).holes, 1);
}

TEST(Raster, UndeclaredNumbersThatAreNotFiniteNameTheirCell) {
  const test::TemporaryFolder folder;
  for (const double bad : {nan, std::numeric_limits<double>::infinity()}) {
    Tiff tiff = small_tiff();
    tiff.values[7] = bad;
    const std::string path = write_tiff(folder.path("bad.tif"), tiff);
    EXPECT_TRUE(says(sentence_of([&] { read_rasters({path}, raster_grid({path}, {}), {}); }),
                     {"bad.tif", "row 2, column 3", "nodata"}));
  }
}

TEST(Raster, UnitsOfTheBandAreConverted) {
  const test::TemporaryFolder folder;
  Tiff tiff = small_tiff();
  tiff.unit = "ft";
  const std::string path = write_tiff(folder.path("feet.tif"), tiff);
  RasterOptions metres;
  metres.unit = "m";
  const Grid grid = raster_grid({path}, metres);
  EXPECT_NEAR(value_at(read_rasters({path}, grid, metres), grid, 0, 2), 30.48, 1e-12);
  RasterOptions seconds;
  seconds.unit = "s";
  EXPECT_TRUE(says(sentence_of([&] { raster_grid({path}, seconds); }), {"feet.tif", "'ft'"}));
}

TEST(Raster, CoordinateSystemsMustBeNamedAndFit) {
  const test::TemporaryFolder folder;
  const std::string utm = write_tiff(folder.path("utm.tif"), small_tiff());
  Tiff bare = small_tiff();
  bare.crs.clear();
  const std::string none = write_tiff(folder.path("none.tif"), bare);
  const auto sentence = [&](const std::string& path, const std::string& crs) {
    RasterOptions options;
    options.crs = crs;
    return sentence_of([&] { raster_grid({path}, options); });
  };
  EXPECT_EQ(sentence(utm, "EPSG:32634"), "");
  EXPECT_EQ(sentence(none, "local"), "");
  EXPECT_TRUE(says(sentence(utm, "EPSG:3059"), {"utm.tif", "EPSG:32634", "EPSG:3059", "reprojected"}));
  EXPECT_TRUE(says(sentence(none, "EPSG:3059"),
                   {"none.tif", "names no coordinate", "gdal_edit.py -a_srs EPSG:3059", "crs: local"}));
  EXPECT_TRUE(says(sentence(none, ""), {"none.tif", "crs: local"}));
  EXPECT_TRUE(says(sentence(utm, "local"), {"utm.tif", "EPSG:32634", "crs: local"}));
  EXPECT_TRUE(says(sentence(utm, "EPSG:99999"), {"'EPSG:99999'", "not a known"}));
  EXPECT_TRUE(says(sentence(utm, "utm34"), {"'utm34'", "not a known"}));
  Tiff feet = small_tiff();
  feet.crs = "EPSG:2263";  // New York, US survey feet
  EXPECT_TRUE(says(sentence(write_tiff(folder.path("ny.tif"), feet), ""),
                   {"ny.tif", "not a projected system in metres"}));
}

TEST(Raster, OnlySquareNorthUpCellsMakeAGrid) {
  const test::TemporaryFolder folder;
  Tiff oblong = small_tiff();
  oblong.dy = -3.0;
  EXPECT_TRUE(says(sentence_of([&] { raster_grid({write_tiff(folder.path("oblong.tif"), oblong)}, {}); }),
                   {"oblong.tif", "2 by 3", "not square"}));
  Tiff rotated = small_tiff();
  rotated.rotation = 0.3;
  EXPECT_TRUE(says(sentence_of([&] { raster_grid({write_tiff(folder.path("turned.tif"), rotated)}, {}); }),
                   {"turned.tif", "north-up"}));
  Tiff flipped = small_tiff();
  flipped.dy = 2.0;
  EXPECT_TRUE(says(sentence_of([&] { raster_grid({write_tiff(folder.path("flipped.tif"), flipped)}, {}); }),
                   {"flipped.tif", "north-up"}));
}

TEST(Raster, SeveralBandsNeedAChoice) {
  const test::TemporaryFolder folder;
  Tiff tiff = small_tiff();
  tiff.bands = 3;
  const std::string path = write_tiff(folder.path("rgb.tif"), tiff);
  EXPECT_TRUE(says(sentence_of([&] { raster_grid({path}, {}); }), {"3 bands", "band: 1"}));
  RasterOptions options;
  options.band = 2;
  EXPECT_EQ(raster_grid({path}, options).nx, 5);
  options.band = 4;
  EXPECT_TRUE(says(sentence_of([&] { raster_grid({path}, options); }), {"no band 4"}));
}

TEST(Raster, MissingEmptyForeignAndTruncatedFilesAreNamed) {
  const test::TemporaryFolder folder;
  const auto sentence = [&](const std::string& path) {
    return sentence_of([&] { read_rasters({path}, raster_grid({path}, {}), {}); });
  };
  EXPECT_TRUE(says(sentence(folder.path("none.tif")), {"none.tif", "no such file"}));
  EXPECT_TRUE(says(sentence(folder.write("zero.tif", "")), {"zero.tif", "0 bytes"}));
  EXPECT_TRUE(says(sentence(folder.write("text.tif", "I am no raster\n")),
                   {"text.tif", "damaged, truncated or of an unknown"}));
  Tiff big = small_tiff();
  big.columns = 300;
  big.rows = 200;
  big.values.assign(60000, 1.25);
  const std::string whole = write_tiff(folder.path("whole.tif"), big);
  const auto size = std::filesystem::file_size(whole);
  for (const double share : {0.9, 0.5, 0.1, 0.001}) {
    std::filesystem::resize_file(whole, static_cast<std::uintmax_t>(share * static_cast<double>(size)));
    EXPECT_TRUE(says(sentence(whole), {"whole.tif", "truncated"})) << share;
  }
}

TEST(Raster, AGeoreferenceOutOfAllProportionIsRefused) {
  const test::TemporaryFolder folder;
  const std::string path = write_tiff(folder.path("a.tif"), small_tiff());
  const Grid grid = raster_grid({path}, {});
  Tiff sliver = small_tiff();
  sliver.dx = 1e-5;
  const std::string thin = write_tiff(folder.path("sliver.tif"), sliver);
  EXPECT_TRUE(
      says(sentence_of([&] { read_rasters({thin}, grid, {}); }), {"sliver.tif", "georeference right"}));
  Tiff endless = small_tiff();
  endless.dy = -1e-300;
  const std::string flat = write_tiff(folder.path("endless.tif"), endless);
  EXPECT_TRUE(says(sentence_of([&] { read_rasters({flat}, grid, {}); }), {"endless.tif", "georeference"}));
}

TEST(Raster, TooManyCellsAreRefusedBeforeAnyMemoryIsTaken) {
  const test::TemporaryFolder folder;
  const std::string path = write_tiff(folder.path("a.tif"), small_tiff());
  RasterOptions options;
  options.maximum_cells = 14;
  EXPECT_TRUE(says(sentence_of([&] { raster_grid({path}, options); }), {"5 x 3", "14"}));
}

}  // namespace
}  // namespace dvinis
