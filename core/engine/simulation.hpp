#pragma once
/// The simulation loop: exchange ticks, outputs, checkpoints, stop requests, budgets.

#include <memory>
#include <string>
#include <vector>

#include "core/engine/ports.hpp"

namespace dvinis {

struct Schedule {
  Microseconds end = 0;
  Microseconds exchange = from_seconds(60.0);
  /// Largest tolerated |budget error| / throughput; beyond it the run fails with NumericalError.
  double budget_tolerance = 1e-3;
};

/// Collects the declarations of models in catalogue order.
///
/// @param wanted  names of optional fields to allocate (asked for by an output)
/// @throws ScenarioError for two owners of one field, a need nobody provides, or an unknown wanted name.
Schema make_schema(const std::vector<std::unique_ptr<Model>>& models, const std::vector<std::string>& wanted);

/// What the loop remembers of a model beside its process.
struct BoundModel {
  std::string name;
  bool observed_by_others = false;  ///< another model needs one of its diagnostic fields, at every tick
};

/// Binds models to one twin and moves one State through time. The models must outlive the simulation.
class Simulation {
 public:
  Simulation(const Twin& twin, const Schema& schema, const std::vector<std::unique_ptr<Model>>& models);

  /// A fresh State, initialised by every process in order.
  State initial_state() const;

  /// Runs `state` to schedule.end or to the first stop request; sinks may be null.
  ///
  /// Ticks are multiples of schedule.exchange; the last one may be shorter. Outputs happen at the first tick
  /// at or after their time, so writing more or less often changes no bits of the solution.
  /// The budgets are checked at every progress look (at most four a second of wall time) and at the end.
  /// @throws NumericalError; the state is kept in a checkpoint first if it stands on a tick, a half-advanced
  /// one never is.
  RunSummary run(State& state, const Schedule& schedule, const OutputPlan& plan, ResultSink* results,
                 CheckpointStore* checkpoints, Monitor* monitor) const;

  const std::vector<std::unique_ptr<Process>>& processes() const { return processes_; }

 private:
  const Twin& twin_;
  const Schema& schema_;
  std::vector<BoundModel> bound_;
  std::vector<std::unique_ptr<Process>> processes_;
};

}  // namespace dvinis
