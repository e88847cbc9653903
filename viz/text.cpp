#include "viz/text.hpp"

#include <ft2build.h>
#include FT_FREETYPE_H
#include FT_OUTLINE_H

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <sstream>

#include "core/base/error.hpp"

#ifndef DVINIS_SOURCE_FONTS
#define DVINIS_SOURCE_FONTS ""
#endif

namespace dvinis::viz {
namespace {

// FreeType itself rather than VTK's text classes, which lose every character beyond ASCII on Debian 12.

std::string find_font_folder() {
  std::vector<std::string> places;
  if (const char* named = std::getenv("DVINIS_FONTS")) places.emplace_back(named);
  std::error_code failure;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", failure);
  if (!failure) places.push_back((program.parent_path().parent_path() / "share/dvinis/fonts").string());
  places.emplace_back(DVINIS_SOURCE_FONTS);
  std::string looked;
  for (const std::string& place : places) {
    if (std::filesystem::exists(std::filesystem::path(place) / "DejaVuSans.ttf", failure)) return place;
    looked += (looked.empty() ? "" : ", ") + place;
  }
  throw IoError("DejaVuSans.ttf: not found in " + looked +
                "; reinstall dvinis, or name the fonts' folder in the environment variable DVINIS_FONTS");
}

/// One open font; lives as long as the program and belongs to the thread that draws.
class Font {
 public:
  explicit Font(const std::string& file) {
    static FT_Library library = [] {
      FT_Library opened = nullptr;
      expects(FT_Init_FreeType(&opened) == 0, "FreeType starts");
      return opened;
    }();
    if (FT_New_Face(library, file.c_str(), 0, &face_) != 0) {
      throw IoError(file + ": not a readable font; reinstall dvinis");
    }
  }

  static Font& of(bool bold) {
    static Font regular_font(font_folder() + "/DejaVuSans.ttf");
    static Font bold_font(font_folder() + "/DejaVuSans-Bold.ttf");
    return bold ? bold_font : regular_font;
  }

  /// Calls visit(pen) with the glyph loaded, pens in pixels; returns the length of the line.
  template <class Visit>
  double walk(const std::string& words, double size, Visit visit) {
    FT_Set_Char_Size(face_, 0, static_cast<FT_F26Dot6>(std::lround(size * 64.0)), 72, 72);
    double pen = 0.0;
    FT_UInt previous = 0;
    for (const char32_t letter : letters(words)) {
      const FT_UInt glyph = FT_Get_Char_Index(face_, letter);
      FT_Vector kern{0, 0};
      if (previous != 0) FT_Get_Kerning(face_, previous, glyph, FT_KERNING_UNFITTED, &kern);
      pen += static_cast<double>(kern.x) / 64.0;
      if (FT_Load_Glyph(face_, glyph, FT_LOAD_NO_HINTING | FT_LOAD_NO_BITMAP) != 0) continue;
      visit(face_->glyph, pen);
      pen += static_cast<double>(face_->glyph->linearHoriAdvance) / 65536.0;
      previous = glyph;
    }
    return pen;
  }

 private:
  /// Code points of UTF-8 text; a broken byte becomes U+FFFD.
  static std::u32string letters(const std::string& words) {
    std::u32string result;
    for (std::size_t k = 0; k < words.size();) {
      const auto lead = static_cast<unsigned char>(words[k]);
      const std::size_t length =
          lead < 0x80 ? 1 : (lead >= 0xF0 ? 4 : (lead >= 0xE0 ? 3 : (lead >= 0xC0 ? 2 : 0)));
      if (length == 0 || k + length > words.size()) {
        result.push_back(U'\uFFFD');
        ++k;
        continue;
      }
      char32_t code = length == 1 ? lead : static_cast<char32_t>(lead & (0x7FU >> length));
      for (std::size_t n = 1; n < length; ++n)
        code = (code << 6U) | (static_cast<unsigned char>(words[k + n]) & 0x3FU);
      result.push_back(code);
      k += length;
    }
    return result;
  }

