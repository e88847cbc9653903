#include "io/ingest/raster.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "core/base/error.hpp"
#include "io/ingest/crs.hpp"
#include "io/ingest/dataset.hpp"
#include "io/ingest/raster_source.hpp"
#include "io/ingest/raster_warp.hpp"

namespace dvinis {

namespace {

constexpr double nodata = std::numeric_limits<double>::quiet_NaN();
/// Rasters this far apart [cells] count as aligned: georeferences are often rounded.
constexpr double alignment_tolerance = 1e-4;

/// Refuses a file whose CRS contradicts the declared one.
void check_declared_crs(const RasterSource& source, const std::string& declared) {
  if (declared.empty()) {
    if (!source.wkt.empty()) return;
    throw DataError(
        fmt::format("{}: the raster names no coordinate reference system; write `crs: local` if its "
                    "coordinates are local metres, "
                    "or put it into the file, e.g. `gdal_edit.py -a_srs EPSG:32634 {}`",
                    source.path(), source.path()));
  }
  if (declared == "local") {
    if (source.wkt.empty()) return;
    throw DataError(
        fmt::format("{}: the raster is in {} but the scenario declares `crs: local`; declare the file's own",
                    source.path(), crs_name(source.wkt)));
  }
  if (source.wkt.empty()) {
    throw DataError(
        fmt::format("{}: the raster names no coordinate reference system but the scenario declares {}; put "
                    "it into the file, e.g. "
                    "`gdal_edit.py -a_srs {} {}`, or write `crs: local`",
                    source.path(), declared, declared, source.path()));
  }
}

void require_square_north_up(const RasterSource& source) {
  const auto& t = source.transform;
  if (t[2] != 0.0 || t[4] != 0.0 || !(t[1] > 0.0) || !(t[5] < 0.0)) {
    throw DataError(fmt::format(
        "{}: the raster is rotated or not north-up; straighten it, e.g. `gdalwarp in.tif out.tif`",
        source.path()));
  }
  if (std::abs(t[1] + t[5]) > 1e-6 * t[1]) {
    throw DataError(
        fmt::format("{}: cells are {} by {}, not square; resample, e.g. `gdalwarp -tr {} {} -r bilinear "
                    "in.tif out.tif`, or give "
                    "`extent` and `spacing` in the domain",
                    source.path(), t[1], -t[5], t[1], t[1]));
  }
}

/// Whole cells between two edges, none if they are not a whole number of cells apart.
std::optional<Index> whole_cells(double from, double to, double spacing) {
  const double count = (to - from) / spacing;
  const double nearest = std::round(count);
  if (!(std::abs(count - nearest) <= alignment_tolerance) || std::abs(nearest) > 1e15) return std::nullopt;
  return static_cast<Index>(nearest);
}

bool has_spacing_of(const RasterSource& source, const Grid& grid) {
  const double across = static_cast<double>(std::max(source.columns, source.rows));
  return std::abs(source.spacing() - grid.spacing) * across <= alignment_tolerance * grid.spacing &&
         std::abs(source.transform[5] + grid.spacing) * across <= alignment_tolerance * grid.spacing;
}

/// Column and row (from the south) of the source's south-west cell in the grid, if the cells coincide.
std::optional<Cell> aligned_at(const RasterSource& source, const Grid& grid) {
  if (source.transform[2] != 0.0 || source.transform[4] != 0.0) return std::nullopt;
  if (!has_spacing_of(source, grid) || !is_same_crs(source.wkt, grid.crs_wkt)) return std::nullopt;
  const auto column = whole_cells(grid.west, source.west(), grid.spacing);
  const auto row = whole_cells(grid.south, source.south(), grid.spacing);
  if (!column || !row) return std::nullopt;
  return Cell{*column, *row};
}

/// Copies the part of a source that lies on the grid; cells without a value leave what is there.
void copy_aligned(const RasterSource& source, Cell corner, const Grid& grid, std::vector<double>& values) {
  const Index i0 = std::max<Index>(0, corner.i);
  const Index i1 = std::min(grid.nx, corner.i + source.columns);
  const Index j0 = std::max<Index>(0, corner.j);
  const Index j1 = std::min(grid.ny, corner.j + source.rows);
  if (i0 >= i1 || j0 >= j1) return;
  const RasterWindow window{i0 - corner.i, corner.j + source.rows - j1, i1 - i0, j1 - j0};
  const std::vector<double> read = source.read(window);
  for (Index j = j0; j < j1; ++j) {
    const double* row = read.data() + (j1 - 1 - j) * window.columns;  // the file's rows run southward
    for (Index i = i0; i < i1; ++i) {
      if (!std::isnan(row[i - i0])) values[static_cast<std::size_t>(j * grid.nx + i)] = row[i - i0];
    }
  }
}

}  // namespace

Grid raster_grid(const std::vector<std::string>& paths, const RasterOptions& options) {
  expects(!paths.empty(), "at least one raster file");
  Grid grid;
  double east = 0.0;
  double north = 0.0;
  std::string first;
  const std::string declared_wkt = options.crs.empty() ? "" : crs_from_text(options.crs);
  for (const std::string& path : paths) {
    const RasterSource source(path, options);
    check_declared_crs(source, options.crs);
    require_metric_crs(source.wkt, path,
                       {0.5 * (source.west() + source.east()), 0.5 * (source.south() + source.north())});
    if (!declared_wkt.empty() && !is_same_crs(source.wkt, declared_wkt)) {
      throw DataError(
          fmt::format("{}: the raster is in {} but the scenario declares {}; declare the file's own, or give "
                      "`extent` and `spacing` "
                      "and it will be reprojected",
                      path, crs_name(source.wkt), crs_name(declared_wkt)));
    }
    require_square_north_up(source);
    if (first.empty()) {
      first = path;
      grid.spacing = source.spacing();
      grid.west = source.west();
      grid.south = source.south();
      grid.crs_wkt = source.wkt.empty() ? "" : crs_from_text(source.wkt);
      east = source.east();
      north = source.north();
      continue;
    }
    if (!aligned_at(source, grid)) {
      throw DataError(
          fmt::format("{}: its cells do not lie on those of {} (another spacing, offset or CRS); give "
                      "`extent` and `spacing` in the "
                      "domain and all files will be resampled",
                      path, first));
    }
    grid.west = std::min(grid.west, source.west());
    grid.south = std::min(grid.south, source.south());
    east = std::max(east, source.east());
    north = std::max(north, source.north());
  }
  const double columns = std::round((east - grid.west) / grid.spacing);
  const double rows = std::round((north - grid.south) / grid.spacing);
  if (!(columns * rows <= static_cast<double>(options.maximum_cells)) || !(columns >= 1.0) ||
      !(rows >= 1.0)) {
    throw DataError(fmt::format("{}: the files span {} x {} cells; at most {} cells can be taken", first,
                                columns, rows, options.maximum_cells));
  }
  grid.nx = static_cast<Index>(columns);
  grid.ny = static_cast<Index>(rows);
  return grid;
}

RasterValues read_rasters(const std::vector<std::string>& paths, const Grid& grid,
                          const RasterOptions& options) {
  RasterValues result;
  result.values.assign(static_cast<std::size_t>(grid.cells()), nodata);
  for (const std::string& path : paths) {
    const RasterSource source(path, options);
    check_declared_crs(source, options.crs);
    for (const std::string& file : source.dataset.files()) result.files.push_back(file);
    const std::string& notes = source.dataset.opening_notes();
    if (!notes.empty()) result.notes.push_back(fmt::format("{}: {}", path, notes));
    const auto corner = aligned_at(source, grid);
    if (corner) {
      copy_aligned(source, *corner, grid, result.values);
    } else {
      result.resampled = true;
      warp_raster(source, grid, options.resampling, result.values);
    }
  }
  for (Index k = 0; k < grid.cells(); ++k) {
    if (!std::isnan(result.values[static_cast<std::size_t>(k)])) continue;
    if (result.holes++ == 0) result.first_hole = {k % grid.nx, k / grid.nx};
  }
  return result;
}

std::string describe_holes(const Grid& grid, const RasterValues& values) {
  const Point at = grid.centre(values.first_hole);
  return fmt::format(
      "{} of {} cells carry no value, the first at x {:.2f}, y {:.2f} (row {}, column {} from the "
      "north-west)",
      values.holes, grid.cells(), at.x, at.y, grid.ny - values.first_hole.j, values.first_hole.i + 1);
}

}  // namespace dvinis
