#include "bench/flood_case.hpp"

#include <algorithm>
#include <cmath>
#include <ctime>
#include <utility>

#include "models/catalogue.hpp"
#include "models/flood/kernels.hpp"

namespace dvinis::bench {

namespace {

const CatalogueEntry& flood_entry() {
  const auto& entries = catalogue();
  const auto found =
      std::find_if(entries.begin(), entries.end(), [](const auto& e) { return e.name == "flood"; });
  expects(found != entries.end(), "the catalogue holds the flood");
  return *found;
}

Setting scalar(const std::string& text) {
  Setting item;
  item.kind = Setting::Kind::scalar;
  item.scalar = text;
  return item;
}

/// Tags of the water that is there at the start, all alike.
Setting tracers(int count) {
  Setting list;
  list.kind = Setting::Kind::list;
  for (int k = 0; k < count; ++k) {
    Setting ways;
    ways.kind = Setting::Kind::list;
    ways.items = {scalar("start")};
    Setting tracer;
    tracer.members = {{"id", scalar("tag" + std::to_string(k))}, {"kind", scalar("origin")}, {"of", ways}};
    list.items.push_back(tracer);
  }
  return list;
}

Setting section(const FloodCase& definition) {
  Setting raw;
  raw.path = "models.flood";
  for (const auto& [key, value] : definition.settings) {
    raw.members.emplace_back(key, scalar(value));
    raw.members.back().second.path = "models.flood." + key;
  }
  if (definition.tracers > 0) raw.members.emplace_back("tracers", tracers(definition.tracers));
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
const Schema& FloodRun::schema() const { return impl_->schema; }
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

double bare_sweep_seconds(const FloodRun& run, int steps) {
  const Grid& grid = run.grid();
  State state = run.state();
  const auto field = [&](const char* name) -> Field& { return state.field(run.schema().field(name)); };
  Field* now[] = {&field("water_depth"), &field("unit_discharge_x"), &field("unit_discharge_y")};
  Field next[] = {*now[0], *now[1], *now[2]};
  const Tiling tiling{grid.nx, grid.ny};
  std::vector<flood::TileReport> reports(static_cast<std::size_t>(tiling.count()));
  const std::vector<double> datum(reports.size(), 0.0);
  // Closed rim as in the case.
  const Index closed_pitch = grid.nx + 4;
  std::vector<unsigned char> closed(
      static_cast<std::size_t>(closed_pitch * (grid.ny + 4) + flood::load_slack), 0);
  unsigned char* cells = closed.data() + 2 * closed_pitch + 2;
  for (Index j = 0; j < grid.ny; ++j) {
    cells[j * closed_pitch] |= flood::closed_west;
    cells[j * closed_pitch + grid.nx] |= flood::closed_west;
  }
  for (Index i = 0; i < grid.nx; ++i) {
    cells[i] |= flood::closed_south;
    cells[grid.ny * closed_pitch + i] |= flood::closed_south;
  }
  const std::vector<float> imposed(static_cast<std::size_t>(std::max(grid.nx, grid.ny)), std::nanf(""));
  std::vector<float> outflow(imposed.size());
  const flood::EdgeLine<float> edge{outflow.data(), imposed.data()};
  const flood::Kernels<float>& kernels = flood::kernels<float>(flood::chosen_instruction_set());
  flood::Sweep<float> sweep;
  flood::Arrays<float>& arrays = sweep.arrays;
  arrays.nx = grid.nx;
  arrays.ny = grid.ny;
  arrays.pitch = now[0]->pitch();
  arrays.bed = field("bed").view<float>().origin;
  arrays.roughness = field("manning_roughness").view<float>().origin;
  arrays.datum = datum.data();
  arrays.closed = cells;
  arrays.closed_pitch = closed_pitch;
  sweep.edges = {edge, edge, edge, edge};
  sweep.reports = reports.data();
  sweep.numbers.spacing = static_cast<float>(grid.spacing);
  sweep.numbers.dt = 0.3f * sweep.numbers.spacing / 15.0f;  // well within what the waves of the case allow
  sweep.numbers.film = 1e-6f;
  constexpr Index window_rows = 4;  // as the engine has them where all is wet
  const std::clock_t begin = std::clock();
  for (int step = 0; step < steps; ++step) {
    arrays.depth = now[0]->view<float>().origin;
    arrays.discharge_x = now[1]->view<float>().origin;
    arrays.discharge_y = now[2]->view<float>().origin;
    arrays.next_depth = next[0].view<float>().origin;
    arrays.next_discharge_x = next[1].view<float>().origin;
    arrays.next_discharge_y = next[2].view<float>().origin;
    for (Index row = 0; row < tiling.rows(); row += window_rows) {
      for (Index column = 0; column < tiling.columns(); column += kernels.window_columns) {
        kernels.advance(sweep, {column, row, std::min(kernels.window_columns, tiling.columns() - column),
                                std::min(window_rows, tiling.rows() - row)});
      }
    }
    for (int k = 0; k < 3; ++k) std::swap(*now[k], next[k]);
  }
  return static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
}

std::vector<std::string> all_maxima() {
  return {"maximum_depth",  "maximum_speed", "maximum_unit_discharge",
          "maximum_hazard", "arrival_time",  "wet_duration"};
}

}  // namespace dvinis::bench
