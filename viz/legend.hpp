#pragma once
/// What explains a picture: colour bar, classes, symbols, scale bar, north arrow. Each is drawn downward from
/// `top` inside a strip and returns the y where it ended.

#include <string>
#include <vector>

#include "viz/canvas.hpp"
#include "viz/style.hpp"

namespace dvinis::viz {

/// A vertical bar with ticks; arrows where values lie beyond its ends, with the words "and above" or "and
/// below".
double draw_colour_bar(Canvas& canvas, const Box& strip, const Coloured& field, double bar_height);

/// A swatch and the sentence of each class, the highest on top.
double draw_classes(Canvas& canvas, const Box& strip, const Coloured& field);

/// The bar or the classes, whichever the field has.
double draw_key(Canvas& canvas, const Box& strip, const Coloured& field);

/// Wrapped small text.
double draw_remark(Canvas& canvas, const Box& strip, const std::string& words);

enum class Symbol { building, gauge, mark, source, section, structure, area, nodata, dry };

void draw_symbol(Canvas& canvas, Spot at, Symbol symbol);
double draw_symbols(Canvas& canvas, const Box& strip,
                    const std::vector<std::pair<Symbol, std::string>>& rows);

/// A bar of a round length, no longer than the strip, for a map with `metres_per_unit`.
double draw_scale_bar(Canvas& canvas, const Box& strip, double metres_per_unit);

/// An arrow to grid north, 34 units high, centred at `x`, turned clockwise by `turn` degrees.
void draw_north_arrow(Canvas& canvas, double x, double top, double turn = 0.0);

}  // namespace dvinis::viz
