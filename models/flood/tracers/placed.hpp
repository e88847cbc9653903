#pragma once
/// Tracers on one twin: what each way in brings.

#include <vector>

#include "core/twin/twin.hpp"
#include "models/flood/tracers/parameters.hpp"

namespace dvinis::flood {

struct Domain;
struct Parameters;

/// Value of the water that comes in by one way.
struct InflowValue {
  double constant = 0.0;
  const Series* series = nullptr;
  bool is_time = false;  ///< the time of entry itself, from which age follows

  double at(double time) const { return is_time ? time : series != nullptr ? series->at(time) : constant; }
};

struct BoundTracer {
  Tracer tracer;
  InflowValue rain;
  std::vector<InflowValue> stretches;  ///< by Domain::stretches
  std::vector<InflowValue> sources;    ///< by Domain::sources
};

/// @throws ScenarioError for ways and series that are not there.
std::vector<BoundTracer> bind_tracers(const Twin& twin, const Parameters& parameters, const Domain& domain);

}  // namespace dvinis::flood
