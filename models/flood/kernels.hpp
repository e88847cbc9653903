#pragma once
/// The loops over the cells of a window of tiles. They hold no physics (that is physics.hpp), no allocation,
/// no names.
///
/// One sub-step is one sweep: `advance` reads the state as it is and writes the state as it will be into
/// arrays beside it, so windows may run in any order on any thread, and a sub-step that overdraws a cell is
/// simply not taken. A face between two windows is computed by both, from the same numbers, hence to the same
/// bits.

#include "core/grid/tiles.hpp"
#include "core/grid/view.hpp"
#include "models/flood/inertial.hpp"

namespace dvinis::flood {

/// Bits of a cell in the array of closed faces.
constexpr unsigned char closed_west = 1;
constexpr unsigned char closed_south = 2;
constexpr unsigned char blocked_cell = 4;  ///< no water may be here; all its faces are closed

/// Vector loads may read this many bytes beyond an array's last row.
constexpr Index load_slack = 128;

/// Running fields, single precision with a pitch of their own; nullptr where nobody asked.
struct RunningArrays {
  Index pitch = 0;
  float* maximum_depth = nullptr;
  float* maximum_speed = nullptr;
  float* maximum_unit_discharge = nullptr;
  float* maximum_hazard = nullptr;
  float* hazard_class = nullptr;
  float* arrival_time = nullptr;
  float* wet_duration = nullptr;

  bool any() const {
    return maximum_depth || maximum_speed || maximum_unit_discharge || maximum_hazard || hazard_class ||
           arrival_time || wet_duration;
  }
};

/// Sub-grid tables (subgrid.hpp) at cell (0, 0), with a pitch of their own.
///
/// Both kinds of table are read at bins * sqrt(share): a share of what fills the table.
template <class Real>
struct SubgridView {
  static constexpr int cell_bins = 16;
  static constexpr int face_bins = 8;

  struct Face {
    const Real* sill = nullptr;   ///< lowest level that passes, above the bed of the cell behind the face [m]
    const Real* range = nullptr;  ///< from there to the table's end [m]
    const Real* width = nullptr;  ///< share of the face that is open above the table
    const Real* roughness = nullptr;  ///< far above the table, where the ground's relief no longer matters
    const Real* pairs = nullptr;      ///< mean depth [m] and roughness, face_bins + 1 of each
  };

  Index pitch = 0;
  const Real* full = nullptr;      ///< mean depth that floods all of the cell [m]
  const Real* per_open = nullptr;  ///< rise of the level for a rise of the mean depth above that
  const Real* levels = nullptr;    ///< above the bed by mean depth [m], cell_bins + 1
  Face faces[2];                   ///< west and south of the cells
};

/// Pointers to whole-domain arrays at interior cell (0, 0); all share one pitch unless said otherwise.
template <class Real>
struct Arrays {
  Index nx = 0;
  Index ny = 0;
  Index pitch = 0;
  const Real* depth = nullptr;
  const Real* discharge_x = nullptr;
  const Real* discharge_y = nullptr;
  const Real* carry = nullptr;  ///< what rounding left over of the depth [m]; nullptr without rain
  Real* next_depth = nullptr;   ///< after the sub-step
  Real* next_discharge_x = nullptr;
  Real* next_discharge_y = nullptr;
  Real* next_carry = nullptr;
  const Real* bed = nullptr;              ///< relative to the tile's datum
  const double* datum = nullptr;          ///< whole metres by tile
  const Real* roughness = nullptr;        ///< Manning's n [s m-1/3]
  const unsigned char* closed = nullptr;  ///< with a pitch of its own
  Index closed_pitch = 0;
  const SubgridView<Real>* subgrid = nullptr;  ///< depths are means over the cells then; fast mode only
  RunningArrays running;
};

/// A rectangle of tiles that is worked on as one.
struct Window {
  Index column = 0;  ///< of its south-western tile
  Index row = 0;
  Index columns = 0;  ///< of tiles
  Index rows = 0;
};

template <class Real>
struct StepNumbers {
  Real dt = 0;
  Real spacing = 1;
  Real film = 0;              ///< depth of films whose velocity is damped [m]
  Real rain_depth = 0;        ///< falls on every open cell in this sub-step [m]
  bool has_friction = false;  ///< some roughness is above zero
  Real still_quantum = 0;     ///< beds are multiples of it, still water is left as it is; 0: works it out too
  InertialGuard<Real> guard{};  ///< of the fast mode
};

/// What the running fields need beside the state they are taken from.
struct RecordNumbers {
  float debris = 0;         ///< debris factor of the hazard rating where deep
  float arrival_depth = 0;  ///< depth from which a cell counts as reached [m]
  float time = 0;           ///< model time of the state [s]
  float duration = 0;       ///< time since the last record [s]
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

/// What passes between tiles of the fast mode and of the full equations [m2 s-1]: the fast mode says it once
/// a sub-step, from the state before, and both halves of the full equations keep to it.
template <class Real>
struct HeldFluxes {
  static constexpr Index by_tile = 2 * (Tiling::width + Tiling::height);

