#include "models/flood/soil.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>

#include "core/base/error.hpp"

namespace dvinis::flood {

namespace {

struct SoilLayer {
  const char* name;
  double minimum;
  double maximum;
};

std::vector<SoilLayer> soil_layers(InfiltrationLaw law) {
  // Water runs through coarse gravel at some mm/s.
  const auto rate = [](const char* name) { return SoilLayer{name, 0.0, 1e-2}; };
  switch (law) {
    case InfiltrationLaw::none:
      return {};
    case InfiltrationLaw::constant:
      return {rate("infiltration_rate")};
    case InfiltrationLaw::horton:
      return {rate("initial_infiltration_rate"),
              rate("final_infiltration_rate"),
              {"infiltration_decay", 0.0, 1.0}};
    case InfiltrationLaw::green_ampt:
      return {rate("saturated_conductivity"),
              {"wetting_front_suction", 0.0, 10.0},
              {"moisture_deficit", 0.0, 1.0}};
    case InfiltrationLaw::curve_number:
      return {{"curve_number", 1.0, 100.0}};
  }
  return {};
}

}  // namespace

std::vector<std::string> layers_of(InfiltrationLaw law) {
  std::vector<std::string> names;
  for (const SoilLayer& layer : soil_layers(law)) names.emplace_back(layer.name);
  return names;
}

Soil::Soil(const Twin& twin, const Parameters& parameters)
    : law_(parameters.infiltration), abstraction_ratio_(parameters.abstraction_ratio), nx_(twin.grid.nx) {
  std::size_t which = 0;
  const Layer* bed = twin.find_layer("bed_elevation");
  for (const SoilLayer& wanted : soil_layers(law_)) {
    const Layer* layer = twin.find_layer(wanted.name);
    if (layer == nullptr) {
      throw ScenarioError(fmt::format(
          "models.flood.infiltration: this law reads the layers {}; '{}' is not under 'layers'; give it "
          "there, as a value for all cells or as a raster",
          fmt::join(layers_of(law_), ", "), wanted.name));
    }
    for (Index j = 0; j < twin.grid.ny; ++j) {
      for (Index i = 0; i < twin.grid.nx; ++i) {
        const double number = layer->values.value(i, j);
        const bool is_open = bed != nullptr && std::isfinite(bed->values.value(i, j));
        if (!is_open || (number >= wanted.minimum && number <= wanted.maximum)) continue;
        throw DataError(fmt::format("{}: {} of {} {} at column {}, row {} from the south; allowed: {} to {}",
                                    layer->source, wanted.name, number, layer->unit, i, j, wanted.minimum,
                                    wanted.maximum));
      }
    }
    layers_[which++] = layer->values.view<double>();
  }
  if (law_ == InfiltrationLaw::horton) {
    for (Index j = 0; j < twin.grid.ny; ++j) {
      for (Index i = 0; i < twin.grid.nx; ++i) {
        if (!(number(1, {i, j}) > number(0, {i, j}))) continue;
        throw DataError(fmt::format(
            "models.flood.infiltration: the final rate {} m/s at column {}, row {} from the south is above "
            "the initial one, {} m/s; Horton's law knows capacities that fall",
            number(1, {i, j}), i, j, number(0, {i, j})));
      }
    }
  }
  if (!takes_water() || parameters.buildings == BuildingTreatment::ignore || twin.finer != nullptr) return;
  is_sealed_.assign(static_cast<std::size_t>(twin.grid.cells()), 0);
  for (const Place* building : twin.places_of("building")) {
    for (const Cell cell : building->cells) is_sealed_[static_cast<std::size_t>(cell.j * nx_ + cell.i)] = 1;
  }
}

SoilMemory Soil::start(Cell cell) const {
  SoilMemory memory;
  if (law_ == InfiltrationLaw::horton) memory.capacity = number(0, cell);
  return memory;
}

double Soil::potential(Cell cell, const SoilMemory& memory, const SoilStep& step) const {
  if (!is_sealed_.empty() && is_sealed_[static_cast<std::size_t>(cell.j * nx_ + cell.i)] != 0) return 0.0;
  switch (law_) {
    case InfiltrationLaw::none:
      return 0.0;
    case InfiltrationLaw::constant:
      return number(0, cell) * step.dt;
    case InfiltrationLaw::horton:
      return step.depth > 0.0
                 ? horton_potential(horton_soil(cell), memory.capacity, step.dt)
                 : horton_potential_of_bare_ground(horton_soil(cell), memory.capacity, step.rain, step.dt);
    case InfiltrationLaw::green_ampt: {
      const GreenAmptSoil soil{number(0, cell), number(1, cell), number(2, cell)};
      return step.depth > 0.0
                 ? green_ampt_potential(soil, memory.infiltrated, step.depth, step.rain, step.dt)
                 : green_ampt_potential_of_bare_ground(soil, memory.infiltrated, step.rain, step.dt);
    }
    case InfiltrationLaw::curve_number:
      return curve_number_potential(curve_number_soil(number(0, cell), abstraction_ratio_),
                                    memory.infiltrated, step.rain);
  }
  return 0.0;
}

SoilMemory Soil::after(Cell cell, const SoilMemory& memory, double taken, double dt) const {
  SoilMemory next = memory;
  next.infiltrated += taken;
  if (law_ == InfiltrationLaw::horton)
    next.capacity = horton_capacity_after(horton_soil(cell), memory.capacity, taken, dt);
  return next;
}

}  // namespace dvinis::flood
