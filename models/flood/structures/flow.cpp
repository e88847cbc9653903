#include "models/flood/structures/flow.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "core/grid/parallel.hpp"
#include "models/flood/inertial.hpp"
#include "models/flood/physics.hpp"
#include "models/flood/structures/laws.hpp"

namespace dvinis::flood {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// Moves a value towards a target, at once where no rate is given.
void approach(double& value, double target, double rate, double dt) {
  if (std::isnan(target)) return;
  const double reach = rate > 0.0 ? rate * dt : std::abs(target - value);
  value += std::min(std::max(target - value, -reach), reach);
}

}  // namespace

TableInfo structure_table(const Parameters& parameters) {
  TableInfo info = {
      "structures",
      "structure",
      "structures; discharges are positive to the right of the line or from the first point to the last",
      {{"discharge", "m3 s-1", "discharge", true},
       {"level_before", "m", "water level left of the line or at the first point; the ground where dry",
        true},
       {"level_behind", "m", "water level right of the line or at the last point; the ground where dry",
        true},
       {"opening", "m", "opening of a gate", true},
       {"crest", "m", "crest of a weir or levee", true},
       {"breach_width", "m", "width of a breach", true},
       {"breach_bottom", "m", "lowest level of a breach", true},
       {"blocked_share", "1", "blocked share of a bridge, an ice jam or a culvert", true},
       {"power", "1", "whether a pump has power", true},
       {"volume", "m3", "water that has passed", false},
       {"in_transit", "m3", "water inside a pipe", false},
       {"target", "1", "what the last measure asked for, in the unit of what it moves", false},
       {"since", "s", "time from start when it broke or was released", false},
       {"waiting", "s", "for how long what may break it has lasted", false},
       {"running", "1", "whether a pump runs", true}}};
  for (const Tracer& tracer : parameters.tracers) {
    info.columns.push_back({tracer.transit_column(), tracer.amount_unit(),
                            fmt::format("{} inside a pipe", tracer.quantity()), false});
  }
  return info;
}

TableInfo structure_face_table() {
  return {"structure_faces",
          "",
          "sides of cells under structures, with sub-grid tables",
          {{"unit_discharge", "m2 s-1", "what passed in the last sub-step", false}}};
}

void start_structure_faces(State& state, TableHandle handle, const PlacedStructures& structures) {
  if (!handle) return;
  Table& table = state.table(handle);
  for (const PlacedStructure& placed : structures.all) {
    for (std::size_t k = 0; k < placed.faces.size(); ++k) {
      table.id.push_back(static_cast<std::int64_t>(table.id.size()) + 1);
      table.name.push_back(placed.id);
      table.columns[0].push_back(0.0);
    }
  }
}

void start_structures(State& state, TableHandle handle, const PlacedStructures& structures,
                      const std::vector<Tracer>& tracers) {
  if (!handle) return;
  Table& table = state.table(handle);
  for (std::vector<double>& column : table.columns) std::fill(column.begin(), column.end(), nan);
  for (const PlacedStructure& placed : structures.all) {
    const auto set = [&](const char* name, double value) { table.column(name)[placed.row] = value; };
    for (const char* name : {"discharge", "volume", "in_transit", "waiting"}) set(name, 0.0);
    for (const Tracer& tracer : tracers) set(tracer.transit_column().c_str(), 0.0);
    const StructureForm& form = placed.structure.form;
    if (const auto* weir = std::get_if<Weir>(&form)) set("crest", weir->crest);
    if (const auto* levee = std::get_if<Levee>(&form)) {
      set("crest", levee->crest);
      if (levee->breach) {
        set("breach_width", 0.0);
        set("breach_bottom", levee->crest_at(levee->breach->position));
      }
    }
    if (const auto* gate = std::get_if<Gate>(&form)) set("opening", gate->opening);
    if (const auto* bridge = std::get_if<Bridge>(&form)) set("blocked_share", bridge->blocked_share);
    if (const auto* jam = std::get_if<IceJam>(&form)) set("blocked_share", jam->blocked_share);
    if (const auto* culvert = std::get_if<Culvert>(&form)) set("blocked_share", culvert->blocked_share);
    if (const auto* pump = std::get_if<Pump>(&form)) {
      set("power", pump->has_power ? 1.0 : 0.0);
      set("running", 0.0);
    }
  }
}

