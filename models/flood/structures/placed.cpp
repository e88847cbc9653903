#include "models/flood/structures/placed.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>
#include <utility>

namespace dvinis::flood {

namespace {

struct Corner {
  Index i = 0;
  Index j = 0;
  bool operator==(const Corner&) const = default;
};

double length_of(const std::vector<Point>& line) {
  double length = 0.0;
  for (std::size_t k = 1; k < line.size(); ++k)
    length += std::hypot(line[k].x - line[k - 1].x, line[k].y - line[k - 1].y);
  return length;
}

/// Corners from one to the next of a straight piece, without the first: at each the step that stays nearest.
void walk(Corner& at, const Corner& to, double from_x, double from_y, double to_x, double to_y,
          std::vector<CornerStep>& steps) {
  const auto distance = [&](Index i, Index j) {
    // From the straight line through both ends, times its length.
    return std::abs((to_x - from_x) * (static_cast<double>(j) - from_y) -
                    (to_y - from_y) * (static_cast<double>(i) - from_x));
  };
  while (!(at == to)) {
    const Index di = to.i > at.i ? 1 : to.i < at.i ? -1 : 0;
    const Index dj = to.j > at.j ? 1 : to.j < at.j ? -1 : 0;
    const bool along_x = dj == 0 || (di != 0 && distance(at.i + di, at.j) <= distance(at.i, at.j + dj));
    const CornerStep step = {at.i, at.j, along_x ? di : 0, along_x ? 0 : dj};
    at = {at.i + step.di, at.j + step.dj};
    // Going straight back takes both steps away.
    if (!steps.empty() && steps.back().di == -step.di && steps.back().dj == -step.dj) {
      steps.pop_back();
    } else {
      steps.push_back(step);
    }
  }
}

/// Row of a structure's place among those of its kind.
std::size_t row_of(const Twin& twin, const Structure& structure) {
  std::vector<std::string> ids;
  for (const Place* place : twin.places_of("structure")) {
    if (place->id == structure.place) return ids.size();
    ids.push_back(place->id);
  }
  const std::string near = did_you_mean(structure.place, ids);
  throw structure.where.error(
      fmt::format("no place of kind structure with id '{}'{}", structure.place,
                  near.empty() ? std::string() : fmt::format("; did you mean '{}'?", near)));
}

class Placer {
 public:
  Placer(const Twin& twin, const std::vector<double>& ground, const std::vector<std::uint8_t>& blocked)
      : twin_(twin), grid_(twin.grid), ground_(ground), blocked_(blocked) {}

  PlacedStructure placed(const Structure& structure) {
    PlacedStructure placed;
    placed.row = row_of(twin_, structure);
    const Place& place = *twin_.places_of("structure")[placed.row];
    placed.structure = structure;
    placed.id = place.id;
    placed.length = length_of(place.points);
    if (!taken_.insert(place.id).second) {
      throw structure.where.error(fmt::format("'{}' is already another structure", place.id));
    }
    if (is_pipe(structure.form)) {
      lay_pipe(place, placed);
    } else {
      stand_along(place, placed);
    }
    return placed;
  }

  const std::set<std::string>& taken() const { return taken_; }

 private:
  bool is_blocked(Cell cell) const {
    return blocked_[static_cast<std::size_t>(cell.j * grid_.nx + cell.i)] != 0;
  }
  double ground_at(Cell cell) const { return ground_[static_cast<std::size_t>(cell.j * grid_.nx + cell.i)]; }