  FT_Face face_ = nullptr;
};

/// Draws the loaded outline at a fraction of a pixel and adds it to the mask.
void add_glyph(TextMask& mask, FT_GlyphSlot glyph, double pen) {
  const double whole = std::floor(pen);
  FT_Outline_Translate(&glyph->outline, std::lround((pen - whole) * 64.0), 0);
  if (FT_Render_Glyph(glyph, FT_RENDER_MODE_NORMAL) != 0) return;
  const FT_Bitmap& bitmap = glyph->bitmap;
  for (int row = 0; row < static_cast<int>(bitmap.rows); ++row) {
    for (int column = 0; column < static_cast<int>(bitmap.width); ++column) {
      const int x = static_cast<int>(whole) + glyph->bitmap_left + column - mask.left;
      const int y = mask.top - glyph->bitmap_top + row;
      if (x < 0 || x >= mask.width || y < 0 || y >= mask.height) continue;
      std::uint8_t& cover = mask.cover[static_cast<std::size_t>(y) * static_cast<std::size_t>(mask.width) +
                                       static_cast<std::size_t>(x)];
      cover = std::max(cover, bitmap.buffer[row * bitmap.pitch + column]);
    }
  }
}

}  // namespace

const std::string& font_folder() {
  static const std::string folder = find_font_folder();
  return folder;
}

TextMask text_mask(const std::string& words, double size, bool bold) {
  TextMask mask;
  Font& font = Font::of(bold);
  mask.advance = font.walk(words, size, [](FT_GlyphSlot, double) {});
  const int room = static_cast<int>(std::ceil(size * 0.3)) + 1;  // for glyphs that lean over their pen
  mask.left = -room;
  mask.top = static_cast<int>(std::ceil(size * 1.1)) + 1;
  mask.width = static_cast<int>(std::ceil(mask.advance)) + 2 * room;
  mask.height = mask.top + static_cast<int>(std::ceil(size * 0.35)) + 1;
  mask.cover.resize(static_cast<std::size_t>(mask.width) * static_cast<std::size_t>(mask.height));
  font.walk(words, size, [&mask](FT_GlyphSlot glyph, double pen) { add_glyph(mask, glyph, pen); });
  return mask;
}

double text_width(const std::string& words, double size, bool bold) {
  return Font::of(bold).walk(words, size, [](FT_GlyphSlot, double) {});
}

std::vector<std::string> wrapped(const std::string& words, double size, bool bold, double width) {
  std::vector<std::string> lines;
  std::istringstream stream(words);
  for (std::string word; stream >> word;) {
    const std::string longer = lines.empty() ? word : lines.back() + " " + word;
    if (lines.empty() || text_width(longer, size, bold) > width) {
      lines.push_back(word);
    } else {
      lines.back() = longer;
    }
  }
  return lines;
}

FittedText fitted(const std::string& words, double size, double smallest, bool bold, double width,
                  std::size_t lines) {
  FittedText result{wrapped(words, size, bold, width), size};
  const auto too_wide = [&] {
    for (const std::string& line : result.lines) {
      if (text_width(line, result.size, bold) > width) return true;
    }
    return false;
  };
  while ((result.lines.size() > lines || too_wide()) && result.size > smallest) {
    result.size = std::max(smallest, result.size - 0.5);
    result.lines = wrapped(words, result.size, bold, width);
  }
  // Lines of like length: the narrowest width that needs no further line.
  for (double narrow = 0.98 * width; result.lines.size() > 1 && narrow > 0.5 * width;
       narrow -= 0.02 * width) {
    const std::vector<std::string> even = wrapped(words, result.size, bold, narrow);
    if (even.size() > result.lines.size()) break;
    result.lines = even;
  }
  const bool cut = result.lines.size() > lines;
  if (cut) result.lines.resize(lines);
  for (std::string& line : result.lines) {
    const bool ends_early = cut && &line == &result.lines.back();
    if (!ends_early && text_width(line, result.size, bold) <= width) continue;
    while (!line.empty() && text_width(line + "\u2026", result.size, bold) > width) {
      do line.pop_back();
      while (!line.empty() && (static_cast<unsigned char>(line.back()) & 0xC0U) == 0x80U);
      // A cut inside a UTF-8 character leaves its lead byte: drop that as well.
      while (!line.empty() && static_cast<unsigned char>(line.back()) >= 0xC0U) line.pop_back();
    }
    line += "\u2026";
  }
  return result;
}

}  // namespace dvinis::viz
