#pragma once
/// What is shown of tracers: maps, greatest values, columns at gauges and houses.

#include "models/flood/process.hpp"

namespace dvinis::flood {

/// Adds their fields, columns and scalars to what the flood declares.
void declare_tracers(ModelInfo& info, const Parameters& parameters);
std::vector<TracerHandles> resolve_tracers(const Schema& schema, const Parameters& parameters);

/// Value of the water in a cell as people read it: of an age the time since entry; NaN where dry.
double shown_value(const State& state, const Handles& handles, const Domain& domain, std::size_t tracer,
                   Cell cell);

void observe_tracer_fields(State& state, const Handles& handles, const Domain& domain);
/// Writes the columns of a gauge.
void observe_tracers_at(const State& state, const Handles& handles, const Domain& domain, Cell cell,
                        Table& gauges, std::size_t row);
/// Writes where the water of a cell beside a house came from.
void note_origins(const State& state, const Handles& handles, const Domain& domain, Cell cell,
                  Table& buildings, std::size_t row);
/// Raises the fields of greatest values where the water is deep enough to count as arrived.
void raise_tracer_maxima(State& state, const Handles& handles, const Domain& domain,
                         const Parameters& parameters);

}  // namespace dvinis::flood
