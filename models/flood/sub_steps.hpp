#pragma once
/// The sub-steps of one exchange tick: who works, how long a step may be, sources, rims, the ledger.

#include "core/model/model.hpp"
#include "models/flood/process.hpp"

namespace dvinis::flood {

/// Advances a State by one tick with borrowed working memory.
template <class Real>
class SubSteps {
 public:
  SubSteps(const BoundFlood<Real>& bound, Workspace<Real>& work, State& state, Context& context);

  void cover(Interval tick);

 private:
  void look_for_water();
  void choose_active();
  void send_still_tiles_to_sleep();
  void make_windows();
  bool needs_full_equations(const Tile& tile) const;
  double limiting_speed(double wave, bool is_full) const;
  void forget_stale(std::size_t tile);
  double source_step(double time) const;
  /// Sweeps, halving dt until no cell is overdrawn; returns the dt that held.
  double sweep(double time, double dt);
  Index sweep_once(double time, double dt, double rain, bool is_recorded);
  bool is_record_due() const;
  void pour(double time, double dt);
  void take_step(double time, double dt);
  void book_sources(double time, double dt);
  void book_edges(double dt);
  double rain_between(double time, double dt) const;
  void tell(double dt);

  const BoundFlood<Real>& bound_;
  const Domain& domain_;
  const Parameters& parameters_;
  Workspace<Real>& work_;
  State& state_;
  Context& context_;
  bool has_friction_ = false;
  Index wet_cells_ = 0;
  double fastest_ = 0.0;  ///< as wave_speed: limits the next sub-step at the Courant number of the reference
  double full_tiles_ = 0.0;    ///< tiles times sub-steps with the full equations
  double fast_tiles_ = 0.0;    ///< and with the fast mode
  double beyond_tiles_ = 0.0;  ///< and with it although beyond its limits, for want of full equations
  std::size_t fastest_tile_ = 0;
};

}  // namespace dvinis::flood
