#include "models/flood/tracers/observe.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "core/grid/parallel.hpp"

namespace dvinis::flood {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr const char* at_start = "flood.{}.at_start";

/// Water less deep than this is shown as dry [m].
constexpr double shown_depth = 1e-3;

std::vector<FieldInfo> fields_of(const Tracer& tracer, ElementType precision) {
  FieldInfo value;
  value.name = tracer.field();
  value.unit = tracer.unit();
  value.long_name = tracer.kind == TracerKind::age ? "mean time of entry of the water, 0 where dry"
                                                   : tracer.long_name() + ", 0 where dry";
  value.type = precision;
  value.minimum = 0.0;
  std::vector<FieldInfo> fields = {value};
  if (precision == ElementType::float32) {
    FieldInfo carry = value;
    carry.name += "_carry";
    carry.long_name = fmt::format("what rounding left over of {}", tracer.field());
    carry.minimum = -std::numeric_limits<double>::infinity();
    fields.push_back(carry);
  }
  FieldInfo shown;
  shown.name = tracer.shown_field();
  shown.unit = tracer.unit();
  shown.long_name = tracer.long_name();
  shown.role = Role::diagnostic;
  shown.type = ElementType::float32;
  shown.optional = true;
  shown.minimum = 0.0;
  if (tracer.kind == TracerKind::origin) shown.maximum = 1.0;
  fields.push_back(shown);
  if (tracer.kind == TracerKind::age) return fields;
  shown.name = tracer.maximum_field();
  shown.long_name = "greatest " + tracer.long_name();
  shown.role = Role::running;
  shown.cell_methods = "time: maximum";
  fields.push_back(shown);
  return fields;
}

TableInfo* table_of(ModelInfo& info, const std::string& name) {
  for (TableInfo& table : info.tables) {
    if (table.name == name) return &table;
  }
  throw InternalError("bug: the flood has no table " + name);
}

}  // namespace

void declare_tracers(ModelInfo& info, const Parameters& parameters) {
  for (const Tracer& tracer : parameters.tracers) {
    for (FieldInfo& field : fields_of(tracer, parameters.precision))
      info.provides.push_back(std::move(field));
    table_of(info, "gauges")
        ->columns.push_back({tracer.shown_field(), tracer.unit(), tracer.long_name(), true});
    if (tracer.kind == TracerKind::origin) {
      table_of(info, "buildings")
          ->columns.push_back(
              {tracer.shown_field(), "1",
               fmt::format("{}, where and when it stood deepest at the wall", tracer.long_name()), false});
    }
    info.scalars.push_back(fmt::format(at_start, tracer.field()));
  }
}

std::vector<TracerHandles> resolve_tracers(const Schema& schema, const Parameters& parameters) {
  std::vector<TracerHandles> handles;
  for (const Tracer& tracer : parameters.tracers) {
    handles.push_back({schema.field(tracer.field()), schema.find_field(tracer.field() + "_carry"),
                       schema.find_field(tracer.shown_field()), schema.find_field(tracer.maximum_field()),
                       schema.scalar(fmt::format(at_start, tracer.field()))});
  }
  return handles;
}

double shown_value(const State& state, const Handles& handles, const Domain& domain, std::size_t tracer,
                   Cell cell) {
  const double depth = state.field(handles.depth).value(cell.i, cell.j);
  if (!(domain.greatest_depth(cell, depth) > shown_depth)) return nan;
  // Rounding may leave a trace below nothing.
  const double value = std::max(state.field(handles.tracers[tracer].value).value(cell.i, cell.j), 0.0);
  const bool is_age = domain.tracers[tracer].tracer.kind == TracerKind::age;
  return is_age ? to_seconds(state.time) - value : value;
}

void observe_tracer_fields(State& state, const Handles& handles, const Domain& domain) {
  for (std::size_t k = 0; k < domain.tracers.size(); ++k) {
    if (!handles.tracers[k].shown) continue;
    const View<float> shown = state.field(handles.tracers[k].shown).view<float>();
    for_each_item(domain.grid.ny, [&](Index j) {
      for (Index i = 0; i < domain.grid.nx; ++i) {
        shown(i, j) = static_cast<float>(shown_value(std::as_const(state), handles, domain, k, {i, j}));
      }
    });
  }
}

void observe_tracers_at(const State& state, const Handles& handles, const Domain& domain, Cell cell,
                        Table& gauges, std::size_t row) {
  for (std::size_t k = 0; k < domain.tracers.size(); ++k)
    gauges.column(domain.tracers[k].tracer.shown_field())[row] = shown_value(state, handles, domain, k, cell);
}

void note_origins(const State& state, const Handles& handles, const Domain& domain, Cell cell,
                  Table& buildings, std::size_t row) {
  for (std::size_t k = 0; k < domain.tracers.size(); ++k) {
    const Tracer& tracer = domain.tracers[k].tracer;
    if (tracer.kind == TracerKind::origin)
      buildings.column(tracer.shown_field())[row] = shown_value(state, handles, domain, k, cell);
  }
}

void raise_tracer_maxima(State& state, const Handles& handles, const Domain& domain,
                         const Parameters& parameters) {
  const Field& depth = std::as_const(state).field(handles.depth);
  for (const TracerHandles& tracer : handles.tracers) {
    if (!tracer.maximum) continue;
    const Field& value = std::as_const(state).field(tracer.value);
    const View<float> maximum = state.field(tracer.maximum).view<float>();
    for_each_item(domain.grid.ny, [&](Index j) {
      for (Index i = 0; i < domain.grid.nx; ++i) {
        if (domain.greatest_depth({i, j}, depth.value(i, j)) < parameters.arrival_depth) continue;
        maximum(i, j) = std::max(maximum(i, j), static_cast<float>(value.value(i, j)));
      }
    });
  }
}

}  // namespace dvinis::flood
