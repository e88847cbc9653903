#include "models/flood/tracers/placed.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "models/flood/domain.hpp"

namespace dvinis::flood {

namespace {

constexpr const char* rain_name = "rain";

/// Ways by which water may come in, as a tracer names them.
std::vector<std::string> ways_in(const Parameters& parameters, const Domain& domain) {
  std::vector<std::string> ways;
  for (const Stretch& stretch : domain.stretches) {
    if (stretch.kind != BoundaryKind::free &&
        std::find(ways.begin(), ways.end(), stretch.account) == ways.end())
      ways.push_back(stretch.account);
  }
  for (const Source& source : parameters.sources) ways.push_back(source.place);
  if (parameters.has_rain()) ways.emplace_back(rain_name);
  return ways;
}

[[noreturn]] void refuse_way(const TracerInflow& inflow, const std::vector<std::string>& ways) {
  const std::string near = did_you_mean(inflow.of, ways);
  throw inflow.where.error(fmt::format("no water comes in by '{}'; {}", inflow.of,
                                       ways.empty()   ? std::string("in this scenario none comes in at all")
                                       : near.empty() ? fmt::format("known: '{}'", fmt::join(ways, "', '"))
                                                      : fmt::format("did you mean '{}'?", near)));
}

const Series* concentration_series(const Twin& twin, const TracerInflow& inflow) {
  if (inflow.series.empty()) return nullptr;
  const Series* series = twin.find_series(inflow.series);
  if (series == nullptr || series->unit != "kg m-3") {
    throw inflow.where.error(
        fmt::format("'{}' is no series of concentrations in 'kg m-3' under 'series'", inflow.series));
  }
  const auto below = std::find_if(series->values.begin(), series->values.end(),
                                  [](double value) { return !(value >= 0.0); });
  if (below != series->values.end()) {
    throw DataError(fmt::format("{}: series '{}' has a concentration of {} kg/m3; it is 0 or more",
                                series->source, series->name, *below));
  }
  return series;
}

}  // namespace

std::vector<BoundTracer> bind_tracers(const Twin& twin, const Parameters& parameters, const Domain& domain) {
  const std::vector<std::string> ways = ways_in(parameters, domain);
  std::vector<BoundTracer> bound;
  for (const Tracer& tracer : parameters.tracers) {
    BoundTracer placed;
    placed.tracer = tracer;
    const InflowValue none = {.is_time = tracer.kind == TracerKind::age};
    placed.rain = none;
    placed.stretches.assign(domain.stretches.size(), none);
    placed.sources.assign(domain.sources.size(), none);
    for (const TracerInflow& inflow : tracer.inflows) {
      const InflowValue value = {inflow.concentration, concentration_series(twin, inflow)};
      if (std::find(ways.begin(), ways.end(), inflow.of) == ways.end()) refuse_way(inflow, ways);
      for (std::size_t k = 0; k < domain.stretches.size(); ++k) {
        if (domain.stretches[k].account == inflow.of) placed.stretches[k] = value;
      }
      for (std::size_t k = 0; k < parameters.sources.size(); ++k) {
        if (parameters.sources[k].place == inflow.of) placed.sources[k] = value;
      }
      if (inflow.of == rain_name) placed.rain = value;
    }
    bound.push_back(std::move(placed));
  }
  return bound;
}

}  // namespace dvinis::flood
