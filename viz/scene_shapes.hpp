#pragma once
/// Surfaces of a 3-D scene as VTK polygons with a colour per point. Heights are metres above the block's
/// lowest point times the stretch; x and y start at the block's south-west corner so that single precision
/// holds them.

#include <vtkPolyData.h>
#include <vtkSmartPointer.h>

#include <array>
#include <vector>

#include "core/twin/twin.hpp"
#include "viz/style.hpp"

namespace dvinis::viz {

/// The terrain that a scene stands on, thinned so that it has at most 700 000 points.
class Block {
 public:
  Block(const Grid& grid, const std::vector<double>& bed, double stretch);

  Index columns() const { return columns_; }
  Index rows() const { return rows_; }
  /// Index into the full grid of a point of the thinned one.
  std::size_t cell(Index column, Index row) const;
  double x(Index column) const;
  double y(Index row) const;
  double z(double height) const { return (height - lowest_) * stretch_; }
  double bed(Index column, Index row) const { return bed_[cell(column, row)]; }
  bool has_square(Index column, Index row) const;

  const Grid& grid() const { return grid_; }
  const std::vector<double>& bed_values() const { return bed_; }
  double floor() const {
    return -0.05 * std::max(x(columns_ - 1), y(rows_ - 1));
  }  ///< underside of the block
  /// Points that enclose everything: the lower corners, and the terrain thinly sampled and raised by `room`
  /// [m].
  std::vector<std::array<double, 3>> outline(double room) const;

 private:
  const Grid& grid_;
  const std::vector<double>& bed_;
  double stretch_;
  double lowest_ = 0.0;
  Index stride_ = 1;
  Index columns_ = 0;
  Index rows_ = 0;
};

using Shape = vtkSmartPointer<vtkPolyData>;

Shape terrain_shape(const Block& block);

/// Vertical walls from the rim of the known terrain down to the block's floor.
Shape skirt_shape(const Block& block);

/// The water surface where `depth` is a number; it dips under the ground at its edge, so that the shore is
/// where the surfaces meet. At the rim of the block it goes down to the ground, like water behind glass.
Shape water_shape(const Block& block, const std::vector<double>& depth, const Coloured& field);

/// Buildings as prisms, 4 m above their lowest ground unless a place says "height"; and their upper edges.
Shape house_shape(const Block& block, const Twin& twin);
Shape house_edges(const Block& block, const Twin& twin);

}  // namespace dvinis::viz
