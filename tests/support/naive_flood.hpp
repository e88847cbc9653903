#pragma once
/// The flood step written to be read: whole grid, no tiles, no row buffers, every face on its own. The oracle
/// that the tiled kernels must equal bit for bit.

#include <vector>

#include "core/grid/view.hpp"

namespace dvinis::test {

struct NaiveFlood {
  Index nx = 0;
  Index ny = 0;
  double spacing = 1.0;
  double film = 1e-6;
  double roughness = 0.0;
  std::vector<double> bed, depth, discharge_x, discharge_y;  ///< row by row, nx * ny
  std::vector<unsigned char> blocked;                        ///< 1 where no water may be

  /// One step inside closed walls. Returns the largest wave speed afterwards.
  double step(double dt);
};

}  // namespace dvinis::test
