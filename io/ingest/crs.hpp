#pragma once
/// Coordinate reference systems as WKT1 text; empty text means local coordinates.

#include <string>
#include <utility>
#include <vector>

#include "core/grid/grid.hpp"

namespace dvinis {

/// WKT1 of a declared CRS: "EPSG:32756", a PROJ string or WKT; "local" gives empty text.
/// @throws DataError for text that PROJ does not understand.
std::string crs_from_text(const std::string& declared);

/// "EPSG:32756 (WGS 84 / UTM zone 56S)", the name alone without a code, "local coordinates" if empty.
std::string crs_name(const std::string& wkt);

bool is_geographic_crs(const std::string& wkt);

/// True if both describe the same horizontal system; a vertical part is left aside.
bool is_same_crs(const std::string& a, const std::string& b);

/// "EPSG:32633": the UTM zone (WGS 84) that holds a place given in degrees.
std::string utm_zone(double longitude, double latitude);

/// @throws DataError unless the CRS is local or projected in metres; `subject` starts the sentence and
/// `middle` (x, y in that CRS) picks the UTM zone of the advice.
void require_metric_crs(const std::string& wkt, const std::string& subject, Point middle);

/// Moves points from one CRS to another, x eastward and y northward on both sides.
class CrsTransform {
 public:
  /// @throws DataError if one is local and the other is not, or PROJ knows no way.
  CrsTransform(const std::string& from_wkt, const std::string& to_wkt, const std::string& subject);
  ~CrsTransform();
  CrsTransform(const CrsTransform&) = delete;
  CrsTransform& operator=(const CrsTransform&) = delete;

  /// @throws DataError for a point outside the systems' range.
  Point operator()(Point point) const;

 private:
  std::string subject_;
  void* handle_ = nullptr;  ///< none: the systems are the same
};

}  // namespace dvinis
