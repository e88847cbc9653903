#include <gdal_priv.h>
#include <ogr_spatialref.h>

#include <limits>
#include <memory>

#include "io/export/aside_file.hpp"
#include "io/export/export.hpp"
#include "io/export/gdal_errors.hpp"

namespace dvinis {

namespace {

struct CloseDataset {
  void operator()(GDALDataset* dataset) const { GDALClose(GDALDataset::ToHandle(dataset)); }
};
using Dataset = std::unique_ptr<GDALDataset, CloseDataset>;

/// Rows from the south turned to rows from the north, single precision.
std::vector<float> north_up(const std::vector<double>& values, Index nx, Index ny) {
  std::vector<float> turned;
  turned.reserve(values.size());
  for (Index row = ny - 1; row >= 0; --row) {
    for (Index i = 0; i < nx; ++i)
      turned.push_back(static_cast<float>(values[static_cast<std::size_t>(row * nx + i)]));
  }
  return turned;
}

bool describe(GDALDataset& dataset, const ResultsFile& results, const ResultField& field, std::size_t step) {
  const Grid& grid = results.grid();
  double transform[6] = {grid.west, grid.spacing, 0.0, grid.north(), 0.0, -grid.spacing};
  bool is_good = dataset.SetGeoTransform(transform) == CE_None;
  if (!grid.crs_wkt.empty()) is_good = dataset.SetProjection(grid.crs_wkt.c_str()) == CE_None && is_good;
  GDALRasterBand& band = *dataset.GetRasterBand(1);
  is_good = band.SetNoDataValue(std::numeric_limits<double>::quiet_NaN()) == CE_None && is_good;
  band.SetDescription(field.info.long_name.c_str());
  band.SetUnitType(field.info.unit.c_str());
  dataset.SetMetadataItem("field", field.info.name.c_str());
  dataset.SetMetadataItem("run", results.twin().provenance.scenario_name.c_str());
  dataset.SetMetadataItem("TIFFTAG_COPYRIGHT", results.twin().provenance.attribution.c_str());
  if (!results.twin().provenance.label.empty())
    dataset.SetMetadataItem("label", results.twin().provenance.label.c_str());
  if (!results.twin().vertical_datum.empty()) {
    dataset.SetMetadataItem("vertical_datum", results.twin().vertical_datum.c_str());
  }
  if (field.has_time) {
    const std::string instant = instant_text(results, results.times().at(step));
    dataset.SetMetadataItem("time", instant.c_str());
  }
  return is_good;
}

}  // namespace

void export_geotiff(const ResultsFile& results, const std::string& field_name, std::size_t step,
                    const std::string& path) {
  const ResultField& field = field_of(results, field_name);
  const Grid& grid = results.grid();
  std::vector<float> values = north_up(results.read(field_name, step), grid.nx, grid.ny);
  AsideFile file(path);
  const GdalErrors errors;
  GDALDriver* driver = GetGDALDriverManager()->GetDriverByName("GTiff");
  errors.expect_none(driver != nullptr, file);
  const char* const options[] = {"COMPRESS=DEFLATE", "PREDICTOR=3", "TILED=YES", "BIGTIFF=IF_SAFER", nullptr};
  const auto columns = static_cast<int>(grid.nx);
  const auto rows = static_cast<int>(grid.ny);
  const MemoryFile memory;
  Dataset dataset(
      driver->Create(memory.name().c_str(), columns, rows, 1, GDT_Float32, const_cast<char**>(options)));
  errors.expect_none(dataset != nullptr, file);
  bool is_good = describe(*dataset, results, field, step);
  is_good = dataset->GetRasterBand(1)->RasterIO(GF_Write, 0, 0, columns, rows, values.data(), columns, rows,
                                                GDT_Float32, 0, 0) == CE_None &&
            is_good;
  dataset.reset();
  errors.expect_none(is_good, file);
  file.write(memory.content());
  file.commit();
}

}  // namespace dvinis
