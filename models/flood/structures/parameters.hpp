#pragma once
/// What a scenario may say about structures, checked and in SI.

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/base/settings.hpp"

namespace dvinis::flood {

enum class WeirProfile { broad, sharp };

/// A crest that water falls over: a weir, a sill, a wall, a row of sandbags.
struct Weir {
  double crest = 0.0;  ///< [m]
  WeirProfile profile = WeirProfile::broad;
  double coefficient = 0.577;
  double rate = 0.0;  ///< at which a measure moves the crest [m s-1]; 0: at once
};

/// A leaf over a sill that water passes below, and above where the leaf has a height.
struct Gate {
  double sill = 0.0;                                 ///< [m]
  double opening = 0.0;                              ///< at the start [m]
  double contraction = 0.61;                         ///< of the jet, over the opening
  double rate = 0.0;                                 ///< of the leaf [m s-1]; 0: at once
  std::optional<double> leaf_height = std::nullopt;  ///< [m]
};

/// The opening of a bridge: piers, the underside of its deck, the road on it.
struct Bridge {
  double soffit = 0.0;  ///< [m]
  double deck = 0.0;    ///< [m]
  double blocked_share = 0.0;
  double pier_coefficient = 1.05;  ///< Yarnell's
  double contraction = 0.8;        ///< of the stream under a soffit that dips in
  double deck_coefficient = 0.5;   ///< of the weir that the road is
  double rate = 0.0;               ///< of the blocked share [s-1]; 0: at once
};

/// How a breach grows.
enum class BreachLaw { verheij, shear };

/// What may set it off; each that is given does.
struct BreachTrigger {
  std::optional<double> at = std::nullopt;           ///< [s] since the start
  std::optional<double> overtopping = std::nullopt;  ///< depth of water over the crest [m]
  std::optional<double> head = std::nullopt;         ///< between both sides: seepage [m]
  double lasting = 0.0;                              ///< for how long overtopping or head must last [s]
};

struct Breach {
  BreachTrigger trigger = {};
  BreachLaw law = BreachLaw::verheij;
  double position = 0.5;        ///< of its middle along the line, as a share of the length
  double initial_width = 10.0;  ///< [m]
  double greatest_width = 0.0;  ///< [m]; that of the line unless given
  std::optional<double> initial_bottom =
      std::nullopt;                    ///< level it begins with [m]; that of the crest unless given
  double bottom = 0.0;                 ///< lowest level it reaches [m]
  double deepening = 600.0;            ///< verheij: time to get there [s]
  double critical_velocity = 0.2;      ///< verheij [m s-1]
  double erodibility = 0.0;            ///< shear [m3 N-1 s-1]
  double critical_shear_stress = 0.0;  ///< shear [Pa]
  double roughness = 0.03;             ///< shear, Manning's n in the breach [s m-1/3]
};

/// A levee or dam of one crest; may breach.
struct Levee {
  double crest = 0.0;                              ///< at the line's first point [m]
  std::optional<double> crest_end = std::nullopt;  ///< at its last; that of the first unless given [m]
  double coefficient = 0.577;
  double terrain_width =
      0.0;  ///< of the levee in the terrain, which gives way to the structure [m]; 0: not in it
  std::optional<Breach> breach = std::nullopt;

  /// At a share of the line's length.
  double crest_at(double share) const { return crest + share * (crest_end.value_or(crest) - crest); }
};

/// Ice that fills part of a river over a reach of some length.
struct IceJam {
  double underside = 0.0;      ///< level of the ice's underside [m]
  double blocked_share = 0.0;  ///< at the start
  bool is_formed = true;       ///< at the start; else it forms with the blocked share that a measure sets
  double length = 0.0;         ///< along the river [m]
  double roughness = 0.05;     ///< Manning's n of bed and ice together [s m-1/3]
  double entrance_loss = 0.5;  ///< velocity heads
  double rate = 0.0;           ///< of the blocked share [s-1]; 0: at once
  std::optional<double> release_head = std::nullopt;  ///< difference of level that breaks it [m]
};

/// Inlets of the FHWA's culvert design manual.
enum class CulvertInlet {
  concrete_headwall,
  concrete_groove_headwall,
  concrete_groove_projecting,
  metal_headwall,
  metal_mitered,
  metal_projecting,
  box_flared_wingwalls,
  box_headwall,
  box_parallel_wingwalls,
};

/// Barrels from the first point of a line to the last.
struct Culvert {
  double diameter = 0.0;  ///< of round barrels [m]; 0: boxes
  double width = 0.0;     ///< of boxes [m]
  double height = 0.0;    ///< of boxes [m]
  double barrels = 1.0;
  double length = 0.0;       ///< [m]
  double inlet_level = 0.0;  ///< inverts [m]
  double outlet_level = 0.0;
  double roughness = 0.012;    ///< Manning's n [s m-1/3]
  double entrance_loss = 0.5;  ///< velocity heads
  CulvertInlet inlet = CulvertInlet::concrete_headwall;
  bool has_flap = false;  ///< lets nothing back
  double blocked_share = 0.0;
  double rate = 0.0;  ///< of the blocked share [s-1]; 0: at once
};

struct PumpPoint {
  double head = 0.0;       ///< [m]
  double discharge = 0.0;  ///< [m3 s-1]
};

/// Lifts water from the first point of a line to the last.
struct Pump {
  std::vector<PumpPoint> curve;
  double start_level = 0.0;  ///< of the water at its inlet [m]
  double stop_level = 0.0;
  std::optional<double> outlet_level = std::nullopt;  ///< lowest level that it lifts to [m]
  bool has_power = true;                              ///< at the start
};

using StructureForm = std::variant<Weir, Gate, Bridge, Levee, IceJam, Culvert, Pump>;

/// Culverts and pumps join two cells, the others stand between cells along a line.
inline bool is_pipe(const StructureForm& form) {
  return std::holds_alternative<Culvert>(form) || std::holds_alternative<Pump>(form);
}
/// "weir", "gate", ...
const char* form_name(const StructureForm& form);

struct Structure {
  std::string place;
  StructureForm form;
  Setting where;  ///< for messages
};

KeyTable structure_keys();
/// @throws ScenarioError for what a table of keys cannot exclude.
Structure read_structure(const Setting& item);

}  // namespace dvinis::flood
