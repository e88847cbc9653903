#include "io/results/cf_layout.hpp"

#include <fmt/format.h>
#include <hdf5_hl.h>

#include <algorithm>
#include <cmath>
#include <ctime>
#include <limits>
#include <random>

#include "core/grid/geometry.hpp"
#include "io/results/chunk_codec.hpp"
#include "io/results/grid_mapping.hpp"

namespace dvinis::cf {

namespace {

using hdf5::check;
using hdf5::Handle;
using hdf5::write_attribute;

constexpr hsize_t time_chunk = 512;
constexpr std::size_t mark_length = 3;
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// Random (version 4) identifier of a run's file.
std::string fresh_uuid() {
  std::random_device device;
  const auto word = [&device](std::uint32_t keep, std::uint32_t set) { return (device() & keep) | set; };
  return fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:04x}{:08x}", word(0xffffffffu, 0), word(0xffffu, 0),
                     word(0x0fffu, 0x4000u), word(0x3fffu, 0x8000u), word(0xffffu, 0), word(0xffffffffu, 0));
}

/// Properties of a variable: order of attributes kept, no time stamps, a fill value.
Handle variable_properties(hid_t type, const void* fill) {
  Handle list(H5Pcreate(H5P_DATASET_CREATE), H5Pclose, "making variable properties");
  check(H5Pset_attr_creation_order(list.get(), H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED),
        "ordering attributes");
  check(H5Pset_obj_track_times(list.get(), false), "leaving time stamps out");
  if (fill != nullptr) check(H5Pset_fill_value(list.get(), type, fill), "setting the fill value");
  return list;
}

Handle create(const Handle& file, const std::string& name, hid_t type, const Handle& space,
              const Handle& list) {
  return Handle(H5Dcreate2(file.get(), name.c_str(), type, space.get(), H5P_DEFAULT, list.get(), H5P_DEFAULT),
                H5Dclose, "making a variable");
}

void make_scale(const Handle& dataset, const std::string& name) {
  check(H5DSset_scale(dataset.get(), name.c_str()), "making a dimension");
}

void attach(const Handle& dataset, const Handle& scale, unsigned dimension) {
  check(H5DSattach_scale(dataset.get(), scale.get(), dimension), "attaching a dimension");
}

/// A dimension that has a size but no values, as netCDF-4 writes it.
Handle create_bare_dimension(const Handle& file, const std::string& name, std::size_t size) {
  const Handle list = variable_properties(H5T_NATIVE_FLOAT, nullptr);
  Handle dataset = create(file, name, H5T_IEEE_F32BE, hdf5::simple_space({size}), list);
  make_scale(dataset, fmt::format("This is a netCDF dimension but not a netCDF variable.{:10d}", size));
  return dataset;
}

Handle create_time(const Handle& file, const Twin& twin, const std::string& name,
                   const std::string& long_name) {
  const Handle list = variable_properties(H5T_NATIVE_DOUBLE, &nan);
  check(H5Pset_chunk(list.get(), 1, &time_chunk), "chunking time");
  Handle time = create(file, name, H5T_IEEE_F64LE, hdf5::simple_space({0}, true), list);
  make_scale(time, name);
  std::string start = utc_text(twin.start_utc);
  start[10] = ' ';
  start.pop_back();
  write_attribute(time.get(), "standard_name", "time");
  write_attribute(time.get(), "long_name", long_name);
  write_attribute(time.get(), "units", "seconds since " + start);
  write_attribute(time.get(), "calendar", "standard");
  write_attribute(time.get(), "axis", "T");
  return time;
}

struct CoordinateWords {
  std::string name;           ///< "x"
  std::string axis;           ///< "X"
  std::string standard_name;  ///< CF name if the grid is projected
};

Handle create_coordinate(const Handle& file, const CoordinateWords& words, bool is_projected,
                         const std::vector<double>& values) {
  const Handle list = variable_properties(H5T_NATIVE_DOUBLE, nullptr);
  Handle dataset = create(file, words.name, H5T_IEEE_F64LE, hdf5::simple_space({values.size()}), list);
  check(H5Dwrite(dataset.get(), H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()),
        "writing a coordinate");
  make_scale(dataset, words.name);
  if (is_projected) write_attribute(dataset.get(), "standard_name", words.standard_name);
  write_attribute(
      dataset.get(), "long_name",
      fmt::format("{} of cell centres{}", words.name, is_projected ? "" : " in local coordinates"));
  write_attribute(dataset.get(), "units", "m");
  write_attribute(dataset.get(), "axis", words.axis);
  return dataset;
}

