#include "io/ingest/raster_warp.hpp"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <fmt/format.h>
#include <gdal.h>
#include <gdal_utils.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <memory>

#include "core/base/error.hpp"
#include "io/ingest/crs.hpp"

namespace dvinis {

namespace {

constexpr double nodata = std::numeric_limits<double>::quiet_NaN();

struct CloseDataset {
  void operator()(void* dataset) const { GDALClose(dataset); }
};
using Memory = std::unique_ptr<void, CloseDataset>;

/// An in-memory raster of doubles with NaN as nodata; it borrows `values` (north row first).
Memory in_memory(std::vector<double>& values, Index columns, Index rows,
                 const std::array<double, 6>& transform, const std::string& wkt) {
  Memory memory(GDALCreate(GDALGetDriverByName("MEM"), "", static_cast<int>(columns), static_cast<int>(rows),
                           0, GDT_Float64, nullptr));
  expects(memory != nullptr, "GDAL's in-memory driver");
  CPLStringList options;
  char address[64] = {};
  CPLPrintPointer(address, values.data(), sizeof address - 1);
  options.SetNameValue("DATAPOINTER", address);
  GDALAddBand(memory.get(), GDT_Float64, options.List());
  std::array<double, 6> place = transform;
  GDALSetGeoTransform(memory.get(), place.data());
  if (!wkt.empty()) GDALSetProjection(memory.get(), wkt.c_str());
  GDALSetRasterNoDataValue(GDALGetRasterBand(memory.get(), 1), nodata);
  return memory;
}

/// Refuses georeferences that would spread one cell over a country or crush a country into one cell.
void require_comparable_cells(const RasterSource& source, double columns_per_cell, double rows_per_cell) {
  constexpr double finest = 1e3;
  constexpr double coarsest = 1e-6;
  const auto [few, many] = std::minmax(columns_per_cell, rows_per_cell);
  if (few >= coarsest && many <= finest) return;
  throw DataError(
      fmt::format("{}: {} by {} of its cells make one of the grid's; {} to {} can be resampled: is the "
                  "georeference right?",
                  source.path(), columns_per_cell, rows_per_cell, coarsest, finest));
}

/// Part of the source that the grid can need: the grid's outline in the source's cells and a margin.
RasterWindow needed_window(const RasterSource& source, const Grid& grid) {
  const CrsTransform to_source(grid.crs_wkt, source.wkt, source.path());
  std::array<double, 6> inverse{};
  std::array<double, 6> forward = source.transform;
  const RasterWindow all{0, 0, source.columns, source.rows};
  if (GDALInvGeoTransform(forward.data(), inverse.data()) == 0) {
    throw DataError(fmt::format("{}: the georeference squeezes the raster to a line", source.path()));
  }
  double low_column = std::numeric_limits<double>::infinity();
  double low_row = low_column;
  double high_column = -low_column;
  double high_row = -low_column;
  constexpr int stations = 32;
  for (int a = 0; a <= stations; ++a) {
    for (int b = 0; b <= stations; ++b) {
      const Point at = to_source({grid.west + (grid.east() - grid.west) * a / stations,
                                  grid.south + (grid.north() - grid.south) * b / stations});
      const double column = inverse[0] + inverse[1] * at.x + inverse[2] * at.y;
      const double row = inverse[3] + inverse[4] * at.x + inverse[5] * at.y;
      low_column = std::min(low_column, column);
      high_column = std::max(high_column, column);
      low_row = std::min(low_row, row);
      high_row = std::max(high_row, row);
    }
  }
  const double margin = 4.0 + 0.1 * std::max(high_column - low_column, high_row - low_row);
  if (!std::isfinite(low_column + low_row + margin)) {
    throw DataError(fmt::format("{}: the georeference puts the raster beyond all bounds", source.path()));
  }
  require_comparable_cells(source, (high_column - low_column) / static_cast<double>(grid.nx),
                           (high_row - low_row) / static_cast<double>(grid.ny));
  const auto clamp = [](double value, Index limit) {
    return static_cast<Index>(std::clamp(value, 0.0, static_cast<double>(limit)));
  };
  const Index c0 = clamp(std::floor(low_column - margin), all.columns);
  const Index c1 = clamp(std::ceil(high_column + margin), all.columns);
  const Index r0 = clamp(std::floor(low_row - margin), all.rows);
  const Index r1 = clamp(std::ceil(high_row + margin), all.rows);
  return {c0, r0, std::max<Index>(0, c1 - c0), std::max<Index>(0, r1 - r0)};
}

}  // namespace

void warp_raster(const RasterSource& source, const Grid& grid, Resampling resampling,
                 std::vector<double>& values) {
  const RasterWindow window = needed_window(source, grid);
  if (window.columns == 0 || window.rows == 0) return;
  std::vector<double> read = source.read(window);
  std::array<double, 6> from = source.transform;
  from[0] += static_cast<double>(window.column) * from[1] + static_cast<double>(window.row) * from[2];
  from[3] += static_cast<double>(window.column) * from[4] + static_cast<double>(window.row) * from[5];
  const std::array<double, 6> to{grid.west, grid.spacing, 0.0, grid.north(), 0.0, -grid.spacing};

  // Two spellings of one system must not invite a datum shift.
  const std::string& source_wkt = is_same_crs(source.wkt, grid.crs_wkt) ? grid.crs_wkt : source.wkt;
  const GdalMessages messages;
  std::vector<double> warped(values.size(), nodata);
  const Memory source_memory = in_memory(read, window.columns, window.rows, from, source_wkt);
  const Memory grid_memory = in_memory(warped, grid.nx, grid.ny, to, grid.crs_wkt);
  CPLStringList words;
  for (const char* word :
       {"-r", resampling == Resampling::bilinear ? "bilinear" : "near", "-et", "0", "-ovr", "NONE"}) {
    words.AddString(word);
  }
  GDALWarpAppOptions* options = GDALWarpAppOptionsNew(words.List(), nullptr);
  GDALDatasetH inputs[] = {source_memory.get()};
  int usage_error = 0;
  const GDALDatasetH result = GDALWarp(nullptr, grid_memory.get(), 1, inputs, options, &usage_error);
  GDALWarpAppOptionsFree(options);
  if (result == nullptr || messages.has_failure()) {
    throw DataError(fmt::format("{}: cannot be resampled from {} to {} ({})", source.path(),
                                crs_name(source.wkt), crs_name(grid.crs_wkt), messages.text()));
  }
  GDALFlushCache(grid_memory.get());
  for (Index j = 0; j < grid.ny; ++j) {
    const double* row = warped.data() + (grid.ny - 1 - j) * grid.nx;
    for (Index i = 0; i < grid.nx; ++i) {
      if (!std::isnan(row[i])) values[static_cast<std::size_t>(j * grid.nx + i)] = row[i];
    }
  }
}

}  // namespace dvinis
