#pragma once
/// A small anti-aliased canvas that needs no display: polygons, lines, text, PNG. Maps, plots and the frame
/// around 3-D pictures are all drawn on it.

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "viz/colour_map.hpp"

namespace dvinis::viz {

/// A place on the page in layout units; x rightward, y downward from the top left corner.
struct Spot {
  double x = 0.0;
  double y = 0.0;
};

struct Box {
  double left = 0.0;
  double top = 0.0;
  double width = 0.0;
  double height = 0.0;

  double right() const { return left + width; }
  double bottom() const { return top + height; }
  Box grown(double by) const { return {left - by, top - by, width + 2.0 * by, height + 2.0 * by}; }
  bool overlaps(const Box& other) const {
    return left < other.right() && other.left < right() && top < other.bottom() && other.top < bottom();
  }
  bool holds(const Box& inner) const {
    return inner.left >= left && inner.right() <= right() && inner.top >= top && inner.bottom() <= bottom();
  }
  bool holds(Spot spot) const {
    return spot.x >= left && spot.x <= right() && spot.y >= top && spot.y <= bottom();
  }
};

enum class Align { left, centre, right };

struct TextStyle {
  double size = 12.0;  ///< em size in layout units
  bool bold = false;
  Colour colour = {0.13, 0.15, 0.18};
  Align align = Align::left;
  bool upward = false;  ///< turned by 90 degrees, read from below
  double halo = 0.0;    ///< width of a light rim that lifts text off a picture
  Colour halo_colour = {1.0, 1.0, 1.0, 0.85};
};

class Canvas {
 public:
  /// A page of width x height layout units at `scale` pixels per unit.
  Canvas(double width, double height, double scale, Colour ground = {1.0, 1.0, 1.0});

  double width() const { return width_; }
  double height() const { return height_; }
  double scale() const { return scale_; }
  int pixels_x() const { return pixels_x_; }
  int pixels_y() const { return pixels_y_; }

  /// Restricts drawing to a box until `unclip`.
  void clip(const Box& box);
  void unclip();

  /// Fills rings by the even-odd rule, so that inner rings are holes.
  void fill(const std::vector<std::vector<Spot>>& rings, const Colour& colour);
  void fill(const Box& box, const Colour& colour);
  void disc(Spot centre, double radius, const Colour& colour);
  /// Draws a line with round joints; `dash` lists lengths on and off, empty for a full line.
  void line(const std::vector<Spot>& spots, double line_width, const Colour& colour,
            const std::vector<double>& dash = {}, bool closed = false);
  void frame(const Box& box, double line_width, const Colour& colour);

  /// Paints every pixel whose centre lies in `box` with paint(spot) over what is there.
  void raster(const Box& box, const std::function<Colour(Spot)>& paint);
  /// Copies an RGB image (rows from the bottom, as VTK has them) one pixel to one pixel, centred in `box`.
  void image(const Box& box, const std::vector<std::uint8_t>& rgb, int image_width, int image_height);

  /// Draws one line of text; `at` lies on the baseline, at the left, centre or right end by style.align.
  void text(Spot at, const std::string& words, const TextStyle& style);

  /// Colour of the pixel that holds `spot`: for tests.
  Colour at(Spot spot) const;
  Colour pixel(int column, int row) const;

  /// Writes aside and renames, so that no half picture is left. @throws IoError with the reason.
  void write_png(const std::string& path) const;

 private:
  void blend(int column, int row, const Colour& colour, double coverage);
  void fill_pixels(const std::vector<std::vector<Spot>>& rings, const Colour& colour, bool even_odd);

  double width_;
  double height_;
  double scale_;
  int pixels_x_;
  int pixels_y_;
  int clip_left_, clip_right_, clip_top_, clip_bottom_;
  std::vector<float> rgb_;  ///< three per pixel, rows from the top
};

}  // namespace dvinis::viz