void create_crs(const Handle& file, const std::string& wkt) {
  const Handle list = variable_properties(H5T_NATIVE_INT32, nullptr);
  const Handle dataset = create(file, "crs", H5T_STD_I32LE, hdf5::simple_space({}), list);
  const std::int32_t nothing = 0;
  check(H5Dwrite(dataset.get(), H5T_NATIVE_INT32, H5S_ALL, H5S_ALL, H5P_DEFAULT, &nothing),
        "writing the CRS");
  const GridMapping mapping = grid_mapping_of(wkt);
  if (!mapping.name.empty()) write_attribute(dataset.get(), "grid_mapping_name", mapping.name);
  for (const auto& [name, value] : mapping.parameters) write_attribute(dataset.get(), name, value);
  if (!mapping.standard_parallels.empty()) {
    write_attribute(dataset.get(), "standard_parallel", std::span<const double>(mapping.standard_parallels));
  }
  write_attribute(dataset.get(), "crs_wkt", wkt);
  write_attribute(dataset.get(), "spatial_ref", wkt);
}

/// Words of a list attribute cannot hold blanks: "low hazard" becomes "low_hazard".
std::string joined_meanings(const std::vector<std::string>& classes) {
  std::string text;
  for (std::string meaning : classes) {
    std::replace(meaning.begin(), meaning.end(), ' ', '_');
    text += (text.empty() ? "" : " ") + meaning;
  }
  return text;
}

std::string role_word(Role role) {
  switch (role) {
    case Role::prognostic:
      return "prognostic";
    case Role::parameter:
      return "parameter";
    case Role::diagnostic:
      return "diagnostic";
    case Role::running:
      return "running";
  }
  return {};
}

void describe_field(const Handle& dataset, const FieldInfo& info, bool is_projected) {
  const float fill = std::numeric_limits<float>::quiet_NaN();
  write_attribute(dataset.get(), "_FillValue", std::span<const float>(&fill, 1));
  if (!info.standard_name.empty()) write_attribute(dataset.get(), "standard_name", info.standard_name);
  write_attribute(dataset.get(), "long_name", info.long_name);
  write_attribute(dataset.get(), "units", info.unit);
  if (is_projected) write_attribute(dataset.get(), "grid_mapping", "crs");
  if (!info.cell_methods.empty()) write_attribute(dataset.get(), "cell_methods", info.cell_methods);
  if (!info.classes.empty()) {
    std::vector<float> values;
    for (std::size_t k = 1; k <= info.classes.size(); ++k) values.push_back(static_cast<float>(k));
    write_attribute(dataset.get(), "flag_values", std::span<const float>(values));
    write_attribute(dataset.get(), "flag_meanings", joined_meanings(info.classes));
  }
  write_attribute(dataset.get(), "role", role_word(info.role));
}

/// Texts as the two-dimensional character array that every netCDF reader knows.
Handle create_characters(const Handle& file, const Handle& rows, const std::string& name,
                         const std::vector<std::string>& texts) {
  std::size_t length = 1;
  for (const std::string& text : texts) length = std::max(length, text.size());
  const Handle width = create_bare_dimension(file, name + "_length", length);
  Handle type(H5Tcopy(H5T_C_S1), H5Tclose, "making a character type");
  check(H5Tset_strpad(type.get(), H5T_STR_NULLTERM), "padding a character type");
  const Handle list = variable_properties(type.get(), nullptr);
  Handle dataset = create(file, name, type.get(), hdf5::simple_space({texts.size(), length}), list);
  std::vector<char> characters(texts.size() * length, '\0');
  for (std::size_t k = 0; k < texts.size(); ++k) {
    std::copy(texts[k].begin(), texts[k].end(), characters.begin() + static_cast<std::ptrdiff_t>(k * length));
  }
  check(H5Dwrite(dataset.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, characters.data()),
        "writing texts");
  attach(dataset, rows, 0);
  attach(dataset, width, 1);
  return dataset;
}

