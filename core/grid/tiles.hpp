#pragma once
/// Tiles: the unit of work. A tile is a window on whole-domain arrays, active or asleep as a whole.

#include <algorithm>

#include "core/grid/view.hpp"

namespace dvinis {

/// Window of cells i0 <= i < i1, j0 <= j < j1.
struct Tile {
  Index i0 = 0;
  Index i1 = 0;
  Index j0 = 0;
  Index j1 = 0;
};

/// Regular cover of an nx x ny array by tiles, numbered row by row from the south-west.
struct Tiling {
  static constexpr Index width = 64;
  static constexpr Index height = 16;

  Index nx = 0;
  Index ny = 0;

  Index columns() const { return (nx + width - 1) / width; }
  Index rows() const { return (ny + height - 1) / height; }
  Index count() const { return columns() * rows(); }
  Tile tile(Index index) const {
    const Index i0 = index % columns() * width;
    const Index j0 = index / columns() * height;
    return {i0, std::min(i0 + width, nx), j0, std::min(j0 + height, ny)};
  }
  Index index_of(Index i, Index j) const { return j / height * columns() + i / width; }
};

}  // namespace dvinis
