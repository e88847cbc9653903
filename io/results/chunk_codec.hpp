#pragma once
/// A step of a field as HDF5 chunks that we shuffle and deflate ourselves, on all threads: HDF5's own filters
/// run on one. Any reader undoes it with the standard filters.

#include <cstddef>
#include <vector>

#include "core/grid/field.hpp"
#include "core/grid/tiles.hpp"

namespace dvinis {

/// Rows and columns of a chunk: at most 512 each, the grid cut as evenly as it goes.
struct ChunkShape {
  Index rows = 0;
  Index columns = 0;
};
ChunkShape chunk_shape(Index nx, Index ny);

/// Cells of each chunk, row of chunks by row of chunks from the south-west.
std::vector<Tile> chunk_tiles(Index nx, Index ny);

/// Single-precision values of one chunk of a field, datum added in double, row by row; what lies beyond the
/// grid is NaN.
std::vector<float> chunk_values(const Tile& tile, ChunkShape shape, const Field& field);

/// The same bytes as HDF5's filters "shuffle" (4 bytes) and "deflate" (zlib stream, level 1) make readable.
/// Empty if memory ran out.
std::vector<std::byte> shuffled_and_deflated(const std::vector<float>& values);

}  // namespace dvinis