void create_row_coordinate(const Handle& file, const Handle& rows, const std::string& name, bool is_projected,
                           const std::vector<double>& values, const char* standard_name) {
  const Handle list = variable_properties(H5T_NATIVE_DOUBLE, nullptr);
  const Handle dataset = create(file, name, H5T_IEEE_F64LE, hdf5::simple_space({values.size()}), list);
  check(H5Dwrite(dataset.get(), H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()),
        "writing coordinates of rows");
  if (is_projected) write_attribute(dataset.get(), "standard_name", standard_name);
  write_attribute(dataset.get(), "units", "m");
  attach(dataset, rows, 0);
}

/// Times in one chunk of a series: a chunk is rewritten whole at every flush, so it stays small.
hsize_t series_chunk_length(hsize_t rows) {
  const hsize_t largest_chunk = 8192;
  return std::max<hsize_t>(1, std::min(time_chunk, largest_chunk / rows));
}

Point middle_of_line(const std::vector<Point>& line) {
  double length = 0.0;
  for (std::size_t k = 1; k < line.size(); ++k)
    length += std::hypot(line[k].x - line[k - 1].x, line[k].y - line[k - 1].y);
  double left = 0.5 * length;
  for (std::size_t k = 1; k < line.size(); ++k) {
    const Point from = line[k - 1];
    const Point to = line[k];
    const double part = std::hypot(to.x - from.x, to.y - from.y);
    if (part >= left && part > 0.0) {
      return {from.x + (to.x - from.x) * left / part, from.y + (to.y - from.y) * left / part};
    }
    left -= part;
  }
  return line.back();
}

}  // namespace

void write_root_attributes(const Handle& file, const Twin& twin) {
  const Provenance& from = twin.provenance;
  const std::string title = from.about.empty() ? from.scenario_name : from.scenario_name + ": " + from.about;
  const std::string comment = from.label.empty() ? from.attribution : from.label + ". " + from.attribution;
  write_attribute(file.get(), "Conventions", "CF-1.10");
  write_attribute(file.get(), "title", title);
  write_attribute(file.get(), "institution", "not stated");
  write_attribute(file.get(), "source", fmt::format("dvinis {} (numerical simulation)", from.version));
  write_attribute(file.get(), "history",
                  fmt::format("{} made by dvinis {} run", utc_text(std::time(nullptr)), from.version));
  write_attribute(file.get(), "references", "equations and sources: README.md of each model of dvinis");
  write_attribute(file.get(), "comment", comment);
  write_attribute(file.get(), "vertical_datum", twin.vertical_datum);
  write_attribute(file.get(), "run_uuid", fresh_uuid());
  write_attribute(file.get(), "format_version", format_version);
  write_completeness(file, false);
}

void write_completeness(const Handle& file, bool complete) {
  const Handle type = hdf5::text_type(mark_length);
  if (!hdf5::has_attribute(file.get(), "complete")) {
    const Handle space = hdf5::simple_space({});
    Handle made(H5Acreate2(file.get(), "complete", type.get(), space.get(), H5P_DEFAULT, H5P_DEFAULT),
                H5Aclose, "making the completeness mark");
  }
  const Handle attribute(H5Aopen(file.get(), "complete", H5P_DEFAULT), H5Aclose,
                         "opening the completeness mark");
  check(H5Awrite(attribute.get(), type.get(), complete ? "yes" : "no\0"), "writing the completeness mark");
}

Axes create_axes(const Handle& file, const Twin& twin, bool with_series) {
  const Grid& grid = twin.grid;
  const bool is_projected = !grid.crs_wkt.empty();
  std::vector<double> x;
  std::vector<double> y;
  for (Index i = 0; i < grid.nx; ++i) x.push_back(grid.x_centre(i));
  for (Index j = 0; j < grid.ny; ++j) y.push_back(grid.y_centre(j));
  Axes axes;
  axes.time = create_time(file, twin, "time", "time of the maps");
  axes.y = create_coordinate(file, {"y", "Y", "projection_y_coordinate"}, is_projected, y);
  axes.x = create_coordinate(file, {"x", "X", "projection_x_coordinate"}, is_projected, x);
  if (is_projected) create_crs(file, grid.crs_wkt);
  if (with_series) axes.series_time = create_time(file, twin, "series_time", "time of the series");
  return axes;
}

Axes open_axes(const Handle& file, bool with_series) {
  Axes axes;
  axes.time = hdf5::open_dataset(file.get(), "time");
  axes.y = hdf5::open_dataset(file.get(), "y");
  axes.x = hdf5::open_dataset(file.get(), "x");
  if (with_series) axes.series_time = hdf5::open_dataset(file.get(), "series_time");
  return axes;
}