  Real dt = 0;             ///< of the fast mode [s]
  Real* fluxes = nullptr;  ///< by tile: its western, eastern, southern, northern border
  bool are_known = false;  ///< else the sweep works them out and leaves them there

  Real* west(Index tile) const { return fluxes + tile * by_tile; }
  Real* east(Index tile) const { return west(tile) + Tiling::height; }
  Real* south(Index tile) const { return east(tile) + Tiling::height; }
  Real* north(Index tile) const { return south(tile) + Tiling::width; }
};

/// Faces with a structure: what passes them is known before the sweep. They are closed to it otherwise.
template <class Real>
struct StructureFaces {
  const Index* first = nullptr;   ///< entry of each row's first face; nullptr without structures
  const Index* column = nullptr;  ///< of the cell behind the face, rising along a row
  const Real* mass = nullptr;     ///< [m2 s-1]
};

/// What had to be held within the values around it (tracers/window_tracers.hpp), by tile.
struct HeldValues {
  double amount = 0.0;  ///< by which that changed what is in the water, per cell area
  Index cells = 0;
};

/// One tracer, at interior cell (0, 0) with the pitch of the water; dry cells have the value 0, but after the
/// sweep those of tiles in Sweep::inflow that of the water that was taken from them.
template <class Real>
struct TracerArrays {
  const Real* value = nullptr;
  const Real* carry = nullptr;  ///< what rounding left over of the value; nullptr in double precision
  Real* next_value = nullptr;   ///< after the sub-step
  Real* next_carry = nullptr;
  const Real* value_before = nullptr;  ///< before the halves of the full equations beside the fast mode
  Real rain = 0;                       ///< of rain that falls evenly
  Real* const* added = nullptr;        ///< by tile: of the water of Sweep::inflow, rows of Tiling::width
  Real* outflow[4] = {};               ///< what leaves over the rim, as EdgeLine, times its value
  HeldValues* held = nullptr;          ///< by tile
  /// Room for two rows of faces of each window, by its first tile.
  Real* faces = nullptr;
  static constexpr Index face_row_length = 512 / static_cast<Index>(sizeof(Real)) * 4;
};

/// Which borders of a tile have water in their outermost cells.
enum Border : unsigned char { border_west = 1, border_east = 2, border_south = 4, border_north = 8 };

/// What a sweep tells of one tile.
struct TileReport {
  double largest_speed = 0.0;     ///< of waves, |u| + c over the faster axis [m s-1]; 0 where all is dry
  unsigned char wet_borders = 0;  ///< bits of Border
  Index worked_cells = 0;         ///< cells worked out; 0: all of the tile is dry or still
  Index overdrafts = 0;           ///< cells that would give away more than they hold: take a smaller step
  double clipped_depth = 0.0;     ///< sum of rounding-size negatives set to zero [m]
  bool is_finite = true;
  bool needs_full_equations = false;  ///< the fast mode met a face that it must not be trusted with
};

/// Everything a sweep over one window gets.
template <class Real>
struct Sweep {
  Arrays<Real> arrays;
  StepNumbers<Real> numbers;
  EdgeFluxes<Real> edges;
  /// By tile: depths to add (sources) or take away in this sub-step [m], rows of Tiling::width, or nullptr. A
  /// withdrawal that finds less water is replaced by what it found.
  Real* const* added = nullptr;
  /// By tile, for tracers: the part of `added` that brings water [m], before anything is taken away.
  Real* const* inflow = nullptr;
  const TracerArrays<Real>* tracers = nullptr;
  Index tracer_count = 0;
  TileReport* reports = nullptr;  ///< by tile
  /// By tile: 0 where the fast mode works. nullptr without a fast mode.
  const unsigned char* is_full = nullptr;
  HeldFluxes<Real> held;  ///< between the two
  StructureFaces<Real> structures_x;
  StructureFaces<Real> structures_y;
  const RecordNumbers* record = nullptr;  ///< the state before the sub-step goes into the running fields
};

template <class Real>
struct Kernels {
  Index window_columns;       ///< most tiles a window may be wide
  Index fast_window_columns;  ///< and one of the fast mode
  /// Full equations, over a window of tiles with is_full.
  void (*advance)(const Sweep<Real>&, const Window&);
  /// Fast mode, over a window of tiles without.
  void (*advance_inertial)(const Sweep<Real>&, const Window&);
  /// Takes the state as it is into the running fields.
  void (*record)(const Arrays<Real>&, Real film, const RecordNumbers&, const Window&);
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
