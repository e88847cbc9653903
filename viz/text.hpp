#pragma once
/// Words to pixels with the DejaVu fonts that come with dvinis: the same text on every machine.

#include <cstdint>
#include <string>
#include <vector>

namespace dvinis::viz {

/// Coverage of one line of text; `left` and `top` tell where its first row and column lie from the pen.
struct TextMask {
  int width = 0;
  int height = 0;
  int left = 0;                     ///< columns right of the pen
  int top = 0;                      ///< rows of the mask above the baseline
  double advance = 0.0;             ///< length of the line in pixels
  std::vector<std::uint8_t> cover;  ///< rows from the top

  std::uint8_t at(int column, int row) const {
    return cover[static_cast<std::size_t>(row) * static_cast<std::size_t>(width) +
                 static_cast<std::size_t>(column)];
  }
};

/// Folder of DejaVuSans.ttf: DVINIS_FONTS, ../share/dvinis/fonts beside the program, or the source tree.
/// @throws IoError naming the places it looked at.
const std::string& font_folder();

/// One line of UTF-8 text at `size` pixels per em.
TextMask text_mask(const std::string& words, double size, bool bold);

/// Length of a line in units of `size`.
double text_width(const std::string& words, double size, bool bold);

/// Breaks at blanks so that no line is longer than `width`; a longer word stays whole on its own line.
std::vector<std::string> wrapped(const std::string& words, double size, bool bold, double width);

/// Lines and the size at which `words` fit into `width` on at most `lines` lines; shrinks down to `smallest`,
/// then lets the last line end in an ellipsis.
struct FittedText {
  std::vector<std::string> lines;
  double size = 0.0;
};
FittedText fitted(const std::string& words, double size, double smallest, bool bold, double width,
                  std::size_t lines);

}  // namespace dvinis::viz
