#include "io/ingest/places.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "core/grid/geometry.hpp"
#include "io/ingest/place_reader.hpp"

namespace dvinis {

namespace {

bool is_line_kind(const std::string& kind) {
  return kind == "section" || kind == "structure" || kind == "road";
}
bool is_polygon_kind(const std::string& kind) { return kind == "building" || kind == "area"; }

std::string name_of(const Place& place) { return fmt::format("{} '{}'", place.kind, place.id); }

/// @throws unless the geometry suits the kind.
void require_shape(const Setting& entry, const Place& place) {
  const std::size_t count = place.points.size();
  if (is_polygon_kind(place.kind) && count < 3) {
    throw entry.error(fmt::format("{} has {} points; a polygon needs at least 3", name_of(place), count));
  }
  if (is_line_kind(place.kind) && count < 2) {
    throw entry.error(
        fmt::format("{} has {} points; a {} is a line of at least 2", name_of(place), count, place.kind));
  }
  if ((place.kind == "gauge" || place.kind == "mark") && count != 1) {
    throw entry.error(fmt::format("{} has {} points; a {} is one point", name_of(place), count, place.kind));
  }
  if (place.kind == "source" && count == 2) {
    throw entry.error(
        fmt::format("{} is a line; a source is a point (with `radius`) or a polygon", name_of(place)));
  }
}

std::vector<Cell> cells_of(const Place& place, double radius, const Grid& grid) {
  if (is_line_kind(place.kind)) {
    std::vector<Cell> cells = cells_on_line(grid, place.points);
    sort_cells(cells);
    return cells;
  }
  if (place.points.size() > 1) return cells_in_polygon(grid, {place.points, place.holes});
  if (radius > 0.0) return cells_in_circle(grid, place.points.front(), radius);
  const auto cell = grid.cell_at(place.points.front());
  return cell ? std::vector<Cell>{*cell} : std::vector<Cell>{};
}

[[noreturn]] void refuse_outside(const Setting& entry, const Place& place, const Grid& grid) {
  const Point at = place.points.front();
  throw entry.error(
      fmt::format("{} at x {:.2f}, y {:.2f} lies outside the grid, which spans {}; move it, or take a "
                  "larger terrain",
                  name_of(place), at.x, at.y, extent_text(grid)));
}

bool has_ground(const Domain& domain, Cell cell) {
  return !std::isnan(domain.bed[static_cast<std::size_t>(cell.j * domain.grid.nx + cell.i)]);
}

/// Fills the cells of a point, line or source.
void place_on_ground(const Setting& entry, double radius, const Domain& domain, IngestContext& context,
                     Place& place) {
  const bool is_point = place.points.size() == 1;
  if (is_point && !domain.grid.cell_at(place.points.front())) refuse_outside(entry, place, domain.grid);
  place.cells = cells_of(place, radius, domain.grid);
  if (place.cells.empty() && is_point) place.cells = {*domain.grid.cell_at(place.points.front())};
  if (place.cells.empty()) refuse_outside(entry, place, domain.grid);
  const std::size_t all = place.cells.size();
  if (place.kind == "source")
    std::erase_if(place.cells, [&](Cell cell) { return !has_ground(domain, cell); });
  const bool stands = std::any_of(place.cells.begin(), place.cells.end(),
                                  [&](Cell cell) { return has_ground(domain, cell); });
  if (!stands) {
    throw entry.error(
        fmt::format("{} at x {:.2f}, y {:.2f} stands where the terrain has no value (a wall); move it",
                    name_of(place), place.points.front().x, place.points.front().y));
  }
  if (place.cells.size() < all) {
    context.log().warn("places: {} loses {} of {} cells to walls", name_of(place), all - place.cells.size(),
                       all);
  }
}

/// Fills the cells of polygons; drops those outside, counted.
std::vector<Place> polygons_on_ground(const std::vector<Place>& places, const Domain& domain,
                                      IngestContext& context) {
  std::vector<Place> kept;
  std::size_t small = 0;
  for (Place place : places) {
    place.cells = cells_of(place, 0.0, domain.grid);
    if (place.cells.empty()) {
      const auto middle = domain.grid.cell_at(centroid(place.points));
      if (!middle) continue;
      place.cells = {*middle};
      ++small;
    }
    kept.push_back(std::move(place));
  }
  const std::string& kind = places.front().kind;
  if (kept.size() < places.size()) {
    context.log().warn("places: {} of {} {}s lie wholly outside the grid and are left out",
                       places.size() - kept.size(), places.size(), kind);
  }
  if (small > 0) {
    context.log().info("places: {} of {} {}s cover no cell's centre; each takes the cell under its middle",
                       small, places.size(), kind);
  }
  return kept;
}

}  // namespace

std::vector<Place> build_places(const Setting& entry, const Domain& domain, IngestContext& context) {
  const std::string kind = entry.at("kind").scalar;
  require_datum(entry, domain.vertical_datum);
  const Setting* radius_setting = given(entry, "radius");
  const double radius = radius_setting == nullptr ? 0.0 : quantity_of(*radius_setting, "m");
  if (radius_setting != nullptr && kind != "source")
    throw radius_setting->error("only a source has a radius");

  std::vector<Place> places = read_places(entry, domain, context);
  for (Place& place : places) {
    place.kind = kind;
    require_shape(entry, place);
  }
  if (!is_polygon_kind(kind)) {
    for (Place& place : places) place_on_ground(entry, radius, domain, context, place);
    return places;
  }
  std::vector<Place> kept = polygons_on_ground(places, domain, context);
  if (kept.empty()) {
    throw entry.error(fmt::format("all {} {}s lie outside the grid, which spans {}", places.size(), kind,
                                  extent_text(domain.grid)));
  }
  return kept;
}

void require_new_ids(const Setting& entry, const std::vector<Place>& before,
                     const std::vector<Place>& added) {
  std::set<std::pair<std::string, std::string>> seen;
  for (const Place& place : before) seen.insert({place.kind, place.id});
  for (const Place& place : added) {
    if (!seen.insert({place.kind, place.id}).second) {
      throw entry.error(fmt::format("{} appears twice; ids of one kind must differ", name_of(place)));
    }
  }
}

}  // namespace dvinis
