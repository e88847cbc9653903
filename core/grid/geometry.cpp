#include "core/grid/geometry.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace dvinis {

namespace {

/// x where the horizontal line through y crosses the edge a-b; the lower end belongs to the edge, the upper
/// not.
std::optional<double> crossing(Point a, Point b, double y) {
  if ((a.y <= y) == (b.y <= y)) return std::nullopt;
  // From the lower end always, so that two polygons sharing an edge compute the same number.
  const Point& low = a.y <= b.y ? a : b;
  const Point& high = a.y <= b.y ? b : a;
  return low.x + (y - low.y) / (high.y - low.y) * (high.x - low.x);
}

void add_crossings(const std::vector<Point>& ring, double y, std::vector<double>& found) {
  for (std::size_t k = 0; k < ring.size(); ++k) {
    const auto x = crossing(ring[k], ring[(k + 1) % ring.size()], y);
    if (x) found.push_back(*x);
  }
}

std::vector<double> crossings(const Polygon& polygon, double y) {
  std::vector<double> found;
  add_crossings(polygon.outer, y, found);
  for (const auto& hole : polygon.holes) add_crossings(hole, y, found);
  std::sort(found.begin(), found.end());
  return found;
}

/// Index of the first cell centre >= coordinate, clamped to [0, count].
Index first_centre_from(double coordinate, double origin, double spacing, Index count) {
  const double position = std::ceil((coordinate - origin) / spacing - 0.5);
  if (!(position > 0.0)) return 0;
  if (position >= static_cast<double>(count)) return count;
  Index index = static_cast<Index>(position);
  // The division may round across a centre: settle it with the centres themselves.
  const auto centre = [&](Index k) { return origin + (static_cast<double>(k) + 0.5) * spacing; };
  while (index > 0 && centre(index - 1) >= coordinate) --index;
  while (index < count && centre(index) < coordinate) ++index;
  return index;
}

}  // namespace

bool is_inside(const Polygon& polygon, Point point) {
  const std::vector<double> found = crossings(polygon, point.y);
  return std::count_if(found.begin(), found.end(), [&](double x) { return x <= point.x; }) % 2 == 1;
}

std::vector<Cell> cells_in_polygon(const Grid& grid, const Polygon& polygon) {
  double low = std::numeric_limits<double>::infinity();
  double high = -low;
  for (const Point& corner : polygon.outer) {
    low = std::min(low, corner.y);
    high = std::max(high, corner.y);
  }
  std::vector<Cell> cells;
  const Index end = first_centre_from(high, grid.south, grid.spacing, grid.ny);
  for (Index j = first_centre_from(low, grid.south, grid.spacing, grid.ny); j < end; ++j) {
    const std::vector<double> found = crossings(polygon, grid.y_centre(j));
    for (std::size_t k = 0; k + 1 < found.size(); k += 2) {
      const Index stop = first_centre_from(found[k + 1], grid.west, grid.spacing, grid.nx);
      for (Index i = first_centre_from(found[k], grid.west, grid.spacing, grid.nx); i < stop; ++i) {
        cells.push_back({i, j});
      }
    }
  }
  return cells;
}

std::vector<Cell> cells_in_circle(const Grid& grid, Point centre, double radius) {
  std::vector<Cell> cells;
  // One cell of slack each way; the distance decides.
  const Index j0 = first_centre_from(centre.y - radius - grid.spacing, grid.south, grid.spacing, grid.ny);
  const Index j1 = first_centre_from(centre.y + radius + grid.spacing, grid.south, grid.spacing, grid.ny);
  const Index i0 = first_centre_from(centre.x - radius - grid.spacing, grid.west, grid.spacing, grid.nx);
  const Index i1 = first_centre_from(centre.x + radius + grid.spacing, grid.west, grid.spacing, grid.nx);
  for (Index j = j0; j < j1; ++j) {
    for (Index i = i0; i < i1; ++i) {
      const double dx = grid.x_centre(i) - centre.x;
      const double dy = grid.y_centre(j) - centre.y;
      if (dx * dx + dy * dy <= radius * radius) cells.push_back({i, j});
    }
  }
  return cells;
}

