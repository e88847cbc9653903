#include "viz/canvas.hpp"

#include <vtkImageData.h>
#include <vtkNew.h>
#include <vtkPNGWriter.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <numbers>

#include "core/base/error.hpp"
#include "viz/text.hpp"

namespace dvinis::viz {
namespace {

constexpr int lines_per_pixel = 4;  ///< sub-scanlines of the polygon filler

struct Crossing {
  double x;
  int turn;  ///< +1 downward edge, -1 upward edge
};

/// Adds the span [from, to) of one sub-scanline to a row of coverages.
void add_span(std::vector<float>& row, double from, double to, double weight) {
  const double first = std::max(from, 0.0);
  const double last = std::min(to, static_cast<double>(row.size()));
  if (!(last > first)) return;
  const auto begin = static_cast<std::size_t>(first);
  const auto end = std::min(static_cast<std::size_t>(last), row.size() - 1);
  if (begin == end) {
    row[begin] += static_cast<float>(weight * (last - first));
    return;
  }
  row[begin] += static_cast<float>(weight * (static_cast<double>(begin + 1) - first));
  for (std::size_t k = begin + 1; k < end; ++k) row[k] += static_cast<float>(weight);
  row[end] += static_cast<float>(weight * (last - static_cast<double>(end)));
}

std::vector<Crossing> crossings_at(const std::vector<std::vector<Spot>>& rings, double y) {
  std::vector<Crossing> result;
  for (const std::vector<Spot>& ring : rings) {
    for (std::size_t k = 0; k < ring.size(); ++k) {
      const Spot a = ring[k];
      const Spot b = ring[(k + 1) % ring.size()];
      if ((a.y <= y) == (b.y <= y)) continue;
      result.push_back({a.x + (y - a.y) / (b.y - a.y) * (b.x - a.x), b.y > a.y ? 1 : -1});
    }
  }
  std::sort(result.begin(), result.end(), [](const Crossing& a, const Crossing& b) { return a.x < b.x; });
  return result;
}

/// A counter-clockwise circle for joints and dots, in pixels.
std::vector<Spot> circle(Spot centre, double radius) {
  const int corners = std::clamp(static_cast<int>(radius * 3.0), 12, 96);
  std::vector<Spot> ring;
  for (int k = 0; k < corners; ++k) {
    const double angle = 2.0 * std::numbers::pi * k / corners;
    ring.push_back({centre.x + radius * std::cos(angle), centre.y + radius * std::sin(angle)});
  }
  return ring;
}

/// The rectangle around one stretch of a line, turning the same way as `circle`.
std::vector<Spot> stretch(Spot a, Spot b, double half_width) {
  const double length = std::hypot(b.x - a.x, b.y - a.y);
  const double nx = -(b.y - a.y) / length * half_width;
  const double ny = (b.x - a.x) / length * half_width;
  return {{a.x - nx, a.y - ny}, {b.x - nx, b.y - ny}, {b.x + nx, b.y + ny}, {a.x + nx, a.y + ny}};
}

/// Cuts a line into its dashes.
std::vector<std::vector<Spot>> dashes(const std::vector<Spot>& spots, const std::vector<double>& pattern) {
  std::vector<std::vector<Spot>> result{{spots.front()}};
  std::size_t part = 0;
  double left = pattern[0];
  for (std::size_t k = 0; k + 1 < spots.size(); ++k) {
    Spot from = spots[k];
    const Spot to = spots[k + 1];
    double rest = std::hypot(to.x - from.x, to.y - from.y);
    while (rest > left) {
      const Spot cut{from.x + (to.x - from.x) * left / rest, from.y + (to.y - from.y) * left / rest};
      if (part % 2 == 0) result.back().push_back(cut);
      if (part % 2 == 1) result.push_back({cut});
      rest -= left;
      from = cut;
      part = (part + 1) % pattern.size();
      left = pattern[part];
    }
    left -= rest;
    if (part % 2 == 0) result.back().push_back(to);
  }
  return result;
}

}  // namespace

Canvas::Canvas(double width, double height, double scale, Colour ground)
    : width_(width),
      height_(height),
      scale_(scale),
      pixels_x_(static_cast<int>(std::lround(width * scale))),
      pixels_y_(static_cast<int>(std::lround(height * scale))) {
  expects(pixels_x_ > 0 && pixels_y_ > 0, "a page with pixels");
  rgb_.resize(static_cast<std::size_t>(pixels_x_) * static_cast<std::size_t>(pixels_y_) * 3);
  for (std::size_t k = 0; k < rgb_.size(); k += 3) {
    rgb_[k] = static_cast<float>(ground.red);
    rgb_[k + 1] = static_cast<float>(ground.green);
    rgb_[k + 2] = static_cast<float>(ground.blue);
  }
  unclip();
}

void Canvas::clip(const Box& box) {
  const auto bound = [](double value, int limit) {
    return std::clamp(static_cast<int>(std::lround(value)), 0, limit);
  };
  clip_left_ = bound(box.left * scale_, pixels_x_);
  clip_right_ = bound(box.right() * scale_, pixels_x_);
  clip_top_ = bound(box.top * scale_, pixels_y_);
  clip_bottom_ = bound(box.bottom() * scale_, pixels_y_);
}

void Canvas::unclip() {
  clip_left_ = clip_top_ = 0;
  clip_right_ = pixels_x_;
  clip_bottom_ = pixels_y_;
}

void Canvas::blend(int column, int row, const Colour& colour, double coverage) {
  if (column < clip_left_ || column >= clip_right_ || row < clip_top_ || row >= clip_bottom_) return;
  const auto share = static_cast<float>(std::min(coverage, 1.0) * colour.alpha);
  float* pixel = &rgb_[(static_cast<std::size_t>(row) * static_cast<std::size_t>(pixels_x_) +
                        static_cast<std::size_t>(column)) *
                       3];
  pixel[0] += share * (static_cast<float>(colour.red) - pixel[0]);
  pixel[1] += share * (static_cast<float>(colour.green) - pixel[1]);
  pixel[2] += share * (static_cast<float>(colour.blue) - pixel[2]);
}

void Canvas::fill_pixels(const std::vector<std::vector<Spot>>& rings, const Colour& colour, bool even_odd) {
  double top = pixels_y_;
  double bottom = 0.0;
  for (const std::vector<Spot>& ring : rings) {
    for (const Spot& spot : ring) {
      top = std::min(top, spot.y);
      bottom = std::max(bottom, spot.y);
    }
  }
  const int first = std::max(static_cast<int>(std::floor(top)), clip_top_);
  const int last = std::min(static_cast<int>(std::ceil(bottom)), clip_bottom_);
  std::vector<float> coverage(static_cast<std::size_t>(pixels_x_));
  for (int row = first; row < last; ++row) {
    std::fill(coverage.begin(), coverage.end(), 0.0F);
    for (int sub = 0; sub < lines_per_pixel; ++sub) {
      const double y = row + (sub + 0.5) / lines_per_pixel;
      const std::vector<Crossing> crossings = crossings_at(rings, y);
      int winding = 0;
      for (std::size_t k = 0; k + 1 < crossings.size(); ++k) {
        winding += even_odd ? 1 : crossings[k].turn;
        const bool inside = even_odd ? winding % 2 != 0 : winding != 0;
        if (inside) add_span(coverage, crossings[k].x, crossings[k + 1].x, 1.0 / lines_per_pixel);
      }
    }
    for (int column = clip_left_; column < clip_right_; ++column) {
      const float share = coverage[static_cast<std::size_t>(column)];
      if (share > 0.0F) blend(column, row, colour, static_cast<double>(share));
    }
  }
}

void Canvas::fill(const std::vector<std::vector<Spot>>& rings, const Colour& colour) {
  std::vector<std::vector<Spot>> scaled = rings;
  for (std::vector<Spot>& ring : scaled) {
    for (Spot& spot : ring) spot = {spot.x * scale_, spot.y * scale_};
  }
  fill_pixels(scaled, colour, true);
}

void Canvas::fill(const Box& box, const Colour& colour) {
  fill({{{box.left, box.top}, {box.right(), box.top}, {box.right(), box.bottom()}, {box.left, box.bottom()}}},
       colour);
}

void Canvas::disc(Spot centre, double radius, const Colour& colour) {
  fill_pixels({circle({centre.x * scale_, centre.y * scale_}, radius * scale_)}, colour, false);
}

void Canvas::line(const std::vector<Spot>& spots, double line_width, const Colour& colour,
                  const std::vector<double>& dash, bool closed) {
  if (spots.empty()) return;
  std::vector<Spot> scaled;
  for (const Spot& spot : spots) scaled.push_back({spot.x * scale_, spot.y * scale_});
  if (closed) scaled.push_back(scaled.front());
  std::vector<double> pattern = dash;
  for (double& length : pattern) length *= scale_;
  const double half = 0.5 * line_width * scale_;
  std::vector<std::vector<Spot>> shapes;
  for (const std::vector<Spot>& piece :
       pattern.empty() ? std::vector<std::vector<Spot>>{scaled} : dashes(scaled, pattern)) {
    for (std::size_t k = 0; k + 1 < piece.size(); ++k) {
      if (std::hypot(piece[k + 1].x - piece[k].x, piece[k + 1].y - piece[k].y) < 1e-9) continue;
      shapes.push_back(stretch(piece[k], piece[k + 1], half));
      if (pattern.empty() && (k > 0 || closed)) shapes.push_back(circle(piece[k], half));
    }
  }
  fill_pixels(shapes, colour, false);
}

void Canvas::frame(const Box& box, double line_width, const Colour& colour) {
  line({{box.left, box.top}, {box.right(), box.top}, {box.right(), box.bottom()}, {box.left, box.bottom()}},
       line_width, colour, {}, true);
}

void Canvas::raster(const Box& box, const std::function<Colour(Spot)>& paint) {
  const auto bound = [](double value, int limit) {
    return std::clamp(static_cast<int>(std::lround(value)), 0, limit);
  };
  const int left = bound(box.left * scale_, pixels_x_);
  const int right = bound(box.right() * scale_, pixels_x_);
  for (int row = bound(box.top * scale_, pixels_y_); row < bound(box.bottom() * scale_, pixels_y_); ++row) {
    for (int column = left; column < right; ++column) {
      blend(column, row, paint({(column + 0.5) / scale_, (row + 0.5) / scale_}), 1.0);
    }
  }
}

void Canvas::image(const Box& box, const std::vector<std::uint8_t>& rgb, int image_width, int image_height) {
  const int left = static_cast<int>(std::lround((box.left + 0.5 * box.width) * scale_)) - image_width / 2;
  const int top = static_cast<int>(std::lround((box.top + 0.5 * box.height) * scale_)) - image_height / 2;
  for (int row = 0; row < image_height; ++row) {
    for (int column = 0; column < image_width; ++column) {
      const std::size_t k =
          (static_cast<std::size_t>(image_height - 1 - row) * static_cast<std::size_t>(image_width) +
           static_cast<std::size_t>(column)) *
          3;
      blend(left + column, top + row, {rgb[k] / 255.0, rgb[k + 1] / 255.0, rgb[k + 2] / 255.0}, 1.0);
    }
  }
}

void Canvas::text(Spot at, const std::string& words, const TextStyle& style) {
  if (words.empty()) return;
  const TextMask mask = text_mask(words, style.size * scale_, style.bold);
  const double shift = style.align == Align::left ? 0.0 : (style.align == Align::centre ? 0.5 : 1.0);
  const int x = static_cast<int>(std::lround(at.x * scale_));
  const int y = static_cast<int>(std::lround(at.y * scale_));
  const int back = static_cast<int>(std::lround(shift * mask.advance));
  const auto draw = [&](int dx, int dy, const Colour& colour) {
    for (int row = 0; row < mask.height; ++row) {
      for (int column = 0; column < mask.width; ++column) {
        const std::uint8_t cover = mask.at(column, row);
        if (cover == 0) continue;
        const int along = mask.left + column - back;
        const int above = mask.top - row;
        if (style.upward) blend(x - above + dx, y - along + dy, colour, cover / 255.0);
        if (!style.upward) blend(x + along + dx, y - above + dy, colour, cover / 255.0);
      }
    }
  };
  if (style.halo > 0.0) {
    const double radius = style.halo * scale_;
    for (int k = 0; k < 12; ++k) {
      const double angle = 2.0 * std::numbers::pi * k / 12.0;
      draw(static_cast<int>(std::lround(radius * std::cos(angle))),
           static_cast<int>(std::lround(radius * std::sin(angle))), style.halo_colour);
    }
  }
  draw(0, 0, style.colour);
}

Colour Canvas::pixel(int column, int row) const {
  expects(column >= 0 && column < pixels_x_ && row >= 0 && row < pixels_y_, "a pixel of the page");
  const std::size_t k = (static_cast<std::size_t>(row) * static_cast<std::size_t>(pixels_x_) +
                         static_cast<std::size_t>(column)) *
                        3;
  return {static_cast<double>(rgb_[k]), static_cast<double>(rgb_[k + 1]), static_cast<double>(rgb_[k + 2])};
}

Colour Canvas::at(Spot spot) const {
  return pixel(std::clamp(static_cast<int>(spot.x * scale_), 0, pixels_x_ - 1),
               std::clamp(static_cast<int>(spot.y * scale_), 0, pixels_y_ - 1));
}

void Canvas::write_png(const std::string& path) const {
  vtkNew<vtkImageData> picture;
  picture->SetDimensions(pixels_x_, pixels_y_, 1);
  picture->AllocateScalars(VTK_UNSIGNED_CHAR, 3);
  auto* bytes = static_cast<std::uint8_t*>(picture->GetScalarPointer());
  const std::size_t row_size = static_cast<std::size_t>(pixels_x_) * 3;
  for (std::size_t row = 0; row < static_cast<std::size_t>(pixels_y_); ++row) {
    const std::size_t from =
        (static_cast<std::size_t>(pixels_y_) - 1 - row) * row_size;  // VTK starts at the bottom
    for (std::size_t k = 0; k < row_size; ++k) {
      bytes[row * row_size + k] =
          static_cast<std::uint8_t>(std::lround(255.0F * std::clamp(rgb_[from + k], 0.0F, 1.0F)));
    }
  }
  const std::string aside = path + ".part";
  std::FILE* probe = std::fopen(aside.c_str(), "wb");  // VTK's own message does not tell why
  if (probe == nullptr) {
    throw IoError(path + ": the picture cannot be written (" +
                  std::error_code(errno, std::generic_category()).message() +
                  "); name another folder with --out");
  }
  std::fclose(probe);
  vtkNew<vtkPNGWriter> writer;
  writer->SetFileName(aside.c_str());
  writer->SetInputData(picture);
  writer->Write();
  std::error_code failure;
  if (writer->GetErrorCode() == 0) std::filesystem::rename(aside, path, failure);
  if (writer->GetErrorCode() != 0 || failure) {
    std::filesystem::remove(aside, failure);
    throw IoError(path + ": the picture could not be written in full; is the disk full?");
  }
}

}  // namespace dvinis::viz