  void lay_pipe(const Place& place, PlacedStructure& placed) const {
    const Setting& where = placed.structure.where;
    const auto end = [&](const Point& point, const char* which) {
      const auto cell = grid_.cell_at(point);
      if (!cell || is_blocked(*cell)) {
        throw where.error(
            fmt::format("the {} of '{}' at x {:.1f}, y {:.1f} is connected to no open cell; move it "
                        "off the wall or into the domain",
                        which, place.id, point.x, point.y));
      }
      return *cell;
    };
    placed.inlet = end(place.points.front(), "first point");
    placed.outlet = end(place.points.back(), "last point");
    if (placed.inlet == placed.outlet) {
      throw where.error(fmt::format("both ends of '{}' lie in one cell of {} m: it joins nothing", place.id,
                                    grid_.spacing));
    }
    if (auto* culvert = std::get_if<Culvert>(&placed.structure.form)) {
      if (!(culvert->length > 0.0)) culvert->length = placed.length;
      if (culvert->length < 0.5 * std::abs(culvert->inlet_level - culvert->outlet_level)) {
        throw where.error(fmt::format("'{}' is {} m long and falls {} m: it stands rather than lies",
                                      place.id, culvert->length,
                                      culvert->inlet_level - culvert->outlet_level));
      }
      const double crown = culvert->diameter > 0.0 ? culvert->diameter : culvert->height;
      for (const auto& [cell, level, name] : {std::tuple{placed.inlet, culvert->inlet_level, "inlet"},
                                              std::tuple{placed.outlet, culvert->outlet_level, "outlet"}}) {
        if (level + crown < ground_at(cell)) {
          throw where.error(
              fmt::format("the {} of '{}' has its crown at {:.2f} m, below the ground at {:.2f} m: "
                          "no water reaches it",
                          name, place.id, level + crown, ground_at(cell)));
        }
      }
    }
  }

  void stand_along(const Place& place, PlacedStructure& placed) {
    const Setting& where = placed.structure.where;
    const std::vector<CornerStep> steps = corner_path(grid_, place.points);
    if (steps.empty()) {
      throw where.error(
          fmt::format("the line of '{}' ({:.1f} m) is shorter than a cell ({} m): it stands between no "
                      "two cells",
                      place.id, placed.length, grid_.spacing));
    }
    for (std::size_t k = 0; k < steps.size(); ++k) {
      const CornerStep& step = steps[k];
      LineFace face;
      face.is_x = step.dj != 0;
      const Index i = step.from_i + std::min<Index>(step.di, 0);
      const Index j = step.from_j + std::min<Index>(step.dj, 0);
      face.right = {i, j};
      face.left = face.is_x ? Cell{i - 1, j} : Cell{i, j - 1};
      // To the right of a step north is east, of a step east south.
      face.sign = face.is_x ? static_cast<double>(step.dj) : -static_cast<double>(step.di);
      face.begin = static_cast<double>(k) / static_cast<double>(steps.size());
      face.end = static_cast<double>(k + 1) / static_cast<double>(steps.size());
      if (!grid_.holds(face.left) || !grid_.holds(face.right)) continue;
      if (is_blocked(face.left) || is_blocked(face.right)) continue;
      const auto [other, is_new] = faces_.insert({{face.is_x, i, j}, place.id});
      // A wall that meets another structure leaves it the sides they share.
      if (!is_new && std::holds_alternative<Weir>(placed.structure.form)) continue;
      if (!is_new) {
        throw where.error(
            fmt::format("'{}' and '{}' stand between the same two cells at column {}, row {} from the south",
                        place.id, other->second, i, j));
      }
      placed.faces.push_back(face);
    }
    if (placed.faces.empty()) {
      throw where.error(fmt::format(
          "'{}' stands between no two open cells: its line runs along walls or outside the domain",
          place.id));
    }
    placed.width_share = placed.length / (static_cast<double>(steps.size()) * grid_.spacing);
    check_levels(placed);
  }

