#include "io/scenario/keys.hpp"

#include <utility>

namespace dvinis {

namespace {

KeyInfo text(std::string name, std::string about) {
  return {.name = std::move(name), .kind = KeyKind::text, .about = std::move(about)};
}

KeyInfo file(std::string name, std::string about) {
  return {.name = std::move(name), .kind = KeyKind::file, .about = std::move(about)};
}

KeyInfo length(std::string name, std::string about) {
  return {.name = std::move(name), .kind = KeyKind::number, .about = std::move(about), .unit = "m"};
}

KeyInfo duration(std::string name, std::string about) {
  return {.name = std::move(name), .kind = KeyKind::duration, .about = std::move(about), .above = 0.0};
}

KeyInfo choice(std::string name, std::string about, std::vector<std::string> choices) {
  return {.name = std::move(name),
          .kind = KeyKind::choice,
          .about = std::move(about),
          .choices = std::move(choices)};
}

KeyInfo section(std::string name, std::string about, KeyTable keys) {
  return {.name = std::move(name), .kind = KeyKind::map, .about = std::move(about), .keys = std::move(keys)};
}

KeyInfo list_of(std::string name, std::string about, KeyTable keys) {
  return {.name = std::move(name), .kind = KeyKind::list, .about = std::move(about), .keys = std::move(keys)};
}

KeyInfo named(std::string name, std::string about, KeyTable keys) {
  return {
      .name = std::move(name), .kind = KeyKind::open_map, .about = std::move(about), .keys = std::move(keys)};
}

KeyInfo required(KeyInfo key) {
  key.required = true;
  return key;
}

KeyInfo positive(KeyInfo key) {
  key.above = 0.0;
  return key;
}

KeyInfo otherwise(KeyInfo key, std::string fallback) {
  key.fallback = std::move(fallback);
  return key;
}

KeyInfo band() {
  return {.name = "band",
          .kind = KeyKind::integer,
          .about = "Band of a raster that holds several.",
          .minimum = 1.0};
}

KeyInfo raster_files(std::string name, std::string about) {
  return list_of(std::move(name), std::move(about), {file("", "A raster that GDAL reads.")});
}

KeyTable with(KeyTable keys, const KeyTable& more) {
  keys.insert(keys.end(), more.begin(), more.end());
  return keys;
}

/// How a CSV table is written; nothing is guessed.
KeyTable dialect_keys() {
  return {text("delimiter", "Character between the fields of a table, `,` if not given; `tab` for a tab."),
          text("decimal", "Decimal mark of a table, `.` if not given."),
          text("encoding", "Encoding of a table, utf-8 if not given; cp1257 and others are converted.")};
}

KeyTable domain_keys() {
  const KeyTable plain = {required(positive(length("width", "Extent eastward."))),
                          required(positive(length("height", "Extent northward."))),
                          required(positive(length("spacing", "Side of a cell."))),
                          otherwise(length("west", "Western edge."), "0 m"),
                          otherwise(length("south", "Southern edge."), "0 m"),
                          otherwise(length("elevation", "Level of the ground."), "0 m")};
  const KeyTable extent = {
      required(length("west", "Western edge.")), required(length("south", "Southern edge.")),
      required(length("east", "Eastern edge.")), required(length("north", "Northern edge."))};
  return {
      raster_files("terrain", "Ground levels: one raster or a mosaic of several, later ones on top."),
      section("plain", "A level ground in place of a terrain.", plain),
      required(text("crs", "Coordinate reference system, e.g. EPSG:32756; `local` for plain metres.")),
      required(text("vertical_datum", "What the levels count from, e.g. AHD; `local` for none of a nation.")),
      otherwise(choice("nodata", "What cells without ground level are.", {"error", "wall"}), "error"),
      positive(length("spacing", "Side of a cell, if other than the terrain's.")),
      positive(length("subgrid",
                      "Side of the finer cells of the terrain that sub-grid tables are made from; a whole "
                      "number of them fills a cell.")),
      section("extent", "Part of the terrain to compute.", extent),
      band(),
  };
}

KeyTable time_keys() {
  KeyInfo offset = otherwise(duration("display_offset", "Local time minus UTC, for pictures only."), "0 h");
  offset.above = {};
  offset.minimum = -14.0 * 3600.0;
  offset.maximum = 14.0 * 3600.0;
  return {
      text("zone", "Time zone of reports, with its summer time, e.g. `Europe/Riga`."),
      required(
          {.name = "start", .kind = KeyKind::time, .about = "Instant at model time zero, with its zone."}),
      required(duration("duration", "Model time to compute.")),
      required(
          duration("exchange", "Interval at which models exchange what they share; outputs fall on it.")),
      std::move(offset),
  };
}

KeyTable layer_keys() {
  const KeyTable areas = {
      required(file("file", "Polygons that GDAL reads.")),
      text("where", "Only features with this attribute, e.g. `kind=road`."),
      text("attribute", "Attribute that holds the value."),
      text("value", "Value with its unit, the same for all areas of this entry."),
      text("unit", "Unit of the attribute, if other than the layer's."),
  };
  return {
      text("", "One value with its unit for every cell."),
      text("value", "One value with its unit for every cell."),
      raster_files("raster", "Values from one raster or a mosaic of several."),
      text("formula", "Values computed from x, y (metres) and z (ground level), e.g. `x < 2 ? 1 : 0`."),
      list_of("areas", "Polygons that overwrite what stands before.", areas),
      text("unit", "Unit of raster, formula and attributes; needed for layers that dvinis does not know."),
      text("vertical_datum", "Datum of levels; must be the domain's."),
      choice("resampling", "How a raster of another grid is read.", {"nearest", "bilinear"}),
      band(),
  };
}

KeyTable series_keys() {
  return with(
      {text("", "A constant with its unit."),
       text("value", "A constant with its unit or, with `file`, the column of values."),
       file("file", "Table with a header line."), text("time", "Column of times."),
       text("time_unit", "Unit of times counted from the start of the run; without it they are instants."),
       text("time_zone",
            "Zone of instants that name none: `UTC` or an offset such as `+02:00`; dates may then be written "
            "with "
            "dots."),
       list_of("where", "Only rows with these values: `STATION_ID=HD073401`.", {text("", "`column=value`")}),
       text("unit", "Unit of the column of values."),
       text("zero", "Level that the values count from, such as a gauge's zero; added to them."),
       list_of("rating", "A rating curve through which the values, levels, become discharges; upward.",
               {required(text("level", "Level with its unit.")),
                required(text("discharge", "Discharge at that level with its unit."))}),
       choice(
           "sums",
           "The values are sums over the intervals that end at their times (before) or begin there (after), "
           "such as hourly rain in mm; the series is their rate then, constant in each interval.",
           {"before", "after"}),
       choice("after_end", "What follows the last value, `error` if not given.", {"error", "hold"}),
       choice("before_start", "What comes before the first value, `error` if not given.", {"error", "hold"}),
       text("vertical_datum", "Datum of levels; must be the domain's.")},
      dialect_keys());
}

KeyTable image_keys() {
  return with(
      {required(file("raster", "Raster with one band for each time.")),
       required(file("times", "Table with a header line and one row for each band.")),
       required(text("time", "Column of times.")),
       text("time_unit", "Unit of times counted from the start of the run; without it they are instants."),
       required(text("unit", "Unit of the values, after the formula.")),
       text("formula", "What a value v of the raster means, e.g. `v < -31 ? 0 : 10^(v/10)`."),
       choice("between", "Between two times: in a line, the default, or as it is until the next.",
              {"line", "step"}),
       choice("resampling", "How a raster of another grid is read; nearest if not given.",
              {"nearest", "bilinear"}),
       choice("no_data", "What a missing value means; an error if not given.", {"zero"}),
       choice("after_end", "What follows the last image, `error` if not given.", {"error", "hold"}),
       choice("before_start", "What comes before the first image, `error` if not given.", {"error", "hold"})},
      dialect_keys());
}

KeyTable place_keys() {
  const KeyTable point = {{.kind = KeyKind::list, .about = "`[x, y]`", .keys = {length("", "Coordinate.")}},
                          required(length("x", "Easting.")),
                          required(length("y", "Northing."))};
  const KeyTable numbers = {text("", "A quantity, or the column or attribute that holds it."),
                            required(text("column", "Column or attribute that holds it.")),
                            text("unit", "Its unit, if other than the entry's.")};
  KeyInfo radius = length("radius", "Cells whose centre lies this near belong to a source.");
  radius.minimum = 0.0;
  return with(
      {required(choice("kind", "What stands there.",
                       {"gauge", "mark", "section", "building", "source", "area", "structure", "road"})),
       required(text("id", "Short name; with `file`, the column or attribute that holds it.")),
       text("label", "Name for people; with `file`, the column or attribute that holds it."),
       text("x", "Easting with its unit; with `file`, the column that holds it."),
       text("y", "Northing with its unit; with `file`, the column that holds it."),
       list_of("points", "Corners of a line or polygon.", point), std::move(radius),
       file("file", "Many places at once: a table with a header line, or features that GDAL reads."),
       text("where", "Only features with this attribute, e.g. `kind=house`."),
       text("unit", "Unit of the coordinates and numbers in a table."),
       text("vertical_datum", "Datum of levels; must be the domain's."),
       named("numbers", "Numbers of the places, e.g. an observed level.", numbers)},
      dialect_keys());
}

KeyTable output_keys() {
  const KeyTable field = {text("", "Name of a field.")};
  return {
      otherwise(file("folder", "Where the run's files go."), "out"),
      section("maps", "Fields over time.",
              {duration("every", "Interval; start and end only if not given."),
               list_of("fields", "Fields to write; `dvinis describe` lists them.", field)}),
      list_of("maxima", "Running fields, such as maxima, to write once.", field),
      section("series", "Values of gauges and other places over time.",
              {duration("every", "Interval; that of the maps if not given.")}),
      section(
          "checkpoint", "States to resume from.",
          {duration("every", "Interval in model time; at the end and on a signal only, if not given."),
           choice("keep", "Which of them stay: the last `two`, or `all`, to branch from; two if not given.",
                  {"two", "all"})}),
  };
}

KeyTable expect_keys() {
  const KeyTable bound = {text("", "A bound with its unit.")};
  return with(
      {required(choice("what", "The number to measure.",
                       {"budget_error", "booked", "rmse", "largest_error", "series_rmse", "series_mae",
                        "value", "crest", "crest_time", "rank"})),
       text("quantity", "Conserved quantity of a budget, e.g. `water`."),
       text("account", "Account of its ledger, e.g. `rain`; entering counts as positive."),
       text("table", "Table of the results, e.g. `gauges`."), text("place", "Id of one row of the table."),
       text("column", "Column of the table."), text("against", "Number of the places to compare with."),
       file("file", "Table of observations."), text("time", "Column of times in `file`."),
       text("time_unit", "Unit of these times, counted from the start of the run; s if not given."),
       text("value", "Column of values in `file`."), text("unit", "Unit of these values."),
       text("below", "The number must be smaller, with its unit."),
       text("above", "The number must be larger, with its unit."),
       list_of("between", "Smallest and largest number allowed, with their units.", bound),
       text("figure", "Id of the figure that this number becomes.")},
      dialect_keys());
}

}  // namespace

KeyTable scenario_keys(const std::vector<CatalogueEntry>& models) {
  KeyTable sections;
  for (const CatalogueEntry& entry : models)
    sections.push_back(section(entry.name, entry.about, entry.keys()));
  KeyInfo seed = {
      .name = "seed", .kind = KeyKind::integer, .about = "Seed of the random numbers.", .minimum = 0.0};
  return {
      required(text("scenario", "Short name: letters, digits, '-', '_' and '.'.")),
      text("about", "What the scenario shows, in a sentence."),
      otherwise(std::move(seed), "0"),
      text("attribution", "Whose data it stands on; shown on every picture."),
      text("label", "A label that every picture must show, such as `generated terrain`."),
      named("translations", "Words of the report in other languages, by the language's code, e.g. `lv`.",
            {text("about", "What the scenario shows."), text("label", "The label."),
             text("attribution", "Whose data it stands on."),
             list_of("names", "Names of places, boundaries and measures.",
                     {required(text("of", "Id or label.")), required(text("is", "The name."))})}),
      required(section("domain", "Ground and grid.", domain_keys())),
      required(section("time", "Clock.", time_keys())),
      named("layers", "Values on the grid, by the name of the layer.", layer_keys()),
      named("series", "Values over time, by a name that models refer to.", series_keys()),
      named("images", "Fields over time, by a name that models refer to.", image_keys()),
      list_of("places", "Gauges, marks, sections, buildings, sources, areas and structures.", place_keys()),
      required(section("models", "What happens: one section per model.", std::move(sections))),
      otherwise(section("outputs", "What is written.", output_keys()), "{}"),
      list_of("expect", "What must come out: a scenario is also a test.", expect_keys()),
  };
}

}  // namespace dvinis
