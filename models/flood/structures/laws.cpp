#include "models/flood/structures/laws.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "models/flood/boundary.hpp"
#include "models/flood/physics.hpp"

namespace dvinis::flood {

namespace {

const double root_two_g = std::sqrt(2.0 * gravity);
constexpr double water_density = 1000.0;  ///< [kg m-3]

/// The root of a function that falls, between `low` (where it is positive) and `high` (where it is not), to
/// 1e-12 of their distance: inverse quadratic interpolation where the three last points allow it, else
/// halving (Chandrupatla 1997, doi:10.1016/S0965-9978(96)00051-8).
template <class Function>
double falling_root(const Function& function, double low, double high, double at_low, double at_high) {
  const double tolerance = 1e-12 * (high - low);
  double b = low, at_b = at_low;
  double a = high, at_a = at_high;
  double c = a, at_c = at_a;
  double share = 0.5;
  for (int k = 0; k < 200; ++k) {
    const double x = a + share * (b - a);
    const double at_x = function(x);
    if ((at_x > 0.0) == (at_a > 0.0)) {
      c = a;
      at_c = at_a;
    } else {
      c = b;
      b = a;
      at_c = at_b;
      at_b = at_a;
    }
    a = x;
    at_a = at_x;
    const double best = std::abs(at_a) < std::abs(at_b) ? a : b;
    const double least = 0.5 * (tolerance + 4e-16 * std::abs(best)) / std::abs(b - a);
    if (least > 0.5 || at_a == 0.0) return at_a == 0.0 ? a : best;
    const double place = (a - b) / (c - b);
    const double height = (at_a - at_b) / (at_c - at_b);
    const bool is_smooth = height * height < place && (1.0 - height) * (1.0 - height) < 1.0 - place;
    share = is_smooth ? at_a / (at_b - at_a) * at_c / (at_b - at_c) +
                            (c - a) / (b - a) * at_a / (at_c - at_a) * at_b / (at_c - at_b)
                      : 0.5;
    share = std::min(std::max(share, least), 1.0 - least);
  }
  return a;
}

double limited(double value, double low, double high) { return std::min(std::max(value, low), high); }

/// Friction over a length in velocity heads, 2g n^2 L / R^(4/3).
double friction_loss(double roughness, double length, double radius) {
  return 2.0 * gravity * roughness * roughness * length / (radius * std::cbrt(radius));
}

}  // namespace

double weir_discharge(WeirProfile profile, double coefficient, double head, double tail) {
  if (!(head > 0.0) || !(head > tail)) return 0.0;
  const double free = coefficient * (2.0 / 3.0) * root_two_g * head * std::sqrt(head);
  if (!(tail > 0.0)) return free;
  const double submergence = tail / head;
  if (profile == WeirProfile::sharp)
    return free * std::pow(1.0 - submergence * std::sqrt(submergence), 0.385);
  if (submergence <= 2.0 / 3.0) return free;
  return free * (1.5 * std::sqrt(3.0)) * submergence * std::sqrt(1.0 - submergence);
}

namespace {

/// Below a leaf that the tail has drowned: energy up to the jet under the roller, momentum from there to the
/// tail.
double drowned_jet(double jet, double head, double tail) {
  const double a = 0.5 / (jet * jet);
  const double b = 2.0 / jet - 2.0 / tail;
  const double middle = 2.0 * a * head - b;
  const double root = std::sqrt(std::max(middle * middle - 4.0 * a * a * (head * head - tail * tail), 0.0));
  return std::sqrt(gravity * 2.0 * (head * head - tail * tail) / (middle + root));
}

}  // namespace

double sluice_discharge(double opening, double contraction, double head, double tail) {
  if (!(opening > 0.0) || !(head > 0.0) || !(head > tail)) return 0.0;
  const double sill = weir_discharge(WeirProfile::broad, std::numbers::inv_sqrt3, head, tail);
  if (!(head > opening)) return sill;
  const double jet = contraction * opening;
  const double free = jet * root_two_g * std::sqrt(head - jet);
  const double froude_squared = 2.0 * (head - jet) / jet;
  const double sequent = 0.5 * jet * (std::sqrt(1.0 + 8.0 * froude_squared) - 1.0);
  return std::min(sill, tail > sequent ? drowned_jet(jet, head, tail) : free);
}

double orifice_discharge(double height, double coefficient, double head, double tail) {
  if (!(height > 0.0) || !(head > tail)) return 0.0;
  const double passing = coefficient * height;
  return passing * root_two_g * std::sqrt(std::max(head - std::max(tail, passing), 0.0));
}

double gate_discharge(const Gate& gate, double opening, const StructureSide& before,
                      const StructureSide& behind) {
  const double sill = std::max({gate.sill, before.bed, behind.bed});
  const double below = sluice_discharge(opening, gate.contraction, before.energy - sill, behind.level - sill);
  if (!gate.leaf_height) return below;
  const double top = gate.sill + opening + *gate.leaf_height;
  return below + weir_discharge(WeirProfile::sharp, 0.62, before.energy - top, behind.level - top);
}

namespace {

/// Yarnell's law solved for the discharge; a trace of loss keeps it finite where nothing blocks the way.
double pier_discharge(double coefficient, double blocked_share, double depth_behind, double drop) {
  if (!(drop > 0.0) || !(depth_behind > 0.0)) return 0.0;
  const double a = blocked_share;
  const double obstruction = 2.0 * coefficient * (a + 15.0 * a * a * a * a);
  const double linear = obstruction * (coefficient - 0.6) + 5e-5;
  const double square = 5.0 * obstruction;
  const double relative = drop / depth_behind;
  const double froude_squared =
      2.0 * relative / (linear + std::sqrt(linear * linear + 4.0 * square * relative));
  return depth_behind * std::sqrt(froude_squared * gravity * depth_behind);
}

}  // namespace

double bridge_discharge(const Bridge& bridge, double blocked_share, const StructureSide& before,
                        const StructureSide& behind) {
  const double bed = std::max(before.bed, behind.bed);
  const double clear = bridge.soffit - bed;
  const double road = weir_discharge(WeirProfile::broad, bridge.deck_coefficient, before.energy - bridge.deck,
                                     behind.level - bridge.deck);
  if (!(clear > 0.0) || blocked_share >= 1.0) return road;
  // Behind a bridge that dams, water leaves at critical depth: two thirds of the head.
  const double head = before.energy - bed;
  const double depth_behind = std::max(behind.level - bed, (2.0 / 3.0) * head);
  const double open =
      pier_discharge(bridge.pier_coefficient, blocked_share, depth_behind, before.level - bed - depth_behind);
  const double dip = limited((before.level - bridge.soffit) / (0.1 * clear), 0.0, 1.0);
  if (!(dip > 0.0)) return open + road;
  const double pressed =
      (1.0 - blocked_share) * orifice_discharge(clear, bridge.contraction, head, behind.level - bed);
  if (!(open > 0.0) || !(pressed > 0.0)) return road;
  return 1.0 / std::sqrt((1.0 - dip) / (open * open) + dip / (pressed * pressed)) + road;
}

double jam_discharge(const IceJam& jam, double formed, double blocked_share, const StructureSide& before,
                     const StructureSide& behind) {
  const double bed = std::max(before.bed, behind.bed);
  const double clear = (jam.underside - bed) / std::max(formed, 1e-3);
  if (!(clear > 0.0) || blocked_share >= 1.0 || !(before.level > bed)) return 0.0;
  const double height_before = std::min(clear, before.level - bed);
  const double exit = std::max(behind.level, bed + (2.0 / 3.0) * height_before);
  const double height = 0.5 * (height_before + std::min(clear, exit - bed));
  const double drop = before.energy - exit;
  if (!(drop > 0.0)) return 0.0;
  const double contact = limited((before.level - bed - clear) / (0.1 * clear), 0.0, 1.0);
  const double radius = height / (1.0 + contact);
  const double friction = friction_loss(jam.roughness, jam.length, radius);
  const double losses = std::max(formed * (jam.entrance_loss + 1.0 + friction), 1e-4);
  return (1.0 - blocked_share) * height * root_two_g * std::sqrt(drop / losses);
}

namespace {

/// Wetted part of one barrel.
struct Wetted {
  double area = 0.0;       ///< [m2]
  double perimeter = 0.0;  ///< [m]
  double top_width = 0.0;  ///< [m]
};

double crown_of(const Culvert& culvert) { return culvert.diameter > 0.0 ? culvert.diameter : culvert.height; }

Wetted wetted_at(const Culvert& culvert, double depth) {
  const double crown = crown_of(culvert);
  const double y = limited(depth, 0.0, crown);
  if (culvert.diameter > 0.0) {
    const double d = culvert.diameter;
    const double angle = 2.0 * std::acos(1.0 - 2.0 * y / d);
    return {d * d / 8.0 * (angle - std::sin(angle)), 0.5 * d * angle, d * std::sin(0.5 * angle)};
  }
  const double closed_top = depth >= crown ? culvert.width : 0.0;
  return {culvert.width * y, culvert.width + 2.0 * y + closed_top, culvert.width};
}

double critical_depth(const Culvert& culvert, double discharge) {
  const double crown = crown_of(culvert);
  const auto excess = [&](double y) {
    const Wetted wet = wetted_at(culvert, y);
    return discharge * discharge * wet.top_width - gravity * wet.area * wet.area * wet.area;
  };
  const double low = 1e-6 * crown;
  const double high = (1.0 - 1e-9) * crown;
  const double at_low = excess(low);
  const double at_high = excess(high);
  if (!(at_low > 0.0)) return low;
  if (at_high >= 0.0) return crown;
  return falling_root(excess, low, high, at_low, at_high);
}

/// HDS-5, table A.1, form 1: K, M for weir flow at the inlet, c, Y for a drowned one; what the barrel's slope
/// adds.
struct InletNumbers {
  double K, M, c, Y;
  double slope_factor;
};
constexpr std::array<InletNumbers, 9> inlet_numbers = {{{0.0098, 2.0, 0.0398, 0.67, -0.5},
                                                        {0.0018, 2.0, 0.0292, 0.74, -0.5},
                                                        {0.0045, 2.0, 0.0317, 0.69, -0.5},
                                                        {0.0078, 2.0, 0.0379, 0.69, -0.5},
                                                        {0.0210, 1.33, 0.0463, 0.75, 0.7},
                                                        {0.0340, 1.50, 0.0553, 0.54, -0.5},
                                                        {0.0260, 1.0, 0.0347, 0.81, -0.5},
                                                        {0.0610, 0.75, 0.0400, 0.80, -0.5},
                                                        {0.0610, 0.75, 0.0423, 0.82, -0.5}}};

/// Head over the invert that inlet control asks for, of one clear barrel.
double inlet_head(const Culvert& culvert, double discharge) {
  constexpr double to_us = 1.811;  // of the discharge intensity Q / (A sqrt(D)) in feet
  const InletNumbers& n = inlet_numbers[static_cast<std::size_t>(culvert.inlet)];
  const double crown = crown_of(culvert);
  const double slope = (culvert.inlet_level - culvert.outlet_level) / culvert.length;
  const double area = wetted_at(culvert, crown).area;
  const double intensity = to_us * discharge / (area * std::sqrt(crown));
  const auto weir = [&](double flow_intensity) {
    const double flow = flow_intensity * area * std::sqrt(crown) / to_us;
    const double depth = critical_depth(culvert, flow);
    const Wetted wet = wetted_at(culvert, depth);
    const double speed = flow / wet.area;
    return (depth + speed * speed / (2.0 * gravity)) / crown + n.K * std::pow(flow_intensity, n.M) +
           n.slope_factor * slope;
  };
  const auto orifice = [&](double flow_intensity) {
    return n.c * flow_intensity * flow_intensity + n.Y + n.slope_factor * slope;
  };
  // Between the ranges of the two equations, a line.
  constexpr double weir_end = 3.5;
  constexpr double orifice_begin = 4.0;
  if (intensity <= weir_end) return crown * weir(intensity);
  if (intensity >= orifice_begin) return crown * orifice(intensity);
  const double share = (intensity - weir_end) / (orifice_begin - weir_end);
  return crown * ((1.0 - share) * weir(weir_end) + share * orifice(orifice_begin));
}

/// Level at the inlet that outlet control asks for, of one clear barrel.
double outlet_control_level(const Culvert& culvert, double discharge, double outlet_water) {
  const double crown = crown_of(culvert);
  const double critical = critical_depth(culvert, discharge);
  const double tail = std::max(outlet_water - culvert.outlet_level, 0.5 * (critical + crown));
  const Wetted full = wetted_at(culvert, crown);
  const double perimeter =
      culvert.diameter > 0.0 ? std::numbers::pi * culvert.diameter : 2.0 * (culvert.width + culvert.height);
  const double radius = full.area / perimeter;
  const double speed = discharge / full.area;
  const double losses =
      1.0 + culvert.entrance_loss + friction_loss(culvert.roughness, culvert.length, radius);
  return culvert.outlet_level + tail + losses * speed * speed / (2.0 * gravity);
}

/// Discharge of one clear barrel from a level at its inlet.
double barrel_discharge(const Culvert& culvert, double inlet_water, double outlet_water) {
  const double head = inlet_water - culvert.inlet_level;
  if (!(head > 0.0) || !(inlet_water > outlet_water)) return 0.0;
  const double crown = crown_of(culvert);
  const double area = wetted_at(culvert, crown).area;
  // More than an orifice without losses never passes.
  const double most = area * root_two_g * std::sqrt(head) + 1e-12;
  const auto spare_inlet = [&](double q) { return head - inlet_head(culvert, q); };
  const auto spare_outlet = [&](double q) {
    return inlet_water - outlet_control_level(culvert, q, outlet_water);
  };
  const auto solved = [&](const auto& spare) {
    const double at_low = spare(0.0);
    const double at_high = spare(most);
    if (!(at_low > 0.0)) return 0.0;
    if (at_high >= 0.0) return most;
    return falling_root(spare, 0.0, most, at_low, at_high);
  };
  const double inlet = solved(spare_inlet);
  // Part full: the stream at the mean depth of its ends.
  const double depth_in = std::min(head, crown);
  const auto part_full = [&]() {
    const double depth_out = limited(outlet_water - culvert.outlet_level, 0.0, crown);
    const double depth = std::max(0.5 * (depth_in + depth_out), (2.0 / 3.0) * depth_in);
    const Wetted wet = wetted_at(culvert, depth);
    if (!(wet.area > 0.0)) return 0.0;
    const double radius = wet.area / wet.perimeter;
    const double losses =
        1.0 + culvert.entrance_loss + friction_loss(culvert.roughness, culvert.length, radius);
    const double exit = std::max(outlet_water, culvert.outlet_level + (2.0 / 3.0) * depth_in);
    const double drop = inlet_water - exit;
    return drop > 0.0 ? wet.area * root_two_g * std::sqrt(drop / losses) : 0.0;
  };
  const double is_filled = limited((head / crown - 0.75) / 0.45, 0.0, 1.0);
  const double full = is_filled > 0.0 ? solved(spare_outlet) : 0.0;
  const double part = is_filled < 1.0 ? part_full() : 0.0;
  return std::min(inlet, is_filled * full + (1.0 - is_filled) * part);
}

}  // namespace

double culvert_discharge(const Culvert& culvert, double blocked_share, double inlet_water,
                         double outlet_water) {
  const double barrels = culvert.barrels * (1.0 - limited(blocked_share, 0.0, 1.0));
  if (inlet_water >= outlet_water) return barrels * barrel_discharge(culvert, inlet_water, outlet_water);
  if (culvert.has_flap) return 0.0;
  Culvert turned = culvert;
  std::swap(turned.inlet_level, turned.outlet_level);
  return -barrels * barrel_discharge(turned, outlet_water, inlet_water);
}

double pump_discharge(const std::vector<PumpPoint>& curve, double head) {
  if (curve.empty() || head > curve.back().head) return 0.0;
  if (head <= curve.front().head) return curve.front().discharge;
  std::size_t k = 1;
  while (head > curve[k].head) ++k;
  const PumpPoint& low = curve[k - 1];
  const PumpPoint& high = curve[k];
  return low.discharge + (head - low.head) / (high.head - low.head) * (high.discharge - low.discharge);
}

BreachShape grown(const Breach& breach, const BreachShape& shape, double crest, double age, double dt,
                  const StructureSide& before, const StructureSide& behind) {
  BreachShape next = shape;
  const double head = std::max(before.level - std::max(behind.level, shape.bottom), 0.0);
  if (breach.law == BreachLaw::verheij) {
    constexpr double width_factor = 1.3;
    constexpr double time_factor = 0.04;
    next.bottom = crest - (crest - breach.bottom) * std::min((age + dt) / breach.deepening, 1.0);
    const double widening = age - breach.deepening;
    if (widening < 0.0) return next;
    // Over the sub-step exactly, at its head: the rate falls within half a second at first.
    const double u_c = breach.critical_velocity;
    const double pace = time_factor * gravity / u_c;
    next.width += width_factor * std::sqrt(gravity * head) * head / u_c *
                  std::log10((1.0 + pace * (widening + dt)) / (1.0 + pace * widening));
  } else {
    const double over = before.level - shape.bottom;
    const double depth = (2.0 / 3.0) * over;
    // Drowned flow is slower than critical.
    const double speed =
        depth > 0.0 ? std::min(std::sqrt(gravity * depth), root_two_g * std::sqrt(head)) : 0.0;
    const double stress = depth > 0.0 ? water_density * gravity * breach.roughness * breach.roughness *
                                            speed * speed / std::cbrt(depth)
                                      : 0.0;
    const double erosion = dt * breach.erodibility * std::max(stress - breach.critical_shear_stress, 0.0);
    next.bottom = std::max(breach.bottom, shape.bottom - erosion);
    next.width += 2.0 * erosion;
  }
  next.width = std::min(next.width, breach.greatest_width);
  return next;
}

namespace {

/// Depth on the side that water leaves from, so that q/h + 2 sqrt(g h) keeps its value; at least critical.
double depth_drawn(double invariant, double unit_discharge) {
  const double still = invariant * invariant / (4.0 * gravity);
  if (!(unit_discharge > 0.0)) return still;
  const double critical = std::cbrt(unit_discharge * unit_discharge / gravity);
  if (critical >= still) return critical;
  const auto excess = [&](double depth) {
    return invariant - unit_discharge / depth - 2.0 * std::sqrt(gravity * depth);
  };
  const double at_critical = excess(critical);
  if (!(at_critical > 0.0)) return critical;
  // Newton within a bracket: the excess falls from the critical depth to that of still water.
  double low = critical;
  double high = still;
  double depth = still;
  for (int k = 0; k < 100; ++k) {
    const double value = excess(depth);
    (value > 0.0 ? low : high) = depth;
    const double slope = unit_discharge / (depth * depth) - std::sqrt(gravity / depth);
    double next = slope < 0.0 ? depth - value / slope : low;
    if (!(next > low && next < high)) next = 0.5 * (low + high);
    const bool is_settled = std::abs(depth - next) <= 1e-14 * depth;
    depth = next;
    if (is_settled) break;
  }
  return depth;
}

/// Depth that the outgoing wave leaves on the side that receives; behind a wall where nothing comes.
double depth_received(const FaceWaterState& to, double unit_discharge) {
  if (unit_discharge > 0.0) return prescribed_inflow({to.depth, -to.velocity}, unit_discharge).depth;
  const double invariant = std::max(2.0 * std::sqrt(gravity * to.depth) - to.velocity, 0.0);
  return to.depth > 0.0 ? invariant * invariant / (4.0 * gravity) : 0.0;
}

/// Both sides with the water flowing from `from` to `to` as q.
double flux_towards(const FaceWaterState& from, const FaceWaterState& to, const StructureLaw& law) {
  const double invariant = from.velocity + 2.0 * std::sqrt(gravity * from.depth);
  if (!(from.depth > 0.0) || !(invariant > 0.0)) return 0.0;
  const auto excess = [&](double q) {
    const double drawn = depth_drawn(invariant, q);
    const double speed = q / drawn;
    const StructureSide before = {from.bed, from.bed + drawn,
                                  from.bed + drawn + speed * speed / (2.0 * gravity)};
    const double received = depth_received(to, q);
    const double speed_behind = received > 0.0 ? q / received : 0.0;
    const StructureSide behind = {to.bed, to.bed + received,
                                  to.bed + received + speed_behind * speed_behind / (2.0 * gravity)};
    // Squares: those of most laws are nearly straight in q, which the root is found by.
    const double passing = law(before, behind);
    return passing * passing - q * q;
  };
  const double critical_speed = invariant / 3.0;
  const double most = critical_speed * critical_speed * critical_speed / gravity;
  const double at_rest = excess(0.0);
  if (!(at_rest > 0.0)) return 0.0;
  const double at_most = excess(most);
  if (at_most >= 0.0) return most;
  return falling_root(excess, 0.0, most, at_rest, at_most);
}

}  // namespace

double structure_flux(const FaceWaterState& left, const FaceWaterState& right, const StructureLaw& law) {
  // Where the water would stand if nothing passed tells which way it goes.
  const auto still_level = [](const FaceWaterState& side, double towards) {
    const double invariant = std::max(towards * side.velocity + 2.0 * std::sqrt(gravity * side.depth), 0.0);
    return side.bed + (side.depth > 0.0 ? invariant * invariant / (4.0 * gravity) : 0.0);
  };
  if (still_level(left, 1.0) >= still_level(right, -1.0)) return flux_towards(left, right, law);
  const FaceWaterState from = {right.bed, right.depth, -right.velocity};
  const FaceWaterState to = {left.bed, left.depth, -left.velocity};
  return -flux_towards(from, to, law);
}

}  // namespace dvinis::flood
