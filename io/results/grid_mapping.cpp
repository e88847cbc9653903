#include "io/results/grid_mapping.hpp"

#include <cpl_error.h>
#include <fmt/format.h>
#include <ogr_spatialref.h>

#include "core/base/error.hpp"

namespace dvinis {

namespace {

/// A parameter of the projection by its WKT1 name and its CF name.
struct Translation {
  const char* wkt;
  const char* cf;
};

/// A projection method: WKT1 name, CF name, parameters; parallels go into one attribute.
struct Method {
  const char* wkt;
  const char* cf;
  std::vector<Translation> parameters;
  int parallels;
};

const std::vector<Method>& methods() {
  static const Translation east{SRS_PP_FALSE_EASTING, "false_easting"};
  static const Translation north{SRS_PP_FALSE_NORTHING, "false_northing"};
  static const Translation latitude{SRS_PP_LATITUDE_OF_ORIGIN, "latitude_of_projection_origin"};
  static const Translation centre_latitude{SRS_PP_LATITUDE_OF_CENTER, "latitude_of_projection_origin"};
  static const Translation central{SRS_PP_CENTRAL_MERIDIAN, "longitude_of_central_meridian"};
  static const Translation centre_longitude{SRS_PP_LONGITUDE_OF_CENTER, "longitude_of_projection_origin"};
  static const Translation albers_longitude{SRS_PP_LONGITUDE_OF_CENTER, "longitude_of_central_meridian"};
  static const Translation origin_longitude{SRS_PP_CENTRAL_MERIDIAN, "longitude_of_projection_origin"};
  static const Translation meridian_scale{SRS_PP_SCALE_FACTOR, "scale_factor_at_central_meridian"};
  static const Translation origin_scale{SRS_PP_SCALE_FACTOR, "scale_factor_at_projection_origin"};
  static const std::vector<Method> all = {
      {SRS_PT_TRANSVERSE_MERCATOR,
       "transverse_mercator",
       {meridian_scale, central, latitude, east, north},
       0},
      {SRS_PT_LAMBERT_CONFORMAL_CONIC_2SP, "lambert_conformal_conic", {central, latitude, east, north}, 2},
      {SRS_PT_ALBERS_CONIC_EQUAL_AREA,
       "albers_conical_equal_area",
       {albers_longitude, centre_latitude, east, north},
       2},
      {SRS_PT_LAMBERT_AZIMUTHAL_EQUAL_AREA,
       "lambert_azimuthal_equal_area",
       {centre_longitude, centre_latitude, east, north},
       0},
      {SRS_PT_OBLIQUE_STEREOGRAPHIC,
       "stereographic",
       {origin_longitude, latitude, origin_scale, east, north},
       0},
      {SRS_PT_MERCATOR_1SP, "mercator", {origin_longitude, origin_scale, east, north}, 0},
  };
  return all;
}

}  // namespace

GridMapping grid_mapping_of(const std::string& wkt) {
  OGRSpatialReference reference;
  CPLPushErrorHandler(CPLQuietErrorHandler);
  const OGRErr status = reference.importFromWkt(wkt.c_str());
  CPLPopErrorHandler();
  if (status != OGRERR_NONE) {
    throw DataError(
        fmt::format("the coordinate reference system of the grid cannot be understood: '{}'", wkt));
  }
  GridMapping mapping;
  const char* projection = reference.GetAttrValue("PROJECTION");
  for (const Method& method : methods()) {
    if (projection == nullptr || std::string(projection) != method.wkt) continue;
    mapping.name = method.cf;
    for (const Translation& each : method.parameters) {
      mapping.parameters.emplace_back(each.cf, reference.GetNormProjParm(each.wkt, 0.0));
    }
    if (method.parallels > 0) {
      mapping.standard_parallels = {reference.GetNormProjParm(SRS_PP_STANDARD_PARALLEL_1, 0.0),
                                    reference.GetNormProjParm(SRS_PP_STANDARD_PARALLEL_2, 0.0)};
    }
  }
  if (!mapping.name.empty()) {
    mapping.parameters.emplace_back("semi_major_axis", reference.GetSemiMajor());
    mapping.parameters.emplace_back("inverse_flattening", reference.GetInvFlattening());
    mapping.parameters.emplace_back("longitude_of_prime_meridian", reference.GetPrimeMeridian());
  }
  return mapping;
}

}  // namespace dvinis
