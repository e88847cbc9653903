#pragma once
/// What a scenario may say about tracers, checked and in SI.

#include <string>
#include <vector>

#include "core/base/settings.hpp"

namespace dvinis::flood {

enum class TracerKind {
  origin,   ///< share of the water that came in by named ways
  species,  ///< concentration of something the water carries [kg m-3]
  age,      ///< mean time since the water came in
};

/// What water that comes in by one way brings.
struct TracerInflow {
  std::string of = {};         ///< label of a boundary, place of a source, or "rain"
  double concentration = 0.0;  ///< where there is no series [kg m-3]
  std::string series = {};     ///< name of a concentration series
  Setting where = {};
};

/// Something that goes with the water. What no inflow names brings none.
struct Tracer {
  std::string id = {};
  TracerKind kind = TracerKind::origin;
  double start = 0.0;  ///< value of the water that is there at the start
  std::vector<TracerInflow> inflows = {};
  Setting where = {};

  /// Name of the field that the solver carries, and of what is shown of it.
  std::string field() const { return "tracer_" + id; }
  std::string shown_field() const;
  std::string maximum_field() const { return "maximum_" + shown_field(); }
  std::string unit() const;       ///< of the value
  std::string long_name() const;  ///< of what is shown, for people
  /// What the ledger keeps: value times volume.
  std::string quantity() const;
  std::string amount_unit() const;
  /// Column of the table of structures: what is on its way through pipes.
  std::string transit_column() const { return "in_transit_" + id; }
};

KeyTable tracer_keys();
/// @throws ScenarioError for combinations that a table of keys cannot exclude.
Tracer read_tracer(const Setting& item);
/// @throws ScenarioError for two of one id or two ages.
void refuse_doubles(const std::vector<Tracer>& tracers);

}  // namespace dvinis::flood
