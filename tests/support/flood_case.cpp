#include "tests/support/flood_case.hpp"

#include <algorithm>
#include <cmath>

#include "models/flood/process.hpp"

namespace dvinis::test {

namespace {

/// The flood straight from parameters, as the catalogue would make it from a scenario.
class FloodModel final : public Model {
 public:
  explicit FloodModel(const flood::Parameters& parameters)
      : parameters_(parameters), info_(flood::flood_info(parameters)) {}
  const ModelInfo& info() const override { return info_; }
  std::unique_ptr<Process> bind(const Twin& twin, const Schema& schema) const override {
    if (parameters_.precision == ElementType::float32) {
      return std::make_unique<flood::FloodProcess<float>>(twin, schema, parameters_);
    }
    return std::make_unique<flood::FloodProcess<double>>(twin, schema, parameters_);
  }

 private:
  flood::Parameters parameters_;
  ModelInfo info_;
};

void add_layer(Twin& twin, const FloodCase& definition, const std::string& name, const std::string& unit,
               const Shape& shape) {
  if (!shape) return;
  Layer layer{.name = name,
              .unit = unit,
              .long_name = name,
              .values = Field(ElementType::float64, twin.grid.nx, twin.grid.ny),
              .source = "test"};
  const int samples = definition.average_bed ? 5 : 1;
  for (Index j = 0; j < twin.grid.ny; ++j) {
    for (Index i = 0; i < twin.grid.nx; ++i) {
      double sum = 0.0;
      for (int b = 0; b < samples; ++b) {
        for (int a = 0; a < samples; ++a) {
          const double shift_x = ((a + 0.5) / samples - 0.5) * twin.grid.spacing;
          const double shift_y = ((b + 0.5) / samples - 0.5) * twin.grid.spacing;
          sum += shape(twin.grid.x_centre(i) + shift_x, twin.grid.y_centre(j) + shift_y);
        }
      }
      layer.values.set(i, j, sum / (samples * samples));
    }
  }
  twin.layers[name] = std::move(layer);
}

void add_layers(Twin& twin, const FloodCase& definition) {
  add_layer(twin, definition, "bed_elevation", "m", definition.bed);
  add_layer(twin, definition, "initial_depth", "m", definition.depth);
  add_layer(twin, definition, "initial_level", "m", definition.level);
  add_layer(twin, definition, "velocity_x", "m s-1", definition.velocity_x);
  add_layer(twin, definition, "velocity_y", "m s-1", definition.velocity_y);
  for (const auto& [name, layer] : definition.layers)
    add_layer(twin, definition, name, layer.unit, layer.shape);
  const double n = definition.roughness;
  add_layer(twin, definition, "roughness", "s m-1/3", [n](double, double) { return n; });
}

}  // namespace

void FloodCase::constant_series(const std::string& name, const std::string& unit, double value) {
  Series constant;
  constant.name = name;
  constant.unit = unit;
  constant.seconds = {0.0};
  constant.values = {value};
  series[name] = constant;
}

void FloodCase::flow_eastward(double discharge) {
  constant_series("in", "m3 s-1", discharge);
  boundary(flood::Edge::west, flood::BoundaryKind::discharge, "in");
  boundary(flood::Edge::east, flood::BoundaryKind::free);
}

void FloodCase::boundary(flood::Edge edge, flood::BoundaryKind kind, const std::string& series_name) {
  flood::Boundary boundary;
  boundary.edge = edge;
  boundary.kind = kind;
  boundary.series = series_name;
  boundary.label = std::string(flood::kind_name(kind)) + " " + flood::edge_name(edge);
  parameters.boundaries.push_back(boundary);
}

void FloodCase::structure(const std::string& id, const std::vector<Point>& line,
                          const flood::StructureForm& form) {
  Place place;
  place.kind = "structure";
  place.id = id;
  place.points = line;
  places.push_back(place);
  flood::Structure structure;
  structure.place = id;
  structure.form = form;
  parameters.structures.push_back(structure);
}

FloodCase every_structure() {
  FloodCase definition;
  definition.nx = 131;
  definition.ny = 37;
  definition.spacing = 5.0;
  definition.roughness = 0.03;
  definition.bed = [](double x, double y) {
    return 2.0 + 0.5 * std::sin(0.05 * x) * std::cos(0.06 * y) - 0.002 * x;
  };
  definition.level = [](double x, double) { return x < 300.0 ? 3.5 : 1.2; };
  definition.parameters.constant_rain = 1e-5;
  definition.structure("levee", {{300.0, 0.0}, {300.0, 90.0}},
                       flood::Levee{.crest = 3.6,
                                    .breach = flood::Breach{.trigger = {.at = 30.0},
                                                            .initial_width = 10.0,
                                                            .greatest_width = 40.0,
                                                            .bottom = 2.0,
                                                            .deepening = 120.0}});
  definition.structure("weir", {{300.0, 90.0}, {300.0, 110.0}}, flood::Weir{.crest = 3.2});
  definition.structure("gate", {{300.0, 110.0}, {300.0, 130.0}}, flood::Gate{.sill = 1.0, .opening = 0.3});
  definition.structure("bridge", {{300.0, 130.0}, {300.0, 150.0}},
                       flood::Bridge{.soffit = 3.0, .deck = 4.0, .blocked_share = 0.2});
  definition.structure("jam", {{300.0, 150.0}, {300.0, 185.0}},
                       flood::IceJam{.underside = 2.8, .blocked_share = 0.5, .length = 50.0});
  definition.structure(
      "culvert", {{252.0, 42.0}, {347.0, 42.0}},
      flood::Culvert{.diameter = 1.0, .length = 95.0, .inlet_level = 2.2, .outlet_level = 1.9});
  definition.structure("pump", {{402.0, 72.0}, {202.0, 72.0}},
                       flood::Pump{.curve = {{0.0, 1.0}, {5.0, 0.2}}, .start_level = 1.1, .stop_level = 1.0});
  return definition;
}

Place point_place(const std::string& kind, const std::string& id, const Grid& grid, double x, double y) {
  Place place;
  place.kind = kind;
  place.id = id;
  place.points = {{x, y}};
  place.cells = {*grid.cell_at({x, y})};
  return place;
}

double normal_depth_of(double unit_discharge, double roughness, double slope) {
  return std::pow(unit_discharge * roughness / std::sqrt(slope), 0.6);
}

struct FloodRun::Impl {
  Twin twin;
  std::vector<std::unique_ptr<Model>> models;
  Schema schema;
  std::unique_ptr<Simulation> simulation;
  State state;
};

FloodRun::FloodRun(const FloodCase& definition) : impl_(std::make_unique<Impl>()) {
  Twin& twin = impl_->twin;
  twin.grid = {definition.nx, definition.ny, definition.spacing, definition.west, definition.south, {}};
  twin.vertical_datum = "local";
  add_layers(twin, definition);
  if (const Index ratio = definition.subgrid_ratio; ratio > 0) {
    auto finer = std::make_shared<Twin>();
    finer->grid = twin.grid;
    finer->grid.nx *= ratio;
    finer->grid.ny *= ratio;
    finer->grid.spacing /= static_cast<double>(ratio);
    add_layers(*finer, definition);
    twin.finer = std::move(finer);
  }
  twin.series = definition.series;
  twin.images = definition.images;
  twin.places = definition.places;
  impl_->models.push_back(std::make_unique<FloodModel>(definition.parameters));
  impl_->schema = make_schema(impl_->models, definition.wanted);
  impl_->simulation = std::make_unique<Simulation>(twin, impl_->schema, impl_->models);
  impl_->state = impl_->simulation->initial_state();
}

FloodRun::~FloodRun() = default;

RunSummary FloodRun::run_to(double seconds, double exchange) {
  Schedule schedule;
  schedule.end = from_seconds(seconds);
  schedule.exchange = std::min(from_seconds(exchange), schedule.end);
  schedule.budget_tolerance = 1.0;
  return impl_->simulation->run(impl_->state, schedule, {}, nullptr, nullptr, nullptr);
}

State& FloodRun::state() { return impl_->state; }
const Schema& FloodRun::schema() const { return impl_->schema; }
const Twin& FloodRun::twin() const { return impl_->twin; }
const Simulation& FloodRun::simulation() const { return *impl_->simulation; }

double FloodRun::depth(Index i, Index j) const {
  return impl_->state.field(impl_->schema.field("water_depth")).value(i, j);
}
double FloodRun::discharge_x(Index i, Index j) const {
  return impl_->state.field(impl_->schema.field("unit_discharge_x")).value(i, j);
}
double FloodRun::discharge_y(Index i, Index j) const {
  return impl_->state.field(impl_->schema.field("unit_discharge_y")).value(i, j);
}

double FloodRun::largest_speed() const {
  double largest = 0.0;
  for (Index j = 0; j < impl_->twin.grid.ny; ++j) {
    for (Index i = 0; i < impl_->twin.grid.nx; ++i) {
      const double h = depth(i, j);
      if (h > 0.0) largest = std::max(largest, std::hypot(discharge_x(i, j), discharge_y(i, j)) / h);
    }
  }
  return largest;
}

double FloodRun::structure(const std::string& id, const std::string& column) const {
  const std::vector<const Place*> places = impl_->twin.places_of("structure");
  for (std::size_t row = 0; row < places.size(); ++row) {
    if (places[row]->id == id)
      return impl_->state.table(impl_->schema.table("structures")).column(column)[row];
  }
  return NAN;
}

double FloodRun::relative_water_error() const {
  const BudgetLine line = impl_->simulation->processes().front()->budgets(impl_->state).front();
  return std::abs(line.error) / line.throughput;
}

}  // namespace dvinis::test
