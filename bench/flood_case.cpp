#include "bench/flood_case.hpp"

#include <algorithm>
#include <cmath>

#include "models/catalogue.hpp"

namespace dvinis::bench {

namespace {

const CatalogueEntry& flood_entry() {
  const auto& entries = catalogue();
  const auto found =
      std::find_if(entries.begin(), entries.end(), [](const auto& e) { return e.name == "flood"; });
  expects(found != entries.end(), "the catalogue holds the flood");
  return *found;
}

Setting section(const FloodCase& definition) {
  Setting raw;
  raw.path = "models.flood";
  for (const auto& [key, value] : definition.settings) {
    Setting item;
    item.kind = Setting::Kind::scalar;
    item.path = "models.flood." + key;
    item.scalar = value;
    raw.members.emplace_back(key, item);
  }
  return validated(raw, flood_entry().keys());
}

void add_layer(Twin& twin, const std::string& name, const std::string& unit, const Shape& shape) {
  Layer layer;
  layer.name = name;
  layer.unit = unit;
  layer.values = Field(ElementType::float64, twin.grid.nx, twin.grid.ny);
  layer.source = "bench";
  for (Index j = 0; j < twin.grid.ny; ++j) {
    for (Index i = 0; i < twin.grid.nx; ++i)
      layer.values.set(i, j, shape(twin.grid.x_centre(i), twin.grid.y_centre(j)));
  }
  twin.layers[name] = std::move(layer);
}

Twin make_twin(const FloodCase& definition) {
  Twin twin;
  twin.grid = {definition.nx, definition.ny, definition.spacing, definition.west, definition.south, {}};
  twin.vertical_datum = "local";
  add_layer(twin, "bed_elevation", "m", definition.bed);
  add_layer(twin, "initial_level", "m", definition.level);
  const double roughness = definition.roughness;
  add_layer(twin, "roughness", "s m-1/3", [roughness](double, double) { return roughness; });
  return twin;
}

}  // namespace

struct FloodRun::Impl {
  explicit Impl(const FloodCase& definition) : twin(make_twin(definition)) {
    models.push_back(flood_entry().make(section(definition)));
    schema = make_schema(models, definition.wanted);
    simulation = std::make_unique<Simulation>(twin, schema, models);
    state = simulation->initial_state();
    depth = schema.field("water_depth");
  }

  Twin twin;
  std::vector<std::unique_ptr<Model>> models;
  Schema schema;
  std::unique_ptr<Simulation> simulation;
  State state;
  FieldHandle depth;
};

FloodRun::FloodRun(const FloodCase& definition) : impl_(std::make_unique<Impl>(definition)) {}
FloodRun::~FloodRun() = default;

RunSummary FloodRun::run_to(double seconds) {
  Schedule schedule;
  schedule.end = from_seconds(seconds);
  schedule.exchange = schedule.end;
  schedule.budget_tolerance = 1.0;  // speed is measured here; tests hold the balance
  return impl_->simulation->run(impl_->state, schedule, {}, nullptr, nullptr, nullptr);
}

const State& FloodRun::state() const { return impl_->state; }
const Grid& FloodRun::grid() const { return impl_->twin.grid; }
double FloodRun::depth(Index i, Index j) const { return impl_->state.field(impl_->depth).value(i, j); }

FloodCase radial_dam_break(Index cells_a_side, const std::string& precision) {
  FloodCase definition;
  definition.nx = cells_a_side;
  definition.ny = cells_a_side;
  definition.spacing = 10000.0 / static_cast<double>(cells_a_side);
  definition.west = -5000.0;
  definition.south = -5000.0;
  definition.bed = [](double, double) { return 0.0; };
  definition.level = [](double x, double y) { return std::hypot(x, y) < 2500.0 ? 10.0 : 2.0; };
  definition.settings = {{"precision", precision}};
  return definition;
}

FloodCase three_mounds(const std::string& precision) {
  FloodCase definition;
  definition.nx = 1000;
  definition.ny = 400;
  definition.spacing = 0.075;
  definition.bed = [](double x, double y) {
    const auto mound = [x, y](double height, double slope, double at_x, double at_y) {
      return height - slope * std::hypot(x - at_x, y - at_y);
    };
    return std::max(
        {0.0, mound(1.0, 0.1, 30.0, 22.5), mound(1.0, 0.1, 30.0, 7.5), mound(2.8, 0.28, 47.5, 15.0)});
  };
  definition.level = [](double x, double) { return x < 16.0 ? 1.875 : -1.0; };
  definition.roughness = 0.018;
  definition.settings = {{"precision", precision}};
  return definition;
}

std::vector<std::string> all_maxima() {
  return {"maximum_depth",  "maximum_speed", "maximum_unit_discharge",
          "maximum_hazard", "arrival_time",  "wet_duration"};
}

}  // namespace dvinis::bench