double water_in_structures(const State& state, TableHandle handle) {
  if (!handle) return 0.0;
  double sum = 0.0;
  for (const double volume : state.table(handle).column("in_transit")) sum += volume;
  return sum;
}

template <class Real>
StructureFlow<Real>::StructureFlow(const BoundFlood<Real>& bound, Workspace<Real>& work, State& state,
                                   Context& context)
    : bound_(bound),
      domain_(bound.domain),
      placed_(bound.domain.structures),
      work_(work),
      state_(state),
      context_(context),
      passing_(placed_.all.size()) {
  for (std::size_t k = 0; k < placed_.all.size(); ++k) {
    rows_.push_back(row(placed_.all[k]));
    for (const LineFace& face : placed_.all[k].faces) faces_.push_back({k, &face});
  }
  is_held_back_.assign(faces_.size(), 0);
  is_open_.assign(faces_.size(), 0);
  passing_through_.assign(faces_.size(), 0.0);
  if (domain_.subgrid && !faces_.empty()) earlier_ = &state_.table(bound_.handles.structure_faces).columns[0];
}

template <class Real>
typename StructureFlow<Real>::Row StructureFlow<Real>::row(const PlacedStructure& placed) {
  Table& table = state_.table(bound_.handles.structures);
  const auto at = [&](const char* name) -> double& { return table.column(name)[placed.row]; };
  return {at("discharge"),    at("level_before"),  at("level_behind"),  at("opening"), at("crest"),
          at("breach_width"), at("breach_bottom"), at("blocked_share"), at("power"),   at("volume"),
          at("in_transit"),   at("target"),        at("since"),         at("waiting"), at("running")};
}

template <class Real>
FaceWaterState StructureFlow<Real>::water_beside(const LineFace& face, Cell cell) const {
  const auto value = [&](FieldHandle handle) {
    return static_cast<double>(std::as_const(state_).field(handle).template view<Real>()(cell.i, cell.j));
  };
  const double depth = value(bound_.handles.depth);
  const double unit_discharge = value(face.is_x ? bound_.handles.discharge_x : bound_.handles.discharge_y);
  const double film = bound_.parameters.film_depth;
  if (domain_.subgrid) {
    const double over = std::max(level_in(cell) - face.bed, 0.0);
    return {face.bed, depth > 0.0 ? over : 0.0, inertial_velocity(unit_discharge, over, over, film)};
  }
  return {domain_.bed_at(cell.i, cell.j), depth, velocity(depth, unit_discharge, film)};
}

template <class Real>
double StructureFlow<Real>::level_in(Cell cell) const {
  const double depth = static_cast<double>(
      std::as_const(state_).field(bound_.handles.depth).template view<Real>()(cell.i, cell.j));
  return domain_.bed_at(cell.i, cell.j) + domain_.greatest_depth(cell, depth);
}

/// The mean of the cells beside the end's own that its water is joined to: its own level sinks and rises with
/// what goes through, by a wave's height that no real pond would show.
template <class Real>
double StructureFlow<Real>::level_around(Cell cell) const {
  const double own = level_in(cell);
  double sum = 0.0;
  double count = 0.0;
  const auto look_at = [&](Cell beside, Cell behind_face, unsigned char bit) {
    if (!domain_.grid.holds(beside)) return;
    const std::uint8_t closed = domain_.closed_origin()[behind_face.j * domain_.closed_pitch + behind_face.i];
    if ((closed & bit) != 0) return;
    const double level = level_in(beside);
    const double bed = domain_.bed_at(beside.i, beside.j);
    if (!(own > bed) || !(level > bed) || !(level > domain_.bed_at(cell.i, cell.j))) return;
    sum += level;
    count += 1.0;
  };
  look_at({cell.i - 1, cell.j}, cell, closed_west);
  look_at({cell.i + 1, cell.j}, {cell.i + 1, cell.j}, closed_west);
  look_at({cell.i, cell.j - 1}, cell, closed_south);
  look_at({cell.i, cell.j + 1}, {cell.i, cell.j + 1}, closed_south);
  return count > 0.0 ? sum / count : own;
}

