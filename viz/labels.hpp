#pragma once
/// Names beside their places, never on top of each other.

#include <string>
#include <vector>

#include "viz/canvas.hpp"

namespace dvinis::viz {

/// A name that belongs to a spot; `clearance` is the radius of the symbol there.
struct Label {
  Spot at;
  std::string words;
  double clearance = 6.0;
};

/// Finds room for labels inside a frame, earlier ones first: right, left, above, below, then the corners.
class LabelPlacer {
 public:
  LabelPlacer(const Box& frame, double text_size) : frame_(frame), size_(text_size) {}

  /// Keeps labels off a box.
  void reserve(const Box& box) { taken_.push_back(box); }

  /// Draws what finds room and returns the names that found none.
  std::vector<std::string> draw(Canvas& canvas, const std::vector<Label>& labels);

 private:
  bool is_free(const Box& box) const;

  Box frame_;
  double size_;
  std::vector<Box> taken_;
};

}  // namespace dvinis::viz
