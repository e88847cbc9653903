#pragma once
/// The ground of every cell: which law of infiltration, with which numbers.

#include <array>
#include <cstdint>
#include <vector>

#include "core/twin/twin.hpp"
#include "models/flood/infiltration.hpp"
#include "models/flood/parameters.hpp"

namespace dvinis::flood {

/// What a cell's ground remembers.
struct SoilMemory {
  double infiltrated = 0.0;  ///< [m]
  double capacity = 0.0;     ///< of Horton's law [m s-1]
};

/// What happens at a cell in one step besides.
struct SoilStep {
  double depth = 0.0;  ///< of the water on the ground when the step begins [m]
  double rain = 0.0;   ///< [m]
  double dt = 0.0;     ///< [s]
};

class Soil {
 public:
  Soil() = default;
  /// @throws ScenarioError for a layer that the law lacks, DataError for a number that it cannot take.
  Soil(const Twin& twin, const Parameters& parameters);

  bool takes_water() const { return law_ != InfiltrationLaw::none; }
  SoilMemory start(Cell cell) const;
  /// What the ground could take in during a step [m]; nothing under raised houses.
  double potential(Cell cell, const SoilMemory& memory, const SoilStep& step) const;
  /// The memory after `taken` [m], at most the potential.
  SoilMemory after(Cell cell, const SoilMemory& memory, double taken, double dt) const;

 private:
  double number(std::size_t which, Cell cell) const { return layers_[which](cell.i, cell.j); }
  HortonSoil horton_soil(Cell cell) const { return {number(1, cell), number(2, cell)}; }

  InfiltrationLaw law_ = InfiltrationLaw::none;
  double abstraction_ratio_ = 0.0;
  std::array<View<const double>, 3> layers_{};  ///< of the twin, in the order of `layers_of`
  std::vector<std::uint8_t> is_sealed_;         ///< row by row
  Index nx_ = 0;
};

/// Names of the layers that a law reads.
std::vector<std::string> layers_of(InfiltrationLaw law);

}  // namespace dvinis::flood
