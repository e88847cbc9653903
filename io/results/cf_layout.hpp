#pragma once
/// The variables of a results file: how each looks in the netCDF-4/CF layout. Making them, not filling them.

#include <string>
#include <vector>

#include "core/twin/field_info.hpp"
#include "core/twin/twin.hpp"
#include "io/hdf5/hdf5.hpp"

namespace dvinis::cf {

constexpr std::int64_t format_version = 1;

/// Dimension scales that variables attach to.
struct Axes {
  hdf5::Handle time;  ///< [unlimited] map times [s since start]
  hdf5::Handle y;
  hdf5::Handle x;
  hdf5::Handle series_time;  ///< [unlimited] [s since start]; empty if no table has a series
};

/// Title, source, history, attribution and a fresh run id on the root; `complete` says "no".
void write_root_attributes(const hdf5::Handle& file, const Twin& twin);
/// Sets the mark in place: same length, no metadata move.
void write_completeness(const hdf5::Handle& file, bool complete);
/// Time, y, x (ascending cell centres), `crs` for projected grids, and the series' time.
Axes create_axes(const hdf5::Handle& file, const Twin& twin, bool with_series);
Axes open_axes(const hdf5::Handle& file, bool with_series);

/// float32 (time, y, x) or (y, x), chunked, shuffled and deflated, NaN where there is no value.
hdf5::Handle create_field(const hdf5::Handle& file, const Axes& axes, const Grid& grid, const FieldInfo& info,
                          bool has_time);

/// Identity of a table's rows: dimension, ids (cf_role timeseries_id), labels and coordinates, with their
/// values. Returns the dimension's scale.
hdf5::Handle create_rows(const hdf5::Handle& file, const TableInfo& table, const std::vector<Place>& places,
                         const std::vector<Point>& points, bool is_projected);
/// float64 (row) or (series_time, row), uncompressed, so that rewriting never moves anything in the file.
hdf5::Handle create_column(const hdf5::Handle& file, const Axes& axes, const hdf5::Handle& rows,
                           const TableInfo& table, const ColumnInfo& column);

/// Bytes of one chunk of a series with so many rows.
std::uint64_t largest_series_chunk(std::size_t rows);

/// Name of a table's variable: "gauges_water_level".
std::string column_name(const TableInfo& table, const std::string& column);

/// A place's representative point: the point itself, half-way along a line, the centroid of a polygon.
Point representative_point(const Place& place);

}  // namespace dvinis::cf
