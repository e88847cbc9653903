#include "viz/legend.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <numbers>

#include "viz/page.hpp"
#include "viz/text.hpp"

namespace dvinis::viz {
namespace {

constexpr double label_size = 10.5;
constexpr double line_height = 14.0;
const Colour ink{0.13, 0.15, 0.18};
const Colour quiet{0.36, 0.38, 0.42};

double draw_title(Canvas& canvas, const Box& strip, const std::string& words) {
  double y = strip.top;
  for (const std::string& line : wrapped(words, 11.5, true, strip.width)) {
    y += 15.0;
    canvas.text({strip.left, y - 3.0}, line, {.size = 11.5, .bold = true});
  }
  return y + 6.0;
}

}  // namespace

double draw_colour_bar(Canvas& canvas, const Box& strip, const Coloured& field, double bar_height) {
  const std::string name = field.info.long_name.empty() ? field.info.name : field.info.long_name;
  std::string title = with_unit(name, field.unit);
  title = sentence_case(title);
  double y = draw_title(canvas, strip, title);
  constexpr double bar_width = 22.0;
  constexpr double arrow = 13.0;
  const double left = strip.left + 1.0;
  if (field.scale.more_above) y += arrow;
  const Box bar{left, y, bar_width, bar_height};
  canvas.raster(bar, [&](Spot spot) { return field.map((bar.bottom() - spot.y) / bar.height); });
  std::vector<Spot> outline{{left, bar.bottom()}, {left, bar.top}};
  if (field.scale.more_above) {
    canvas.fill({{{left, bar.top}, {left + bar_width / 2.0, bar.top - arrow}, {left + bar_width, bar.top}}},
                field.map(1.0));
    outline.push_back({left + bar_width / 2.0, bar.top - arrow});
    canvas.text({left + bar_width + 9.0, bar.top - arrow + 2.0}, say(field.language, "and above"),
                {.size = label_size - 1.5, .colour = quiet});
  }
  outline.push_back({left + bar_width, bar.top});
  outline.push_back({left + bar_width, bar.bottom()});
  if (field.scale.more_below) {
    const Spot tip{left + bar_width / 2.0, bar.bottom() + arrow};
    canvas.fill({{{left, bar.bottom()}, tip, {left + bar_width, bar.bottom()}}}, field.map(0.0));
    outline.push_back(tip);
    canvas.text({left + bar_width + 9.0, bar.bottom() + arrow + 5.0}, say(field.language, "and below"),
                {.size = label_size - 1.5, .colour = quiet});
  }
  canvas.line(outline, 0.8, ink, {}, true);
  for (const double tick : field.scale.ticks) {
    const double at = bar.bottom() - field.scale.share(tick) * bar.height;
    canvas.line({{bar.right(), at}, {bar.right() + 4.5, at}}, 0.8, ink);
    canvas.text({bar.right() + 9.0, at + 0.36 * label_size}, decimal(field.language, field.scale.label(tick)),
                {.size = label_size});
  }
  return bar.bottom() + (field.scale.more_below ? arrow + 6.0 : 8.0);
}

double draw_classes(Canvas& canvas, const Box& strip, const Coloured& field) {
  const std::string name = field.info.long_name.empty() ? field.info.name : field.info.long_name;
  std::string title = name;
  title = sentence_case(title);
  double y = draw_title(canvas, strip, title);
  for (std::size_t k = field.class_colours.size(); k-- > 0;) {
    const Box swatch{strip.left + 1.0, y, 20.0, 14.0};
    canvas.fill(swatch, field.class_colours[k]);
    canvas.frame(swatch, 0.7, ink);
    const std::vector<std::string> lines = wrapped(field.info.classes[k], 10.0, false, strip.width - 30.0);
    double text_y = y + 10.8;
    for (const std::string& line : lines) {
      canvas.text({strip.left + 29.0, text_y}, line, {.size = 10.0});
      text_y += 12.8;
    }
    y += std::max(14.0, static_cast<double>(lines.size()) * 12.8) + 6.0;
  }
  return y;
}

double draw_key(Canvas& canvas, const Box& strip, const Coloured& field) {
  if (field.has_classes()) return draw_classes(canvas, strip, field);
  return draw_colour_bar(canvas, strip, field, std::clamp(0.42 * strip.height, 90.0, 250.0));
}

double draw_remark(Canvas& canvas, const Box& strip, const std::string& words) {
  double y = strip.top;
  for (const std::string& line : wrapped(words, 9.5, false, strip.width)) {
    y += 12.5;
    canvas.text({strip.left, y - 2.5}, line, {.size = 9.5, .colour = quiet});
  }
  return y + 4.0;
}

void draw_symbol(Canvas& canvas, Spot at, Symbol symbol) {
  switch (symbol) {
    case Symbol::building: {
      const Box box{at.x - 8.0, at.y - 5.5, 16.0, 11.0};
      canvas.fill(box, hex("#f4efe6"));
      canvas.frame(box, 0.9, hex("#5b5148"));
      return;
    }
    case Symbol::gauge:
      canvas.disc(at, 4.6, hex("#ffffff"));
      canvas.disc(at, 3.7, ink);
      canvas.disc(at, 1.6, hex("#ffffff"));
      return;
    case Symbol::mark:
      canvas.fill({{{at.x, at.y - 5.6}, {at.x + 5.6, at.y}, {at.x, at.y + 5.6}, {at.x - 5.6, at.y}}},
                  hex("#ffffff"));
      canvas.fill({{{at.x, at.y - 4.2}, {at.x + 4.2, at.y}, {at.x, at.y + 4.2}, {at.x - 4.2, at.y}}},
                  hex("#d1006c"));
      return;
    case Symbol::source:
      canvas.fill({{{at.x, at.y - 6.4}, {at.x + 6.6, at.y + 5.0}, {at.x - 6.6, at.y + 5.0}}}, hex("#ffffff"));
      canvas.fill({{{at.x, at.y - 4.4}, {at.x + 4.8, at.y + 3.9}, {at.x - 4.8, at.y + 3.9}}}, hex("#0b2f6b"));
      return;
    case Symbol::section:
      canvas.line({{at.x - 9.0, at.y}, {at.x + 9.0, at.y}}, 3.0, hex("#ffffff"));
      canvas.line({{at.x - 9.0, at.y}, {at.x + 9.0, at.y}}, 1.6, hex("#8c2d04"));
      return;
    case Symbol::structure:
      canvas.line({{at.x - 9.0, at.y}, {at.x + 9.0, at.y}}, 3.6, hex("#ffffff"));
      canvas.line({{at.x - 9.0, at.y}, {at.x + 9.0, at.y}}, 2.2, hex("#111111"));
      return;
    case Symbol::area:
      canvas.line({{at.x - 8.0, at.y - 5.0},
                   {at.x + 8.0, at.y - 5.0},
                   {at.x + 8.0, at.y + 5.0},
                   {at.x - 8.0, at.y + 5.0}},
                  1.1, hex("#8c2d04"), {3.0, 2.0}, true);
      return;
    case Symbol::nodata:
    case Symbol::dry: {
      const Box box{at.x - 8.0, at.y - 5.5, 16.0, 11.0};
      canvas.fill(box, symbol == Symbol::dry ? hex("#e8e5de") : hex("#ffffff"));
      if (symbol == Symbol::dry)
        canvas.fill({{{at.x + 1.0, box.top}, {box.right(), box.top}, {box.right(), box.bottom()}}},
                    hex("#bcb6ac"));
      canvas.frame(box, 0.6, hex("#9a948a"));
      return;
    }
  }
}

double draw_symbols(Canvas& canvas, const Box& strip,
                    const std::vector<std::pair<Symbol, std::string>>& rows) {
  double y = strip.top;
  for (const auto& [symbol, words] : rows) {
    draw_symbol(canvas, {strip.left + 11.0, y + 7.0}, symbol);
    double text_y = y + 10.6;
    for (const std::string& line : wrapped(words, 10.0, false, strip.width - 30.0)) {
      canvas.text({strip.left + 29.0, text_y}, line, {.size = 10.0});
      text_y += 12.8;
    }
    y = text_y - 4.0;
  }
  return y;
}

double draw_scale_bar(Canvas& canvas, const Box& strip, double metres_per_unit) {
  const double longest = strip.width * metres_per_unit;
  double length = std::pow(10.0, std::floor(std::log10(longest)));
  if (5.0 * length <= longest)
    length *= 5.0;
  else if (2.0 * length <= longest)
    length *= 2.0;
  const double units = length / metres_per_unit;
  const double y = strip.top + line_height + 4.0;
  for (int part = 0; part < 4; ++part) {
    const Box piece{strip.left + part * units / 4.0, y, units / 4.0, 5.0};
    canvas.fill(piece, part % 2 == 0 ? ink : hex("#ffffff"));
  }
  canvas.frame({strip.left, y, units, 5.0}, 0.7, ink);
  const bool kilometres = length >= 1000.0;
  const bool centimetres = length < 1.0;
  const double shown = kilometres ? length / 1000.0 : (centimetres ? length * 100.0 : length);
  const std::string unit = kilometres ? "km" : (centimetres ? "cm" : "m");
  canvas.text({strip.left, y - 4.5}, "0", {.size = 9.5});
  canvas.text({strip.left + units, y - 4.5}, fmt::format("{:g} {}", shown, unit),
              {.size = 9.5, .align = Align::right});
  return y + 10.0;
}

void draw_north_arrow(Canvas& canvas, double x, double top, double turn) {
  const double angle = turn * std::numbers::pi / 180.0;
  const Spot middle{x, top + 17.0};
  // (right, up) of the arrow's own frame to the page, turned clockwise.
  const auto spot = [&](double right, double up) {
    return Spot{middle.x + right * std::cos(angle) + up * std::sin(angle),
                middle.y + right * std::sin(angle) - up * std::cos(angle)};
  };
  canvas.fill({{spot(0.0, 17.0), spot(-7.0, -5.0), spot(0.0, 0.0)}}, ink);
  canvas.fill({{spot(0.0, 17.0), spot(7.0, -5.0), spot(0.0, 0.0)}}, hex("#ffffff"));
  canvas.line({spot(0.0, 17.0), spot(7.0, -5.0), spot(0.0, 0.0), spot(-7.0, -5.0)}, 0.7, ink, {}, true);
  const Spot letter = spot(0.0, -13.0);
  canvas.text({letter.x, letter.y + 4.0}, "N", {.size = 11.0, .bold = true, .align = Align::centre});
}

}  // namespace dvinis::viz