  void check_levels(PlacedStructure& placed) const {
    const Setting& where = placed.structure.where;
    double lowest = INFINITY;
    for (const LineFace& face : placed.faces)
      lowest = std::min(lowest, std::max(ground_at(face.left), ground_at(face.right)));
    const auto must_clear = [&](const char* what, double level) {
      if (level > lowest) return;
      throw where.error(
          fmt::format("{} of '{}' at {} m lies below all of its ground, which begins at {:.2f} m", what,
                      placed.id, level, lowest));
    };
    if (const auto* bridge = std::get_if<Bridge>(&placed.structure.form))
      must_clear("the soffit", bridge->soffit);
    if (const auto* jam = std::get_if<IceJam>(&placed.structure.form))
      must_clear("the underside", jam->underside);
    if (auto* levee = std::get_if<Levee>(&placed.structure.form)) {
      must_clear("the crest", levee->crest);
      if (!levee->breach) return;
      Breach& breach = *levee->breach;
      if (!(breach.greatest_width > 0.0)) breach.greatest_width = placed.length;
      for (const double width : {breach.initial_width, breach.greatest_width}) {
        if (width <= placed.length + 1e-6 * grid_.spacing) continue;
        throw where.error(fmt::format("a breach {} m wide does not fit into '{}', which is {:.1f} m long",
                                      width, placed.id, placed.length));
      }
      if (breach.initial_width > breach.greatest_width) {
        throw where.error(
            fmt::format("the breach of '{}' begins {} m wide, wider than its greatest width of {} m",
                        placed.id, breach.initial_width, breach.greatest_width));
      }
    }
  }

