#include "viz/page.hpp"

#include <fmt/format.h>

#include <cctype>
#include <cmath>
#include <cstdlib>

#include "viz/scale.hpp"
#include "viz/text.hpp"

namespace dvinis::viz {
namespace {

constexpr double title_size = 20.0;
constexpr double heading_size = 14.0;
constexpr double note_size = 9.0;
const Colour quiet{0.42, 0.44, 0.48};

/// Words of the page broken into lines, and the heights they take.
struct Layout {
  FittedText title;
  FittedText heading;
  FittedText moment;
  bool one_line = false;  ///< heading and moment share a line
  std::vector<std::string> notes;
  double header = 0.0;
  double footer = 0.0;
};

Layout layout(const PageText& text, double width) {
  const double room = width - 2.0 * page_margin;
  Layout result;
  result.title = fitted(text.title, title_size, 14.0, true, room, 2);
  result.heading = fitted(text.heading, heading_size, 10.0, true, room, 1);
  result.moment = fitted(text.moment, heading_size - 1.0, 9.0, false, room, 2);
  result.one_line = text_width(text.heading, heading_size, true) + 14.0 +
                        text_width(text.moment, heading_size - 1.0, false) <=
                    room;
  for (const std::string& note : text.notes) {
    for (const std::string& line : wrapped(note, note_size, false, room)) result.notes.push_back(line);
  }
  const double title_height = static_cast<double>(result.title.lines.size()) * result.title.size * 1.25;
  const double second = result.one_line ? 0.0 : static_cast<double>(result.moment.lines.size()) * 18.0;
  result.header = 18.0 + title_height + 22.0 + second + (text.label.empty() ? 0.0 : 30.0) + 8.0;
  result.footer = 10.0 + static_cast<double>(result.notes.size()) * note_size * 1.4 + 12.0;
  return result;
}

double draw_lines(Canvas& canvas, const FittedText& words, double top, bool bold, const Colour& colour) {
  for (const std::string& line : words.lines) {
    canvas.text({page_margin, top + words.size}, line, {.size = words.size, .bold = bold, .colour = colour});
    top += words.size * 1.25;
  }
  return top;
}

void draw_header(Canvas& canvas, const PageText& text, const Layout& words) {
  const Colour ink = TextStyle{}.colour;
  double y = draw_lines(canvas, words.title, 18.0, true, ink) + 4.0;
  const double heading_width = text_width(text.heading, heading_size, true);
  draw_lines(canvas, words.heading, y, true, hex("#1f4f82"));
  if (words.one_line) {
    const double left = page_margin + (text.heading.empty() ? 0.0 : heading_width + 14.0);
    canvas.text({left, y + heading_size}, text.moment,
                {.size = heading_size - 1.0, .colour = hex("#3d434b")});
    y += 18.0;
  } else {
    y = draw_lines(canvas, words.moment, y + 18.0, false, hex("#3d434b"));
  }
  if (!text.label.empty()) {
    const FittedText label =
        fitted(text.label, 12.0, 8.0, true, canvas.width() - 2.0 * page_margin - 20.0, 1);
    const Box band{page_margin, y + 8.0, text_width(label.lines[0], label.size, true) + 20.0, 21.0};
    canvas.fill(band, hex("#ffd966"));
    canvas.frame(band, 1.0, hex("#8a6d00"));
    canvas.text({band.left + 10.0, band.top + 15.0}, label.lines[0], {.size = label.size, .bold = true});
  }
}

}  // namespace

Page make_page(const PageText& text, double width, double content_height, int pixels) {
  const Layout words = layout(text, width);
  const double height = words.header + content_height + words.footer;
  Page page{Canvas(width, height, pixels / width),
            {page_margin, words.header, width - 2.0 * page_margin, content_height}};
  draw_header(page.canvas, text, words);
  double y = page.content.bottom() + 10.0;
  for (const std::string& note : words.notes) {
    y += note_size * 1.4;
    page.canvas.text({page_margin, y}, note, {.size = note_size, .colour = quiet});
  }
  return page;
}

PageText page_text(const Twin& twin, Language language) {
  PageText text;
  text.language = language;
  const Provenance& provenance = twin.provenance;
  text.title = provenance.about.empty() ? sentence_case(provenance.scenario_name) : provenance.about;
  if (!text.title.empty() && text.title.back() == '.') text.title.pop_back();
  text.label = provenance.label;
  if (!provenance.attribution.empty()) text.notes.push_back(provenance.attribution);
  const std::string spacing = decimal(language, fmt::format("{:.4g}", twin.grid.spacing));
  std::string run =
      fmt::format(fmt::runtime(say(language, "Scenario {} \u00b7 {} \u00d7 {} cells of {} m \u00b7 {}")),
                  provenance.scenario_name, twin.grid.nx, twin.grid.ny, spacing, crs_name(twin.grid.crs_wkt));
  if (!twin.vertical_datum.empty())
    run += fmt::format(fmt::runtime(say(language, " \u00b7 heights: {}")), twin.vertical_datum);
  run += fmt::format(" \u00b7 dvinis {}", provenance.version);
  text.notes.push_back(run);
  return text;
}

std::string crs_name(const std::string& wkt) {
  const std::size_t first = wkt.find('"');
  const std::size_t last = first == std::string::npos ? first : wkt.find('"', first + 1);
  if (last == std::string::npos) return "local coordinates";
  const std::string name = wkt.substr(first + 1, last - first - 1);
  return name == "unknown" ? "a projection without a name" : name;
}

std::string local_moment(const Twin& twin, double seconds) {
  const auto whole = static_cast<std::int64_t>(std::floor(seconds + 1e-6));
  const int offset = twin.display_offset_minutes;
  const std::string zone = offset == 0 ? "UTC"
                                       : fmt::format("UTC{}{:02d}:{:02d}", offset < 0 ? "\u2212" : "+",
                                                     std::abs(offset) / 60, std::abs(offset) % 60);
  return fmt::format("{} ({})", local_text(twin.start_utc + whole, offset), zone);
}

std::string sentence_case(const std::string& words) {
  std::string result = words;
  for (char& letter : result) {
    if (letter == '_') letter = ' ';
  }
  if (result.empty()) return result;
  // Letters of Latvian stand in pairs in UTF-8, the capital one before the small.
  static const std::string small = "āčēģīķļņšūž";
  if (result.size() > 1 && (result[0] == '\xc4' || result[0] == '\xc5')) {
    for (std::size_t k = 0; k < small.size(); k += 2) {
      if (small.compare(k, 2, result, 0, 2) == 0) --result[1];
    }
    return result;
  }
  result[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(result[0])));
  return result;
}

}  // namespace dvinis::viz
