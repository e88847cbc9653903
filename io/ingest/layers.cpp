#include "io/ingest/layers.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "core/base/quantity.hpp"
#include "io/ingest/formula.hpp"
#include "io/ingest/raster.hpp"
#include "io/ingest/units.hpp"
#include "io/ingest/vector.hpp"

namespace dvinis {

namespace {

constexpr double no_value = std::numeric_limits<double>::quiet_NaN();

struct KnownLayer {
  const char* name;
  const char* unit;
  const char* long_name;
  Resampling resampling = Resampling::bilinear;
  double background = no_value;  ///< of cells that no area covers
  bool may_lack = false;         ///< NaN has a meaning of its own: no water there
};

constexpr std::array known_layers{
    KnownLayer{"bed_elevation", "m", "elevation of the ground"},
    KnownLayer{"roughness", "s m-1/3", "Manning's roughness coefficient", Resampling::nearest},
    KnownLayer{"initial_level", "m", "water level at the start", Resampling::bilinear, no_value, true},
    KnownLayer{"initial_depth", "m", "water depth at the start", Resampling::bilinear, 0.0},
    KnownLayer{"velocity_x", "m s-1", "eastward velocity at the start", Resampling::bilinear, 0.0},
    KnownLayer{"velocity_y", "m s-1", "northward velocity at the start", Resampling::bilinear, 0.0},
    KnownLayer{"rain_rate", "m s-1", "rain rate", Resampling::bilinear, 0.0},
    KnownLayer{"infiltration_rate", "m s-1", "infiltration rate", Resampling::nearest, 0.0},
    KnownLayer{"initial_infiltration_rate", "m s-1", "infiltration rate of the ground at the start",
               Resampling::nearest, 0.0},
    KnownLayer{"final_infiltration_rate", "m s-1", "infiltration rate in the end", Resampling::nearest, 0.0},
    KnownLayer{"infiltration_decay", "s-1", "decay of the infiltration rate", Resampling::nearest, 0.0},
    KnownLayer{"saturated_conductivity", "m s-1", "saturated hydraulic conductivity of the ground",
               Resampling::nearest, 0.0},
    KnownLayer{"wetting_front_suction", "m", "suction at the wetting front", Resampling::nearest, 0.0},
    KnownLayer{"moisture_deficit", "1", "moisture content, saturated less initial", Resampling::nearest, 0.0},
    KnownLayer{"curve_number", "1", "curve number of the US Soil Conservation Service", Resampling::nearest},
};

/// One layer while it is composed.
struct Composition {
  std::string name;
  std::string unit;           ///< SI, of the layer
  std::string written_unit;   ///< of rasters, formulas and attributes
  UnitConversion conversion;  ///< from the written unit
  Resampling resampling = Resampling::bilinear;
  double background = no_value;
  bool may_lack = false;
  bool covers_all = false;  ///< by value, raster or formula
  std::string long_name;
  std::vector<double> values;
  std::vector<std::string> sources;
};

Composition start_layer(const std::string& name, const Setting& settings) {
  Composition layer;
  layer.name = name;
  layer.long_name = name;
  std::replace(layer.long_name.begin(), layer.long_name.end(), '_', ' ');
  const Setting* unit = given(settings, "unit");
  const auto known = std::find_if(known_layers.begin(), known_layers.end(),
                                  [&](const KnownLayer& candidate) { return candidate.name == name; });
  if (known == known_layers.end()) {
    if (unit == nullptr) {
      std::vector<std::string> names;
      for (const KnownLayer& candidate : known_layers) names.emplace_back(candidate.name);
      const std::string near = did_you_mean(name, names);
      throw settings.error(fmt::format(
          "'{}' is no layer that dvinis knows{}; known are {}; name the unit of any other "
          "with `unit:`",
          name, near.empty() ? "" : fmt::format(" (did you mean '{}'?)", near), fmt::join(names, ", ")));
    }
    layer.unit = at_place(*unit, [&] { return si_unit(unit->scalar); });
  } else {
    layer.unit = known->unit;
    layer.long_name = known->long_name;
    layer.resampling = known->resampling;
    layer.background = known->background;
    layer.may_lack = known->may_lack;
  }
  layer.written_unit = unit == nullptr ? layer.unit : unit->scalar;
  if (unit != nullptr)
    layer.conversion = at_place(*unit, [&] { return unit_conversion(unit->scalar, layer.unit); });
  const Setting* resampling = given(settings, "resampling");
  if (resampling != nullptr) {
    layer.resampling = resampling->scalar == "nearest" ? Resampling::nearest : Resampling::bilinear;
  }
  return layer;
}

void apply_raster(const Setting& settings, const Domain& domain, const std::string& domain_crs,
                  IngestContext& context, Composition& layer) {
  const Setting& raster = settings.at("raster");
  RasterOptions options;
  options.crs = domain_crs;
  options.unit = layer.written_unit;
  options.resampling = layer.resampling;
  const Setting* band = given(settings, "band");
  if (band != nullptr) options.band = static_cast<int>(quantity_of(*band, "1"));
  const std::vector<std::string> paths = context.paths(raster);
  const RasterValues read = at_place(raster, [&] { return read_rasters(paths, domain.grid, options); });
  context.note_files(read.files);
  for (const std::string& note : read.notes) context.log().warn("layer {}: {}", layer.name, note);
  for (std::size_t k = 0; k < layer.values.size(); ++k) {
    if (!std::isnan(read.values[k])) layer.values[k] = layer.conversion(read.values[k]);
  }
  layer.sources.push_back(fmt::format("{}", fmt::join(paths, ", ")));
}

/// Number of an area: its attribute or the value of the entry.
double area_value(const Setting& entry, const Feature& feature, const Composition& layer,
                  const UnitConversion& conversion) {
  const Setting* attribute = given(entry, "attribute");
  if (attribute == nullptr) return quantity_of(entry.at("value"), layer.unit);
  const auto number = feature.numbers.find(attribute->scalar);
  if (number != feature.numbers.end() && std::isfinite(number->second)) return conversion(number->second);
  const auto text = feature.texts.find(attribute->scalar);
  if (text == feature.texts.end()) {
    throw attribute->error(fmt::format("{} has no attribute '{}'", feature.place, attribute->scalar));
  }
  throw attribute->error(fmt::format("{}: attribute '{}' is '{}', not a number", feature.place,
                                     attribute->scalar, text->second));
}

void require_attribute(const Setting& attribute, const FeatureFile& file, const std::string& path) {
  if (std::find(file.attributes.begin(), file.attributes.end(), attribute.scalar) != file.attributes.end())
    return;
  const std::string near = did_you_mean(attribute.scalar, file.attributes);
  throw attribute.error(fmt::format(
      "{} has no attribute '{}'{}; the attributes are {}", path, attribute.scalar,
      near.empty() ? "" : fmt::format(" (did you mean '{}'?)", near), fmt::join(file.attributes, ", ")));
}

void apply_area(const Setting& entry, const Domain& domain, IngestContext& context, Composition& layer) {
  const std::string path = context.path(entry.at("file").scalar);
  const Setting* attribute = given(entry, "attribute");
  if ((attribute == nullptr) == (given(entry, "value") == nullptr)) {
    throw entry.error(
        "give either `attribute` (the number stands in the file) or `value`, and only one of them");
  }
  const FeatureFile file =
      at_place(entry, [&] { return read_features(path, domain.grid.crs_wkt, text_of(entry, "where")); });
  context.note_files(file.files);
  if (attribute != nullptr) require_attribute(*attribute, file, path);
  UnitConversion conversion = layer.conversion;
  const Setting* unit = given(entry, "unit");
  if (unit != nullptr)
    conversion = at_place(*unit, [&] { return unit_conversion(unit->scalar, layer.unit); });

  std::size_t covered = 0;
  for (const Feature& feature : file.features) {
    if (feature.kind != GeometryKind::polygon) {
      throw entry.error(fmt::format("{} is no polygon; areas are polygons", feature.place));
    }
    const double value = area_value(entry, feature, layer, conversion);
    for (const Polygon& part : feature.parts) {
      for (const Cell cell : cells_in_polygon(domain.grid, part)) {
        layer.values[static_cast<std::size_t>(cell.j * domain.grid.nx + cell.i)] = value;
        ++covered;
      }
    }
  }
  if (covered == 0) {
    throw entry.error(fmt::format("the areas of {} cover no cell of the grid, which spans {}", path,
                                  extent_text(domain.grid)));
  }
  context.log().info("layer {}: {} areas of {} cover {} cells", layer.name, file.features.size(), path,
                     covered);
  layer.sources.push_back(path);
}

/// Every open cell must have a value, or the layer gives lack a meaning.
void require_complete(const Setting& settings, const Domain& domain, const std::vector<double>& bed,
                      const Composition& layer) {
  if (layer.may_lack && !layer.covers_all) return;
  Index missing = 0;
  Cell first;
  for (Index k = 0; k < domain.grid.cells(); ++k) {
    const auto at = static_cast<std::size_t>(k);
    if (!std::isnan(layer.values[at]) || std::isnan(bed[at])) continue;
    if (missing++ == 0) first = {k % domain.grid.nx, k / domain.grid.nx};
  }
  if (missing == 0) return;
  const Point centre = domain.grid.centre(first);
  throw settings.error(fmt::format(
      "{} of {} cells have no value of '{}', the first at x {:.2f}, y {:.2f}; give `value:` for the cells "
      "that {} do not "
      "cover",
      missing, domain.grid.cells(), layer.name, centre.x, centre.y,
      layer.sources.empty() ? std::string("files") : fmt::format("{}", fmt::join(layer.sources, ", "))));
}

Composition compose(const std::string& name, const Setting& settings, const Domain& domain,
                    const std::string& domain_crs, const std::vector<double>& ground,
                    IngestContext& context) {
  require_datum(settings, domain.vertical_datum);
  Composition layer = start_layer(name, settings);
  const bool is_bed = name == "bed_elevation";
  layer.values = is_bed ? ground : std::vector<double>(ground.size(), layer.background);
  const Setting* value = settings.is_scalar() ? &settings : given(settings, "value");
  const Setting* formula = given(settings, "formula");
  const Setting* raster = given(settings, "raster");
  const Setting* areas = given(settings, "areas");
  if (value == nullptr && formula == nullptr && raster == nullptr &&
      (areas == nullptr || areas->items.empty())) {
    throw settings.error("says nothing about its values; give `value`, `raster`, `formula` or `areas`");
  }
  if (formula != nullptr && (value != nullptr || raster != nullptr)) {
    throw formula->error("a formula covers every cell; take `value` and `raster` out of this layer");
  }
  layer.covers_all = is_bed || value != nullptr || formula != nullptr || raster != nullptr;
  if (value != nullptr) {
    const double number = quantity_of(*value, layer.unit);
    for (std::size_t k = 0; k < ground.size(); ++k) {
      if (!is_bed || !std::isnan(ground[k])) layer.values[k] = number;
    }
    layer.sources.push_back(value->scalar);
  }
  if (raster != nullptr) apply_raster(settings, domain, domain_crs, context, layer);
  if (formula != nullptr) {
    layer.values = at_place(*formula, [&] { return formula_values(formula->scalar, domain.grid, ground); });
    for (double& number : layer.values) number = layer.conversion(number);
    layer.sources.push_back(formula->scalar);
  }
  if (areas != nullptr) {
    for (const Setting& entry : areas->items) apply_area(entry, domain, context, layer);
  }
  return layer;
}

void add_layer(const Composition& composition, const Grid& grid, Twin& twin) {
  Layer layer;
  layer.name = composition.name;
  layer.unit = composition.unit;
  layer.long_name = composition.long_name;
  layer.source = fmt::format("{}", fmt::join(composition.sources, ", "));
  layer.values = Field(ElementType::float64, grid.nx, grid.ny);
  const View<double> view = layer.values.view<double>();
  for (Index j = 0; j < grid.ny; ++j) {
    const double* row = composition.values.data() + j * grid.nx;
    std::copy(row, row + grid.nx, view.row(j));
  }
  twin.layers[layer.name] = std::move(layer);
}

}  // namespace

void build_layers(const Setting* settings, const std::string& domain_crs, const Domain& domain,
                  IngestContext& context, Twin& twin) {
  Composition bed;
  bed.name = "bed_elevation";
  bed.unit = "m";
  bed.long_name = known_layers.front().long_name;
  bed.values = domain.bed;
  bed.sources = {domain.source};
  const Setting* bed_settings = settings == nullptr ? nullptr : settings->find(bed.name);
  if (bed_settings != nullptr) {
    Composition composed = compose(bed.name, *bed_settings, domain, domain_crs, domain.bed, context);
    composed.sources.insert(composed.sources.begin(), domain.source);
    bed = std::move(composed);
  }
  if (settings != nullptr) {
    for (const auto& [name, layer_settings] : settings->members) {
      if (name == bed.name) continue;
      const Composition layer = compose(name, layer_settings, domain, domain_crs, bed.values, context);
      require_complete(layer_settings, domain, bed.values, layer);
      add_layer(layer, domain.grid, twin);
    }
  }
  add_layer(bed, domain.grid, twin);
}

}  // namespace dvinis
