#include "io/ingest/raster_source.hpp"

#include <fmt/format.h>
#include <gdal.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include "core/base/error.hpp"
#include "core/base/quantity.hpp"
#include "io/ingest/units.hpp"

namespace dvinis {

namespace {

constexpr double nodata = std::numeric_limits<double>::quiet_NaN();

GDALRasterBandH pick_band(const RasterSource& source, int wanted) {
  const int count = GDALGetRasterCount(source.dataset.handle());
  if (count == 0) throw DataError(fmt::format("{}: the file holds no raster band", source.path()));
  if (wanted == 0 && count > 1) {
    throw DataError(
        fmt::format("{}: the file holds {} bands; say which one, e.g. `band: 1`", source.path(), count));
  }
  if (wanted > count) {
    throw DataError(fmt::format("{}: there is no band {}; the file holds {}", source.path(), wanted, count));
  }
  const GDALRasterBandH band = GDALGetRasterBand(source.dataset.handle(), std::max(wanted, 1));
  if (band == nullptr || GDALDataTypeIsComplex(GDALGetRasterDataType(band)) != 0) {
    throw DataError(fmt::format("{}: the band does not hold plain numbers", source.path()));
  }
  return band;
}

/// Scale, offset and unit that the band itself names.
void read_unit(RasterSource& source, const std::string& wanted) {
  source.factor = GDALGetRasterScale(source.band, nullptr);
  source.offset = GDALGetRasterOffset(source.band, nullptr);
  const char* named = GDALGetRasterUnitType(source.band);
  if (wanted.empty() || named == nullptr || *named == '\0') return;
  const UnitConversion conversion = band_unit_conversion(named, wanted, source.path());
  source.factor *= conversion.factor;
  source.offset = source.offset * conversion.factor + conversion.offset;
}

void read_place(RasterSource& source, const GdalMessages& messages) {
  if (GDALGetGeoTransform(source.dataset.handle(), source.transform.data()) != CE_None) {
    const std::string& notes = source.dataset.opening_notes();
    throw DataError(fmt::format("{}: the raster has no georeference{}", source.path(),
                                notes.empty()
                                    ? "; give it one, e.g. `gdal_edit.py -a_ullr`"
                                    : fmt::format("; the file is damaged or truncated ({})", notes)));
  }
  for (const double number : source.transform) {
    if (!std::isfinite(number))
      throw DataError(fmt::format("{}: the georeference is not finite", source.path()));
  }
  const char* projection = GDALGetProjectionRef(source.dataset.handle());
  if (projection != nullptr && *projection != '\0') source.wkt = projection;
  if (messages.has_failure()) {
    throw DataError(fmt::format("{}: the raster is damaged ({})", source.path(), messages.text()));
  }
}

[[noreturn]] void refuse_number(const RasterSource& source, double value, Index row, Index column) {
  throw DataError(
      fmt::format("{}: the value at row {}, column {} (counted from 1 at the north-west) is {} and the file "
                  "does not declare it as "
                  "nodata; declare it, e.g. `gdal_edit.py -a_nodata nan`, or repair the cell",
                  source.path(), row + 1, column + 1, value));
}

}  // namespace

RasterSource::RasterSource(const std::string& path, const RasterOptions& options)
    : dataset(path, DatasetKind::raster, options.drivers) {
  const GdalMessages messages;
  columns = GDALGetRasterXSize(dataset.handle());
  rows = GDALGetRasterYSize(dataset.handle());
  if (columns * rows > options.maximum_cells) {
    throw DataError(fmt::format("{}: {} x {} cells are more than the {} that can be read", path, columns,
                                rows, options.maximum_cells));
  }
  band = pick_band(*this, options.band);
  read_unit(*this, options.unit);
  read_place(*this, messages);
}

std::vector<double> RasterSource::read(const RasterWindow& window) const {
  const GdalMessages messages;
  const auto width_of_window = static_cast<std::size_t>(window.columns);
  std::vector<double> values(width_of_window * static_cast<std::size_t>(window.rows));
  std::vector<std::uint8_t> mask(width_of_window, 255);
  const bool is_all_valid = (GDALGetMaskFlags(band) & GMF_ALL_VALID) != 0;
  const GDALRasterBandH mask_band = GDALGetMaskBand(band);
  const int width = static_cast<int>(window.columns);
  for (Index k = 0; k < window.rows; ++k) {
    double* row = values.data() + static_cast<std::size_t>(k) * width_of_window;
    const int x = static_cast<int>(window.column);
    const int y = static_cast<int>(window.row + k);
    CPLErr problem = GDALRasterIO(band, GF_Read, x, y, width, 1, row, width, 1, GDT_Float64, 0, 0);
    if (problem == CE_None && !is_all_valid) {
      problem = GDALRasterIO(mask_band, GF_Read, x, y, width, 1, mask.data(), width, 1, GDT_Byte, 0, 0);
    }
    if (problem != CE_None || messages.has_failure()) {
      throw DataError(fmt::format(
          "{}: reading stops at row {} of {}: the file is damaged or truncated; fetch it again ({})", path(),
          y + 1, rows, messages.text()));
    }
    for (std::size_t i = 0; i < width_of_window; ++i) {
      if (mask[i] == 0) {
        row[i] = nodata;
        continue;
      }
      if (!std::isfinite(row[i]))
        refuse_number(*this, row[i], window.row + k, window.column + static_cast<Index>(i));
      if (factor != 1.0 || offset != 0.0) row[i] = row[i] * factor + offset;
    }
  }
  return values;
}

int band_count(const std::string& path) {
  RasterOptions options;
  options.band = 1;
  return GDALGetRasterCount(RasterSource(path, options).dataset.handle());
}

}  // namespace dvinis