template <class Real>
void StructureFlow<Real>::look(double dt) {
  for_each_item(static_cast<Index>(faces_.size()), [&](Index item) {
    const auto k = static_cast<std::size_t>(item);
    is_held_back_[k] = pass(k, rows_[faces_[k].structure], dt);
  });
  std::size_t first_face = 0;
  for (std::size_t k = 0; k < placed_.all.size(); ++k) {
    const PlacedStructure& placed = placed_.all[k];
    passing_[k] = is_pipe(placed.structure.form) ? through_pipe(placed, rows_[k], dt)
                                                 : along_line(placed, rows_[k], first_face);
    first_face += placed.faces.size();
  }
  open_faces();
  for (std::size_t k = 0; k < faces_.size(); ++k) passing_[faces_[k].structure].held_back += is_held_back_[k];
}

/// Closes the faces that structures hold and opens the others.
template <class Real>
void StructureFlow<Real>::open_faces() {
  if (work_.closed.empty()) return;
  for (std::size_t k = 0; k < faces_.size(); ++k) {
    const LineFace& face = *faces_[k].face;
    std::uint8_t& bits = work_.closed[static_cast<std::size_t>(
        (face.right.j + Field::halo) * domain_.closed_pitch + face.right.i + Field::halo)];
    const std::uint8_t bit = face.is_x ? closed_west : closed_south;
    bits = static_cast<std::uint8_t>(is_open_[k] != 0 ? bits & ~bit : bits | bit);
  }
}

/// Share of a face that a breach has taken; it stays within the line.
template <class Real>
double StructureFlow<Real>::share_in_breach(const PlacedStructure& placed, const LineFace& face,
                                            const Row& row) const {
  if (!(row.breach_width > 0.0)) return 0.0;
  const double width = std::min(row.breach_width / placed.length, 1.0);
  const double position = std::get<Levee>(placed.structure.form).breach->position;
  const double begin = std::min(std::max(position - 0.5 * width, 0.0), 1.0 - width);
  const double overlap = std::min(face.end, begin + width) - std::max(face.begin, begin);
  return std::min(std::max(overlap, 0.0) / (face.end - face.begin), 1.0);
}

template <class Real>
StructureLaw StructureFlow<Real>::law_at(const PlacedStructure& placed, const LineFace& face,
                                         const Row& row) const {
  const double share = placed.width_share;
  const double bed = face.bed;
  const auto weir = [bed](WeirProfile profile, double coefficient, double crest, const StructureSide& before,
                          const StructureSide& behind) {
    const double sill = std::max(crest, bed);
    return weir_discharge(profile, coefficient, before.energy - sill, behind.level - sill);
  };
  const StructureForm& form = placed.structure.form;
  if (const auto* own = std::get_if<Weir>(&form)) {
    return [=, crest = row.crest](const StructureSide& before, const StructureSide& behind) {
      return share * weir(own->profile, own->coefficient, crest, before, behind);
    };
  }
  if (const auto* levee = std::get_if<Levee>(&form)) {
    const double broken = share_in_breach(placed, face, row);
    const double crest = levee->crest_at(0.5 * (face.begin + face.end));
    const double bottom = broken > 0.0 ? row.breach_bottom : crest;
    return [=](const StructureSide& before, const StructureSide& behind) {
      const double whole = weir(WeirProfile::broad, levee->coefficient, crest, before, behind);
      const double gap = weir(WeirProfile::broad, levee->coefficient, bottom, before, behind);
      return share * (broken * gap + (1.0 - broken) * whole);
    };
  }
  if (const auto* gate = std::get_if<Gate>(&form)) {
    return [=, opening = row.opening](const StructureSide& before, const StructureSide& behind) {
      return share * gate_discharge(*gate, opening, before, behind);
    };
  }
  const double blocked = row.blocked_share;
  if (const auto* bridge = std::get_if<Bridge>(&form)) {
    return [=](const StructureSide& before, const StructureSide& behind) {
      return share * bridge_discharge(*bridge, blocked, before, behind);
    };
  }
  const auto* jam = std::get_if<IceJam>(&form);
  const bool is_released = !std::isnan(row.since);
  const double formed = jam->is_formed        ? 1.0
                        : !(row.target > 0.0) ? 0.0
                                              : std::min(blocked / row.target, 1.0);
  return [=](const StructureSide& before, const StructureSide& behind) {
    // Without ice nothing holds the water back but a trace that keeps the law finite.
    static const Bridge nothing = {.soffit = 1e9, .deck = 1e9};
    return share * (is_released || formed == 0.0 ? bridge_discharge(nothing, 0.0, before, behind)
                                                 : jam_discharge(*jam, formed, blocked, before, behind));
  };
}

