#pragma once
/// Terrain as light and shade, and values between cell centres.

#include <vector>

#include "core/grid/grid.hpp"
#include "viz/colour_map.hpp"

namespace dvinis::viz {

/// Brightness per cell, 1 on flat ground, lit from the north-west at 45 degrees; NaN where the ground is
/// unknown.
///
/// Heights are stretched so that the steeper tenth of the slopes shows; the shade carries no number.
std::vector<double> hillshade(const Grid& grid, const std::vector<double>& bed);

/// Paper colour of ground with this brightness.
Colour ground_colour(double brightness);

/// Values of a grid at any point, between the cell centres when cells are larger than pixels, averaged over
/// the pixel when they are smaller.
class Sampler {
 public:
  struct Sample {
    double value = 0.0;  ///< mean over the cells that carry a number
    double cover = 0.0;  ///< share 0..1 of the pixel that they take
  };

  /// `values` row by row from the south-west; `pixel` is the edge of a pixel in metres.
  Sampler(const Grid& grid, const std::vector<double>& values, double pixel);

  Sample operator()(Point point) const;
  /// The category with the largest share instead of a mean.
  Sample category(Point point) const;

 private:
  struct Neighbour {
    double value;
    double weight;
  };
  template <class Visit>
  double visit(Point point, Visit visit_cell) const;

  const Grid& grid_;
  const std::vector<double>& values_;
  double reach_;  ///< half width of the averaging box in cells
};

}  // namespace dvinis::viz
