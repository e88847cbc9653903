#include "viz/map.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "viz/labels.hpp"
#include "viz/legend.hpp"
#include "viz/relief.hpp"
#include "viz/text.hpp"

namespace dvinis::viz {
namespace {

constexpr double page_width = 1000.0;
constexpr double strip_gap = 20.0;
constexpr double tallest_map = 860.0;
constexpr double shortest_content = 430.0;  ///< room for the legend beside a flat map
constexpr double flat_legend = 190.0;       ///< height of a legend below the map
constexpr double flat_classes = 260.0;      ///< the same with classes
constexpr double frame_band = 18.0;         ///< for coordinates along the frame

/// The map's place on the page and the way from metres to layout units.
struct MapFrame {
  Box box;
  const Grid& grid;

  double metres_per_unit() const { return (grid.east() - grid.west) / box.width; }
  Spot spot(Point point) const {
    return {box.left + (point.x - grid.west) / metres_per_unit(),
            box.bottom() - (point.y - grid.south) / metres_per_unit()};
  }
  Point point(Spot at) const {
    return {grid.west + (at.x - box.left) * metres_per_unit(),
            grid.south + (box.bottom() - at.y) * metres_per_unit()};
  }
};

/// Relief, then the field over it. Flat ground shows exactly the legend's colours; slopes tint them slightly.
void paint_field(Canvas& canvas, const MapFrame& frame, const MapSheet& sheet) {
  const Grid& grid = frame.grid;
  const double pixel = frame.metres_per_unit() / canvas.scale();
  const std::vector<double> shade =
      sheet.bed.empty() ? std::vector<double>(sheet.field.values.size(), 1.0) : hillshade(grid, sheet.bed);
  const Sampler ground(grid, shade, pixel);
  const Sampler field(grid, sheet.field.values, pixel);
  const double blur = std::clamp(pixel / grid.spacing, 0.05, 1.0);  // of the shore, in cells
  canvas.raster(frame.box, [&](Spot at) {
    const Point place = frame.point(at);
    const Sampler::Sample light = ground(place);
    Colour colour = light.cover < 0.5 ? hex("#ffffff") : ground_colour(light.value);
    const Sampler::Sample value = sheet.field.has_classes() ? field.category(place) : field(place);
    const double cover = std::clamp((value.cover - 0.5) / blur + 0.5, 0.0, 1.0);
    if (cover <= 0.0) return colour;
    const Colour over = sheet.field.colour(value.value);
    const double tint = light.cover < 0.5 ? 0.0 : std::clamp(0.30 * (light.value - 1.0), -0.16, 0.16);
    const Colour tinted = tint < 0.0 ? mix(over, hex("#000000"), -tint) : mix(over, hex("#ffffff"), tint);
    return mix(colour, tinted, cover * over.alpha);
  });
}

void draw_outlines(Canvas& canvas, const MapFrame& frame, const Twin& twin) {
  for (const Place* road : twin.places_of("road")) {
    std::vector<Spot> line;
    for (const Point& point : road->points) line.push_back(frame.spot(point));
    canvas.line(line, 0.7, hex("#6f6a62").with_alpha(0.55));
  }
  for (const Place* place : twin.places_of("building")) {
    std::vector<std::vector<Spot>> rings(1);
    for (const Point& point : place->points) rings[0].push_back(frame.spot(point));
    for (const std::vector<Point>& hole : place->holes) {
      rings.emplace_back();
      for (const Point& point : hole) rings.back().push_back(frame.spot(point));
    }
    canvas.fill(rings, hex("#f4efe6").with_alpha(0.82));
    for (const std::vector<Spot>& ring : rings) canvas.line(ring, 0.9, hex("#5b5148"), {}, true);
  }
  const auto draw_lines = [&](const char* kind, double width, const Colour& ink) {
    for (const Place* place : twin.places_of(kind)) {
      std::vector<Spot> line;
      for (const Point& point : place->points) line.push_back(frame.spot(point));
      canvas.line(line, width + 1.4, hex("#ffffff").with_alpha(0.8));
      canvas.line(line, width, ink);
    }
  };
  draw_lines("section", 1.6, hex("#8c2d04"));
  draw_lines("structure", 2.2, hex("#111111"));
}

/// Symbols of point places with their names; returns the names without room.
std::vector<std::string> draw_places(Canvas& canvas, const MapFrame& frame, const Twin& twin, bool names) {
  static const std::map<std::string, Symbol> symbols{
      {"gauge", Symbol::gauge}, {"mark", Symbol::mark}, {"source", Symbol::source}};
  std::vector<Label> labels;
  for (const Place& place : twin.places) {
    if (place.points.empty()) continue;
    const auto symbol = symbols.find(place.kind);
    const Spot at = frame.spot(place.points[place.points.size() / 2]);
    if (!frame.box.holds(at) ||
        (symbol == symbols.end() && place.kind != "section" && place.kind != "structure"))
      continue;
    if (symbol != symbols.end()) draw_symbol(canvas, at, symbol->second);
    labels.push_back({at, place_name(place), symbol == symbols.end() ? 3.0 : 6.0});
  }
  if (!names) return {};
  return LabelPlacer(frame.box, 10.5).draw(canvas, labels);
}

std::string coordinate_text(double value, int decimals) {
  std::string text = number_text(value, decimals);
  const std::size_t end = text.find('.') == std::string::npos ? text.size() : text.find('.');
  // The minus sign in front is one character of several bytes.
  const std::size_t first_digit = text.find_first_of("0123456789");
  for (std::size_t k = end; k > first_digit + 3; k -= 3) text.insert(k - 3, "\u2009");
  return text;
}

void draw_coordinates(Canvas& canvas, const MapFrame& frame) {
  const Grid& grid = frame.grid;
  const bool projected = !grid.crs_wkt.empty();
  const Colour ink = hex("#4a4e55");
  const double step = nice_step(95.0 * frame.metres_per_unit(), 1);
  const int decimals = std::max(0, static_cast<int>(std::ceil(-std::log10(step) - 1e-9)));
  for (double x = std::ceil(grid.west / step) * step; x <= grid.east(); x += step) {
    const Spot at = frame.spot({x, grid.south});
    canvas.line({at, {at.x, at.y + 4.0}}, 0.8, ink);
    if (at.x > frame.box.right() - 34.0 || at.x < frame.box.left + 34.0) continue;
    canvas.text({at.x, at.y + 14.0}, coordinate_text(x, decimals) + (projected ? " m E" : " m"),
                {.size = 9.0, .colour = ink, .align = Align::centre});
  }
  for (double y = std::ceil(grid.south / step) * step; y <= grid.north(); y += step) {
    const Spot at = frame.spot({grid.west, y});
    canvas.line({at, {at.x - 4.0, at.y}}, 0.8, ink);
    if (at.y > frame.box.bottom() - 38.0 || at.y < frame.box.top + 38.0) continue;
    canvas.text({at.x - 7.0, at.y}, coordinate_text(y, decimals) + (projected ? " m N" : " m"),
                {.size = 9.0, .colour = ink, .align = Align::centre, .upward = true});
  }
}

bool has_kind(const Twin& twin, const char* kind) { return !twin.places_of(kind).empty(); }

std::vector<std::pair<Symbol, std::string>> symbol_rows(const Twin& twin, const MapSheet& sheet) {
  std::vector<std::pair<Symbol, std::string>> rows;
  if (!sheet.dry_note.empty()) rows.emplace_back(Symbol::dry, sheet.dry_note);
  if (has_kind(twin, "building")) rows.emplace_back(Symbol::building, say(sheet.text.language, "Building"));
  if (has_kind(twin, "gauge")) rows.emplace_back(Symbol::gauge, say(sheet.text.language, "Gauge"));
  if (has_kind(twin, "mark")) rows.emplace_back(Symbol::mark, say(sheet.text.language, "Surveyed mark"));
  if (has_kind(twin, "source")) rows.emplace_back(Symbol::source, say(sheet.text.language, "Inflow"));
  if (has_kind(twin, "structure"))
    rows.emplace_back(Symbol::structure, say(sheet.text.language, "Structure"));
  if (has_kind(twin, "section"))
    rows.emplace_back(Symbol::section, say(sheet.text.language, "Cross-section"));
  const bool unknown =
      std::any_of(sheet.bed.begin(), sheet.bed.end(), [](double z) { return !std::isfinite(z); });
  if (unknown) rows.emplace_back(Symbol::nodata, say(sheet.text.language, "No elevation known"));
  return rows;
}

/// Names without room, as a sentence for the legend.
std::string left_out_words(const std::vector<std::string>& left_out, Language language) {
  std::string names = say(language, "Without room for a name: ");
  for (const std::string& name : left_out) names += name + (&name == &left_out.back() ? "" : ", ");
  return left_out.empty() ? "" : names;
}

double draw_explained_key(Canvas& canvas, const Box& strip, const MapSheet& sheet) {
  Box rest = strip;
  rest.top = draw_key(canvas, rest, sheet.field) + (sheet.field_note.empty() ? 10.0 : 4.0);
  if (!sheet.field_note.empty()) rest.top = draw_remark(canvas, rest, sentence_case(sheet.field_note)) + 8.0;
  return rest.top;
}

double draw_explained_symbols(Canvas& canvas, Box strip, const Twin& twin, const MapSheet& sheet,
                              const std::vector<std::string>& left_out) {
  strip.top = draw_symbols(canvas, strip, symbol_rows(twin, sheet));
  if (!left_out.empty())
    strip.top = draw_remark(canvas, strip, left_out_words(left_out, sheet.text.language));
  return strip.top;
}

void draw_strip(Canvas& canvas, const Box& strip, const MapFrame& frame, const Twin& twin,
                const MapSheet& sheet, const std::vector<std::string>& left_out) {
  Box rest = strip;
  rest.top = draw_explained_key(canvas, rest, sheet);
  rest.top = draw_explained_symbols(canvas, rest, twin, sheet, left_out);
  const Box foot{strip.left, std::max(rest.top + 4.0, strip.bottom() - 30.0), strip.width - 56.0, 30.0};
  draw_scale_bar(canvas, foot, frame.metres_per_unit());
  draw_north_arrow(canvas, strip.right() - 16.0, foot.top - 8.0);
}

/// The legend in three columns under a map that is much longer than high.
void draw_columns(Canvas& canvas, const Box& row, const MapFrame& frame, const Twin& twin,
                  const MapSheet& sheet, const std::vector<std::string>& left_out) {
  const double width = (row.width - 2.0 * strip_gap) / 3.0;
  draw_explained_key(canvas, {row.left, row.top, width, row.height}, sheet);
  draw_explained_symbols(canvas, {row.left + width + strip_gap, row.top, width, row.height}, twin, sheet,
                         left_out);
  const double left = row.left + 2.0 * (width + strip_gap);
  draw_scale_bar(canvas, {left, row.top, width - 56.0, 30.0}, frame.metres_per_unit());
  draw_north_arrow(canvas, row.right() - 16.0, row.top - 4.0);
}

/// Where map and legend lie on a page for a domain of this shape.
struct SheetLayout {
  double page = page_width;
  double map_width = 0.0;
  double map_height = 0.0;
  double content_height = 0.0;
  bool is_flat = false;  ///< legend below instead of beside
};

SheetLayout layout_for(const Grid& grid, double band, double strip_width, bool has_classes) {
  SheetLayout layout;
  const double aspect = static_cast<double>(grid.ny) / static_cast<double>(grid.nx);
  const double whole = page_width - 2.0 * page_margin - band;
  const double beside = whole - strip_gap - strip_width;
  layout.is_flat = whole * aspect < 230.0;
  layout.map_width = layout.is_flat ? whole : std::min(beside, tallest_map / aspect);
  layout.map_height = std::max(layout.map_width * aspect, 4.0);
  if (layout.is_flat) {
    layout.content_height = layout.map_height + band + strip_gap + (has_classes ? flat_classes : flat_legend);
    return layout;
  }
  layout.page = std::max(620.0, 2.0 * page_margin + band + layout.map_width + strip_gap + strip_width);
  layout.content_height = std::max(shortest_content, layout.map_height + band);
  return layout;
}

}  // namespace

Canvas draw_map(const Twin& twin, const MapSheet& sheet, const MapOptions& options) {
  const Grid& grid = twin.grid;
  const double band = options.coordinates ? frame_band : 0.0;
  const double strip_width = sheet.field.has_classes() ? 260.0 : 190.0;
  const SheetLayout layout = layout_for(grid, band, strip_width, sheet.field.has_classes());
  Page page = make_page(sheet.text, layout.page, layout.content_height, options.pixels);
  const Box& content = page.content;
  const double taken = band + layout.map_width + (layout.is_flat ? 0.0 : strip_gap + strip_width);
  const MapFrame frame{
      {content.left + band + 0.5 * (content.width - taken), content.top, layout.map_width, layout.map_height},
      grid};
  Canvas& canvas = page.canvas;
  paint_field(canvas, frame, sheet);
  canvas.clip(frame.box);
  draw_outlines(canvas, frame, twin);
  const std::vector<std::string> left_out = draw_places(canvas, frame, twin, options.place_names);
  canvas.unclip();
  canvas.frame(frame.box, 0.9, hex("#33373d"));
  if (options.coordinates) draw_coordinates(canvas, frame);
  if (layout.is_flat) {
    const double top = frame.box.bottom() + band + strip_gap;
    draw_columns(canvas, {content.left, top, content.width, content.bottom() - top}, frame, twin, sheet,
                 left_out);
  } else {
    const Box strip{content.right() - strip_width, content.top, strip_width, layout.content_height - band};
    draw_strip(canvas, strip, frame, twin, sheet, left_out);
  }
  return std::move(page.canvas);
}

std::string place_name(const Place& place) {
  if (!place.label.empty() && place.label != place.id) return place.label;
  const bool bare_number = place.id.find_first_not_of("0123456789") == std::string::npos;
  return bare_number ? place.kind + " " + place.id : place.id;
}

}  // namespace dvinis::viz