/// The share that a face of the fast mode would have of what the cell can give.
template <class Real>
double StructureFlow<Real>::most_from(Cell cell, bool is_x, double outward_sign, double dt) const {
  const auto value = [&](FieldHandle handle) {
    return static_cast<double>(std::as_const(state_).field(handle).template view<Real>()(cell.i, cell.j));
  };
  const double depth = value(bound_.handles.depth);
  const double x = value(bound_.handles.discharge_x);
  const double y = value(bound_.handles.discharge_y);
  const auto step = inertial_step<double>(dt, domain_.grid.spacing, bound_.parameters.film_depth);
  return inertial_room(depth, x, y, step) * inertial_claim(outward_sign * (is_x ? x : y), depth, step);
}

/// With sub-grid tables an opening that holds nothing back is left to the sweep: a bridge that no water
/// touches (its piers' few centimetres are lost), ice that is not there, a wall that is not yet built.
template <class Real>
bool StructureFlow<Real>::is_out_of_the_way(const PlacedStructure& placed, const Row& row, double face_bed,
                                            const FaceWaterState& left, const FaceWaterState& right) const {
  if (!domain_.subgrid) return false;
  const StructureForm& form = placed.structure.form;
  if (const auto* bridge = std::get_if<Bridge>(&form)) {
    constexpr double piers = 0.1;
    return row.blocked_share <= piers &&
           std::max(left.bed + left.depth, right.bed + right.depth) < bridge->soffit;
  }
  if (std::holds_alternative<Weir>(form)) return !(row.crest > face_bed);
  if (const auto* jam = std::get_if<IceJam>(&form))
    return !std::isnan(row.since) || (!jam->is_formed && !(row.blocked_share > 0.0));
  return false;
}

/// Works out what passes one side of a cell; 1 if it had not the water for what the law lets pass.
///
/// The cells of the fast mode feel a structure by its water alone, one sub-step later: with sub-grid tables,
/// where no full equations stand beside it, half of what passed before goes on, else the two would swing.
template <class Real>
std::uint8_t StructureFlow<Real>::pass(std::size_t k, const Row& row, double dt) {
  const PlacedStructure& placed = placed_.all[faces_[k].structure];
  const LineFace& face = *faces_[k].face;
  const FaceWaterState left = water_beside(face, face.left);
  const FaceWaterState right = water_beside(face, face.right);
  is_open_[k] = is_out_of_the_way(placed, row, face.bed, left, right) ? 1 : 0;
  if (is_open_[k] != 0) {
    flux_at(face) = Real(0);
    passing_through_[k] = 0.5 * (left.velocity * left.depth + right.velocity * right.depth);
    return 0;
  }
  const bool is_dry = !(left.depth > 0.0) && !(right.depth > 0.0);
  double flux = is_dry ? 0.0 : structure_flux(left, right, law_at(placed, face, row));
  if (earlier_ != nullptr) flux = 0.5 * ((*earlier_)[k] + flux);
  const double most = flux > 0.0   ? most_from(face.left, face.is_x, 1.0, dt)
                      : flux < 0.0 ? most_from(face.right, face.is_x, -1.0, dt)
                                   : 0.0;
  const bool is_held_back = std::abs(flux) > most;
  flux_at(face) = static_cast<Real>(is_held_back ? std::copysign(most, flux) : flux);
  passing_through_[k] = static_cast<double>(flux_at(face));
  return is_held_back ? 1 : 0;
}

