#include <fmt/format.h>
#include <gdal_alg.h>
#include <gdal_priv.h>
#include <ogrsf_frmts.h>

#include <algorithm>
#include <cmath>
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

struct DestroyFeature {
  void operator()(OGRFeature* feature) const { OGRFeature::DestroyFeature(feature); }
};
using Feature = std::unique_ptr<OGRFeature, DestroyFeature>;

/// A class of values, from <= value < to.
struct ValueClass {
  double from = 0.0;
  double to = std::numeric_limits<double>::infinity();
  std::string label;
};

std::vector<ValueClass> classes_of(const FieldInfo& info, const std::vector<double>& limits) {
  std::vector<ValueClass> classes;
  if (!info.classes.empty()) {
    for (std::size_t k = 0; k < info.classes.size(); ++k) {
      const auto number = static_cast<double>(k + 1);
      classes.push_back({number - 0.5, number + 0.5, info.classes[k]});
    }
    return classes;
  }
  if (limits.empty() || !std::is_sorted(limits.begin(), limits.end(), std::less_equal<>())) {
    throw UsageError(
        fmt::format("the class limits of '{}' must be given and rise, as in 0.05 0.3 0.5 1 2", info.name));
  }
  for (std::size_t k = 0; k < limits.size(); ++k) {
    const bool is_last = k + 1 == limits.size();
    ValueClass one{limits[k], is_last ? std::numeric_limits<double>::infinity() : limits[k + 1], ""};
    one.label = is_last ? fmt::format("{} {} and more", one.from, info.unit)
                        : fmt::format("{} to {} {}", one.from, one.to, info.unit);
    classes.push_back(std::move(one));
  }
  return classes;
}

/// Class numbers from 1, 0 where a value belongs to none; rows from the north.
std::vector<std::int32_t> classified(const std::vector<double>& values, const Grid& grid,
                                     const std::vector<ValueClass>& classes) {
  std::vector<std::int32_t> numbers;
  numbers.reserve(values.size());
  for (Index j = grid.ny - 1; j >= 0; --j) {
    for (Index i = 0; i < grid.nx; ++i) {
      const double value = values[static_cast<std::size_t>(j * grid.nx + i)];
      std::int32_t number = 0;
      for (std::size_t k = 0; k < classes.size(); ++k) {
        if (value >= classes[k].from && value < classes[k].to) number = static_cast<std::int32_t>(k + 1);
      }
      numbers.push_back(number);
    }
  }
  return numbers;
}

Dataset raster_of(const Grid& grid, std::vector<std::int32_t>& numbers) {
  GDALDriver* driver = GetGDALDriverManager()->GetDriverByName("MEM");
  const auto columns = static_cast<int>(grid.nx);
  const auto rows = static_cast<int>(grid.ny);
  Dataset dataset(driver->Create("", columns, rows, 1, GDT_Int32, nullptr));
  double transform[6] = {grid.west, grid.spacing, 0.0, grid.north(), 0.0, -grid.spacing};
  const bool is_good = dataset != nullptr && dataset->SetGeoTransform(transform) == CE_None &&
                       dataset->GetRasterBand(1)->RasterIO(GF_Write, 0, 0, columns, rows, numbers.data(),
                                                           columns, rows, GDT_Int32, 0, 0) == CE_None;
  if (!is_good) dataset.reset();
  return dataset;
}

/// A GeoJSON file with one empty layer, in the projection of the grid; the driver turns it into WGS 84.
struct GeoJson {
  Dataset dataset;
  OGRLayer* layer = nullptr;
};

GeoJson create_geojson(const MemoryFile& memory, const Grid& grid, const std::string& name) {
  GeoJson made;
  GDALDriver* driver = GetGDALDriverManager()->GetDriverByName("GeoJSON");
  if (driver == nullptr) return made;
  made.dataset.reset(driver->Create(memory.name().c_str(), 0, 0, 0, GDT_Unknown, nullptr));
  if (!made.dataset) return made;
  const bool is_projected = !grid.crs_wkt.empty();
  OGRSpatialReference reference;
  if (is_projected && reference.importFromWkt(grid.crs_wkt.c_str()) != OGRERR_NONE) return made;
  reference.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
  const char* const global[] = {"RFC7946=YES", nullptr};
  const char* const local[] = {
      "DESCRIPTION=coordinates are metres of the run's local system, not longitude and latitude",
      "COORDINATE_PRECISION=3", nullptr};
  made.layer = made.dataset->CreateLayer(name.c_str(), is_projected ? &reference : nullptr, wkbUnknown,
                                         const_cast<char**>(is_projected ? global : local));
  return made;
}

bool add_attribute(OGRLayer& layer, const std::string& name, OGRFieldType type) {
  OGRFieldDefn definition(name.c_str(), type);
  return layer.CreateField(&definition) == OGRERR_NONE;
}

/// Sets a number, or null for NaN and infinity.
void set_number(OGRFeature& feature, const char* name, double value) {
  const int index = feature.GetFieldIndex(name);
  std::isfinite(value) ? feature.SetField(index, value) : feature.SetFieldNull(index);
}

