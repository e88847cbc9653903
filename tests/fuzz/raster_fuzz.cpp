/// Fuzz target: GeoTIFF to grid and values, from memory. Anything may be refused with a sentence, nothing may
/// crash or take memory without bound.

#include <cpl_conv.h>
#include <cpl_vsi.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/base/error.hpp"
#include "io/ingest/raster.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t count) {
  static const bool is_set_up = [] {
    CPLSetConfigOption("GDAL_CACHEMAX", "16");
    CPLSetConfigOption("GDAL_DISABLE_READDIR_ON_OPEN", "EMPTY_DIR");
    return true;
  }();
  static_cast<void>(is_set_up);

  const std::string path = "/vsimem/fuzz.tif";
  std::vector<std::uint8_t> copy(bytes, bytes + count);
  VSIFCloseL(VSIFileFromMemBuffer(path.c_str(), copy.data(), copy.size(), FALSE));
  dvinis::RasterOptions options;
  options.unit = "m";
  options.maximum_cells = 100'000;
  options.drivers = {"GTiff"};
  try {
    const dvinis::Grid grid = dvinis::raster_grid({path}, options);
    const dvinis::RasterValues read = dvinis::read_rasters({path}, grid, options);
    static_cast<void>(dvinis::describe_holes(grid, read));
  } catch (const dvinis::DataError&) {
    // A sentence for the user: the wanted outcome of a bad file.
  }
  options.crs = "local";
  try {
    dvinis::Grid small;
    small.nx = 7;
    small.ny = 5;
    small.spacing = 3.0;
    static_cast<void>(dvinis::read_rasters({path}, small, options));
  } catch (const dvinis::DataError&) {
  }
  VSIUnlink(path.c_str());
  return 0;
}
