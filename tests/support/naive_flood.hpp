#pragma once
/// The flood step written to be read: whole grid, no tiles, no row buffers, every face on its own. The oracle
/// that the tiled kernels must equal bit for bit.

#include <array>
#include <optional>
#include <vector>

#include "core/grid/view.hpp"
#include "models/flood/inertial.hpp"
#include "models/flood/structures/laws.hpp"

namespace dvinis::test {

/// A structure at the face west or south of a cell.
template <class Real>
struct NaiveStructure {
  bool is_x = true;
  Index i = 0;
  Index j = 0;
  flood::StructureLaw law;
  Real passing = 0;  ///< in this step [m2 s-1]
};

template <class Real>
struct NaiveFlood {
  Index nx = 0;
  Index ny = 0;
  Real spacing = 1;
  double film_depth = 1e-6;  ///< [m]
  Real film = Real(film_depth);
  Real roughness = 0;
  Real rain = 0;                                           ///< [m] a step
  std::vector<Real> bed, depth, discharge_x, discharge_y;  ///< row by row, nx * ny
  std::vector<Real> carry;             ///< what rounding leaves over of the depth; empty without rain
  std::vector<unsigned char> blocked;  ///< 1 where no water may be
  /// Fast mode wherever a tile's faces are within these limits; none: the full equations everywhere.
  std::optional<flood::InertialGuard<Real>> guard;
  std::vector<NaiveStructure<Real>> structures;
  struct Tracer {
    std::vector<Real> value;
    std::vector<Real> carry;  ///< what rounding leaves over; empty in double precision
    Real rain = 0;            ///< value of rain
  };
  std::vector<Tracer> tracers;
  Index held_cells = 0;  ///< whose tracers were held within the values around them, so far
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

 private:
  /// Through the faces west and south of the cells [m2 s-1].
  struct FaceMass {
    std::vector<Real> x, y;
  };
  /// What an advance leaves for the tracers.
  struct Passed {
    std::vector<std::array<Real, 4>> mass;  ///< by cell: west, east, south, north
    std::vector<Real> depth, u, v;          ///< before
  };
  Passed passed_;

  /// @param kind  the cells with full[k] == kind, @param before  values when the whole step began
  void advance_tracers(Real dt, Real rain_depth, const std::vector<unsigned char>& full, unsigned char kind,
                       const std::vector<Tracer>& before);
  Real passing_value(const Tracer& tracer, const Tracer& before, Index i, Index j, bool is_x, Real mass,
                     Real ratio, const std::vector<unsigned char>& full) const;

  std::size_t flat(Index i, Index j) const { return static_cast<std::size_t>(j * nx + i); }
  bool is_open(Index i, Index j) const;
  /// The structure between two cells, or nullptr.
  const NaiveStructure<Real>* structure_between(Index i, Index j, Index ni, Index nj) const;
  void look_at_structures();
  /// Depth of a cell after `gain` [m] and rain; keeps what rounding leaves over.
  Real exchange(std::size_t k, Real gain, Real rain_depth);
  /// Cells with `full` by the full equations; at faces to others passes what `fast` says.
  Real advance_full(Real dt, Real rain_depth, const std::vector<unsigned char>& full, const FaceMass& fast);
  /// The other cells by the fast mode.
  Real advance_fast(Real dt, const std::vector<unsigned char>& full, const FaceMass& mass);
  FaceMass fast_mass(Real dt) const;
  flood::InertialPush<Real> push_at(Index i, Index j, bool is_x, Real dt) const;
  flood::InertialCell<Real> driven(Index i, Index j, bool is_x, Real dt) const;
  Real fast_velocity(Index i, Index j, bool is_x, Real dt) const;
};

}  // namespace dvinis::test
