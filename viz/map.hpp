#pragma once
/// A field on its terrain as a printed map. Needs no display.

#include <string>
#include <vector>

#include "core/twin/twin.hpp"
#include "viz/page.hpp"
#include "viz/style.hpp"

namespace dvinis::viz {

struct MapOptions {
  int pixels = 2000;        ///< width of the picture
  bool coordinates = true;  ///< eastings and northings along the frame
  bool place_names = true;
};

/// What a map shows.
struct MapSheet {
  PageText text;
  Coloured field;
  std::string field_note = {};  ///< what the field's name leaves to explain
  std::vector<double> bed;      ///< elevation per cell for the relief; empty: none
  std::string dry_note;         ///< "Ground: dry, or less than 1 cm"; empty: no such line
};

/// Draws the sheet; the names that found no room are listed beside the map.
Canvas draw_map(const Twin& twin, const MapSheet& sheet, const MapOptions& options);

/// Name of a place for people: its label, else its id, with the kind in front of a bare number.
std::string place_name(const Place& place);

}  // namespace dvinis::viz
