#pragma once
/// What a scenario may say about the flood, checked and in SI.

#include <optional>
#include <string>
#include <vector>

#include "core/base/settings.hpp"
#include "core/grid/field.hpp"
#include "models/flood/structures/measures.hpp"
#include "models/flood/tracers/parameters.hpp"

namespace dvinis::flood {

enum class Edge { west, east, south, north };
enum class BoundaryKind { wall, free, level, discharge, wave, rating };
enum class BuildingTreatment { ignore, raise, block };

/// One point of a rating curve.
struct RatingPoint {
  double level = 0.0;      ///< [m]
  double discharge = 0.0;  ///< [m3 s-1]
};

/// One stretch of the domain's rim. Unnamed parts of the rim are walls.
struct Boundary {
  Edge edge = Edge::west;
  std::optional<double> from;  ///< y (west, east) or x (south, north) where the stretch begins [m]
  std::optional<double> to;
  BoundaryKind kind = BoundaryKind::wall;
  std::string series;        ///< name of a level [m], discharge [m3 s-1] or wave height [m] series
  double still_level = 0.0;  ///< of an incoming wave [m]
  std::vector<RatingPoint> rating;
  std::string label;  ///< ledger account
  Setting where;      ///< for messages
};

/// Water that enters (or, negative, leaves) inside the domain, spread evenly over a place's cells.
struct Source {
  std::string place;
  std::string series;
  Setting where;
};

enum class RainInterpolation { inverse_distance, nearest };

/// A place where rain is measured, inside the domain or outside.
struct RainGauge {
  std::string series;
  double x = 0.0;
  double y = 0.0;
};

enum class InfiltrationLaw { none, constant, horton, green_ampt, curve_number };

/// The fast mode: local inertia where it may be trusted, the full equations elsewhere. See inertial.hpp.
struct FastMode {
  double courant = 0.95;    ///< of tiles without the full equations
  double froude = 0.7;      ///< largest Froude number it is trusted with
  double level_step = 0.4;  ///< largest step of the level between two cells, over the depth
  /// Water less deep than this is always trusted [m]; none: `trusted_share` of a cell's width.
  std::optional<double> depth = std::nullopt;
  static constexpr double trusted_share = 0.04;

  double trusted_depth(double spacing) const { return depth.value_or(trusted_share * spacing); }
};

struct Parameters {
  ElementType precision = ElementType::float64;
  std::optional<FastMode> fast;  ///< none: the full equations everywhere
  double courant = 0.4;
  bool leaves_still_water = true;  ///< sub-steps pass over still water; the same bits either way
  double film_depth = 1e-6;        ///< [m]
  double arrival_depth = 0.01;     ///< [m]
  double debris_factor = 1.0;
  double road_closure_depth = 0.3;     ///< [m]
  std::optional<double> maximum_step;  ///< [s]
  double record_every = 0.0;           ///< running fields take the state at least this far apart [s]
  double constant_rain = 0.0;          ///< [m s-1]
  std::string rain_series;
  std::vector<RainGauge> rain_gauges;
  std::string rain_images;
  RainInterpolation rain_interpolation = RainInterpolation::inverse_distance;
  BuildingTreatment buildings = BuildingTreatment::ignore;
  double building_height = 3.0;  ///< [m]
  std::vector<Boundary> boundaries;
  std::vector<Source> sources;
  std::vector<Structure> structures;
  std::vector<Measure> measures;
  std::vector<Tracer> tracers;

  InfiltrationLaw infiltration = InfiltrationLaw::none;
  double abstraction_ratio = 0.2;  ///< of the curve number: initial abstraction over retention

  /// Whether rain and infiltration are worked out cell by cell; else rain falls evenly.
  bool has_uneven_ground() const {
    return infiltration != InfiltrationLaw::none || !rain_gauges.empty() || !rain_images.empty();
  }
  /// Whether depths change by amounts that they could not hold: they are summed with compensation then.
  bool needs_carry() const { return has_rain() || infiltration != InfiltrationLaw::none; }
  bool has_rain() const {
    return constant_rain > 0.0 || !rain_series.empty() || !rain_gauges.empty() || !rain_images.empty();
  }
};

const char* edge_name(Edge edge);
const char* kind_name(BoundaryKind kind);

/// Reads the validated section. @throws ScenarioError for combinations that a table of keys cannot exclude.
Parameters read_parameters(const Setting& settings);

}  // namespace dvinis::flood
