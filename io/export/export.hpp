#pragma once
/// Products from a results file for programs that do not read it: GeoTIFF, GeoJSON, CSV, VTI.
///
/// Each is written aside and renamed when complete, so that a file of the final name is always whole; folders
/// are made as needed. All functions @throw IoError naming the path, or a field, step or table that is not in
/// the results file with those that are.

#include <string>
#include <vector>

#include "io/results/results_file.hpp"

namespace dvinis {

/// One field at a step (ignored for fields without time) as float32, north up, NaN as nodata, in the grid's
/// CRS.
void export_geotiff(const ResultsFile& results, const std::string& field, std::size_t step,
                    const std::string& path);

/// Lower limits [m] of the depth classes that planners read; the last class is open.
std::vector<double> usual_depth_limits();
/// Lower limits [s] of classes of arrival time.
std::vector<double> usual_arrival_limits();

/// Polygons of equal class of a field: class k holds limits[k] <= value < limits[k + 1], the last is open. A
/// field of categories needs no limits. Properties: class, label, from, to, unit, field, time.
///
/// Corners follow the cells' edges. In longitude and latitude of WGS 84 (RFC 7946) for a projected grid, in
/// the grid's own metres, and said so in the file, for a local one.
void export_geojson_classes(const ResultsFile& results, const std::string& field, std::size_t step,
                            const std::vector<double>& limits, const std::string& path);

/// Rows of a table as points with id, label and the per-row columns; empty values are null.
void export_geojson_points(const ResultsFile& results, const std::string& table, const std::string& path);

/// Rows of a table: id, label, x, y and the per-row columns, units in the header, empty where there is no
/// value.
void export_csv_table(const ResultsFile& results, const std::string& table, const std::string& path);

/// Series of a table: a line per time (UTC and seconds), a column per series and row ("water_level g1 [m]").
void export_csv_series(const ResultsFile& results, const std::string& table, const std::string& path);

/// Fields at a step as cell data of a VTK image (XML, appended raw), lying at z = 0.
void export_vti(const ResultsFile& results, const std::vector<std::string>& fields, std::size_t step,
                const std::string& path);

/// A .vti for every step beside a .pvd (path) that gives their times, for ParaView.
void export_vti_series(const ResultsFile& results, const std::vector<std::string>& fields,
                       const std::string& path);

}  // namespace dvinis