template <class Real>
typename StructureFlow<Real>::Passing StructureFlow<Real>::along_line(const PlacedStructure& placed,
                                                                      const Row& row,
                                                                      std::size_t first_face) const {
  Passing passing;
  Sum discharge, before, behind, breach_before, breach_behind, breach_weight;
  const auto* levee = std::get_if<Levee>(&placed.structure.form);
  for (const LineFace& face : placed.faces) {
    const FaceWaterState left = water_beside(face, face.left);
    const FaceWaterState right = water_beside(face, face.right);
    discharge.add(face.sign * passing_through_[first_face++]);
    const double left_level = left.bed + left.depth;
    const double right_level = right.bed + right.depth;
    const double first = face.sign > 0.0 ? left_level : right_level;
    const double second = face.sign > 0.0 ? right_level : left_level;
    before.add(first);
    behind.add(second);
    passing.head = std::max(passing.head, std::abs(first - second));
    if (levee == nullptr || !levee->breach) continue;
    passing.overtopping = std::max(passing.overtopping,
                                   std::max(first, second) - levee->crest_at(0.5 * (face.begin + face.end)));
    const double weight = share_in_breach(placed, face, row);
    breach_weight.add(weight);
    breach_before.add(weight * std::max(first, second));
    breach_behind.add(weight * std::min(first, second));
  }
  const auto count = static_cast<double>(placed.faces.size());
  passing.discharge = discharge.value() * domain_.grid.spacing;
  passing.level_before = before.value() / count;
  passing.level_behind = behind.value() / count;
  if (breach_weight.value() > 0.0) {
    passing.breach_before = breach_before.value() / breach_weight.value();
    passing.breach_behind = breach_behind.value() / breach_weight.value();
  }
  return passing;
}

/// A pipe takes in a sub-step at most what would level its two cells, and what its inlet holds.
template <class Real>
typename StructureFlow<Real>::Passing StructureFlow<Real>::through_pipe(const PlacedStructure& placed,
                                                                        const Row& row, double dt) {
  Passing passing;
  const double area = domain_.grid.cell_area();
  const double at_inlet = level_around(placed.inlet);
  const double at_outlet = level_around(placed.outlet);
  passing.level_before = at_inlet;
  passing.level_behind = at_outlet;
  double discharge = 0.0;
  if (const auto* culvert = std::get_if<Culvert>(&placed.structure.form)) {
    const double most = 0.5 * std::abs(at_inlet - at_outlet) * area / dt;
    discharge = culvert_discharge(*culvert, row.blocked_share, at_inlet, at_outlet);
    discharge = std::min(std::max(discharge, -most), most);
  } else {
    const Pump& pump = std::get<Pump>(placed.structure.form);
    const double lift = std::max(at_outlet, pump.outlet_level.value_or(at_outlet)) - at_inlet;
    if (row.running > 0.0) discharge = pump_discharge(pump.curve, lift);
  }
  const Cell giver = discharge < 0.0 ? placed.outlet : placed.inlet;
  const double held = static_cast<double>(
      std::as_const(state_).field(bound_.handles.depth).template view<Real>()(giver.i, giver.j));
  passing.taken = static_cast<Real>(std::min(std::abs(discharge) * dt / area, held));
  passing.given = static_cast<Real>(row.in_transit / area);
  passing.discharge = discharge;
  return passing;
}

