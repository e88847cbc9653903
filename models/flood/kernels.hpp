#pragma once
/// The loops over the cells of one tile. They hold no physics (that is physics.hpp), no allocation, no names.
///
/// One sub-step is two sweeps over the active tiles:
///   `increments`  reads the state, writes dt * rates of the tile's own cells
///   `apply`       adds them, then friction, rain, running maxima; returns what the next step needs
/// A face between two tiles is computed by both, from the same numbers, hence to the same bits.

#include "core/grid/view.hpp"

namespace dvinis::flood {

/// Bits of a cell in the array of closed faces.
constexpr unsigned char closed_west = 1;
constexpr unsigned char closed_south = 2;
constexpr unsigned char blocked_cell = 4;  ///< no water may be here; all its faces are closed

/// Pointers to whole-domain arrays at interior cell (0, 0); all share one pitch unless said otherwise.
template <class Real>
struct Arrays {
  Index pitch = 0;
  Real* depth = nullptr;
  Real* discharge_x = nullptr;
  Real* discharge_y = nullptr;
  Real* carry = nullptr;                  ///< what rounding left over of the depth [m]; nullptr without rain
  const Real* bed = nullptr;              ///< relative to the tile's datum
  const Real* roughness = nullptr;        ///< Manning's n [s m-1/3]
  const unsigned char* closed = nullptr;  ///< with a pitch of its own
  Index closed_pitch = 0;
  Real* depth_step = nullptr;  ///< increments of this sub-step
  Real* discharge_x_step = nullptr;
  Real* discharge_y_step = nullptr;
  // Running fields, single precision with a pitch of their own; nullptr where nobody asked.
  Index running_pitch = 0;
  float* maximum_depth = nullptr;
  float* maximum_speed = nullptr;
  float* maximum_unit_discharge = nullptr;
  float* maximum_hazard = nullptr;
  float* hazard_class = nullptr;
  float* arrival_time = nullptr;
  float* wet_duration = nullptr;
};

/// One tile: its window, and the datum of its neighbours minus its own [m]. The half step of a cell beside a
/// corner looks at the diagonal neighbour too.
template <class Real>
struct TileFrame {
  Index i0 = 0, i1 = 0, j0 = 0, j1 = 0;
  Real datum_step[3][3] = {};  ///< [row: south, own, north][column: west, own, east]
};

template <class Real>
struct StepNumbers {
  Real dt = 0;
  Real spacing = 1;
  Real film = 0;            ///< depth of films whose velocity is damped [m]
  Real rain_depth = 0;      ///< falls on every open cell in this sub-step [m]
  Real debris = 0;          ///< debris factor of the hazard rating where deep
  float arrival_depth = 0;  ///< depth from which a cell counts as reached [m]
  float time = 0;           ///< model time at the end of the sub-step [s]
};

/// One edge of the domain: by row for west and east, by column for south and north.
template <class Real>
struct EdgeLine {
  Real* outflow = nullptr;        ///< mass that leaves in this sub-step [m2 s-1], outward positive
  const Real* imposed = nullptr;  ///< prescribed outflow [m2 s-1], NaN where the solver decides
};
template <class Real>
struct EdgeFluxes {
  EdgeLine<Real> west, east, south, north;
};

/// What one tile reports after a sweep.
struct TileReport {
  double largest_speed = 0.0;  ///< of waves, |u| + c over both axes [m s-1]
  Index fastest_i = -1, fastest_j = -1;
  Index wet_cells = 0;
  Index negative_cells = 0;    ///< would-be negative depths: the step must be repeated smaller
  double clipped_depth = 0.0;  ///< sum of rounding-size negatives set to zero [m]
  bool is_finite = true;
};

template <class Real>
struct Kernels {
  void (*increments)(const Arrays<Real>&, const TileFrame<Real>&, const StepNumbers<Real>&, Index nx,
                     Index ny, const EdgeFluxes<Real>&, TileReport*);
  void (*apply)(const Arrays<Real>&, const TileFrame<Real>&, const StepNumbers<Real>&, TileReport*);
};

/// Instruction sets the binary carries; every one gives the same bits.
enum class InstructionSet { v2, v3, v4 };

/// The best level this processor runs, or the one named by the environment variable DVINIS_ISA (v2, v3, v4).
/// @throws UsageError for an unknown or unsupported name.
InstructionSet chosen_instruction_set();
const char* instruction_set_name(InstructionSet level);

template <class Real>
const Kernels<Real>& kernels(InstructionSet level);

}  // namespace dvinis::flood
