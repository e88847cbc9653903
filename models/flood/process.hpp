#pragma once
/// The flood bound to one twin: handles, geometry, and the sub-step loop.

#include <memory>
#include <vector>

#include "core/model/model.hpp"
#include "models/flood/boundary.hpp"
#include "models/flood/domain.hpp"
#include "models/flood/kernels.hpp"
#include "models/flood/parameters.hpp"

namespace dvinis::flood {

/// Names of the flood's declarations, resolved once.
struct Handles {
  FieldHandle depth, discharge_x, discharge_y, carry, bed, roughness;
  FieldHandle maximum_depth, maximum_speed, maximum_unit_discharge, maximum_hazard, hazard_class,
      arrival_time, wet_duration;
  FieldHandle water_level, velocity_x, velocity_y, speed;
  TableHandle gauges, marks, buildings, sections;
  ScalarHandle wave_speed, volume_at_start;
};

Handles resolve(const Schema& schema);

/// Fields, tables and scalars the flood declares for these parameters.
ModelInfo flood_info(const Parameters& parameters);

/// Fills bed, roughness, depth and unit discharges of a fresh State from the twin's layers, halo included.
template <class Real>
void fill_start(State& state, const Handles& handles, const Twin& twin, const Domain& domain);

/// Depth and velocities of one cell in double.
struct CellWater {
  double depth = 0.0;
  double level = 0.0;
  double u = 0.0;
  double v = 0.0;
};
CellWater water_at(const State& state, const Handles& handles, Cell cell, double film);

/// Recomputes diagnostic fields and the observing columns of the tables.
void observe_flood(State& state, const Handles& handles, const Twin& twin, const Domain& domain,
                   const Parameters& parameters);

/// Accumulating columns of the tables (first wet minute, maxima), once a tick; newly wet houses become
/// events.
void accumulate_tables(State& state, const Handles& handles, const Twin& twin, const Domain& domain,
                       const Parameters& parameters, Microseconds now, Context* context);

template <class Real>
class FloodProcess final : public Process {
 public:
  FloodProcess(const Twin& twin, const Schema& schema, const Parameters& parameters);

  void initialise(State& state) const override;
  void advance(State& state, Interval tick, Context& context) const override;
  void observe(State& state) const override;
  std::vector<BudgetLine> budgets(const State& state) const override;
  std::vector<std::string> inputs() const override;
  std::vector<std::string> describe() const override;
  double first_step(const State& state) const override;

 private:
  /// Working memory of one advance: nothing here outlives it or decides the future.
  struct Scratch {
    Field depth_step, discharge_x_step, discharge_y_step;
    std::vector<TileFrame<Real>> frames;
    std::vector<std::uint8_t> is_wet;
    std::vector<Index> active;
    std::vector<TileReport> reports;
    std::vector<Real> outflow[4];
    std::vector<Real> imposed[4];
  };

  Scratch make_scratch(const State& state) const;
  Arrays<Real> arrays_of(State& state, Scratch& scratch) const;
  EdgeFluxes<Real> edges_of(Scratch& scratch) const;
  void choose_active(Scratch& scratch, bool is_raining) const;
  double stable_step(double wave_speed) const;
  double source_step(double time) const;
  /// Sweeps increments, halving dt until no cell is overdrawn; returns the dt that held.
  double find_increments(State& state, Scratch& scratch, const Arrays<Real>& arrays, double time,
                         double dt) const;
  void add_sources(State& state, Scratch& scratch, double time, double dt) const;
  void book_edges(State& state, const Scratch& scratch, double dt) const;
  void apply_step(State& state, Scratch& scratch, const Arrays<Real>& arrays, double time, double dt,
                  Context& context) const;
  double volume(const State& state) const;
  double first_wave_speed(const State& state) const;

  const Twin& twin_;
  Parameters parameters_;
  Handles handles_;
  Domain domain_;
  const Series* rain_ = nullptr;
  const Kernels<Real>& kernels_;
  InstructionSet level_;
};

}  // namespace dvinis::flood
