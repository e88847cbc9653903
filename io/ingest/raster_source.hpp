#pragma once
/// One raster file, opened: where it lies, and its numbers window by window.

#include <array>
#include <string>
#include <vector>

#include "io/ingest/dataset.hpp"
#include "io/ingest/raster.hpp"

namespace dvinis {

/// Columns [column, column + columns) and rows [row, row + rows) of a source.
struct RasterWindow {
  Index column = 0;
  Index row = 0;
  Index columns = 0;
  Index rows = 0;
};

/// An open raster with its place on the ground. Rows count from the north, as in the file.
struct RasterSource {
  /// @throws DataError for a file that is no raster, has no georeference, or too many cells or bands.
  RasterSource(const std::string& path, const RasterOptions& options);

  Dataset dataset;
  void* band = nullptr;  ///< GDALRasterBandH
  Index columns = 0;
  Index rows = 0;
  std::array<double, 6> transform{};
  std::string wkt;      ///< empty if the file names none
  double factor = 1.0;  ///< value = factor * stored + offset
  double offset = 0.0;

  double west() const { return transform[0]; }
  double north() const { return transform[3]; }
  double spacing() const { return transform[1]; }
  double south() const { return transform[3] + static_cast<double>(rows) * transform[5]; }
  double east() const { return transform[0] + static_cast<double>(columns) * transform[1]; }
  const std::string& path() const { return dataset.path(); }

  /// Values of a window, north row first, NaN for nodata; scale, offset and unit applied.
  /// @throws DataError where the file ends early or holds a number that is not finite.
  std::vector<double> read(const RasterWindow& window) const;
};

}  // namespace dvinis
