#include "scenarios/app/templates.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <map>

#include "core/base/error.hpp"
#include "core/base/settings.hpp"
#include "scenarios/app/options.hpp"
#include "scenarios/app/run_folder.hpp"

namespace dvinis::app {

namespace fs = std::filesystem;

namespace {

constexpr const char* dam_break = R"(# yaml-language-server: $schema=scenario.schema.json
scenario: dam-break
about: A dam bursts on a plain; runs as it is, without any data.
seed: 1

domain:
  plain: { width: 1 km, height: 500 m, west: 0 m, south: 0 m, spacing: 5 m, elevation: 0 m }
  crs: local               # or EPSG:32633, an UTM zone
  vertical_datum: local    # or AHD, LAS-2000,5, EVRF2007: which zero the levels count from

time:
  start: 2026-01-01T00:00:00Z
  duration: 5 min
  exchange: 5 s            # outputs, checkpoints and stops fall on multiples of this

layers:
  roughness: { value: 0.03 s/m^(1/3) }
  initial_level: { formula: "x < 300 ? 4 : 0.5" }

places:
  - { kind: gauge, id: downstream, x: 600 m, y: 250 m }

models:
  flood: {}

outputs:
  folder: out
  maps: { every: 30 s, fields: [water_depth, velocity_x, velocity_y] }
  maxima: [maximum_depth, maximum_speed, arrival_time]
  series: { every: 5 s }
  checkpoint: { every: 1 min }

expect:
  - { what: budget_error, quantity: water, below: 1e-12 }
)";

constexpr const char* terrain = R"(# yaml-language-server: $schema=scenario.schema.json
scenario: my-town
about: One sentence that stands on every picture.
seed: 1
attribution: "Terrain: name the owner of the data and the licence"

domain:
  terrain: data/terrain.tif      # any raster GDAL reads, metres, with a projected CRS
  crs: EPSG:32633
  vertical_datum: EVRF2007       # which zero the levels count from

time:
  start: 2026-01-01T00:00:00Z
  duration: 2 h
  exchange: 10 s

layers:
  roughness: { value: 0.04 s/m^(1/3) }

series:
  inflow: { file: data/inflow.csv, time: time_min, time_unit: min, value: discharge, unit: m3/s }

places:
  - { kind: source, id: inflow, label: where the river enters, x: 500000 m, y: 5500000 m, radius: 20 m }
  - { kind: gauge, id: bridge, x: 500500 m, y: 5500100 m }

models:
  flood:
    sources:
      - { place: inflow, series: inflow }
    boundaries:
      - { edge: south, kind: free }

outputs:
  folder: out
  maps: { every: 5 min, fields: [water_depth, water_level, velocity_x, velocity_y] }
  maxima: [maximum_depth, maximum_speed, maximum_hazard, hazard_class, arrival_time]
  series: { every: 1 min }
  checkpoint: { every: 15 min }
)";

const std::map<std::string, const char*> templates = {{"dam-break", dam_break}, {"terrain", terrain}};

const char* find_template(const std::string& name) {
  const auto found = templates.find(name);
  if (found != templates.end()) return found->second;
  const std::string near = did_you_mean(name, {"dam-break", "terrain"});
  throw UsageError(fmt::format("init: there is no template '{}'{}; there are dam-break and terrain", name,
                               near.empty() ? "" : fmt::format(" (did you mean '{}'?)", near)));
}

}  // namespace

int init_command(const InitOptions& options) {
  const char* text = find_template(options.words.size() == 2 ? options.words.front() : "dam-break");
  const std::string& folder = options.words.back();
  const fs::path file = fs::path(folder) / "scenario.yaml";
  if (fs::exists(file)) {
    throw UsageError(fmt::format("init: '{}' is there already; choose another folder", file.string()));
  }
  RunFolder(folder).test_writing(true);
  write_whole(file.string(), text);
  write_whole((fs::path(folder) / "scenario.schema.json").string(), scenario_schema_text() + "\n");
  fmt::print("wrote {}\nnext: dvinis check {}\n", file.string(), folder);
  return static_cast<int>(ExitCode::ok);
}

}  // namespace dvinis::app
