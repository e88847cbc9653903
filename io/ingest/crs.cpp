#include "io/ingest/crs.hpp"

#include <cpl_conv.h>
#include <fmt/format.h>
#include <ogr_srs_api.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <memory>

#include "core/base/error.hpp"
#include "io/ingest/dataset.hpp"

namespace dvinis {

namespace {

struct ReleaseReference {
  void operator()(void* reference) const { OSRRelease(reference); }
};
using Reference = std::unique_ptr<void, ReleaseReference>;

/// The horizontal part, x before y; null for text that is no CRS.
Reference reference_from(const std::string& text) {
  const GdalMessages messages;
  Reference reference(OSRNewSpatialReference(nullptr));
  if (OSRSetFromUserInput(reference.get(), text.c_str()) != OGRERR_NONE) return nullptr;
  if (OSRIsCompound(reference.get()) != 0) OSRStripVertical(reference.get());
  OSRSetAxisMappingStrategy(reference.get(), OAMS_TRADITIONAL_GIS_ORDER);
  return reference;
}

std::string wkt1(const Reference& reference) {
  const GdalMessages messages;
  char* text = nullptr;
  const OGRErr problem = OSRExportToWkt(reference.get(), &text);
  const std::string wkt = problem == OGRERR_NONE && text != nullptr ? text : "";
  CPLFree(text);
  return wkt;
}

}  // namespace

std::string crs_from_text(const std::string& declared) {
  if (declared == "local") return {};
  // A path or an address would be read as a file: only texts that describe a system are wanted.
  const bool is_described = declared.starts_with("EPSG:") || declared.starts_with("ESRI:") ||
                            declared.starts_with("+") || declared.find('[') != std::string::npos;
  const Reference reference = is_described ? reference_from(declared) : nullptr;
  const std::string wkt = reference ? wkt1(reference) : "";
  if (wkt.empty()) {
    throw DataError(
        fmt::format("'{}' is not a known coordinate reference system; write one such as EPSG:32634 (WGS 84 / "
                    "UTM zone 34N), "
                    "or local for coordinates without one",
                    declared));
  }
  return wkt;
}

std::string crs_name(const std::string& wkt) {
  if (wkt.empty()) return "local coordinates";
  const Reference reference = reference_from(wkt);
  if (!reference) return "an unknown system";
  const char* name = OSRGetName(reference.get());
  const char* authority = OSRGetAuthorityName(reference.get(), nullptr);
  const char* code = OSRGetAuthorityCode(reference.get(), nullptr);
  if (authority == nullptr || code == nullptr) {
    const bool has_name = name != nullptr && std::string(name) != "unknown";
    if (has_name) return name;
    const char* projection = OSRGetAttrValue(reference.get(), "PROJECTION", 0);
    return projection != nullptr ? fmt::format("a projection of its own ({})", projection)
                                 : "an unnamed system";
  }
  return fmt::format("{}:{} ({})", authority, code, name != nullptr ? name : "unnamed");
}

bool is_geographic_crs(const std::string& wkt) {
  if (wkt.empty()) return false;
  const Reference reference = reference_from(wkt);
  return reference && OSRIsGeographic(reference.get()) != 0;
}

bool is_same_crs(const std::string& a, const std::string& b) {
  if (a.empty() || b.empty()) return a.empty() && b.empty();
  if (a == b) return true;
  const Reference first = reference_from(a);
  const Reference second = reference_from(b);
  if (!first || !second) return false;
  const char* const options[] = {"IGNORE_DATA_AXIS_TO_SRS_AXIS_MAPPING=YES",
                                 "CRITERION=EQUIVALENT_EXCEPT_AXIS_ORDER_GEOGCRS", nullptr};
  return OSRIsSameEx(first.get(), second.get(), options) != 0;
}

std::string utm_zone(double longitude, double latitude) {
  const double turned = longitude - 360.0 * std::floor((longitude + 180.0) / 360.0);
  const int zone = std::clamp(static_cast<int>(std::floor((turned + 180.0) / 6.0)) + 1, 1, 60);
  return fmt::format("EPSG:{}", (latitude < 0.0 ? 32700 : 32600) + zone);
}

void require_metric_crs(const std::string& wkt, const std::string& subject, Point middle) {
  if (wkt.empty()) return;
  const Reference reference = reference_from(wkt);
  if (!reference)
    throw DataError(fmt::format("{}: its coordinate reference system is not understood", subject));
  if (OSRIsGeographic(reference.get()) != 0) {
    throw DataError(
        fmt::format("{}: {} is geographic (degrees), but flow needs metres; reproject first, e.g. `gdalwarp "
                    "-t_srs {} -r bilinear "
                    "in.tif out.tif`, or declare `crs: {}` with `extent` and `spacing` and dvinis will do it",
                    subject, crs_name(wkt), utm_zone(middle.x, middle.y), utm_zone(middle.x, middle.y)));
  }
  char* unit = nullptr;
  const double metres = OSRGetLinearUnits(reference.get(), &unit);
  if (OSRIsProjected(reference.get()) == 0 || std::abs(metres - 1.0) > 1e-12) {
    throw DataError(
        fmt::format("{}: {} is not a projected system in metres (its unit is {}); reproject to one that is",
                    subject, crs_name(wkt), unit != nullptr ? unit : "unknown"));
  }
}

CrsTransform::CrsTransform(const std::string& from_wkt, const std::string& to_wkt, const std::string& subject)
    : subject_(subject) {
  if (is_same_crs(from_wkt, to_wkt)) return;
  if (from_wkt.empty() || to_wkt.empty()) {
    throw DataError(
        fmt::format("{}: it is in {} but the domain is in {}; nothing leads from one to the other", subject,
                    crs_name(from_wkt), crs_name(to_wkt)));
  }
  const GdalMessages messages;
  const Reference from = reference_from(from_wkt);
  const Reference to = reference_from(to_wkt);
  if (from && to) handle_ = OCTNewCoordinateTransformation(from.get(), to.get());
  if (handle_ == nullptr) {
    throw DataError(fmt::format("{}: no transformation leads from {} to {} ({})", subject, crs_name(from_wkt),
                                crs_name(to_wkt), messages.text()));
  }
}

CrsTransform::~CrsTransform() {
  if (handle_ != nullptr)
    OCTDestroyCoordinateTransformation(static_cast<OGRCoordinateTransformationH>(handle_));
}

Point CrsTransform::operator()(Point point) const {
  if (handle_ == nullptr) return point;
  const GdalMessages messages;
  Point moved = point;
  const int is_moved =
      OCTTransform(static_cast<OGRCoordinateTransformationH>(handle_), 1, &moved.x, &moved.y, nullptr);
  if (is_moved == 0 || !std::isfinite(moved.x) || !std::isfinite(moved.y)) {
    throw DataError(fmt::format("{}: the point ({}, {}) cannot be moved to the domain's coordinates",
                                subject_, point.x, point.y));
  }
  return moved;
}

}  // namespace dvinis
