#pragma once
/// GDAL rasters to values on a grid, and a grid from rasters.

#include <string>
#include <vector>

#include "core/grid/grid.hpp"

namespace dvinis {

/// How a raster that does not lie on the grid gives values at the cells' centres: `bilinear` for elevations
/// and other smooth things (averages where cells grow), `nearest` for classes.
enum class Resampling { bilinear, nearest };

struct RasterOptions {
  std::string crs;  ///< declared: "EPSG:32756", "local"; empty: whatever the file says
  std::string
      unit;  ///< of the values wanted; a band that names another unit is converted; empty: as they are
  Resampling resampling = Resampling::bilinear;
  int band = 0;                           ///< from 1; 0: the only band of the file
  Index maximum_cells = 4'000'000'000;    ///< a raster or grid with more is refused
  std::vector<std::string> drivers = {};  ///< GDAL drivers allowed; all if empty
};

/// Values on a grid, row by row from the south-west; NaN where no raster has a value.
struct RasterValues {
  std::vector<double> values;
  Index holes = 0;                 ///< cells without a value
  Cell first_hole;                 ///< in the order of `values`
  bool resampled = false;          ///< false: the numbers are the files' own, bit for bit
  std::vector<std::string> notes;  ///< what GDAL remarked when it opened the files
  std::vector<std::string> files;  ///< everything that was read, side files included
};

/// Bands of a raster. @throws DataError for a file that is no raster.
int band_count(const std::string& path);

/// Smallest grid that covers all files: cells are the rasters' cells.
///
/// @throws DataError unless the rasters are north-up with square cells, aligned with each other, in one
/// metric projected CRS (that of `options.crs` if declared; `local`: none).
Grid raster_grid(const std::vector<std::string>& paths, const RasterOptions& options);

/// Values of the files on `grid`; where they overlap a later file wins.
///
/// A file whose cells are the grid's cells is copied, any other is resampled (and reprojected to the grid's
/// CRS).
/// @throws DataError for a file that cannot be read to its end, a number that is not finite and not declared
/// as nodata, a CRS that does not fit the declared one.
RasterValues read_rasters(const std::vector<std::string>& paths, const Grid& grid,
                          const RasterOptions& options);

/// "73 of 133536 cells carry no value, the first at row 1, column 5 ..." for messages.
std::string describe_holes(const Grid& grid, const RasterValues& values);

}  // namespace dvinis
