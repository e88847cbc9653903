#pragma once
/// Plane geometry on the grid: which cells a polygon, a line or a circle covers.

#include <vector>

#include "core/grid/grid.hpp"

namespace dvinis {

/// Rings need not be closed; the last point is joined to the first.
struct Polygon {
  std::vector<Point> outer;
  std::vector<std::vector<Point>> holes;
};

/// True if `point` lies inside by the even-odd rule over all rings.
///
/// A point on an edge belongs to the polygon east of it, one on a horizontal edge to the polygon north of it,
/// so that polygons sharing an edge never share a point nor lose one.
bool is_inside(const Polygon& polygon, Point point);

/// Cells whose centre lies inside (`is_inside`), row by row from the south-west. Parts outside the grid are
/// cut. Cost: rows touched times corners.
std::vector<Cell> cells_in_polygon(const Grid& grid, const Polygon& polygon);

/// Cells whose centre lies within `radius` [m] of `centre`, rim included, row by row from the south-west.
std::vector<Cell> cells_in_circle(const Grid& grid, Point centre, double radius);

/// Cells that a polyline passes through, each once, in the order along the line. Where the line runs along an
/// inner edge the cell north-east of it counts (as in Grid::cell_at). Parts outside the grid are cut.
std::vector<Cell> cells_on_line(const Grid& grid, const std::vector<Point>& line);

/// Area enclosed by a ring, positive if it turns anticlockwise [m2].
double signed_area(const std::vector<Point>& ring);

/// Centroid of a ring's area; the mean of its corners if the area is zero.
Point centroid(const std::vector<Point>& ring);

/// Sorts row by row from the south-west and drops repeats.
void sort_cells(std::vector<Cell>& cells);

}  // namespace dvinis
