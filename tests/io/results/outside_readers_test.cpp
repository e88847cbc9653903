/// What other programs make of a results file: ncdump, GDAL, xarray of the system's Python.

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <regex>
#include <sstream>

#include "io/results/results_sink.hpp"
#include "tests/io/small_run.hpp"

namespace dvinis {
namespace {

using test::output_of;
using test::ScratchFolder;
using test::SmallRun;

constexpr int steps = 5;

class OutsideReaders : public testing::Test {
 protected:
  OutsideReaders() {
    write(SmallRun(37, 23), file_);
    write(SmallRun(37, 23, false), local_file_);
  }

  static void write(const SmallRun& run, const std::string& path) {
    const auto sink = make_results_sink(path);
    State state = run.initial_state();
    sink->begin(run.twin, run.schema, state, run.plan);
    state = test::write_steps(run, *sink, std::move(state), 0, steps - 1);
    RunSummary summary;
    summary.completed = true;
    sink->finish(state, summary);
  }

  /// Runs a Python program with the system's interpreter; `file` is the path of the results.
  std::string python(const std::string& program) const {
    std::ofstream(folder_.file("check.py")) << "file = '" << file_ << "'\n" << program;
    return output_of("/usr/bin/python3 " + folder_.file("check.py"));
  }

  ScratchFolder folder_;
  std::string file_ = folder_.file("run.nc");
  std::string local_file_ = folder_.file("local.nc");
};

std::string source_folder() {
  const char* folder = std::getenv("DVINIS_SOURCE_DIR");
  return folder != nullptr ? folder : ".";
}

/// Takes out what differs from run to run and from PROJ to PROJ.
std::string settled(std::string header) {
  header = std::regex_replace(
      header, std::regex(R"((:history|:run_uuid|crs:crs_wkt|crs:spatial_ref) = ".*" ;)"), "$1 = ... ;");
  return header;
}

TEST_F(OutsideReaders, ncdump_shows_the_golden_header) {
  const std::string golden_path = source_folder() + "/tests/io/results/golden_header.txt";
  std::ifstream golden_file(golden_path);
  std::stringstream golden;
  golden << golden_file.rdbuf();

  EXPECT_EQ(settled(output_of("ncdump -h " + file_)), golden.str())
      << "if the layout changed on purpose: " << golden_path;
}

TEST_F(OutsideReaders, ncdump_shows_local_coordinates_without_a_grid_mapping) {
  const std::string header = output_of("ncdump -h " + local_file_);

  EXPECT_EQ(header.find("grid_mapping"), std::string::npos);
  EXPECT_EQ(header.find("crs"), std::string::npos);
  EXPECT_EQ(header.find("projection_x_coordinate"), std::string::npos);
  EXPECT_NE(header.find("x of cell centres in local coordinates"), std::string::npos);
}

TEST_F(OutsideReaders, ncdump_reads_every_value_of_every_group) {
  const std::string text = output_of("ncdump " + file_);

  EXPECT_NE(text.find(R"("Tilti\305\206\305\241, lower")"), std::string::npos);
  EXPECT_NE(text.find("series_time = 0, 60, 120, 180, 240"), std::string::npos);
  EXPECT_NE(text.find("column_width = 12.5"), std::string::npos);
}

TEST_F(OutsideReaders, gdal_knows_the_crs_the_place_and_the_steps) {
  const std::string text = output_of("gdalinfo NETCDF:" + file_ + ":water_depth");

  EXPECT_NE(text.find("ID[\"EPSG\",32756]"), std::string::npos);
  EXPECT_NE(text.find("Origin = (382250.000000000000000,6354311.000000000000000)"), std::string::npos);
  EXPECT_NE(text.find("Pixel Size = (2.000000000000000,-2.000000000000000)"), std::string::npos);
  EXPECT_NE(text.find("Band 5 "), std::string::npos);
  EXPECT_EQ(text.find("Band 6 "), std::string::npos);
  EXPECT_NE(text.find("NETCDF_DIM_time=240"), std::string::npos);
  EXPECT_NE(text.find("NoData Value=nan"), std::string::npos);
}

TEST_F(OutsideReaders, gdal_finds_unequal_values_where_they_are) {
  const auto value_at = [this](double x, double y, int band) {
    std::ostringstream command;
    command.precision(12);
    command << "gdallocationinfo -valonly -geoloc -b " << band << " NETCDF:" << file_ << ":water_depth " << x
            << " " << y;
    return std::stod(output_of(command.str()));
  };

  EXPECT_EQ(value_at(382261, 6354272, 1), SmallRun::depth(5, 3, 0));
  EXPECT_EQ(value_at(382323, 6354310, 3), SmallRun::depth(36, 22, 2));
  EXPECT_NE(SmallRun::depth(5, 3, 0), SmallRun::depth(5, 23 - 1 - 3, 0)) << "else a flip would not show";
}

TEST_F(OutsideReaders, xarray_decodes_times_units_tables_and_holes) {
  const std::string said = python(R"(
import numpy, xarray
results = xarray.open_dataset(file)
depth = results.water_depth
assert depth.dims == ('time', 'y', 'x') and depth.shape == (5, 23, 37), depth
assert depth.dtype == numpy.float32 and depth.attrs['units'] == 'm'
assert str(results.time.values[4])[:19] == '2007-06-08T04:04:00', results.time
assert numpy.isnan(depth.values[:, 0, 0]).all() and not numpy.isnan(depth.values[:, 1:, :]).any()
assert float(depth.sel(x=382261, y=6354272).isel(time=0)) == (5 * 7 + 3 * 13) % 32 / 16
assert (numpy.diff(results.y) > 0).all() and (numpy.diff(results.x) > 0).all()
level = results.gauges_water_level
assert level.dims == ('series_time', 'gauges') and level.values[3, 2] == 3.75, level
assert [name.decode() for name in results.gauges_id.values] == ['g1', 'g2', 'g3'], results.gauges_id
assert float(results.buildings_first_wet[0]) == 97.5
assert results.attrs['complete'] == 'yes'
meta = xarray.open_dataset(file, group='meta')
assert str(meta.scenario.values) == 'scenario: small\n', meta.scenario
print('good')
)");

  EXPECT_EQ(said, "good\n");
}

TEST_F(OutsideReaders, h5py_finds_standard_filters_and_dimension_scales) {
  const std::string said = python(R"(
import h5py
with h5py.File(file, 'r') as results:
    depth = results['water_depth']
    assert depth.chunks == (1, 23, 37) and depth.shuffle and depth.compression == 'gzip'
    assert depth.compression_opts == 1 and depth.maxshape == (None, 23, 37)
    assert [list(d.keys()) for d in depth.dims] == [['time'], ['y'], ['x']], depth.dims
    for name in ('units', 'long_name', 'grid_mapping'):
        assert not h5py.check_string_dtype(depth.attrs.get_id(name).dtype).length is None
print('good')
)");

  EXPECT_EQ(said, "good\n");
}

TEST_F(OutsideReaders, a_live_file_is_read_while_it_is_written) {
  const SmallRun run(37, 23);
  const std::string path = folder_.file("live.nc");
  const auto sink = make_results_sink(path);
  State state = run.initial_state();
  sink->begin(run.twin, run.schema, state, run.plan);
  state = test::write_steps(run, *sink, std::move(state), 0, 2);

  EXPECT_NE(output_of("ncdump -h " + path).find("time = UNLIMITED ; // (3 currently)"), std::string::npos);
  EXPECT_NE(output_of("gdalinfo NETCDF:" + path + ":water_depth").find("Band 3 "), std::string::npos);
}

}  // namespace
}  // namespace dvinis
