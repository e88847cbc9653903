#pragma once
/// The flood bound to one twin: handles, geometry, and the sub-step loop.

#include <memory>
#include <vector>

#include "core/model/model.hpp"
#include "models/flood/boundary.hpp"
#include "models/flood/domain.hpp"
#include "models/flood/kernels.hpp"
#include "models/flood/parameters.hpp"
#include "models/flood/rain.hpp"
#include "models/flood/soil.hpp"
#include "models/flood/workspace.hpp"

namespace dvinis::flood {

struct TracerHandles {
  FieldHandle value, carry;
  FieldHandle shown, maximum;
  ScalarHandle amount_at_start;
};

/// Names of the flood's declarations, resolved once.
struct Handles {
  FieldHandle depth, discharge_x, discharge_y, carry, bed, roughness;
  FieldHandle infiltrated_depth, infiltration_capacity;
  FieldHandle maximum_depth, maximum_speed, maximum_unit_discharge, maximum_hazard, hazard_class,
      arrival_time, wet_duration;
  FieldHandle water_level, velocity_x, velocity_y, speed;
  TableHandle gauges, marks, buildings, sections, roads;
  TableHandle structures, measures;  ///< if there are any
  TableHandle structure_faces;       ///< in fast mode
  ScalarHandle wave_speed, volume_at_start;
  ScalarHandle
      unrecorded_time;  ///< length of the sub-step that led here, until the running fields know of it
  std::vector<TracerHandles> tracers;
};

Handles resolve(const Schema& schema, const Parameters& parameters);

/// Fields, tables and scalars the flood declares for these parameters.
ModelInfo flood_info(const Parameters& parameters);

/// Fills bed, roughness, depth and unit discharges of a fresh State from the twin's layers, halo included.
template <class Real>
void fill_start(State& state, const Handles& handles, const Twin& twin, const Domain& domain);

/// Depth and velocities of one cell in double; with sub-grid tables the depth over the cell's lowest ground.
struct CellWater {
  double depth = 0.0;
  double level = 0.0;
  double u = 0.0;
  double v = 0.0;
};
CellWater water_at(const State& state, const Handles& handles, const Domain& domain, Cell cell, double film);

/// Recomputes the diagnostic fields.
void observe_fields(State& state, const Handles& handles, const Domain& domain, const Parameters& parameters);
/// Recomputes the observing columns of the tables.
void observe_tables(State& state, const Handles& handles, const Twin& twin, const Domain& domain,
                    const Parameters& parameters);

/// Discharge through a cross-section [m3 s-1].
double section_discharge(const State& state, const Handles& handles, const std::vector<SectionTerm>& terms);

/// Accumulating columns of the tables (first wet minute, maxima), once a tick; newly wet houses become
/// events.
void accumulate_tables(State& state, const Handles& handles, const Twin& twin, const Domain& domain,
                       const Parameters& parameters, Microseconds now, Context* context);

/// Fastest wave |u| + c over some cells [m s-1], and where.
struct FastestWave {
  double speed = 0.0;
  Cell cell;
};

/// What a run of sub-steps reads and never changes.
template <class Real>
struct BoundFlood {
  const Twin& twin;
  Parameters parameters;
  Handles handles;
  Domain domain;
  Soil soil;
  Rain rain;
  InstructionSet level;
  const Kernels<Real>& kernels;
  SubgridView<Real> tables;  ///< of domain.subgrid, if there is one

  /// Pointers into a State; the next_ ones are left to the caller.
  Arrays<Real> arrays_of(State& state) const;
  RecordNumbers record_numbers(const State& state, double time) const;
  FastestWave fastest_wave(const State& state) const;
  FastestWave fastest_wave_in(const State& state, const Tile& tile) const;
  /// Largest stable sub-step while no wave is faster than `wave_speed` [m s-1].
  double stable_step(double wave_speed) const;
  /// Limits of the fast mode, which must be on.
  InertialGuard<Real> guard() const;
};

constexpr const char* water_quantity = "water";
constexpr const char* water_unit = "m3";

template <class Real>
class FloodProcess final : public Process {
 public:
  FloodProcess(const Twin& twin, const Schema& schema, const Parameters& parameters);

  void initialise(State& state) const override;
  void advance(State& state, Interval tick, Context& context) const override;
  void observe(State& state, Shown shown) const override;
  std::vector<BudgetLine> budgets(const State& state) const override;
  std::vector<std::string> inputs() const override;
  std::vector<std::string> describe() const override;
  double first_step(const State& state) const override;

 private:
  void record(State& state) const;
  double volume(const State& state) const;

  BoundFlood<Real> bound_;
  mutable WorkspacePool<Real> workspaces_;
};

}  // namespace dvinis::flood