template <class Real>
void StructureFlow<Real>::pour() {
  AddedWater<Real>& added = work_.added;
  pipes_.clear();
  for (std::size_t k = 0; k < placed_.all.size(); ++k) {
    const PlacedStructure& placed = placed_.all[k];
    if (!is_pipe(placed.structure.form)) continue;
    const Passing& passing = passing_[k];
    const auto given = static_cast<double>(passing.given);
    pipes_.push_back({placed.row, passing.discharge < 0.0 ? placed.outlet : placed.inlet,
                      given < 0.0 ? placed.inlet : placed.outlet, rows_[k].in_transit, std::abs(given),
                      rows_[k].in_transit - given * domain_.grid.cell_area()});
    const auto at = [&](Cell cell) -> Real& { return added.given[added.place(cell, domain_.tiling)]; };
    at(passing.discharge < 0.0 ? placed.outlet : placed.inlet) -= passing.taken;
    // Water that flows back is on its way to the inlet: its volume counts as negative.
    if (passing.given >= Real(0)) {
      at(placed.outlet) += passing.given;
    } else {
      at(placed.inlet) -= passing.given;
    }
  }
}

template <class Real>
void StructureFlow<Real>::take_from_pipes() {
  AddedWater<Real>& added = work_.added;
  const double area = domain_.grid.cell_area();
  auto pipe = pipes_.begin();
  for (std::size_t k = 0; k < placed_.all.size(); ++k) {
    const PlacedStructure& placed = placed_.all[k];
    if (!is_pipe(placed.structure.form)) continue;
    Passing& passing = passing_[k];
    const Cell giver = passing.discharge < 0.0 ? placed.outlet : placed.inlet;
    const Real taken = added.taken(giver, domain_.tiling, passing.taken);
    const double direction = passing.discharge < 0.0 ? -1.0 : 1.0;
    const Row& here = rows_[k];
    const double volume = direction * static_cast<double>(taken) * area;
    here.in_transit = pipe->stays + volume;
    (pipe++)->taken = volume;
    here.volume += volume;
  }
}

template <class Real>
void StructureFlow<Real>::tell(const PlacedStructure& placed, double time, const char* kind,
                               const std::string& cause) {
  Event event;
  event.occurred = from_seconds(time);
  event.effective = event.occurred;
  event.kind = kind;
  event.subject = placed.id;
  event.cause = cause;
  context_.emit(std::move(event));
}

template <class Real>
void StructureFlow<Real>::move_breach(const PlacedStructure& placed, const Passing& passing, const Row& row,
                                      double time, double dt) {
  const Levee& levee = std::get<Levee>(placed.structure.form);
  const Breach& breach = *levee.breach;
  if (std::isnan(row.since)) {
    const BreachTrigger& trigger = breach.trigger;
    const bool is_overtopped = trigger.overtopping && passing.overtopping >= *trigger.overtopping;
    const bool is_pressed = trigger.head && passing.head >= *trigger.head;
    row.waiting = is_overtopped || is_pressed ? row.waiting + dt : 0.0;
    const bool has_lasted = row.waiting > 0.0 && row.waiting >= trigger.lasting;
    const bool is_due = trigger.at && time + dt >= *trigger.at;
    if (!has_lasted && !is_due && !(row.target > 0.0)) return;
    row.since = time + dt;
    row.breach_width = breach.initial_width;
    row.breach_bottom = breach.initial_bottom.value_or(levee.crest_at(breach.position));
    tell(placed, row.since, "levee breaks",
         has_lasted ? (is_overtopped ? fmt::format("water {:.2f} m over the crest", passing.overtopping)
                                     : fmt::format("levels differ by {:.2f} m", passing.head))
         : is_due   ? std::string("at the time set in the scenario")
                    : std::string("by a measure"));
    return;
  }
  const StructureSide before = {0.0, passing.breach_before, passing.breach_before};
  const StructureSide behind = {0.0, passing.breach_behind, passing.breach_behind};
  const BreachShape next = grown(breach, {row.breach_width, row.breach_bottom},
                                 levee.crest_at(breach.position), time - row.since, dt, before, behind);
  row.breach_width = next.width;
  row.breach_bottom = next.bottom;
}

