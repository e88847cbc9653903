#include "tests/io/small_run.hpp"

#include <gtest/gtest.h>
#include <ogr_spatialref.h>
#include <stdlib.h>

#include <array>
#include <cmath>
#include <cstdio>
#include <limits>

namespace dvinis::test {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

FieldInfo field(const char* name, const char* unit, const char* long_name, Role role, ElementType type) {
  FieldInfo info;
  info.name = name;
  info.unit = unit;
  info.long_name = long_name;
  info.role = role;
  info.type = type;
  if (role == Role::running) info.cell_methods = "time: maximum";
  return info;
}

Place gauge(const char* id, const char* label, Point point) {
  Place place;
  place.kind = "gauge";
  place.id = id;
  place.label = label;
  place.points = {point};
  place.numbers["observed_level"] = 1.5;
  return place;
}

Layer bed_layer(const Grid& grid) {
  Layer bed{"bed_elevation", "m", "bed elevation", Field(ElementType::float64, grid.nx, grid.ny),
            "made by hand"};
  for (Index j = 0; j < grid.ny; ++j) {
    for (Index i = 0; i < grid.nx; ++i)
      bed.values.set(i, j, 0.01 * static_cast<double>(i) + 0.1 * static_cast<double>(j));
  }
  bed.values.set(0, 0, nan);
  return bed;
}

}  // namespace

ScratchFolder::ScratchFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "dvinis-test-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw IoError("cannot make a folder for the test");
  path_ = pattern;
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string utm_56_south() {
  OGRSpatialReference reference;
  reference.importFromEPSG(32756);
  char* text = nullptr;
  reference.exportToWkt(&text);
  const std::string wkt = text;
  CPLFree(text);
  return wkt;
}

SmallRun::SmallRun(Index nx, Index ny, bool is_projected) {
  twin.grid = {nx, ny, 2.0, 382250.0, 6354265.0, is_projected ? utm_56_south() : ""};
  twin.start_utc = 1181275200;  // 2007-06-08T04:00:00Z
  twin.display_offset_minutes = 600;
  twin.vertical_datum = "AHD";
  twin.layers["bed_elevation"] = bed_layer(twin.grid);
  twin.places = {gauge("g1", "upper gauge", {382260.0, 6354270.0}), gauge("g2", "", {382270.0, 6354280.0}),
                 gauge("g3", "Tiltiņš, lower", {382280.0, 6354290.0})};
  Place house;
  house.kind = "building";
  house.id = "h7";
  house.points = {{382262.0, 6354272.0}, {382266.0, 6354272.0}, {382266.0, 6354276.0}, {382262.0, 6354276.0}};
  twin.places.push_back(house);
  twin.provenance.scenario_name = "small";
  twin.provenance.about = "a flood made by hand";
  twin.provenance.scenario_text = "scenario: small\n";
  twin.provenance.inputs = {{"data/bed.tif", "00ff"}};
  twin.provenance.version = "0.1.0";
  twin.provenance.attribution = "nobody";
  twin.provenance.label = "generated terrain";
  twin.provenance.seed = 18446744073709551615u;

  FieldInfo depth = field("water_depth", "m", "water depth", Role::prognostic, ElementType::float32);
  depth.standard_name = "flood_water_thickness";
  depth.minimum = 0.0;
  FieldInfo level = field("water_level", "m", "water level", Role::diagnostic, ElementType::float32);
  level.against_datum = true;
  FieldInfo hazard = field("hazard_class", "1", "hazard class", Role::running, ElementType::float64);
  hazard.classes = {"H1 safe", "H2 unsafe for small vehicles"};
  schema.fields = {depth, level,
                   field("maximum_depth", "m", "maximum depth", Role::running, ElementType::float64), hazard};
  schema.field_owner = {"flood", "flood", "flood", "flood"};
  schema.tables = {
      {"gauges",
       "gauge",
       "gauges",
       {{"water_level", "m", "water level", true}, {"maximum_level", "m", "maximum level", false}}},
      {"buildings", "building", "buildings", {{"first_wet", "s", "first wet time", false}}},
      {"sections", "section", "cross-sections", {{"discharge", "m3 s-1", "discharge", true}}},
      {"breaches", "", "dyke breaches", {{"width", "m", "width of the breach", false}}}};
  schema.scalars = {"flood.step"};
  plan.map_fields = {"water_depth", "water_level"};
  plan.final_fields = {"maximum_depth", "hazard_class"};
}

double SmallRun::depth(Index i, Index j, int step) {
  return static_cast<double>((i * 7 + j * 13 + step * 3) % 32) / 16.0;
}

double SmallRun::level_at_gauge(std::size_t row, int step) {
  return 1.0 + static_cast<double>(row) + 0.25 * step;
}

State SmallRun::initial_state() const {
  State state(schema, twin);
  Field& level = state.field(schema.field("water_level"));
  for (double& datum : level.datum()) datum = 1000.0;
  fill(state, 0);
  return state;
}

void SmallRun::fill(State& state, int step) const {
  state.time = from_seconds(60.0 * step);
  state.steps = 10 * step;
  const Grid& grid = twin.grid;
  for (Index j = 0; j < grid.ny; ++j) {
    for (Index i = 0; i < grid.nx; ++i) {
      state.field(schema.field("water_depth")).set(i, j, depth(i, j, step));
      state.field(schema.field("water_level")).set(i, j, 1000.0 + depth(i, j, step));
      state.field(schema.field("maximum_depth")).set(i, j, depth(i, j, step) + step);
      state.field(schema.field("hazard_class")).set(i, j, static_cast<double>(1 + (i + step) % 2));
    }
  }
  Table& gauges = state.tables[0];
  for (std::size_t row = 0; row < gauges.rows(); ++row) {
    gauges.columns[0][row] = level_at_gauge(row, step);
    gauges.columns[1][row] = level_at_gauge(row, step) + 10.0;
  }
  state.tables[1].columns[0][0] = step < 2 ? nan : 97.5;
  Table& breaches = state.tables[3];
  if (step > 0 && breaches.rows() == 0) {
    breaches.id = {42};
    breaches.name = {"west dyke"};
    breaches.columns[0] = {12.5};
  }
  state.scalars[0] = 0.125 * step;
  state.book("water", "m3", "rain", step > 0 ? 0.1 : 0.0);
  if (step == 2)
    state.events.push_back(
        {state.next_event_id++, 97500000, 120000000, "building wet", "h7", "the street", {}});
}

State write_steps(const SmallRun& run, ResultSink& sink, State state, int first, int last) {
  for (int step = first; step <= last; ++step) {
    run.fill(state, step);
    sink.write_maps(state);
    ++state.map_count;
    sink.write_series(state);
    ++state.series_count;
  }
  return state;
}

std::string output_of(const std::string& command) {
  std::FILE* pipe = popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return {};
  std::string text;
  std::array<char, 4096> buffer{};
  for (std::size_t got = 0; (got = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;)
    text.append(buffer.data(), got);
  EXPECT_EQ(pclose(pipe), 0) << command << "\n" << text;
  return text;
}

}  // namespace dvinis::test
