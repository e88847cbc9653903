#pragma once
/// Tracers in a sub-step: what comes in brings, what leaves takes along, and the books of both.

#include <array>
#include <string>
#include <vector>

#include "models/flood/process.hpp"
#include "models/flood/structures/flow.hpp"

namespace dvinis::flood {

/// Fills the tracers of a fresh State, after its water.
void start_tracers(State& state, const Handles& handles, const Domain& domain);

/// What is in the water and on its way through pipes: value times volume.
double amount_of_tracer(const State& state, const Handles& handles, const Domain& domain, std::size_t tracer);

template <class Real>
class TracerFlow {
 public:
  TracerFlow(const BoundFlood<Real>& bound, Workspace<Real>& work, State& state);

  bool is_used() const { return !tracers_.empty(); }
  /// Values beyond the rim at `time` [s], of the State or, half way, of the swept fields.
  void fill_rim(double time, bool is_half_way);
  /// Fills the blocks of what the added water brings.
  /// @param time  when what comes in is looked up: the middle of the sub-step [s]
  void pour(const Rain::Fallen& fallen, double time, const std::vector<PipeFlow>& pipes);
  void hand_over(Sweep<Real>& sweep);
  /// After the first half of the full equations beside the fast mode.
  void hand_over_second_half(Sweep<Real>& sweep);
  void take_second_half(const Tile& tile);
  /// What left over the rim in both halves.
  void average_outflow();

  // Before the swept values become the state.
  /// What pipes take along.
  void take_from_pipes(const std::vector<PipeFlow>& pipes);
  /// @param taken  what a source brought, or, negative, a withdrawal took from each of its cells [m]
  void book_source(std::size_t source, const std::vector<Real>& taken);
  /// @param volume  of the rain on the domain [m3]
  void book_rain(double volume);
  /// @param amounts  by tracer, what the ground took in
  void book_infiltration(const std::vector<double>& amounts);
  void book_edges(double dt);
  void book_held();
  /// Cells that all water was taken from lose their value.
  void dry_out();
  /// The swept values become the state.
  void take_step();

 private:
  void mix_in(Cell cell, Real depth, const std::vector<Real>& values);
  void book(std::size_t tracer, const std::string& account, double amount);

  const BoundFlood<Real>& bound_;
  const Domain& domain_;
  const std::vector<BoundTracer>& tracers_;
  Workspace<Real>& work_;
  State& state_;
  /// Of each tracer, looked up once a tick.
  struct Books {
    std::string quantity, unit;
    std::vector<double>* in_transit =
        nullptr;  ///< column of the structures' table; nullptr without structures
  };
  std::vector<Books> books_;
  std::vector<TracerArrays<Real>> arrays_;
  std::vector<std::array<std::vector<Real>, 4>> first_outflow_;  ///< of the first half, by tracer
  double middle_ = 0.0;                                          ///< of the sub-step at hand [s]
};

}  // namespace dvinis::flood
