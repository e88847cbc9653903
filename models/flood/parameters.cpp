#include "models/flood/parameters.hpp"

#include <fmt/format.h>

#include "models/flood/choice.hpp"
#include "models/flood/flood.hpp"

namespace dvinis::flood {

namespace {

const std::vector<std::string> edge_names = {"west", "east", "south", "north"};
const std::vector<std::string> kind_names = {"wall", "free", "level", "discharge", "wave", "rating"};
const std::vector<std::string> treatment_names = {"ignore", "raise", "block"};
const std::vector<std::string> interpolation_names = {"inverse_distance", "nearest"};
const std::vector<std::string> infiltration_names = {"none", "constant", "horton", "green_ampt",
                                                     "curve_number"};

KeyTable boundary_keys() {
  return {
      {.name = "edge",
       .kind = KeyKind::choice,
       .about = "Side of the domain.",
       .required = true,
       .choices = edge_names},
      {.name = "from",
       .kind = KeyKind::number,
       .about = "Where the stretch begins: y on the west and east edge, x on the south and north edge; "
                "without it the edge's own beginning.",
       .unit = "m"},
      {.name = "to", .kind = KeyKind::number, .about = "Where the stretch ends.", .unit = "m"},
      {.name = "kind",
       .kind = KeyKind::choice,
       .about = "wall: no flow; free: water leaves freely, none enters; level: water level follows a series; "
                "discharge: "
                "total inflow follows a series, spread by conveyance; wave: an incoming long wave, outgoing "
                "waves leave; rating: total outflow follows the level by a rating curve.",
       .required = true,
       .choices = kind_names},
      {.name = "series",
       .kind = KeyKind::text,
       .about = "Name of the series that drives a level, discharge or wave."},
      {.name = "still_level",
       .kind = KeyKind::number,
       .about = "Still water level that an incoming wave's heights are added to.",
       .unit = "m",
       .fallback = "0 m"},
      {.name = "rating",
       .kind = KeyKind::list,
       .about = "Points of a rating curve, upward; the first one has no discharge.",
       .keys = {{.name = "level", .kind = KeyKind::number, .about = "Level.", .unit = "m", .required = true},
                {.name = "discharge",
                 .kind = KeyKind::number,
                 .about = "Discharge that leaves at that level.",
                 .unit = "m3 s-1",
                 .minimum = 0.0,
                 .required = true}}},
      {.name = "label", .kind = KeyKind::text, .about = "Name of the stretch in the water ledger."},
  };
}

KeyTable source_keys() {
  return {
      {.name = "place", .kind = KeyKind::text, .about = "Id of a place of kind source.", .required = true},
      {.name = "series",
       .kind = KeyKind::text,
       .about = "Name of a discharge series [m3 s-1]; negative values withdraw what is there.",
       .required = true},
  };
}

KeyTable rain_keys() {
  return {
      {.name = "series", .kind = KeyKind::text, .about = "Name of a rain rate series, for the whole domain."},
      {.name = "images", .kind = KeyKind::text, .about = "Name of images of rain rates, such as radar's."},
      {.name = "gauges",
       .kind = KeyKind::list,
       .about = "Rain gauges, in the domain or around it.",
       .keys = {{.name = "series",
                 .kind = KeyKind::text,
                 .about = "Name of the gauge's rain rate series.",
                 .required = true},
                {.name = "x", .kind = KeyKind::number, .about = "Easting.", .unit = "m", .required = true},
                {.name = "y", .kind = KeyKind::number, .about = "Northing.", .unit = "m", .required = true}}},
      {.name = "interpolation",
       .kind = KeyKind::choice,
       .about = "Rain between gauges: by the inverse square of the distance, or that of the nearest one.",
       .fallback = "inverse_distance",
       .choices = interpolation_names},
  };
}

KeyTable infiltration_keys() {
  return {
      {.name = "law",
       .kind = KeyKind::choice,
       .about =
           "constant: layer infiltration_rate; horton: layers initial_infiltration_rate, "
           "final_infiltration_rate, infiltration_decay; green_ampt: layers saturated_conductivity, "
           "wetting_front_suction, moisture_deficit; curve_number: layer curve_number, takes in rain only.",
       .required = true,
       .choices = infiltration_names},
      {.name = "abstraction_ratio",
       .kind = KeyKind::number,
       .about = "Of the curve number: initial abstraction over retention.",
       .minimum = 0.0,
       .maximum = 1.0,
       .fallback = "0.2"},
  };
}

KeyTable fast_keys() {
  return {
      {.name = "courant",
       .kind = KeyKind::number,
       .about = "Share of a cell that the fastest wave may cross in a step where the fast mode works.",
       .minimum = 0.01,
       .maximum = 1.0,
       .fallback = "0.95"},
      {.name = "froude",
       .kind = KeyKind::number,
       .about = "Tiles where the Froude number passes this take the full equations.",
       .minimum = 0.0,
       .maximum = 10.0,
       .fallback = "0.7"},
      {.name = "level_step",
       .kind = KeyKind::number,
       .about = "Tiles where the water level steps between two cells by more than this share of the depth "
                "take the full equations.",
       .minimum = 0.0,
       .maximum = 10.0,
       .fallback = "0.4"},
      {.name = "depth",
       .kind = KeyKind::number,
       .about = "Water less deep than this never asks for the full equations; without it 4 % of a cell's "
                "width.",
       .unit = "m",
       .minimum = 0.0,
       .maximum = 100.0},
  };
}

KeyTable building_keys() {
  return {
      {.name = "treatment",
       .kind = KeyKind::choice,
       .about = "raise: the ground is lifted under a house; block: a house is an obstacle with walls; "
                "ignore: houses are "
                "only reported on.",
       .fallback = "raise",
       .choices = treatment_names},
      {.name = "height",
       .kind = KeyKind::number,
       .about = "By how much the ground is raised.",
       .unit = "m",
       .minimum = 0.0,
       .maximum = 1000.0,
       .fallback = "3 m"},
  };
}

/// @throws ScenarioError for a curve that falls or does not begin at no discharge.
std::vector<RatingPoint> read_rating(const Setting& list) {
  std::vector<RatingPoint> points;
  for (const Setting& item : list.items) {
    const RatingPoint point{item.at("level").number(), item.at("discharge").number()};
    if (points.empty() && point.discharge > 0.0) {
      throw item.error("a rating curve begins with the level of no discharge; put it first, with 0 m3/s");
    }
    if (!points.empty() &&
        !(point.level > points.back().level && point.discharge >= points.back().discharge)) {
      throw item.error(fmt::format(
          "{} m and {} m3/s do not come above the {} m and {} m3/s before them; a rating curve rises",
          point.level, point.discharge, points.back().level, points.back().discharge));
    }
    points.push_back(point);
  }
  if (points.size() < 2) throw list.error("a rating curve needs at least two points");
  return points;
}

Boundary read_boundary(const Setting& item) {
  Boundary boundary;
  boundary.where = item;
  boundary.edge = choice_of<Edge>(item.at("edge").text(), edge_names);
  boundary.kind = choice_of<BoundaryKind>(item.at("kind").text(), kind_names);
  if (item.has("from")) boundary.from = item.at("from").number();
  if (item.has("to")) boundary.to = item.at("to").number();
  if (item.has("series")) boundary.series = item.at("series").text();
  boundary.still_level = item.at("still_level").number();
  const bool is_driven = boundary.kind == BoundaryKind::level || boundary.kind == BoundaryKind::discharge ||
                         boundary.kind == BoundaryKind::wave;
  if (is_driven && boundary.series.empty()) {
    throw item.error(fmt::format("a boundary of kind '{}' needs 'series: <name>'", kind_name(boundary.kind)));
  }
  if (!is_driven && !boundary.series.empty()) {
    throw item.error(
        fmt::format("a boundary of kind '{}' takes no series; remove '{}' or choose level, discharge or wave",
                    kind_name(boundary.kind), boundary.series));
  }
  const bool is_rated = boundary.kind == BoundaryKind::rating;
  if (is_rated != item.has("rating")) {
    throw item.error(is_rated
                         ? "a boundary of kind 'rating' needs the points of its curve under 'rating'"
                         : fmt::format("a boundary of kind '{}' takes no rating curve; remove it or choose "
                                       "the kind 'rating'",
                                       kind_name(boundary.kind)));
  }
  if (is_rated) boundary.rating = read_rating(item.at("rating"));
  if (boundary.from && boundary.to && *boundary.from >= *boundary.to) {
    throw item.error(fmt::format("'from' ({} m) must lie before 'to' ({} m)", *boundary.from, *boundary.to));
  }
  boundary.label = item.has("label")
                       ? item.at("label").text()
                       : fmt::format("{} {} edge", kind_name(boundary.kind), edge_name(boundary.edge));
  return boundary;
}

}  // namespace

const char* edge_name(Edge edge) { return edge_names[static_cast<std::size_t>(edge)].c_str(); }
const char* kind_name(BoundaryKind kind) { return kind_names[static_cast<std::size_t>(kind)].c_str(); }

KeyTable keys() {
  return {
      {.name = "precision",
       .kind = KeyKind::choice,
       .about = "Arithmetic of the solver.",
       .fallback = "double",
       .choices = {"single", "double"}},
      {.name = "mode",
       .kind = KeyKind::choice,
       .about = "reference: the full shallow water equations everywhere; fast: local inertia with "
                "momentum of first order in every tile where the limits under 'fast' allow it.",
       .fallback = "reference",
       .choices = {"reference", "fast"}},
      {.name = "fast",
       .kind = KeyKind::map,
       .about =
           "Limits of the fast mode; without a meaning in reference mode, so that `mode` alone switches.",
       .keys = fast_keys()},
      {.name = "courant",
       .kind = KeyKind::number,
       .about = "Share of a cell that the fastest wave may cross in a step.",
       .minimum = 0.01,
       .maximum = 0.5,
       .fallback = "0.4"},
      {.name = "maximum_step",
       .kind = KeyKind::duration,
       .about = "Largest step in time; without it the waves alone decide.",
       .minimum = 1e-6},
      {.name = "record_every",
       .kind = KeyKind::duration,
       .about = "Maxima and other running fields take the state once in this time; 0 s: in every sub-step. "
                "Without it 0 s in reference mode and 2 s in fast mode.",
       .minimum = 0.0},
      {.name = "still_water",
       .kind = KeyKind::choice,
       .about = "Whether sub-steps pass over water that is exactly still or work it out too: the same bits "
                "either way, for whoever wants to time or to verify it.",
       .fallback = "leave",
       .choices = {"leave", "work_out"}},
      {.name = "film_depth",
       .kind = KeyKind::number,
       .about = "Films thinner than this lose their speed.",
       .unit = "m",
       .minimum = 1e-12,
       .maximum = 0.01,
       .fallback = "1e-6 m"},
      {.name = "arrival_depth",
       .kind = KeyKind::number,
       .about = "Depth from which a cell or a house counts as reached by water.",
       .unit = "m",
       .minimum = 1e-6,
       .maximum = 10.0,
       .fallback = "1 cm"},
      {.name = "debris_factor",
       .kind = KeyKind::number,
       .about =
           "Debris factor of the hazard rating where water is deeper than 0.25 m: 1 in towns, 0.5 in fields.",
       .minimum = 0.0,
       .maximum = 2.0,
       .fallback = "1"},
      {.name = "road_closure_depth",
       .kind = KeyKind::number,
       .about =
           "A road is closed where water stands on it this deep: cars stop at 0.3 m (Pregnolato et al. 2017, "
           "doi:10.1016/j.trd.2017.06.020).",
       .unit = "m",
       .minimum = 0.01,
       .maximum = 10.0,
       .fallback = "0.3 m"},
      {.name = "rain",
       .kind = KeyKind::number,
       .about = "Rain: one rate, one series of rates, gauges each with a series, or images.",
       .unit = "m s-1",
       .minimum = 0.0,
       .maximum = 1e-2,
       .keys = rain_keys()},
      {.name = "infiltration",
       .kind = KeyKind::map,
       .about = "What the ground takes in. The numbers of the law are layers.",
       .keys = infiltration_keys()},
      {.name = "buildings",
       .kind = KeyKind::map,
       .about = "How houses stand in the water.",
       .keys = building_keys()},
      {.name = "boundaries",
       .kind = KeyKind::list,
       .about = "Stretches of the rim that are no walls; unnamed parts are walls.",
       .keys = boundary_keys()},
      {.name = "sources",
       .kind = KeyKind::list,
       .about = "Inflows and withdrawals inside the domain.",
       .keys = source_keys()},
      {.name = "structures",
       .kind = KeyKind::list,
       .about = "Weirs, gates, bridges, levees, ice jams, culverts and pumps.",
       .keys = structure_keys()},
      {.name = "measures",
       .kind = KeyKind::list,
       .about = "What people do to structures, at a time or by a rule.",
       .keys = measure_keys()},
      {.name = "tracers",
       .kind = KeyKind::list,
       .about = "What goes with the water: where it came from, what is dissolved in it, how old it is.",
       .keys = tracer_keys()},
  };
}

Parameters read_parameters(const Setting& settings) {
  Parameters parameters;
  parameters.precision =
      settings.at("precision").text() == "single" ? ElementType::float32 : ElementType::float64;
  if (settings.at("mode").text() == "fast") {
    parameters.fast = FastMode{};
    if (const Setting* fast = settings.find("fast")) {
      parameters.fast = FastMode{.courant = fast->at("courant").number(),
                                 .froude = fast->at("froude").number(),
                                 .level_step = fast->at("level_step").number()};
      if (fast->has("depth")) parameters.fast->depth = fast->at("depth").number();
    }
  }
  parameters.courant = settings.at("courant").number();
  parameters.leaves_still_water = settings.at("still_water").text() == "leave";
  parameters.film_depth = settings.at("film_depth").number();
  parameters.arrival_depth = settings.at("arrival_depth").number();
  parameters.debris_factor = settings.at("debris_factor").number();
  parameters.road_closure_depth = settings.at("road_closure_depth").number();
  if (settings.has("maximum_step"))
    parameters.maximum_step = to_seconds(settings.at("maximum_step").duration());
  if (settings.has("record_every")) {
    parameters.record_every = to_seconds(settings.at("record_every").duration());
  } else if (parameters.fast) {
    parameters.record_every = 2.0;
  }
  if (const Setting* rain = settings.find("rain")) {
    if (rain->is_map()) {
      if (rain->has("series")) parameters.rain_series = rain->at("series").text();
      if (const Setting* gauges = rain->find("gauges")) {
        for (const Setting& gauge : gauges->items)
          parameters.rain_gauges.push_back(
              {gauge.at("series").text(), gauge.at("x").number(), gauge.at("y").number()});
      }
      if (rain->has("images")) parameters.rain_images = rain->at("images").text();
      const int kinds = (parameters.rain_series.empty() ? 0 : 1) + (parameters.rain_gauges.empty() ? 0 : 1) +
                        (parameters.rain_images.empty() ? 0 : 1);
      if (kinds != 1) throw rain->error("give one of `series`, `gauges` and `images`, and only one");
      parameters.rain_interpolation =
          choice_of<RainInterpolation>(rain->at("interpolation").text(), interpolation_names);
    } else {
      parameters.constant_rain = rain->number();
    }
  }
  if (const Setting* infiltration = settings.find("infiltration")) {
    parameters.infiltration = choice_of<InfiltrationLaw>(infiltration->at("law").text(), infiltration_names);
    parameters.abstraction_ratio = infiltration->at("abstraction_ratio").number();
  }
  if (const Setting* buildings = settings.find("buildings")) {
    parameters.buildings = choice_of<BuildingTreatment>(buildings->at("treatment").text(), treatment_names);
    parameters.building_height = buildings->at("height").number();
  }
  if (const Setting* boundaries = settings.find("boundaries")) {
    for (const Setting& item : boundaries->items) parameters.boundaries.push_back(read_boundary(item));
  }
  if (const Setting* sources = settings.find("sources")) {
    for (const Setting& item : sources->items) {
      parameters.sources.push_back({item.at("place").text(), item.at("series").text(), item});
    }
  }
  if (const Setting* structures = settings.find("structures")) {
    for (const Setting& item : structures->items) parameters.structures.push_back(read_structure(item));
  }
  if (const Setting* measures = settings.find("measures")) {
    for (const Setting& item : measures->items) parameters.measures.push_back(read_measure(item));
    refuse_flapping(parameters.measures);
  }
  if (const Setting* tracers = settings.find("tracers")) {
    for (const Setting& item : tracers->items) parameters.tracers.push_back(read_tracer(item));
    refuse_doubles(parameters.tracers);
  }
  return parameters;
}

}  // namespace dvinis::flood