std::vector<Cell> cells_on_line(const Grid& grid, const std::vector<Point>& line) {
  std::vector<Cell> cells;
  const auto visit = [&](Point point) {
    const auto cell = grid.cell_at(point);
    if (cell && std::find(cells.begin(), cells.end(), *cell) == cells.end()) cells.push_back(*cell);
  };
  if (line.size() == 1) visit(line.front());
  for (std::size_t k = 0; k + 1 < line.size(); ++k) {
    const Point a = line[k];
    const Point b = line[k + 1];
    // Parameters where the segment meets a grid line, inside the grid only; between two of them lies one
    // cell.
    std::vector<double> cuts{0.0, 1.0};
    const auto cut_at = [&](double from, double to, double origin, Index count) {
      if (from == to) return;
      const double low = std::min(from, to);
      const double high = std::max(from, to);
      const double position =
          std::clamp(std::floor((low - origin) / grid.spacing), -1.0, static_cast<double>(count));
      for (Index n = static_cast<Index>(position); n <= count; ++n) {
        const double edge = origin + static_cast<double>(n) * grid.spacing;
        if (edge > high) break;
        const double share = (edge - from) / (to - from);
        if (share > 0.0 && share < 1.0) cuts.push_back(share);
      }
    };
    cut_at(a.x, b.x, grid.west, grid.nx);
    cut_at(a.y, b.y, grid.south, grid.ny);
    std::sort(cuts.begin(), cuts.end());
    for (std::size_t n = 0; n + 1 < cuts.size(); ++n) {
      const double middle = 0.5 * (cuts[n] + cuts[n + 1]);
      // Cuts a hair apart are one crossing of a corner, not a visit to a cell.
      if (cuts[n + 1] - cuts[n] > 1e-12) visit({a.x + middle * (b.x - a.x), a.y + middle * (b.y - a.y)});
    }
    if (a.x == b.x && a.y == b.y) visit(a);
  }
  return cells;
}

double signed_area(const std::vector<Point>& ring) {
  if (ring.empty()) return 0.0;
  double twice = 0.0;
  const Point origin = ring.front();  // far coordinates would cancel
  for (std::size_t k = 0; k < ring.size(); ++k) {
    const Point& a = ring[k];
    const Point& b = ring[(k + 1) % ring.size()];
    twice += (a.x - origin.x) * (b.y - origin.y) - (b.x - origin.x) * (a.y - origin.y);
  }
  return 0.5 * twice;
}

Point centroid(const std::vector<Point>& ring) {
  if (ring.empty()) return {};
  const Point origin = ring.front();
  const double area = signed_area(ring);
  Point weighted;
  Point mean;
  for (std::size_t k = 0; k < ring.size(); ++k) {
    const Point a{ring[k].x - origin.x, ring[k].y - origin.y};
    const Point& next = ring[(k + 1) % ring.size()];
    const Point b{next.x - origin.x, next.y - origin.y};
    const double cross = a.x * b.y - b.x * a.y;
    weighted.x += (a.x + b.x) * cross;
    weighted.y += (a.y + b.y) * cross;
    mean.x += a.x;
    mean.y += a.y;
  }
  const double count = static_cast<double>(ring.size());
  if (area == 0.0) return {origin.x + mean.x / count, origin.y + mean.y / count};
  return {origin.x + weighted.x / (6.0 * area), origin.y + weighted.y / (6.0 * area)};
}

void sort_cells(std::vector<Cell>& cells) {
  std::sort(cells.begin(), cells.end(), [](Cell a, Cell b) { return a.j != b.j ? a.j < b.j : a.i < b.i; });
  cells.erase(std::unique(cells.begin(), cells.end()), cells.end());
}

}  // namespace dvinis
