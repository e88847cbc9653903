#include "viz/scene_shapes.hpp"

#include <vtkCellArray.h>
#include <vtkContourTriangulator.h>
#include <vtkIdList.h>
#include <vtkNew.h>
#include <vtkPointData.h>
#include <vtkPoints.h>
#include <vtkUnsignedCharArray.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "viz/relief.hpp"

namespace dvinis::viz {
namespace {

constexpr Index most_points = 700'000;
constexpr double usual_house_height = 4.0;  ///< [m]

/// Collects points with colours, and polygons on them.
class Builder {
 public:
  Builder() { colours_->SetNumberOfComponents(3); }

  vtkIdType point(double x, double y, double z, const Colour& colour) {
    for (const double part : {colour.red, colour.green, colour.blue}) {
      colours_->InsertNextValue(static_cast<unsigned char>(std::lround(255.0 * std::clamp(part, 0.0, 1.0))));
    }
    return points_->InsertNextPoint(x, y, z);
  }
  void polygon(std::initializer_list<vtkIdType> corners) {
    polygons_->InsertNextCell(static_cast<int>(corners.size()));
    for (const vtkIdType corner : corners) polygons_->InsertCellPoint(corner);
  }
  void line(const std::vector<vtkIdType>& spots) {
    lines_->InsertNextCell(static_cast<int>(spots.size()));
    for (const vtkIdType spot : spots) lines_->InsertCellPoint(spot);
  }
  Shape shape() const {
    Shape result = Shape::New();
    result->SetPoints(points_);
    if (polygons_->GetNumberOfCells() > 0) result->SetPolys(polygons_);
    if (lines_->GetNumberOfCells() > 0) result->SetLines(lines_);
    result->GetPointData()->SetScalars(colours_);
    return result;
  }

