#pragma once
/// The flood step written to be read: whole grid, no tiles, no row buffers, every face on its own. The oracle
/// that the tiled kernels must equal bit for bit.

#include <optional>
#include <vector>

#include "core/grid/view.hpp"
#include "models/flood/inertial.hpp"

namespace dvinis::test {

template <class Real>
struct NaiveFlood {
  Index nx = 0;
  Index ny = 0;
  Real spacing = 1;
  Real film = Real(1e-6);
  Real roughness = 0;
  Real rain = 0;                                           ///< [m] a step
  std::vector<Real> bed, depth, discharge_x, discharge_y;  ///< row by row, nx * ny
  std::vector<Real> carry;             ///< what rounding leaves over of the depth; empty without rain
  std::vector<unsigned char> blocked;  ///< 1 where no water may be
  /// Fast mode wherever a tile's faces are within these limits; none: the full equations everywhere.
  std::optional<flood::InertialGuard<Real>> guard;
  Index full_cells = 0;  ///< cells that took the full equations in the last step

  // Running fields of the states before each step; `record` takes the last one.
  float arrival_depth = 0.01f;
  float debris = 1.0f;
  float time = 0.0f;
  std::vector<float> maximum_depth, maximum_speed, maximum_unit_discharge, maximum_hazard, hazard_class,
      arrival_time;

  /// By cell: 1 where the full equations are needed.
  std::vector<unsigned char> full_equations() const;
  /// One step inside closed walls. Returns the largest wave speed afterwards.
  Real step(Real dt);
  /// Takes the state as it is into the running fields.
  void record();
};

}  // namespace dvinis::test
