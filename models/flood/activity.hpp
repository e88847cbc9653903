#pragma once
/// Which tiles a sub-step works on, and by which equations.

#include <vector>

#include "models/flood/process.hpp"

namespace dvinis::flood {

template <class Real>
class Activity {
 public:
  Activity(const BoundFlood<Real>& bound, Workspace<Real>& work, const State& state);

  /// Reads the State, which may have been changed between ticks: which tiles hold water, whether anything is
  /// rough.
  void look_for_water();
  /// Chooses the tiles of the next sub-step and covers them by windows.
  /// @param rains  everywhere, @param may_sleep  still tiles may be left out
  void choose(bool rains, bool may_sleep);

  Index wet_cells() const { return wet_cells_; }  ///< when `look_for_water` looked
  bool has_friction() const { return has_friction_; }

 private:
  bool needs_full_equations(const Tile& tile) const;
  void send_still_tiles_to_sleep();
  void make_windows();
  void forget_stale(std::size_t tile);

  const BoundFlood<Real>& bound_;
  const Domain& domain_;
  const Parameters& parameters_;
  Workspace<Real>& work_;
  const State& state_;
  std::vector<std::uint8_t> is_at_driven_rim_;  ///< by tile
  Index wet_cells_ = 0;
  bool has_friction_ = false;
};

}  // namespace dvinis::flood
