#include "viz/labels.hpp"

#include <algorithm>
#include <array>

#include "viz/text.hpp"

namespace dvinis::viz {

bool LabelPlacer::is_free(const Box& box) const {
  return frame_.holds(box.grown(2.0)) &&
         std::none_of(taken_.begin(), taken_.end(), [&box](const Box& other) { return box.overlaps(other); });
}

std::vector<std::string> LabelPlacer::draw(Canvas& canvas, const std::vector<Label>& labels) {
  for (const Label& label : labels) reserve(Box{label.at.x, label.at.y, 0.0, 0.0}.grown(label.clearance));
  std::vector<std::string> left_out;
  for (const Label& label : labels) {
    const double width = text_width(label.words, size_, true) + 2.0;
    const double height = size_ * 1.15;
    const double gap = label.clearance + 2.0;
    // Lower left corners of the text, in the order in which a reader likes them.
    const std::array<Spot, 8> corners{{{gap, height / 2.0},
                                       {-gap - width, height / 2.0},
                                       {-width / 2.0, -gap},
                                       {-width / 2.0, gap + height},
                                       {gap * 0.7, -gap * 0.7},
                                       {gap * 0.7, gap * 0.7 + height},
                                       {-gap * 0.7 - width, -gap * 0.7},
                                       {-gap * 0.7 - width, gap * 0.7 + height}}};
    bool drawn = false;
    for (const Spot& corner : corners) {
      const Box box{label.at.x + corner.x, label.at.y + corner.y - height, width, height};
      if (!is_free(box)) continue;
      canvas.text({box.left + 1.0, box.bottom() - 0.24 * size_}, label.words,
                  {.size = size_, .bold = true, .halo = 1.3});
      reserve(box);
      drawn = true;
      break;
    }
    if (!drawn) left_out.push_back(label.words);
  }
  return left_out;
}

}  // namespace dvinis::viz
