#pragma once
/// Resampling of a raster that does not lie on the grid, reprojected where the systems differ.

#include <vector>

#include "io/ingest/raster_source.hpp"

namespace dvinis {

/// Puts the source's values at the grid's cells (row by row from the south-west); cells without a value leave
/// what is there. Only the part of the file that the grid can need is read.
/// @throws DataError for a file that cannot be read or a georeference out of all proportion to the grid.
void warp_raster(const RasterSource& source, const Grid& grid, Resampling resampling,
                 std::vector<double>& values);

}  // namespace dvinis
