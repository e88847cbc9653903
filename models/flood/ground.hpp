#pragma once
/// Rain and infiltration, cell by cell: what a sub-step is to add to the tiles it works on, and what came of
/// it.

#include "models/flood/process.hpp"

namespace dvinis::flood {

/// What passed the ground in a sub-step.
struct GroundBalance {
  double rain = 0.0;            ///< [m3]
  double infiltration = 0.0;    ///< [m3]
  std::vector<double> tracers;  ///< what went with the infiltration: value times volume
};

template <class Real>
class Ground {
 public:
  Ground(const BoundFlood<Real>& bound, Workspace<Real>& work, State& state);

  /// Whether rain goes through here; else it falls evenly in the sweep.
  bool is_used() const { return bound_.parameters.has_uneven_ground(); }
  /// Fills the blocks of added depth of active tiles: rain less what the ground could take in.
  void pour(const Rain::Fallen& fallen, double dt);
  /// After the sweep, before its fields become the state, and after sources took theirs: lets the ground
  /// remember what it took in.
  GroundBalance take(const Rain::Fallen& fallen, double dt);

 private:
  /// The State of the cells.
  struct Cells {
    View<const Real> depth;
    View<double> infiltrated, capacity;  ///< empty where the law needs none

    SoilMemory memory(Cell cell) const;
    void remember(Cell cell, const SoilMemory& memory) const;
  };

  Cells cells();
  /// Rain on a cell as the solver's numbers can hold it [m].
  double rain_on(Cell cell, const Rain::Fallen& fallen) const;
  /// Rain less what the ground could take in [m].
  Real wanted(const Cells& cells, Cell cell, double rain, double dt) const;
  template <class Body>
  void for_each_active_tile(const Body& body) const;

  const BoundFlood<Real>& bound_;
  const Domain& domain_;
  const Soil& soil_;
  Workspace<Real>& work_;
  State& state_;
};

}  // namespace dvinis::flood
