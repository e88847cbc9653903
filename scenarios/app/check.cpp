#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "io/hdf5/file_space.hpp"
#include "scenarios/app/compose.hpp"
#include "scenarios/app/expectations.hpp"

namespace dvinis::app {

namespace {

/// Cells x steps per second and thread of a fully wet domain; a guess for the time estimate only.
constexpr double cell_rate = 8e6;

/// Speed at which a step crosses a cell in a lively flood [m s-1]: a wave of 6 m/s at a Courant number of
/// 0.4. The first step alone, taken before the water runs, would promise too much.
constexpr double usual_crossing_speed = 15.0;

double mebibytes(std::size_t bytes) { return static_cast<double>(bytes) / (1024.0 * 1024.0); }

std::size_t field_bytes(const std::vector<Field>& fields) {
  std::size_t bytes = 0;
  for (const Field& field : fields) bytes += field.byte_count();
  return bytes;
}

std::size_t layer_bytes(const Twin& twin) {
  std::size_t bytes = 0;
  for (const auto& [name, layer] : twin.layers) bytes += layer.values.byte_count();
  return bytes;
}

/// Smallest first sub-step of the processes that know theirs [s]; 0 if none does.
double first_step(const Composition& composition, const State& state) {
  double smallest = 0.0;
  for (const auto& process : composition.simulation->processes()) {
    const double step = process->first_step(state);
    if (step > 0.0 && (smallest == 0.0 || step < smallest)) smallest = step;
  }
  return smallest;
}

void print_domain(const Composition& composition) {
  const Twin& twin = composition.twin;
  const Grid& grid = twin.grid;
  fmt::print("scenario    {}: {}\n", twin.provenance.scenario_name, twin.provenance.about);
  fmt::print("grid        {} x {} = {} cells of {} m, x {} to {} m, y {} to {} m, heights in '{}'\n", grid.nx,
             grid.ny, grid.cells(), grid.spacing, grid.west, grid.east(), grid.south, grid.north(),
             twin.vertical_datum);
  fmt::print("time        {} from {}, ticks of {} s\n", clock_text(composition.schedule.end),
             utc_text(twin.start_utc), to_seconds(composition.schedule.exchange));
  for (const auto& [name, layer] : twin.layers) {
    fmt::print("layer       {} [{}] from {}\n", name, layer.unit, layer.source);
  }
  for (const auto& [name, series] : twin.series) {
    fmt::print("series      {} [{}], {} points from {}\n", name, series.unit, series.values.size(),
               series.source);
  }
  for (const TableInfo& table : composition.schema.tables) {
    const std::size_t rows = twin.places_of(table.place_kind).size();
    if (rows > 0) fmt::print("table       {}: {} row{}\n", table.name, rows, rows == 1 ? "" : "s");
  }
}

void print_cost(const Composition& composition, const State& state) {
  const double seconds = to_seconds(composition.schedule.end);
  const std::size_t fields = field_bytes(state.fields);
  const std::size_t layers = layer_bytes(composition.twin);
  fmt::print("memory      {:.1f} MiB: {:.1f} MiB of fields, {:.1f} MiB of layers\n",
             mebibytes(fields + layers), mebibytes(fields), mebibytes(layers));
  const double step = first_step(composition, state);
  if (step <= 0.0) {
    fmt::print("first step  unknown: nothing moves at the start\n");
    return;
  }
  const double later_step = std::min(step, composition.twin.grid.spacing / usual_crossing_speed);
  const double steps = std::ceil(seconds / later_step);
  const double cost = steps * static_cast<double>(composition.twin.grid.cells()) /
                      (cell_rate * composition.twin.provenance.threads);
  fmt::print("first step  {:.4g} s; about {:.2g} s and {:.0f} steps in all once water runs fast\n", step,
             later_step, steps);
  fmt::print("run time    up to about {} on {} thread(s) if every cell were wet; dry cells cost nothing\n",
             duration_text(cost), composition.twin.provenance.threads);
}

}  // namespace

int check_command(const RunOptions& options) {
  ignore_file_size_signal();
  Console console;
  Scenario scenario = read_only_text(options);
  const RunFolder folder = run_folder(scenario, options);
  folder.test_writing(false);
  const auto composition = compose(std::move(scenario), options, console.log());
  check_expectations(composition->scenario.settings.find("expect"), composition->twin, composition->schema,
                     composition->scenario.folder);
  const State state = composition->simulation->initial_state();
  print_domain(*composition);
  for (const auto& process : composition->simulation->processes()) {
    for (const std::string& sentence : process->describe()) fmt::print("model       {}\n", sentence);
  }
  print_cost(*composition, state);
  fmt::print("output      {}{}\n", folder.path().string(),
             folder.holds_a_run() ? " holds an earlier run: 'dvinis run' will ask for --overwrite" : "");
  fmt::print("the scenario is good\n");
  return static_cast<int>(ExitCode::ok);
}

}  // namespace dvinis::app
