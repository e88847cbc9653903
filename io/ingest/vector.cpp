#include "io/ingest/vector.hpp"

#include <fmt/format.h>
#include <gdal.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>

#include <cpl_conv.h>
#include <algorithm>
#include <charconv>
#include <cmath>
#include <memory>
#include <optional>
#include <set>

#include "core/base/error.hpp"
#include "core/base/settings.hpp"
#include "io/ingest/crs.hpp"
#include "io/ingest/dataset.hpp"
#include "io/ingest/encoding.hpp"

namespace dvinis {

namespace {

struct DestroyFeature {
  void operator()(void* feature) const { OGR_F_Destroy(static_cast<OGRFeatureH>(feature)); }
};
using FeatureHandle = std::unique_ptr<void, DestroyFeature>;

struct DestroyGeometry {
  void operator()(void* geometry) const { OGR_G_DestroyGeometry(static_cast<OGRGeometryH>(geometry)); }
};
using GeometryHandle = std::unique_ptr<void, DestroyGeometry>;

/// "key=value" taken apart.
struct Filter {
  std::string key;
  std::string value;
};

std::optional<Filter> parse_filter(const std::string& where, const std::string& path) {
  if (where.empty()) return std::nullopt;
  const std::size_t equals = where.find('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == where.size()) {
    throw DataError(fmt::format("{}: `where: {}` is not of the form attribute=value, e.g. `where: kind=road`",
                                path, where));
  }
  return Filter{where.substr(0, equals), where.substr(equals + 1)};
}

OGRGeometryH raw(const void* geometry) { return static_cast<OGRGeometryH>(const_cast<void*>(geometry)); }

/// Points of one simple geometry, moved; the repeated last corner of a ring is dropped.
std::vector<Point> points_of(OGRGeometryH geometry, const CrsTransform& transform, bool is_ring,
                             const std::string& place) {
  std::vector<Point> points;
  const int count = OGR_G_GetPointCount(geometry);
  points.reserve(static_cast<std::size_t>(count));
  for (int k = 0; k < count; ++k) {
    const Point point{OGR_G_GetX(geometry, k), OGR_G_GetY(geometry, k)};
    if (!std::isfinite(point.x) || !std::isfinite(point.y)) {
      throw DataError(fmt::format("{}: point {} has a coordinate that is not finite", place, k + 1));
    }
    points.push_back(transform(point));
  }
  if (is_ring && points.size() > 1 && points.front().x == points.back().x &&
      points.front().y == points.back().y) {
    points.pop_back();
  }
  const std::size_t least = is_ring ? 3 : 1;
  if (points.size() < least) {
    throw DataError(fmt::format("{}: a {} of {} points; at least {} are needed", place,
                                is_ring ? "ring" : "geometry", points.size(), least));
  }
  return points;
}

void add_parts(OGRGeometryH geometry, const CrsTransform& transform, Feature& feature,
               std::optional<GeometryKind>& kind) {
  const OGRwkbGeometryType type = OGR_GT_Flatten(OGR_G_GetGeometryType(geometry));
  const auto take = [&](GeometryKind found) {
    if (kind && *kind != found) {
      throw DataError(
          fmt::format("{}: mixes points, lines and polygons; give each its own feature", feature.place));
    }
    kind = found;
  };
  Polygon part;
  switch (type) {
    case wkbPoint:
    case wkbLineString:
      take(type == wkbPoint ? GeometryKind::point : GeometryKind::line);
      part.outer = points_of(geometry, transform, false, feature.place);
      break;
    case wkbPolygon:
      take(GeometryKind::polygon);
      for (int k = 0; k < OGR_G_GetGeometryCount(geometry); ++k) {
        std::vector<Point> ring =
            points_of(OGR_G_GetGeometryRef(geometry, k), transform, true, feature.place);
        if (k == 0) {
          part.outer = std::move(ring);
        } else {
          part.holes.push_back(std::move(ring));
        }
      }
      if (part.outer.empty()) throw DataError(fmt::format("{}: the polygon is empty", feature.place));
      break;
    case wkbMultiPoint:
    case wkbMultiLineString:
    case wkbMultiPolygon:
    case wkbGeometryCollection:
      for (int k = 0; k < OGR_G_GetGeometryCount(geometry); ++k) {
        add_parts(OGR_G_GetGeometryRef(geometry, k), transform, feature, kind);
      }
      return;
    default:
      throw DataError(
          fmt::format("{}: geometry of type {} cannot be used; convert it to points, lines or polygons",
                      feature.place, OGR_G_GetGeometryName(geometry)));
  }
  feature.parts.push_back(std::move(part));
}

void read_geometry(OGRGeometryH geometry, const CrsTransform& transform, Feature& feature) {
  if (geometry == nullptr || OGR_G_IsEmpty(geometry) != 0) {
    throw DataError(fmt::format("{}: it has no geometry; remove it or draw it", feature.place));
  }
  // Curves become chords; straight geometry is copied as it is.
  const GeometryHandle straight(OGR_G_GetLinearGeometry(geometry, 0.0, nullptr));
  std::optional<GeometryKind> kind;
  add_parts(straight ? raw(straight.get()) : geometry, transform, feature, kind);
  if (!kind) throw DataError(fmt::format("{}: it has no geometry; remove it or draw it", feature.place));
  feature.kind = *kind;
}

void read_attributes(OGRFeatureH handle, const std::vector<std::string>& names, Feature& feature) {
  for (std::size_t k = 0; k < names.size(); ++k) {
    const int field = static_cast<int>(k);
    if (OGR_F_IsFieldSetAndNotNull(handle, field) == 0) continue;
    const std::string text = OGR_F_GetFieldAsString(handle, field);
    const OGRFieldType type = OGR_Fld_GetType(OGR_F_GetFieldDefnRef(handle, field));
    if (type == OFTReal || type == OFTInteger || type == OFTInteger64) {
      feature.numbers[names[k]] = OGR_F_GetFieldAsDouble(handle, field);
    }
    feature.texts[names[k]] = text;
  }
}

/// True if the attribute has the value, as text or as a number ("2" matches 2.0).
bool matches(const Feature& feature, const Filter& filter) {
  const auto text = feature.texts.find(filter.key);
  if (text == feature.texts.end()) return false;
  if (text->second == filter.value) return true;
  const auto number = feature.numbers.find(filter.key);
  double wanted = 0.0;
  const char* end = filter.value.data() + filter.value.size();
  const auto [stop, problem] = std::from_chars(filter.value.data(), end, wanted);
  return number != feature.numbers.end() && problem == std::errc() && stop == end && number->second == wanted;
}

/// GeoJSON that does not name its CRS: GDAL calls it WGS 84, on a local grid it is local.
bool is_unreferenced_geojson(const Dataset& dataset) {
  const GDALDriverH driver = GDALGetDatasetDriver(dataset.handle());
  if (std::string(GDALGetDriverShortName(driver)) != "GeoJSON") return false;
  const std::string text = read_file(dataset.path());
  const std::size_t member = text.find("\"crs\"");
  return member == std::string::npos;
}

std::string layer_wkt(OGRLayerH layer, const Dataset& dataset, const std::string& grid_wkt) {
  const OGRSpatialReferenceH reference = OGR_L_GetSpatialRef(layer);
  if (reference == nullptr) {
    if (grid_wkt.empty()) return {};
    throw DataError(
        fmt::format("{}: the file names no coordinate reference system; give it the domain's, e.g. "
                    "`ogr2ogr -a_srs`",
                    dataset.path()));
  }
  if (grid_wkt.empty() && is_unreferenced_geojson(dataset)) return {};
  char* text = nullptr;
  OSRExportToWkt(reference, &text);
  const std::string wkt = text != nullptr ? text : "";
  CPLFree(text);
  return wkt;
}

void check_degrees(OGRLayerH layer, const std::string& wkt, const std::string& path) {
  OGREnvelope box{};
  if (!is_geographic_crs(wkt) || OGR_L_GetExtent(layer, &box, 1) != OGRERR_NONE) return;
  if (box.MinX >= -360.0 && box.MaxX <= 360.0 && box.MinY >= -90.0 && box.MaxY <= 90.0) return;
  throw DataError(
      fmt::format("{}: coordinates such as ({:.1f}, {:.1f}) are no longitude and latitude, which is what {} "
                  "means; name the file's "
                  "own system in it (GeoJSON without a `crs` member is WGS 84)",
                  path, box.MinX, box.MinY, crs_name(wkt)));
}

void check_filter(const Filter& filter, const FeatureFile& file, const std::string& path) {
  if (std::find(file.attributes.begin(), file.attributes.end(), filter.key) != file.attributes.end()) return;
  const std::string near = did_you_mean(filter.key, file.attributes);
  throw DataError(fmt::format("{}: there is no attribute '{}'{}; the attributes are {}", path, filter.key,
                              near.empty() ? "" : fmt::format(" (did you mean '{}'?)", near),
                              fmt::join(file.attributes, ", ")));
}

void read_layer(OGRLayerH layer, const Dataset& dataset, const std::string& grid_wkt,
                const std::optional<Filter>& filter, FeatureFile& result) {
  const std::string wkt = layer_wkt(layer, dataset, grid_wkt);
  check_degrees(layer, wkt, dataset.path());
  const CrsTransform transform(wkt, grid_wkt, dataset.path());
  const OGRFeatureDefnH definition = OGR_L_GetLayerDefn(layer);
  for (int k = 0; k < OGR_FD_GetFieldCount(definition); ++k) {
    result.attributes.emplace_back(OGR_Fld_GetNameRef(OGR_FD_GetFieldDefn(definition, k)));
  }
  if (filter) check_filter(*filter, result, dataset.path());
  std::set<std::string> values;
  OGR_L_ResetReading(layer);
  for (std::size_t count = 1;; ++count) {
    const FeatureHandle handle(OGR_L_GetNextFeature(layer));
    if (!handle) break;
    Feature feature;
    feature.place = fmt::format("{}: feature {}", dataset.path(), count);
    read_attributes(static_cast<OGRFeatureH>(handle.get()), result.attributes, feature);
    if (filter && !matches(feature, *filter)) {
      if (feature.texts.contains(filter->key) && values.size() < 8) values.insert(feature.texts[filter->key]);
      continue;
    }
    read_geometry(OGR_F_GetGeometryRef(static_cast<OGRFeatureH>(handle.get())), transform, feature);
    result.features.push_back(std::move(feature));
  }
  if (!result.features.empty()) return;
  if (!filter) throw DataError(fmt::format("{}: the file holds no feature", dataset.path()));
  throw DataError(fmt::format("{}: no feature has {}={}; its values are {}", dataset.path(), filter->key,
                              filter->value, fmt::join(values, ", ")));
}

}  // namespace

FeatureFile read_features(const std::string& path, const std::string& grid_wkt, const std::string& where) {
  const Dataset dataset(path, DatasetKind::vector);
  const std::optional<Filter> filter = parse_filter(where, path);
  const GdalMessages messages;
  const int layers = GDALDatasetGetLayerCount(dataset.handle());
  if (layers != 1) {
    throw DataError(
        fmt::format("{}: the file holds {} layers; give one with a single layer (`ogr2ogr` can take it out)",
                    path, layers));
  }
  FeatureFile result;
  result.files = dataset.files();
  read_layer(GDALDatasetGetLayer(dataset.handle(), 0), dataset, grid_wkt, filter, result);
  if (messages.has_failure()) {
    throw DataError(fmt::format("{}: the file is damaged or truncated ({})", path, messages.text()));
  }
  return result;
}

}  // namespace dvinis
