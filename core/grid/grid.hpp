#pragma once
/// The raster of the domain: square cells, x eastward, y northward, row 0 in the south.

#include <cmath>
#include <optional>
#include <string>

#include "core/grid/view.hpp"

namespace dvinis {

/// A place in the grid's coordinates [m].
struct Point {
  double x = 0.0;
  double y = 0.0;
};

/// A cell by column i (from the west) and row j (from the south).
struct Cell {
  Index i = 0;
  Index j = 0;
  bool operator==(const Cell&) const = default;
};

struct Grid {
  Index nx = 0;
  Index ny = 0;
  double spacing = 1.0;  ///< edge length of a cell [m]
  double west = 0.0;     ///< x of the western edge of cell (0, 0) [m]
  double south = 0.0;    ///< y of the southern edge of cell (0, 0) [m]
  std::string crs_wkt;   ///< WKT1 of the projected CRS; empty for local coordinates

  Index cells() const { return nx * ny; }
  double cell_area() const { return spacing * spacing; }
  double east() const { return west + static_cast<double>(nx) * spacing; }
  double north() const { return south + static_cast<double>(ny) * spacing; }
  double x_centre(Index i) const { return west + (static_cast<double>(i) + 0.5) * spacing; }
  double y_centre(Index j) const { return south + (static_cast<double>(j) + 0.5) * spacing; }
  Point centre(Cell cell) const { return {x_centre(cell.i), y_centre(cell.j)}; }
  bool holds(Cell cell) const { return cell.i >= 0 && cell.i < nx && cell.j >= 0 && cell.j < ny; }

  /// Cell that contains `point`, none outside the grid. A point on an inner edge belongs to the cell
  /// north-east of it.
  std::optional<Cell> cell_at(Point point) const {
    const Cell cell{static_cast<Index>(std::floor((point.x - west) / spacing)),
                    static_cast<Index>(std::floor((point.y - south) / spacing))};
    if (!holds(cell)) return std::nullopt;
    return cell;
  }
};

}  // namespace dvinis
