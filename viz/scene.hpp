#pragma once
/// Terrain, water and houses in three dimensions. The only picture that needs a display.

#include <string>
#include <vector>

#include "core/twin/twin.hpp"
#include "viz/page.hpp"
#include "viz/style.hpp"

namespace dvinis::viz {

/// What a scene shows. All vectors are per cell from the south-west.
struct SceneSheet {
  PageText text;
  std::vector<double> bed;    ///< [m], NaN where unknown
  std::vector<double> depth;  ///< [m], NaN where dry
  Coloured field;             ///< colours the water
};

/// Renders the scene. @pre display_answers(): VTK aborts the program otherwise.
Canvas draw_scene(const Twin& twin, const SceneSheet& sheet, int pixels);

/// Round factor (1, 1.5, 2, 3, 5, ...) by which heights are stretched so that the relief is seen: a ninth of
/// the domain's longer side.
double height_stretch(const Grid& grid, const std::vector<double>& bed);

}  // namespace dvinis::viz