Handle create_field(const Handle& file, const Axes& axes, const Grid& grid, const FieldInfo& info,
                    bool has_time) {
  const float fill = std::numeric_limits<float>::quiet_NaN();
  const Handle list = variable_properties(H5T_NATIVE_FLOAT, &fill);
  const ChunkShape shape = chunk_shape(grid.nx, grid.ny);
  const hsize_t chunk[3] = {1, static_cast<hsize_t>(shape.rows), static_cast<hsize_t>(shape.columns)};
  check(H5Pset_chunk(list.get(), has_time ? 3 : 2, has_time ? chunk : chunk + 1), "chunking a field");
  check(H5Pset_shuffle(list.get()), "asking for shuffling");
  check(H5Pset_deflate(list.get(), 1), "asking for compression");
  const auto ny = static_cast<hsize_t>(grid.ny);
  const auto nx = static_cast<hsize_t>(grid.nx);
  const Handle space = has_time ? hdf5::simple_space({0, ny, nx}, true) : hdf5::simple_space({ny, nx});
  Handle dataset = create(file, info.name, H5T_IEEE_F32LE, space, list);
  unsigned dimension = 0;
  if (has_time) attach(dataset, axes.time, dimension++);
  attach(dataset, axes.y, dimension++);
  attach(dataset, axes.x, dimension);
  describe_field(dataset, info, !grid.crs_wkt.empty());
  return dataset;
}

Handle create_rows(const Handle& file, const TableInfo& table, const std::vector<Place>& places,
                   const std::vector<Point>& points, bool is_projected) {
  Handle rows = create_bare_dimension(file, table.name, places.size());
  std::vector<std::string> ids;
  std::vector<std::string> labels;
  std::vector<double> x;
  std::vector<double> y;
  for (std::size_t k = 0; k < places.size(); ++k) {
    ids.push_back(places[k].id);
    labels.push_back(places[k].label.empty() ? places[k].id : places[k].label);
    x.push_back(points[k].x);
    y.push_back(points[k].y);
  }
  const Handle id = create_characters(file, rows, column_name(table, "id"), ids);
  write_attribute(id.get(), "long_name", table.long_name + ", identity");
  write_attribute(id.get(), "cf_role", "timeseries_id");
  const Handle label = create_characters(file, rows, column_name(table, "label"), labels);
  write_attribute(label.get(), "long_name", table.long_name + ", name for people");
  create_row_coordinate(file, rows, column_name(table, "x"), is_projected, x, "projection_x_coordinate");
  create_row_coordinate(file, rows, column_name(table, "y"), is_projected, y, "projection_y_coordinate");
  return rows;
}

Handle create_column(const Handle& file, const Axes& axes, const Handle& rows, const TableInfo& table,
                     const ColumnInfo& column) {
  const Handle list = variable_properties(H5T_NATIVE_DOUBLE, &nan);
  const hsize_t count = hdf5::extent(rows.get()).at(0);
  if (column.series) {
    const hsize_t chunk[2] = {series_chunk_length(count), count};
    check(H5Pset_chunk(list.get(), 2, chunk), "chunking a series");
  }
  const Handle space = column.series ? hdf5::simple_space({0, count}, true) : hdf5::simple_space({count});
  Handle dataset = create(file, column_name(table, column.name), H5T_IEEE_F64LE, space, list);
  if (column.series) attach(dataset, axes.series_time, 0);
  attach(dataset, rows, column.series ? 1 : 0);
  write_attribute(dataset.get(), "_FillValue", nan);
  write_attribute(dataset.get(), "long_name", table.long_name + ": " + column.long_name);
  write_attribute(dataset.get(), "units", column.unit);
  write_attribute(dataset.get(), "coordinates", fmt::format("{0}_id {0}_label {0}_x {0}_y", table.name));
  return dataset;
}

std::uint64_t largest_series_chunk(std::size_t rows) {
  return series_chunk_length(rows) * rows * sizeof(double);
}

std::string column_name(const TableInfo& table, const std::string& column) {
  return table.name + "_" + column;
}

Point representative_point(const Place& place) {
  if (place.points.empty()) return {nan, nan};
  if (place.points.size() == 1) return place.points.front();
  return place.kind == "section" || place.kind == "structure" || place.kind == "road"
             ? middle_of_line(place.points)
             : centroid(place.points);
}

}  // namespace dvinis::cf
