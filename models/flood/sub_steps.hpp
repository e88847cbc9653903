#pragma once
/// The sub-steps of one exchange tick: who works, how long a step may be, sources, rims, the ledger.

#include "core/model/model.hpp"
#include "models/flood/activity.hpp"
#include "models/flood/ground.hpp"
#include "models/flood/structures/flow.hpp"
#include "models/flood/tracers/flow.hpp"

namespace dvinis::flood {

/// Advances a State by one tick with borrowed working memory.
template <class Real>
class SubSteps {
 public:
  SubSteps(const BoundFlood<Real>& bound, Workspace<Real>& work, State& state, Context& context);

  void cover(Interval tick);

 private:
  double limiting_speed(double wave, bool is_full) const;
  double source_step(double time) const;
  double fill_rim_of(Field& depth, Field& discharge_x, Field& discharge_y, double time,
                     std::vector<Real>* imposed);
  /// Sweeps, halving dt until no cell is overdrawn; returns the dt that held.
  double sweep(double time, double dt);
  Index sweep_once(double time, double dt, bool is_recorded);
  void sweep_second_half(Sweep<Real> sweep, double middle);
  void write_into(Water& water, Arrays<Real>& arrays);
  Index overdrafts() const;
  template <class Body>
  void for_each_tile_of(const std::vector<Window>& windows, const Body& body) const;
  bool is_record_due() const;
  bool may_sleep() const;
  void pour(double time, double dt);
  void take_step(double time, double dt);
  void book_sources(double time, double dt);
  void book_rain(double volume);
  void take_from_ground(double dt);
  void book_edges(double dt);
  void tell(double dt);

  const BoundFlood<Real>& bound_;
  const Domain& domain_;
  const Parameters& parameters_;
  Workspace<Real>& work_;
  State& state_;
  Context& context_;
  Activity<Real> activity_;
  Ground<Real> ground_;
  StructureFlow<Real> structures_;
  TracerFlow<Real> tracers_;
  Rain::Fallen fallen_;   ///< in the sub-step at hand
  double fastest_ = 0.0;  ///< as wave_speed: limits the next sub-step at the Courant number of the reference
  double full_tiles_ = 0.0;    ///< tiles times sub-steps with the full equations
  double fast_tiles_ = 0.0;    ///< and with the fast mode
  double beyond_tiles_ = 0.0;  ///< and with it although beyond its limits, for want of full equations
  std::size_t fastest_tile_ = 0;
};

}  // namespace dvinis::flood