  const Twin& twin_;
  const Grid& grid_;
  const std::vector<double>& ground_;
  const std::vector<std::uint8_t>& blocked_;
  std::set<std::string> taken_;
  std::map<std::tuple<bool, Index, Index>, std::string> faces_;
};

/// Sorts the faces of one direction by row and column and tells them their entries.
FaceList list_faces(std::vector<PlacedStructure>& all, bool is_x, Index rows) {
  std::vector<LineFace*> faces;
  for (PlacedStructure& placed : all) {
    for (LineFace& face : placed.faces) {
      if (face.is_x == is_x) faces.push_back(&face);
    }
  }
  std::sort(faces.begin(), faces.end(), [](const LineFace* a, const LineFace* b) {
    return std::pair{a->right.j, a->right.i} < std::pair{b->right.j, b->right.i};
  });
  FaceList list;
  list.first.assign(static_cast<std::size_t>(rows + 1), 0);
  for (std::size_t k = 0; k < faces.size(); ++k) {
    faces[k]->entry = k;
    list.column.push_back(faces[k]->right.i);
    ++list.first[static_cast<std::size_t>(faces[k]->right.j + 1)];
  }
  for (std::size_t j = 1; j < list.first.size(); ++j) list.first[j] += list.first[j - 1];
  return list;
}

}  // namespace

std::vector<CornerStep> corner_path(const Grid& grid, const std::vector<Point>& line) {
  const auto x_of = [&](const Point& point) { return (point.x - grid.west) / grid.spacing; };
  const auto y_of = [&](const Point& point) { return (point.y - grid.south) / grid.spacing; };
  const auto corner = [&](const Point& point) {
    return Corner{static_cast<Index>(std::llround(x_of(point))),
                  static_cast<Index>(std::llround(y_of(point)))};
  };
  std::vector<CornerStep> steps;
  Corner at = corner(line.front());
  for (std::size_t k = 1; k < line.size(); ++k)
    walk(at, corner(line[k]), x_of(line[k - 1]), y_of(line[k - 1]), x_of(line[k]), y_of(line[k]), steps);
  return steps;
}

namespace {

/// How far a point is from a line, and on which side: positive to the left.
struct Offset {
  double distance = INFINITY;
  bool is_beside = true;  ///< not beyond one of its ends
  bool is_left = false;
};
Offset offset_from(const std::vector<Point>& line, const Point& at) {
  Offset nearest;
  for (std::size_t k = 1; k < line.size(); ++k) {
    const double dx = line[k].x - line[k - 1].x;
    const double dy = line[k].y - line[k - 1].y;
    if (dx == 0.0 && dy == 0.0) continue;
    const double x = at.x - line[k - 1].x;
    const double y = at.y - line[k - 1].y;
    const double place = (x * dx + y * dy) / (dx * dx + dy * dy);
    const double along = std::min(std::max(place, 0.0), 1.0);
    const bool is_before = k == 1 && place < 0.0;
    const bool is_behind = k + 1 == line.size() && place > 1.0;
    const double distance = std::hypot(x - along * dx, y - along * dy);
    if (distance < nearest.distance) nearest = {distance, !is_before && !is_behind, dx * y - dy * x > 0.0};
  }
  return nearest;
}

}  // namespace

void clear_levees(const Twin& twin, const std::vector<Structure>& structures,
                  const std::vector<std::uint8_t>& blocked, std::vector<double>& ground) {
  const Grid& grid = twin.grid;
  const std::vector<double> before = ground;
  const auto flat = [&](Index i, Index j) { return static_cast<std::size_t>(j * grid.nx + i); };
  for (const Structure& structure : structures) {
    const auto* levee = std::get_if<Levee>(&structure.form);
    if (levee == nullptr || !(levee->terrain_width > 0.0)) continue;
    const std::vector<Point>& line = twin.places_of("structure")[row_of(twin, structure)]->points;
    const double half = 0.5 * levee->terrain_width;
    const double reach = half + 3.0 * grid.spacing;
    const auto [west, east] = std::minmax_element(line.begin(), line.end(),
                                                  [](const Point& a, const Point& b) { return a.x < b.x; });
    const auto [south, north] = std::minmax_element(line.begin(), line.end(),
                                                    [](const Point& a, const Point& b) { return a.y < b.y; });
    const auto column = [&](double x) {
      return std::min(std::max<Index>(static_cast<Index>((x - grid.west) / grid.spacing), 0), grid.nx - 1);
    };
    const auto row = [&](double y) {
      return std::min(std::max<Index>(static_cast<Index>((y - grid.south) / grid.spacing), 0), grid.ny - 1);
    };
    const Index steps = static_cast<Index>(std::ceil(2.0 * reach / grid.spacing));
    for (Index j = row(south->y - half); j <= row(north->y + half); ++j) {
      for (Index i = column(west->x - half); i <= column(east->x + half); ++i) {
        const Offset here = offset_from(line, grid.centre({i, j}));
        if (blocked[flat(i, j)] != 0 || here.distance > half || !here.is_beside) continue;
        double nearest = INFINITY;
        for (Index m = std::max<Index>(j - steps, 0); m <= std::min(j + steps, grid.ny - 1); ++m) {
          for (Index l = std::max<Index>(i - steps, 0); l <= std::min(i + steps, grid.nx - 1); ++l) {
            const double away = std::hypot(static_cast<double>(l - i), static_cast<double>(m - j));
            if (away >= nearest || blocked[flat(l, m)] != 0) continue;
            const Offset there = offset_from(line, grid.centre({l, m}));
            if (there.distance <= half || there.is_left != here.is_left) continue;
            nearest = away;
            ground[flat(i, j)] = std::min(before[flat(i, j)], before[flat(l, m)]);
          }
        }
      }
    }
  }
}

PlacedStructures place_structures(const Twin& twin, const std::vector<Structure>& structures,
                                  const std::vector<double>& ground,
                                  const std::vector<std::uint8_t>& blocked) {
  PlacedStructures placed;
  Placer placer(twin, ground, blocked);
  for (const Structure& structure : structures) placed.all.push_back(placer.placed(structure));
  for (const Place* place : twin.places_of("structure")) {
    if (placer.taken().contains(place->id)) continue;
    throw ScenarioError(
        fmt::format("places: structure '{}' is used by nothing; name it under `structures` of the "
                    "flood, or take it out",
                    place->id));
  }
  placed.x = list_faces(placed.all, true, twin.grid.ny);
  placed.y = list_faces(placed.all, false, twin.grid.ny + 1);
  const Tiling tiling{twin.grid.nx, twin.grid.ny};
  placed.has_line.assign(static_cast<std::size_t>(tiling.count()), 0);
  for (const PlacedStructure& structure : placed.all) {
    for (const LineFace& face : structure.faces) {
      for (const Cell cell : {face.left, face.right})
        placed.has_line[static_cast<std::size_t>(tiling.index_of(cell.i, cell.j))] = 1;
    }
  }
  return placed;
}

}  // namespace dvinis::flood
