#pragma once
/// Colours that a colour-blind reader can order: every sequential map changes its lightness in one direction.

#include <array>
#include <string>
#include <vector>

namespace dvinis::viz {

/// sRGB with straight alpha, each 0..1.
struct Colour {
  double red = 0.0;
  double green = 0.0;
  double blue = 0.0;
  double alpha = 1.0;

  Colour with_alpha(double value) const { return {red, green, blue, value}; }
};

/// Colour of "#rrggbb".
Colour hex(const char* text);

/// Straight mixture in sRGB: a at share 0, b at share 1.
Colour mix(const Colour& a, const Colour& b, double share);

/// Perceived lightness 0..100 (CIE L*, D65) of an opaque colour.
double lightness(const Colour& colour);

enum class Palette {
  viridis,  ///< matplotlib (S. van der Walt, N. Smith, E. Firing; CC0)
  cividis,  ///< Nuñez, Anderton, Renslow 2018, doi:10.1371/journal.pone.0199239 (matplotlib, CC0)
  plasma,   ///< matplotlib (CC0)
  magma,    ///< matplotlib (CC0)
  water,    ///< ours: pale to navy blue, even steps in OKLab; for depths
  hazard,   ///< ours: pale yellow over orange to dark purple, even steps in OKLab; for danger
  balance,  ///< ours: blue, near-white, orange-brown; for values with a sign
};

/// A map from 0..1 to colour: a palette, possibly turned round or cut to the part that stands out from grey.
struct ColourMap {
  Palette palette = Palette::viridis;
  bool reversed = false;
  double from = 0.0;  ///< part of the palette that is used
  double to = 1.0;

  /// `share` is clamped to 0..1.
  Colour operator()(double share) const;
};

/// Colours of `count` ordered classes, light to dark, far enough apart to be told from each other.
std::vector<Colour> class_colours(std::size_t count);

/// Colours of lines: Okabe and Ito's set without its yellow, which white paper swallows.
const std::array<Colour, 7>& line_colours();

}  // namespace dvinis::viz
