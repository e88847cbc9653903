#include "io/ingest/domain.hpp"

#include <algorithm>
#include <cmath>

#include "io/ingest/crs.hpp"
#include "io/ingest/raster.hpp"

namespace dvinis {

namespace {

/// Cells along a stretch. @throws ScenarioError unless it is a whole number of cells, at least one.
Index cells_along(const Setting& place, const char* what, double length, double spacing) {
  const double count = std::round(length / spacing);
  if (count >= 1.0 && std::abs(length / spacing - count) <= 1e-6 && count < 1e9)
    return static_cast<Index>(count);
  throw place.error(fmt::format("the {} of {} m is not a whole number of cells of {} m; {} m would be", what,
                                length, spacing, std::max(1.0, count) * spacing));
}

struct Extent {
  double west = 0.0;
  double south = 0.0;
  double east = 0.0;
  double north = 0.0;
};

Extent read_extent(const Setting& settings) {
  const Extent extent{quantity_of(settings.at("west"), "m"), quantity_of(settings.at("south"), "m"),
                      quantity_of(settings.at("east"), "m"), quantity_of(settings.at("north"), "m")};
  if (!(extent.west < extent.east) || !(extent.south < extent.north)) {
    throw settings.error(fmt::format("west {} must lie below east {}, and south {} below north {}",
                                     extent.west, extent.east, extent.south, extent.north));
  }
  return extent;
}

/// The grid cut to the extent, its edges moved to the nearest edges of cells.
Grid cropped(const Grid& grid, const Extent& extent, const Setting& place, IngestContext& context) {
  const double slack = 0.5 * grid.spacing;
  if (extent.west < grid.west - slack || extent.east > grid.east() + slack ||
      extent.south < grid.south - slack || extent.north > grid.north() + slack) {
    throw place.error(
        fmt::format("the extent reaches beyond the terrain, which spans {}", extent_text(grid)));
  }
  const auto edge = [&](double at, double origin, Index count) {
    return std::clamp<Index>(static_cast<Index>(std::llround((at - origin) / grid.spacing)), 0, count);
  };
  const Index i0 = edge(extent.west, grid.west, grid.nx);
  const Index i1 = edge(extent.east, grid.west, grid.nx);
  const Index j0 = edge(extent.south, grid.south, grid.ny);
  const Index j1 = edge(extent.north, grid.south, grid.ny);
  if (i0 == i1 || j0 == j1) {
    throw place.error(fmt::format("the extent is smaller than a cell of {} m", grid.spacing));
  }
  Grid part = grid;
  part.west = grid.west + static_cast<double>(i0) * grid.spacing;
  part.south = grid.south + static_cast<double>(j0) * grid.spacing;
  part.nx = i1 - i0;
  part.ny = j1 - j0;
  context.log().info("domain: extent moved to whole cells of the terrain: {}", extent_text(part));
  return part;
}

/// A grid of the user's own: the extent filled with cells of `spacing`.
Grid grid_of_extent(const Extent& extent, double spacing, const Setting& place, const std::string& wkt) {
  Grid grid;
  grid.spacing = spacing;
  grid.west = extent.west;
  grid.south = extent.south;
  grid.nx = cells_along(place, "width", extent.east - extent.west, spacing);
  grid.ny = cells_along(place, "height", extent.north - extent.south, spacing);
  grid.crs_wkt = wkt;
  return grid;
}

Grid coarsened(const Grid& grid, double spacing, const Setting& place, IngestContext& context) {
  Grid coarse = grid;
  coarse.spacing = spacing;
  coarse.nx = static_cast<Index>(std::floor((grid.east() - grid.west) / spacing + 1e-6));
  coarse.ny = static_cast<Index>(std::floor((grid.north() - grid.south) / spacing + 1e-6));
  if (coarse.nx < 1 || coarse.ny < 1) {
    throw place.error(
        fmt::format("a cell of {} m is larger than the terrain, which spans {}", spacing, extent_text(grid)));
  }
  const double cut_east = grid.east() - coarse.east();
  const double cut_north = grid.north() - coarse.north();
  if (cut_east > 1e-6 * spacing || cut_north > 1e-6 * spacing) {
    context.log().info(
        "domain: {:.3f} m in the east and {:.3f} m in the north do not fill a cell and are left out",
        cut_east, cut_north);
  }
  return coarse;
}

double read_spacing(const Setting& settings) {
  const double spacing = quantity_of(settings, "m");
  if (!(spacing > 0.0))
    throw settings.error(fmt::format("a cell of {} m is no cell; write a length above 0", spacing));
  return spacing;
}

Grid terrain_grid(const Setting& settings, const std::vector<std::string>& paths,
                  const RasterOptions& options, IngestContext& context) {
  const Setting* extent = given(settings, "extent");
  const Setting* spacing = given(settings, "spacing");
  if (extent != nullptr && spacing != nullptr && !options.crs.empty()) {
    const std::string wkt = crs_from_text(options.crs);
    const Extent box = read_extent(*extent);
    require_metric_crs(wkt, fmt::format("crs {}", options.crs),
                       {0.5 * (box.west + box.east), 0.5 * (box.south + box.north)});
    return grid_of_extent(box, read_spacing(*spacing), *extent, wkt);
  }
  Grid grid = raster_grid(paths, options);
  if (extent != nullptr && spacing != nullptr) {
    return grid_of_extent(read_extent(*extent), read_spacing(*spacing), *extent, grid.crs_wkt);
  }
  if (extent != nullptr) return cropped(grid, read_extent(*extent), *extent, context);
  if (spacing != nullptr) return coarsened(grid, read_spacing(*spacing), *spacing, context);
  return grid;
}

void report_holes(const Setting& terrain, const Domain& domain, const RasterValues& read,
                  IngestContext& context) {
  if (read.holes == domain.grid.cells()) {
    throw terrain.error(fmt::format("the terrain gives no value on the whole grid, which spans {}",
                                    extent_text(domain.grid)));
  }
  if (read.holes == 0) return;
  const std::string holes = describe_holes(domain.grid, read);
  if (!domain.nodata_is_wall) {
    throw terrain.error(
        fmt::format("{}: {}; fill them (`gdal_fillnodata.py`), crop them away with `extent`, or write "
                    "`nodata: wall` in the domain to make them walls",
                    domain.source, holes));
  }
  context.log().info("domain: {}; they stand as walls", holes);
}

RasterOptions terrain_options(const Setting& settings) {
  RasterOptions options;
  options.crs = text_of(settings, "crs");
  options.unit = "m";
  const Setting* band = given(settings, "band");
  if (band != nullptr) options.band = static_cast<int>(quantity_of(*band, "1"));
  return options;
}

/// Ground on `domain.grid`.
void read_ground(const Setting& terrain, const std::vector<std::string>& paths, const RasterOptions& options,
                 Domain& domain, IngestContext& context) {
  RasterValues read = read_rasters(paths, domain.grid, options);
  context.note_files(read.files);
  for (const std::string& note : read.notes) context.log().warn("domain: {}", note);
  report_holes(terrain, domain, read, context);
  if (read.resampled)
    context.log().info("domain: the terrain was resampled to cells of {} m", domain.grid.spacing);
  domain.bed = std::move(read.values);
}

void read_terrain(const Setting& settings, Domain& domain, IngestContext& context) {
  const Setting& terrain = settings.at("terrain");
  const std::vector<std::string> paths = context.paths(terrain);
  const Setting* crs = given(settings, "crs");
  if (crs != nullptr) at_place(*crs, [&] { crs_from_text(crs->scalar); });
  const RasterOptions options = terrain_options(settings);
  domain.source = fmt::format("{}", fmt::join(paths, ", "));
  at_place(terrain, [&] {
    domain.grid = terrain_grid(settings, paths, options, context);
    read_ground(terrain, paths, options, domain, context);
  });
}

void read_plain(const Setting& settings, Domain& domain) {
  const Setting& plain = settings.at("plain");
  const auto quantity = [&](const char* key, double fallback) {
    const Setting* member = given(plain, key);
    return member == nullptr ? fallback : quantity_of(*member, "m");
  };
  const double spacing = read_spacing(plain.at("spacing"));
  Grid& grid = domain.grid;
  grid.spacing = spacing;
  grid.west = quantity("west", 0.0);
  grid.south = quantity("south", 0.0);
  grid.nx = cells_along(plain, "width", quantity_of(plain.at("width"), "m"), spacing);
  grid.ny = cells_along(plain, "height", quantity_of(plain.at("height"), "m"), spacing);
  const Setting* crs = given(settings, "crs");
  if (crs != nullptr) {
    at_place(*crs, [&] {
      grid.crs_wkt = crs_from_text(crs->scalar);
      require_metric_crs(grid.crs_wkt, crs->scalar, {grid.west, grid.south});
    });
  }
  domain.bed.assign(static_cast<std::size_t>(grid.cells()), quantity("elevation", 0.0));
  domain.source = "plain";
}

}  // namespace

Domain build_domain(const Setting& settings, IngestContext& context) {
  Domain domain;
  const Setting* terrain = given(settings, "terrain");
  const Setting* plain = given(settings, "plain");
  if ((terrain == nullptr) == (plain == nullptr)) {
    throw settings.error(
        "give either `terrain` (raster files) or `plain` (a level ground), and only one of them");
  }
  domain.vertical_datum = text_of(settings, "vertical_datum");
  if (domain.vertical_datum.empty()) {
    throw settings.error(
        "the vertical datum of the ground is not named; write `vertical_datum:`, e.g. LAS-2000,5 or AHD, or "
        "local for "
        "levels that belong to no national system");
  }
  domain.nodata_is_wall = text_of(settings, "nodata") == "wall";
  if (terrain != nullptr) {
    read_terrain(settings, domain, context);
    return domain;
  }
  for (const char* key : {"extent", "spacing", "band"}) {
    const Setting* unused = given(settings, key);
    if (unused != nullptr)
      throw unused->error("belongs to a terrain; a plain has its own width, height and spacing");
  }
  read_plain(settings, domain);
  return domain;
}

Domain finer_domain(const Setting& settings, const Domain& domain, IngestContext& context) {
  const Setting& subgrid = settings.at("subgrid");
  const double spacing = read_spacing(subgrid);
  const double count = std::round(domain.grid.spacing / spacing);
  if (!(count >= 2.0 && count <= 32.0) || std::abs(domain.grid.spacing / spacing - count) > 1e-9 * count) {
    throw subgrid.error(
        fmt::format("{} m: 2 to 32 finer cells must fill the side of a cell of {} m, e.g. {} m", spacing,
                    domain.grid.spacing, domain.grid.spacing / std::clamp(count, 2.0, 32.0)));
  }
  Domain finer = domain;
  const auto ratio = static_cast<Index>(count);
  finer.grid.spacing = domain.grid.spacing / count;
  finer.grid.nx *= ratio;
  finer.grid.ny *= ratio;
  const Setting* terrain = given(settings, "terrain");
  if (terrain == nullptr) {
    finer.bed.assign(static_cast<std::size_t>(finer.grid.cells()), domain.bed.front());
    return finer;
  }
  at_place(*terrain, [&] {
    read_ground(*terrain, context.paths(*terrain), terrain_options(settings), finer, context);
  });
  return finer;
}

}  // namespace dvinis