template <class Real>
void StructureFlow<Real>::move(double time, double dt) {
  if (earlier_ != nullptr) {
    for (std::size_t k = 0; k < faces_.size(); ++k)
      (*earlier_)[k] = static_cast<double>(flux_at(*faces_[k].face));
  }
  for (std::size_t k = 0; k < placed_.all.size(); ++k) {
    const PlacedStructure& placed = placed_.all[k];
    const Passing& passing = passing_[k];
    const Row& here = rows_[k];
    const StructureForm& form = placed.structure.form;
    here.discharge = passing.discharge;
    here.level_before = passing.level_before;
    here.level_behind = passing.level_behind;
    if (!is_pipe(form)) here.volume += passing.discharge * dt;
    if (passing.held_back > 0.0)
      state_.book("sides of cells", "1", "structures: held back for want of water", passing.held_back);
    if (const auto* weir = std::get_if<Weir>(&form)) approach(here.crest, here.target, weir->rate, dt);
    if (const auto* gate = std::get_if<Gate>(&form)) approach(here.opening, here.target, gate->rate, dt);
    if (const auto* bridge = std::get_if<Bridge>(&form))
      approach(here.blocked_share, here.target, bridge->rate, dt);
    if (const auto* culvert = std::get_if<Culvert>(&form))
      approach(here.blocked_share, here.target, culvert->rate, dt);
    if (const auto* levee = std::get_if<Levee>(&form); levee != nullptr && levee->breach)
      move_breach(placed, passing, here, time, dt);
    if (const auto* jam = std::get_if<IceJam>(&form)) {
      if (std::isnan(here.since)) approach(here.blocked_share, here.target, jam->rate, dt);
      const double head = std::abs(passing.level_before - passing.level_behind);
      if (std::isnan(here.since) && jam->release_head && head >= *jam->release_head) {
        here.since = time + dt;
        here.blocked_share = 0.0;
        tell(placed, here.since, "ice jam breaks", fmt::format("levels differ by {:.2f} m", head));
      }
    }
    if (const auto* pump = std::get_if<Pump>(&form)) {
      approach(here.power, here.target, 0.0, dt);
      const bool has_run = here.running > 0.0;
      const bool wants = passing.level_before > (has_run ? pump->stop_level : pump->start_level);
      const bool runs = wants && here.power > 0.0;
      here.running = runs ? 1.0 : 0.0;
      if (runs != has_run) {
        tell(placed, time + dt, runs ? "pump starts" : "pump stops",
             runs    ? fmt::format("water at {:.2f} m", passing.level_before)
             : wants ? std::string("no power")
                     : fmt::format("water at {:.2f} m", passing.level_before));
      }
    }
  }
}

template <class Real>
void StructureFlow<Real>::decide_measures(double end, double dt) {
  if (domain_.measures.empty()) return;
  const auto value = [&](const BoundMeasure& measure) {
    const Rule& rule = *measure.measure.when;
    if (rule.kind == "section")
      return section_discharge(state_, bound_.handles, domain_.sections[measure.observed]);
    if (rule.kind == "gauge") {
      const CellWater water =
          water_at(state_, bound_.handles, domain_, measure.cell, bound_.parameters.film_depth);
      return rule.number == "depth" ? water.depth : water.level;
    }
    const Table& table = state_.table(bound_.handles.structures);
    const std::size_t row_number = placed_.all[measure.observed].row;
    const auto column = [&](const char* name) { return table.column(name)[row_number]; };
    if (rule.number == "head") return std::abs(column("level_before") - column("level_behind"));
    return table.column(rule.number)[row_number];
  };
  decide(state_, bound_.handles.measures, bound_.handles.structures, domain_.measures, placed_, value, end,
         dt, context_);
}

template <class Real>
void StructureFlow<Real>::hand_over(Sweep<Real>& sweep) const {
  if (!placed_.has_lines()) return;
  if (!work_.closed.empty())
    sweep.arrays.closed = work_.closed.data() + Field::halo * domain_.closed_pitch + Field::halo;
  sweep.structures_x = {placed_.x.first.data(), placed_.x.column.data(), work_.structure_x.data()};
  sweep.structures_y = {placed_.y.first.data(), placed_.y.column.data(), work_.structure_y.data()};
}

template class StructureFlow<float>;
template class StructureFlow<double>;

}  // namespace dvinis::flood
