#include "models/flood/structures/parameters.hpp"

#include <fmt/format.h>

#include <array>

#include "models/flood/choice.hpp"

namespace dvinis::flood {

namespace {

constexpr std::array<const char*, 7> form_names = {"weir",    "gate",    "bridge", "levee",
                                                   "ice_jam", "culvert", "pump"};
const std::vector<std::string> profile_names = {"broad", "sharp"};
const std::vector<std::string> law_names = {"verheij", "shear"};
const std::vector<std::string> inlet_names = {
    "concrete_headwall",     "concrete_groove_headwall", "concrete_groove_projecting", "metal_headwall",
    "metal_mitered",         "metal_projecting",         "box_flared_wingwalls",       "box_headwall",
    "box_parallel_wingwalls"};

KeyInfo metres(const char* name, const char* about) {
  return {.name = name, .kind = KeyKind::number, .about = about, .unit = "m"};
}
KeyInfo level(const char* name, const char* about) {
  KeyInfo key = metres(name, about);
  key.required = true;
  return key;
}
KeyInfo size(const char* name, const char* about) {
  KeyInfo key = metres(name, about);
  key.above = 0.0;
  return key;
}
KeyInfo number(const char* name, const char* about, double minimum, double maximum, const char* fallback) {
  return {.name = name,
          .kind = KeyKind::number,
          .about = about,
          .minimum = minimum,
          .maximum = maximum,
          .fallback = fallback};
}
KeyInfo manning(const char* name, const char* about, const char* fallback) {
  return {.name = name,
          .kind = KeyKind::number,
          .about = about,
          .unit = "s m-1/3",
          .minimum = 0.0,
          .maximum = 1.0,
          .fallback = fallback};
}
KeyInfo choice(const char* name, const char* about, const std::vector<std::string>& choices,
               const char* fallback) {
  return {.name = name, .kind = KeyKind::choice, .about = about, .fallback = fallback, .choices = choices};
}
KeyInfo pace(const char* about, const char* unit) {
  return {.name = "rate", .kind = KeyKind::number, .about = about, .unit = unit, .minimum = 0.0};
}
KeyInfo form(std::size_t index, const char* about, KeyTable keys) {
  return {.name = form_names[index], .kind = KeyKind::map, .about = about, .keys = std::move(keys)};
}

KeyTable breach_keys() {
  return {
      {.name = "at", .kind = KeyKind::duration, .about = "Breaks at this time after the start."},
      size("overtopping", "Breaks when water stands this deep over the crest."),
      size("head", "Breaks when the levels on both sides differ by this much (seepage)."),
      {.name = "lasting",
       .kind = KeyKind::duration,
       .about = "For how long overtopping or head must last without a break.",
       .minimum = 0.0,
       .fallback = "0 s"},
      choice("law", "verheij: by the head, for sand and clay; shear: by the shear stress of the flow.",
             law_names, "verheij"),
      number("position", "Where its middle is, as a share of the line's length.", 0.0, 1.0, "0.5"),
      {
          .name = "initial_width",
          .kind = KeyKind::number,
          .about = "Width it begins with.",
          .unit = "m",
          .fallback = "10 m",
      },
      size("greatest_width", "Width it never passes; that of the line if not given."),
      metres(
          "initial_bottom",
          "Of shear: level it begins with; that of the crest if not given, over which water must flow then."),
      level("bottom", "Level it erodes down to."),
      {.name = "deepening",
       .kind = KeyKind::duration,
       .about = "Of verheij: time from the crest to the bottom.",
       .above = 0.0,
       .fallback = "10 min"},
      {.name = "critical_velocity",
       .kind = KeyKind::number,
       .about = "Of verheij: 0.2 m/s for sand, 0.5 m/s for clay.",
       .unit = "m s-1",
       .above = 0.0,
       .fallback = "0.2 m/s"},
      {.name = "erodibility",
       .kind = KeyKind::number,
       .about = "Of shear: volume eroded for force and time, e.g. 5 cm3/(N s).",
       .unit = "m3 N-1 s-1",
       .above = 0.0},
      {.name = "critical_shear_stress",
       .kind = KeyKind::number,
       .about = "Of shear: below it nothing erodes.",
       .unit = "Pa",
       .minimum = 0.0,
       .fallback = "0 Pa"},
      manning("roughness", "Of shear: Manning's n in the breach.", "0.03 s m-1/3"),
  };
}

KeyTable weir_keys() {
  return {level("crest", "Level of the crest."),
          choice("profile", "broad: long crests, roads, sills; sharp: plates, walls, sandbags.",
                 profile_names, "broad"),
          {.name = "coefficient",
           .kind = KeyKind::number,
           .about = "C of q = C 2/3 sqrt(2g) H^1.5; 0.577 (broad) or 0.62 (sharp) if not given.",
           .maximum = 1.0,
           .above = 0.0},
          pace("How fast a measure moves the crest; at once if not given.", "m s-1")};
}

KeyTable gate_keys() {
  return {level("sill", "Level of the sill."),
          {.name = "opening",
           .kind = KeyKind::number,
           .about = "Clear height under the leaf at the start.",
           .unit = "m",
           .minimum = 0.0,
           .required = true},
          number("contraction", "Of the jet, over the opening.", 0.1, 1.0, "0.61"),
          size("leaf_height", "Height of the leaf, which water may overtop; endless if not given."),
          pace("How fast the leaf moves; at once if not given.", "m s-1")};
}

KeyTable bridge_keys() {
  return {level("soffit", "Level of the deck's underside."),
          level("deck", "Level of the road, over which water flows too."),
          number("blocked_share", "Share of the opening that piers, debris or ice block.", 0.0, 1.0, "0"),
          number("pier_coefficient", "Yarnell's: 0.90 for rounded piers to 1.25 for square ones.", 0.6, 3.0,
                 "1.05"),
          number("contraction", "Of the stream under a soffit that dips in.", 0.1, 1.0, "0.8"),
          number("deck_coefficient", "C of the weir that the road is.", 0.0, 1.0, "0.5"),
          pace("How fast a measure changes the blocked share; at once if not given.", "s-1")};
}

KeyTable levee_keys() {
  return {level("crest", "Level of the crest, at the line's first point."),
          metres("crest_end", "Level of the crest at its last point, if another."),
          {.name = "terrain_width",
           .kind = KeyKind::number,
           .about = "Width of the levee in the terrain: there the ground gives way to that beside it, and "
                    "the structure "
                    "holds the water. 0 m: the terrain has no levee.",
           .unit = "m",
           .minimum = 0.0,
           .maximum = 200.0,
           .fallback = "0 m"},
          number("coefficient", "C of the weir that the crest is.", 0.01, 1.0, "0.577"),
          {.name = "breach", .kind = KeyKind::map, .about = "How it may break.", .keys = breach_keys()}};
}

KeyTable jam_keys() {
  KeyInfo length = size("length", "Of the jam, along the river.");
  length.required = true;
  return {level("underside", "Level of the ice's underside."),
          number("blocked_share", "Share of the river's width that ice fills to the bed, at the start.", 0.0,
                 1.0, "0"),
          {.name = "formed",
           .kind = KeyKind::boolean,
           .about =
               "Whether there is ice at the start; else it comes with the blocked share that a measure sets.",
           .fallback = "true"},
          std::move(length),
          manning("roughness", "Manning's n of bed and ice together.", "0.05 s m-1/3"),
          number("entrance_loss", "In velocity heads.", 0.0, 10.0, "0.5"),
          pace("How fast a measure makes the blocked share grow; at once if not given.", "s-1"),
          size("release_head",
               "It breaks when the levels on both sides differ by this much; never if not given.")};
}

KeyTable culvert_keys() {
  KeyInfo length = size("length", "Of the barrels; that of the line if not given.");
  return {
      size("diameter", "Of round barrels."),
      size("width", "Of boxes."),
      size("height", "Of boxes."),
      {.name = "barrels", .kind = KeyKind::integer, .about = "How many.", .minimum = 1.0, .fallback = "1"},
      std::move(length),
      level("inlet_level", "Invert at the first point of the line."),
      level("outlet_level", "Invert at the last point."),
      manning("roughness", "Manning's n of the barrels.", "0.012 s m-1/3"),
      number("entrance_loss", "In velocity heads.", 0.0, 10.0, "0.5"),
      {.name = "inlet",
       .kind = KeyKind::choice,
       .about = "Kind of inlet in the FHWA's HDS-5; a headwall if not given.",
       .choices = inlet_names},
      {.name = "flap", .kind = KeyKind::boolean, .about = "Lets nothing back.", .fallback = "false"},
      number("blocked_share", "Share of the barrels that is blocked.", 0.0, 1.0, "0"),
      pace("How fast a measure changes the blocked share; at once if not given.", "s-1")};
}

KeyTable pump_keys() {
  return {
      {.name = "curve",
       .kind = KeyKind::list,
       .about = "Head and discharge, from the lowest head up.",
       .required = true,
       .keys = {{.name = "head", .kind = KeyKind::number, .about = "Head.", .unit = "m", .required = true},
                {.name = "discharge",
                 .kind = KeyKind::number,
                 .about = "Discharge at that head.",
                 .unit = "m3 s-1",
                 .minimum = 0.0,
                 .required = true}}},
      level("start_level", "Level at its inlet at which it starts."),
      level("stop_level", "Level at its inlet at which it stops."),
      metres("outlet_level", "Lowest level that it lifts to; the water at its outlet if not given."),
      {.name = "power",
       .kind = KeyKind::boolean,
       .about = "Whether it has power at the start.",
       .fallback = "true"}};
}

void read_number(const Setting& from, const char* key, double& to) {
  if (from.has(key)) to = from.at(key).number();
}
void read_number(const Setting& from, const char* key, std::optional<double>& to) {
  if (from.has(key)) to = from.at(key).number();
}

Weir read_weir(const Setting& from) {
  Weir weir;
  weir.crest = from.at("crest").number();
  weir.profile = choice_of<WeirProfile>(from.at("profile").text(), profile_names);
  if (weir.profile == WeirProfile::sharp) weir.coefficient = 0.62;
  read_number(from, "coefficient", weir.coefficient);
  read_number(from, "rate", weir.rate);
  return weir;
}

Gate read_gate(const Setting& from) {
  Gate gate;
  gate.sill = from.at("sill").number();
  gate.opening = from.at("opening").number();
  gate.contraction = from.at("contraction").number();
  read_number(from, "leaf_height", gate.leaf_height);
  read_number(from, "rate", gate.rate);
  return gate;
}

Bridge read_bridge(const Setting& from) {
  Bridge bridge;
  bridge.soffit = from.at("soffit").number();
  bridge.deck = from.at("deck").number();
  bridge.blocked_share = from.at("blocked_share").number();
  bridge.pier_coefficient = from.at("pier_coefficient").number();
  bridge.contraction = from.at("contraction").number();
  bridge.deck_coefficient = from.at("deck_coefficient").number();
  read_number(from, "rate", bridge.rate);
  if (!(bridge.deck > bridge.soffit)) {
    throw from.at("deck").error(
        fmt::format("the road at {} m does not lie above the soffit at {} m; a bridge "
                    "stands the other way up",
                    bridge.deck, bridge.soffit));
  }
  return bridge;
}

Breach read_breach(const Setting& from, double crest) {
  Breach breach;
  if (from.has("at")) breach.trigger.at = to_seconds(from.at("at").duration());
  read_number(from, "overtopping", breach.trigger.overtopping);
  read_number(from, "head", breach.trigger.head);
  breach.trigger.lasting = to_seconds(from.at("lasting").duration());
  breach.law = choice_of<BreachLaw>(from.at("law").text(), law_names);
  breach.position = from.at("position").number();
  breach.initial_width = from.at("initial_width").number();
  read_number(from, "greatest_width", breach.greatest_width);
  read_number(from, "initial_bottom", breach.initial_bottom);
  breach.bottom = from.at("bottom").number();
  breach.deepening = to_seconds(from.at("deepening").duration());
  breach.critical_velocity = from.at("critical_velocity").number();
  breach.critical_shear_stress = from.at("critical_shear_stress").number();
  breach.roughness = from.at("roughness").number();
  read_number(from, "erodibility", breach.erodibility);
  if (!(breach.bottom < crest)) {
    throw from.at("bottom").error(
        fmt::format("a breach erodes downward: its bottom at {} m must lie below the crest at {} m",
                    breach.bottom, crest));
  }
  if (breach.initial_bottom &&
      !(*breach.initial_bottom >= breach.bottom && *breach.initial_bottom <= crest)) {
    throw from.at("initial_bottom")
        .error(fmt::format("a breach begins between its bottom ({} m) and the crest ({} m)", breach.bottom,
                           crest));
  }
  if (breach.initial_bottom && breach.law == BreachLaw::verheij)
    throw from.at("initial_bottom").error("a breach by 'verheij' deepens from the crest; take it out");
  if (breach.law == BreachLaw::shear && !(breach.erodibility > 0.0))
    throw from.error("a breach by shear stress needs `erodibility`, e.g. `erodibility: 5 cm3/(N s)`");
  if (!(breach.initial_width > 0.0)) throw from.at("initial_width").error("a breach begins with some width");
  return breach;
}

Levee read_levee(const Setting& from) {
  Levee levee;
  levee.crest = from.at("crest").number();
  read_number(from, "crest_end", levee.crest_end);
  levee.coefficient = from.at("coefficient").number();
  levee.terrain_width = from.at("terrain_width").number();
  if (const Setting* breach = from.find("breach"))
    levee.breach = read_breach(*breach, levee.crest_at(breach->at("position").number()));
  return levee;
}

IceJam read_jam(const Setting& from) {
  IceJam jam;
  jam.underside = from.at("underside").number();
  jam.blocked_share = from.at("blocked_share").number();
  jam.is_formed = from.at("formed").boolean();
  if (!jam.is_formed && jam.blocked_share > 0.0)
    throw from.at("blocked_share")
        .error("ice that is not there at the start blocks nothing; take one of the two out");
  jam.length = from.at("length").number();
  jam.roughness = from.at("roughness").number();
  jam.entrance_loss = from.at("entrance_loss").number();
  read_number(from, "rate", jam.rate);
  read_number(from, "release_head", jam.release_head);
  return jam;
}

Culvert read_culvert(const Setting& from) {
  Culvert culvert;
  read_number(from, "diameter", culvert.diameter);
  read_number(from, "width", culvert.width);
  read_number(from, "height", culvert.height);
  culvert.barrels = static_cast<double>(from.at("barrels").integer());
  read_number(from, "length", culvert.length);
  culvert.inlet_level = from.at("inlet_level").number();
  culvert.outlet_level = from.at("outlet_level").number();
  culvert.roughness = from.at("roughness").number();
  culvert.entrance_loss = from.at("entrance_loss").number();
  culvert.has_flap = from.at("flap").boolean();
  culvert.blocked_share = from.at("blocked_share").number();
  read_number(from, "rate", culvert.rate);
  const bool is_round = culvert.diameter > 0.0;
  const bool is_box = culvert.width > 0.0 && culvert.height > 0.0;
  if (is_round == is_box || (is_round && (culvert.width > 0.0 || culvert.height > 0.0)))
    throw from.error("give either `diameter` or both `width` and `height`");
  if (is_box) culvert.inlet = CulvertInlet::box_headwall;
  if (const Setting* inlet = from.find("inlet")) {
    culvert.inlet = choice_of<CulvertInlet>(inlet->text(), inlet_names);
    if (is_box != (culvert.inlet >= CulvertInlet::box_flared_wingwalls)) {
      throw inlet->error(
          fmt::format("'{}' is no inlet of {}", inlet->text(), is_box ? "a box" : "a round pipe"));
    }
  }
  return culvert;
}

Pump read_pump(const Setting& from) {
  Pump pump;
  for (const Setting& item : from.at("curve").items) {
    const PumpPoint point{item.at("head").number(), item.at("discharge").number()};
    if (!pump.curve.empty() && !(point.head > pump.curve.back().head)) {
      throw item.error(fmt::format("a head of {} m comes after {} m; write the curve from the lowest head up",
                                   point.head, pump.curve.back().head));
    }
    if (!pump.curve.empty() && point.discharge > pump.curve.back().discharge) {
      throw item.error(
          fmt::format("the discharge rises to {} m3/s from {} m3/s at a lower head; a pump's curve falls",
                      point.discharge, pump.curve.back().discharge));
    }
    pump.curve.push_back(point);
  }
  if (pump.curve.empty()) throw from.at("curve").error("a pump needs at least one point of its curve");
  pump.start_level = from.at("start_level").number();
  pump.stop_level = from.at("stop_level").number();
  read_number(from, "outlet_level", pump.outlet_level);
  pump.has_power = from.at("power").boolean();
  if (!(pump.stop_level < pump.start_level)) {
    throw from.at("stop_level")
        .error(fmt::format(
            "a pump that starts at {} m must stop lower than that, or it would start and stop all the "
            "time",
            pump.start_level));
  }
  return pump;
}

}  // namespace

const char* form_name(const StructureForm& form) { return form_names[form.index()]; }

KeyTable structure_keys() {
  return {
      {.name = "place",
       .kind = KeyKind::text,
       .about = "Id of a place of kind structure: the line along which it stands, or from inlet to outlet.",
       .required = true},
      form(0, "A crest that water falls over.", weir_keys()),
      form(1, "A leaf over a sill.", gate_keys()),
      form(2, "The opening of a bridge.", bridge_keys()),
      form(3, "A levee or dam, which may breach.", levee_keys()),
      form(4, "Ice that fills part of a river.", jam_keys()),
      form(5, "A culvert.", culvert_keys()),
      form(6, "A pump.", pump_keys()),
  };
}

Structure read_structure(const Setting& item) {
  Structure structure;
  structure.place = item.at("place").text();
  structure.where = item;
  std::vector<std::string> found;
  for (const char* name : form_names) {
    if (item.has(name)) found.emplace_back(name);
  }
  if (found.size() != 1) {
    throw item.error(
        found.empty()
            ? fmt::format("'{}' needs to be one of {}", structure.place, fmt::join(form_names, ", "))
            : fmt::format("'{}' is {} at once; give one", structure.place, fmt::join(found, " and ")));
  }
  const Setting& form = item.at(found.front());
  if (found.front() == "weir") structure.form = read_weir(form);
  if (found.front() == "gate") structure.form = read_gate(form);
  if (found.front() == "bridge") structure.form = read_bridge(form);
  if (found.front() == "levee") structure.form = read_levee(form);
  if (found.front() == "ice_jam") structure.form = read_jam(form);
  if (found.front() == "culvert") structure.form = read_culvert(form);
  if (found.front() == "pump") structure.form = read_pump(form);
  return structure;
}

}  // namespace dvinis::flood