 private:
  vtkNew<vtkPoints> points_;
  vtkNew<vtkCellArray> polygons_;
  vtkNew<vtkCellArray> lines_;
  vtkNew<vtkUnsignedCharArray> colours_;
};

/// Level per point of the thinned grid; next to the water it goes on just below the ground.
std::vector<double> water_levels(const Block& block, const std::vector<double>& depth) {
  const Index nx = block.columns();
  const Index ny = block.rows();
  std::vector<double> levels(static_cast<std::size_t>(nx * ny), std::numeric_limits<double>::quiet_NaN());
  const auto is_wet = [&](Index i, Index j) {
    return std::isfinite(depth[block.cell(i, j)]) && std::isfinite(block.bed(i, j));
  };
  for (Index j = 0; j < ny; ++j) {
    for (Index i = 0; i < nx; ++i) {
      double& level = levels[static_cast<std::size_t>(j * nx + i)];
      if (is_wet(i, j)) {
        level = block.bed(i, j) + depth[block.cell(i, j)];
        continue;
      }
      double sum = 0.0;
      double count = 0.0;
      for (Index row = std::max<Index>(j - 1, 0); row <= std::min(j + 1, ny - 1); ++row) {
        for (Index column = std::max<Index>(i - 1, 0); column <= std::min(i + 1, nx - 1); ++column) {
          if (!is_wet(column, row)) continue;
          sum += block.bed(column, row) + depth[block.cell(column, row)];
          count += 1.0;
        }
      }
      if (count > 0.0 && std::isfinite(block.bed(i, j)))
        level = std::min(sum / count, block.bed(i, j) - 0.01);
    }
  }
  return levels;
}

/// Rings of a building in block coordinates without a repeated last point.
std::vector<std::vector<Point>> rings_of(const Block& block, const Place& place) {
  std::vector<std::vector<Point>> rings{place.points};
  rings.insert(rings.end(), place.holes.begin(), place.holes.end());
  for (std::vector<Point>& ring : rings) {
    if (ring.size() > 1 && ring.front().x == ring.back().x && ring.front().y == ring.back().y)
      ring.pop_back();
    for (Point& point : ring) point = {point.x - block.grid().west, point.y - block.grid().south};
  }
  return rings;
}

struct HouseHeights {
  double bottom = 0.0;
  double top = 0.0;
  bool is_known = false;
};

HouseHeights house_heights(const Block& block, const Place& place) {
  double lowest = std::numeric_limits<double>::infinity();
  double highest = -lowest;
  const auto look = [&](Cell cell) {
    const double z = block.bed_values()[static_cast<std::size_t>(cell.j * block.grid().nx + cell.i)];
    if (!std::isfinite(z)) return;
    lowest = std::min(lowest, z);
    highest = std::max(highest, z);
  };
  for (const Point& point : place.points) {
    if (const std::optional<Cell> cell = block.grid().cell_at(point)) look(*cell);
  }
  if (!(lowest <= highest)) return {};
  const auto height = place.numbers.find("height");
  const double wanted = lowest + (height == place.numbers.end() ? usual_house_height : height->second);
  return {lowest - 1.0, std::max(wanted, highest + 0.3),
          true};  // ground may have been raised under the house
}

void add_walls(Builder& builder, const Block& block, const std::vector<Point>& ring,
               const HouseHeights& heights) {
  const Colour wall = hex("#d8cfc0");
  for (std::size_t k = 0; k < ring.size(); ++k) {
    const Point a = ring[k];
    const Point b = ring[(k + 1) % ring.size()];
    const double low = block.z(heights.bottom);
    const double high = block.z(heights.top);
    builder.polygon({builder.point(a.x, a.y, low, wall), builder.point(b.x, b.y, low, wall),
                     builder.point(b.x, b.y, high, wall), builder.point(a.x, a.y, high, wall)});
  }
}

void add_roof(Builder& builder, const std::vector<std::vector<Point>>& rings, double z) {
  vtkNew<vtkPoints> points;
  vtkNew<vtkCellArray> loops;
  for (const std::vector<Point>& ring : rings) {
    loops->InsertNextCell(static_cast<int>(ring.size()) + 1);
    const vtkIdType first = points->GetNumberOfPoints();
    for (const Point& point : ring) loops->InsertCellPoint(points->InsertNextPoint(point.x, point.y, 0.0));
    loops->InsertCellPoint(first);
  }
  vtkNew<vtkPolyData> outline;
  outline->SetPoints(points);
  outline->SetLines(loops);
  vtkNew<vtkCellArray> triangles;
  vtkContourTriangulator::TriangulateContours(outline, 0, loops->GetNumberOfCells(), triangles, nullptr);
  std::vector<vtkIdType> corners;
  for (vtkIdType k = 0; k < points->GetNumberOfPoints(); ++k) {
    corners.push_back(builder.point(points->GetPoint(k)[0], points->GetPoint(k)[1], z, hex("#f6f2ea")));
  }
  vtkNew<vtkIdList> triangle;
  for (triangles->InitTraversal(); triangles->GetNextCell(triangle) != 0;) {
    if (triangle->GetNumberOfIds() != 3) continue;
    builder.polygon({corners[static_cast<std::size_t>(triangle->GetId(0))],
                     corners[static_cast<std::size_t>(triangle->GetId(1))],
                     corners[static_cast<std::size_t>(triangle->GetId(2))]});
  }
}

}  // namespace

Block::Block(const Grid& grid, const std::vector<double>& bed, double stretch)
    : grid_(grid), bed_(bed), stretch_(stretch) {
  while (((grid.nx - 1) / stride_ + 1) * ((grid.ny - 1) / stride_ + 1) > most_points) ++stride_;
  columns_ = (grid.nx - 1) / stride_ + 1;
  rows_ = (grid.ny - 1) / stride_ + 1;
  lowest_ = std::numeric_limits<double>::infinity();
  for (const double height : bed) {
    if (std::isfinite(height)) lowest_ = std::min(lowest_, height);
  }
  if (!std::isfinite(lowest_)) lowest_ = 0.0;
}

std::size_t Block::cell(Index column, Index row) const {
  return static_cast<std::size_t>(row * stride_ * grid_.nx + column * stride_);
}

double Block::x(Index column) const { return grid_.x_centre(column * stride_) - grid_.west; }
double Block::y(Index row) const { return grid_.y_centre(row * stride_) - grid_.south; }

bool Block::has_square(Index column, Index row) const {
  if (column < 0 || row < 0 || column + 1 >= columns_ || row + 1 >= rows_) return false;
  return std::isfinite(bed(column, row)) && std::isfinite(bed(column + 1, row)) &&
         std::isfinite(bed(column, row + 1)) && std::isfinite(bed(column + 1, row + 1));
}

std::vector<std::array<double, 3>> Block::outline(double room) const {
  std::vector<std::array<double, 3>> spots;
  for (const Index i : {Index{0}, columns_ - 1}) {
    for (const Index j : {Index{0}, rows_ - 1}) spots.push_back({x(i), y(j), floor()});
  }
  const Index step = std::max<Index>(1, std::max(columns_, rows_) / 150);
  for (Index j = 0; j < rows_; j += step) {
    for (Index i = 0; i < columns_; i += step) {
      if (std::isfinite(bed(i, j))) spots.push_back({x(i), y(j), z(bed(i, j) + room)});
    }
  }
  return spots;
}

Shape terrain_shape(const Block& block) {
  const std::vector<double> shade = hillshade(block.grid(), block.bed_values());
  Builder builder;
  for (Index j = 0; j < block.rows(); ++j) {
    for (Index i = 0; i < block.columns(); ++i) {
      const double light = shade[block.cell(i, j)];
      const double height = block.bed(i, j);
      builder.point(block.x(i), block.y(j), std::isfinite(height) ? block.z(height) : 0.0,
                    ground_colour(std::isfinite(light) ? light : 1.0));
    }
  }
  const auto id = [&block](Index i, Index j) { return static_cast<vtkIdType>(j * block.columns() + i); };
  for (Index j = 0; j + 1 < block.rows(); ++j) {
    for (Index i = 0; i + 1 < block.columns(); ++i) {
      if (block.has_square(i, j)) builder.polygon({id(i, j), id(i + 1, j), id(i + 1, j + 1), id(i, j + 1)});
    }
  }
  return builder.shape();
}

Shape skirt_shape(const Block& block) {
  Builder builder;
  const Colour top = hex("#b9b0a2");
  const Colour foot = hex("#8f8678");
  const auto wall = [&](Index i0, Index j0, Index i1, Index j1) {
    builder.polygon({builder.point(block.x(i0), block.y(j0), block.floor(), foot),
                     builder.point(block.x(i1), block.y(j1), block.floor(), foot),
                     builder.point(block.x(i1), block.y(j1), block.z(block.bed(i1, j1)), top),
                     builder.point(block.x(i0), block.y(j0), block.z(block.bed(i0, j0)), top)});
  };
  for (Index j = 0; j + 1 < block.rows(); ++j) {
    for (Index i = 0; i + 1 < block.columns(); ++i) {
      if (!block.has_square(i, j)) continue;
      if (!block.has_square(i, j - 1)) wall(i, j, i + 1, j);
      if (!block.has_square(i + 1, j)) wall(i + 1, j, i + 1, j + 1);
      if (!block.has_square(i, j + 1)) wall(i + 1, j + 1, i, j + 1);
      if (!block.has_square(i - 1, j)) wall(i, j + 1, i, j);
    }
  }
  return builder.shape();
}

Shape water_shape(const Block& block, const std::vector<double>& depth, const Coloured& field) {
  const std::vector<double> levels = water_levels(block, depth);
  const auto id = [&block](Index i, Index j) { return static_cast<vtkIdType>(j * block.columns() + i); };
  Builder builder;
  for (Index j = 0; j < block.rows(); ++j) {
    for (Index i = 0; i < block.columns(); ++i) {
      const double level = levels[static_cast<std::size_t>(id(i, j))];
      const double value = field.values[block.cell(i, j)];
      builder.point(block.x(i), block.y(j), std::isfinite(level) ? block.z(level) : 0.0,
                    std::isfinite(value) ? field.colour(value)
                                         : field.colour(field.has_classes() ? 1.0 : field.scale.low));
    }
  }
  const auto has = [&](Index i, Index j) {
    return std::isfinite(levels[static_cast<std::size_t>(id(i, j))]);
  };
  const auto is_wet = [&](Index i, Index j) { return std::isfinite(depth[block.cell(i, j)]); };
  const auto colour_at = [&](Index i, Index j) {
    const double value = field.values[block.cell(i, j)];
    return std::isfinite(value) ? field.colour(value)
                                : field.colour(field.has_classes() ? 1.0 : field.scale.low);
  };
  const auto foot = [&](Index i, Index j) {
    return builder.point(block.x(i), block.y(j), block.z(block.bed(i, j)), colour_at(i, j));
  };
  const auto glass = [&](Index i0, Index j0, Index i1, Index j1) {
    if (is_wet(i0, j0) || is_wet(i1, j1))
      builder.polygon({foot(i0, j0), foot(i1, j1), id(i1, j1), id(i0, j0)});
  };
  for (Index j = 0; j + 1 < block.rows(); ++j) {
    for (Index i = 0; i + 1 < block.columns(); ++i) {
      if (!has(i, j) || !has(i + 1, j) || !has(i, j + 1) || !has(i + 1, j + 1)) continue;
      if (!is_wet(i, j) && !is_wet(i + 1, j) && !is_wet(i, j + 1) && !is_wet(i + 1, j + 1)) continue;
      builder.polygon({id(i, j), id(i + 1, j), id(i + 1, j + 1), id(i, j + 1)});
      if (!block.has_square(i, j - 1)) glass(i, j, i + 1, j);
      if (!block.has_square(i + 1, j)) glass(i + 1, j, i + 1, j + 1);
      if (!block.has_square(i, j + 1)) glass(i + 1, j + 1, i, j + 1);
      if (!block.has_square(i - 1, j)) glass(i, j + 1, i, j);
    }
  }
  return builder.shape();
}

Shape house_shape(const Block& block, const Twin& twin) {
  Builder builder;
  for (const Place* place : twin.places_of("building")) {
    const HouseHeights heights = house_heights(block, *place);
    const std::vector<std::vector<Point>> rings = rings_of(block, *place);
    if (!heights.is_known || rings[0].size() < 3) continue;
    for (const std::vector<Point>& ring : rings) add_walls(builder, block, ring, heights);
    add_roof(builder, rings, block.z(heights.top));
  }
  return builder.shape();
}

Shape house_edges(const Block& block, const Twin& twin) {
  Builder builder;
  const Colour edge = hex("#6b6157");
  for (const Place* place : twin.places_of("building")) {
    const HouseHeights heights = house_heights(block, *place);
    if (!heights.is_known) continue;
    for (const std::vector<Point>& ring : rings_of(block, *place)) {
      std::vector<vtkIdType> spots;
      for (const Point& point : ring)
        spots.push_back(builder.point(point.x, point.y, block.z(heights.top) + 0.02, edge));
      if (spots.empty()) continue;
      spots.push_back(spots.front());
      builder.line(spots);
    }
  }
  return builder.shape();
}

}  // namespace dvinis::viz