/// Polygons of a class raster, in memory, with the class number as their only attribute.
GeoJson polygons_of(GDALDataset& raster) {
  GeoJson polygons;
  GDALDriver* driver = GetGDALDriverManager()->GetDriverByName("Memory");
  polygons.dataset.reset(driver->Create("", 0, 0, 0, GDT_Unknown, nullptr));
  if (!polygons.dataset) return polygons;
  OGRLayer* layer = polygons.dataset->CreateLayer("classes", nullptr, wkbPolygon, nullptr);
  if (layer == nullptr || !add_attribute(*layer, "class", OFTInteger)) return polygons;
  const GDALRasterBandH band = GDALRasterBand::ToHandle(raster.GetRasterBand(1));
  if (GDALPolygonize(band, band, OGRLayer::ToHandle(layer), 0, nullptr, nullptr, nullptr) == CE_None) {
    polygons.layer = layer;
  }
  return polygons;
}

struct ClassWords {
  const FieldInfo& info;
  const std::vector<ValueClass>& classes;
  std::string instant;  ///< empty for a field without time
};

bool create_class_attributes(OGRLayer& layer) {
  return add_attribute(layer, "class", OFTInteger) && add_attribute(layer, "label", OFTString) &&
         add_attribute(layer, "from", OFTReal) && add_attribute(layer, "to", OFTReal) &&
         add_attribute(layer, "unit", OFTString) && add_attribute(layer, "field", OFTString) &&
         add_attribute(layer, "time", OFTString);
}

bool add_polygon(OGRLayer& layer, OGRFeature& polygon, const ClassWords& words) {
  const int number = polygon.GetFieldAsInteger(0);
  const ValueClass& one = words.classes.at(static_cast<std::size_t>(number - 1));
  const Feature feature(OGRFeature::CreateFeature(layer.GetLayerDefn()));
  feature->SetField("class", number);
  feature->SetField("label", one.label.c_str());
  if (words.info.classes.empty()) {
    set_number(*feature, "from", one.from);
    set_number(*feature, "to", one.to);
    feature->SetField("unit", words.info.unit.c_str());
  }
  feature->SetField("field", words.info.name.c_str());
  if (!words.instant.empty()) feature->SetField("time", words.instant.c_str());
  feature->SetGeometryDirectly(polygon.StealGeometry());
  return layer.CreateFeature(feature.get()) == OGRERR_NONE;
}

bool add_point(OGRLayer& layer, const ResultTable& table, std::size_t row) {
  const Feature feature(OGRFeature::CreateFeature(layer.GetLayerDefn()));
  feature->SetField("id", table.ids[row].c_str());
  feature->SetField("label", table.labels[row].c_str());
  for (std::size_t k = 0; k < table.info.columns.size(); ++k) {
    if (!table.info.columns[k].series)
      set_number(*feature, table.info.columns[k].name.c_str(), table.columns[k].at(row));
  }
  if (std::isfinite(table.points[row].x)) {
    OGRPoint point(table.points[row].x, table.points[row].y);
    feature->SetGeometry(&point);
  }
  return layer.CreateFeature(feature.get()) == OGRERR_NONE;
}

}  // namespace

std::vector<double> usual_depth_limits() { return {0.05, 0.3, 0.5, 1.0, 2.0}; }

std::vector<double> usual_arrival_limits() {
  return {0.0, 300.0, 900.0, 1800.0, 3600.0, 7200.0, 14400.0, 43200.0};
}

void export_geojson_classes(const ResultsFile& results, const std::string& field_name, std::size_t step,
                            const std::vector<double>& limits, const std::string& path) {
  const ResultField& field = field_of(results, field_name);
  const std::vector<ValueClass> classes = classes_of(field.info, limits);
  std::vector<std::int32_t> numbers = classified(results.read(field_name, step), results.grid(), classes);
  AsideFile file(path);
  const GdalErrors errors;
  const Dataset raster = raster_of(results.grid(), numbers);
  errors.expect_none(raster != nullptr, file);
  const GeoJson polygons = polygons_of(*raster);
  errors.expect_none(polygons.layer != nullptr, file);
  const MemoryFile memory;
  GeoJson product = create_geojson(memory, results.grid(), field_name);
  errors.expect_none(product.layer != nullptr && create_class_attributes(*product.layer), file);
  const ClassWords words{field.info, classes,
                         field.has_time ? instant_text(results, results.times().at(step)) : ""};
  bool is_good = true;
  for (const auto& polygon : *polygons.layer)
    is_good = add_polygon(*product.layer, *polygon, words) && is_good;
  product.dataset.reset();
  errors.expect_none(is_good, file);
  file.write(memory.content());
  file.commit();
}

void export_geojson_points(const ResultsFile& results, const std::string& table_name,
                           const std::string& path) {
  const ResultTable& table = table_of(results, table_name);
  AsideFile file(path);
  const GdalErrors errors;
  const MemoryFile memory;
  GeoJson product = create_geojson(memory, results.grid(), table_name);
  bool is_good = product.layer != nullptr && add_attribute(*product.layer, "id", OFTString) &&
                 add_attribute(*product.layer, "label", OFTString);
  errors.expect_none(is_good, file);
  for (const ColumnInfo& column : table.info.columns) {
    if (!column.series) is_good = add_attribute(*product.layer, column.name, OFTReal) && is_good;
  }
  for (std::size_t row = 0; row < table.ids.size(); ++row)
    is_good = add_point(*product.layer, table, row) && is_good;
  product.dataset.reset();
  errors.expect_none(is_good, file);
  file.write(memory.content());
  file.commit();
}

}  // namespace dvinis
