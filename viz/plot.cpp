#include "viz/plot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "viz/text.hpp"

namespace dvinis::viz {
namespace {

constexpr double page_width = 1000.0;
constexpr double plot_height = 430.0;
constexpr double legend_width = 190.0;
constexpr double axis_left = 66.0;
constexpr double axis_below = 46.0;
const Colour ink{0.13, 0.15, 0.18};
const Colour grid_colour{0.88, 0.89, 0.90};
const Colour quiet{0.36, 0.38, 0.42};

/// Axes of a plot: values in shown units to places on the page.
struct Axes {
  Box box;
  Scale x;
  Scale y;

  Spot spot(double across, double up) const {
    return {box.left + x.share(across) * box.width, box.bottom() - y.share(up) * box.height};
  }
};

void draw_axes(Canvas& canvas, const Axes& axes, const std::string& x_title, const std::string& y_title) {
  for (const double tick : axes.x.ticks) {
    const double at = axes.spot(tick, axes.y.low).x;
    canvas.line({{at, axes.box.top}, {at, axes.box.bottom()}}, 0.8, grid_colour);
    canvas.line({{at, axes.box.bottom()}, {at, axes.box.bottom() + 4.5}}, 0.8, ink);
    canvas.text({at, axes.box.bottom() + 17.0}, axes.x.label(tick), {.size = 10.5, .align = Align::centre});
  }
  for (const double tick : axes.y.ticks) {
    const double at = axes.spot(axes.x.low, tick).y;
    canvas.line({{axes.box.left, at}, {axes.box.right(), at}}, 0.8, grid_colour);
    canvas.line({{axes.box.left - 4.5, at}, {axes.box.left, at}}, 0.8, ink);
    canvas.text({axes.box.left - 8.0, at + 3.8}, axes.y.label(tick), {.size = 10.5, .align = Align::right});
  }
  canvas.text({axes.box.left + 0.5 * axes.box.width, axes.box.bottom() + 38.0}, x_title,
              {.size = 11.5, .bold = true, .align = Align::centre});
  if (!y_title.empty()) {
    canvas.text({axes.box.left - axis_left + 14.0, axes.box.top + 0.5 * axes.box.height}, y_title,
                {.size = 11.5, .bold = true, .align = Align::centre, .upward = true});
  }
}

/// Colour and dashes that tell the k-th curve from the others, also on a photocopy.
struct Stroke {
  Colour colour;
  std::vector<double> dash;
};

Stroke stroke_of(std::size_t k) {
  static const std::array<std::vector<double>, 3> dashes{{{}, {9.0, 3.5}, {2.0, 3.0}}};
  return {line_colours()[k % line_colours().size()], dashes[(k / line_colours().size()) % dashes.size()]};
}

/// Few measured values are dots; many are a fine dark line.
constexpr std::size_t most_dots = 150;

Colour measured_colour(const Stroke& stroke) { return mix(stroke.colour, ink, 0.45); }

void draw_measured(Canvas& canvas, const Axes& axes, const Curve& curve, const Stroke& stroke,
                   double time_factor, double factor) {
  std::vector<Spot> spots;
  for (std::size_t k = 0; k < curve.observed_times.size(); ++k) {
    spots.push_back(axes.spot(curve.observed_times[k] * time_factor, curve.observed_values[k] * factor));
  }
  if (spots.size() > most_dots) {
    canvas.line(spots, 0.9, measured_colour(stroke), {2.4, 1.6});
    return;
  }
  for (const Spot& at : spots) {
    if (!axes.box.holds(at)) continue;
    canvas.disc(at, 2.2, hex("#ffffff"));
    canvas.disc(at, 1.6, measured_colour(stroke));
  }
}

void draw_curve(Canvas& canvas, const Axes& axes, const std::vector<double>& times, const Curve& curve,
                const Stroke& stroke, double time_factor, double factor) {
  std::vector<Spot> piece;
  const auto flush = [&] {
    if (piece.size() == 1) canvas.disc(piece[0], 2.0, stroke.colour);
    if (piece.size() > 1) canvas.line(piece, 1.9, stroke.colour, stroke.dash);
    piece.clear();
  };
  for (std::size_t k = 0; k < times.size() && k < curve.values.size(); ++k) {
    if (!std::isfinite(curve.values[k])) {
      flush();
      continue;
    }
    piece.push_back(axes.spot(times[k] * time_factor, curve.values[k] * factor));
  }
  flush();
  if (curve.observed) {
    const double at = axes.spot(axes.x.low, *curve.observed * factor).y;
    canvas.line({{axes.box.left, at}, {axes.box.right(), at}}, 1.2, stroke.colour.with_alpha(0.85),
                {5.0, 4.0});
  }
  draw_measured(canvas, axes, curve, stroke, time_factor, factor);
}

struct Limits {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();

  void hold(double value) {
    if (!std::isfinite(value)) return;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  bool is_empty() const { return !(low <= high); }
};

Limits value_limits(const PlotSheet& sheet) {
  Limits limits;
  for (const Curve& curve : sheet.curves) {
    for (const double value : curve.values) limits.hold(value);
    for (const double value : curve.observed_values) limits.hold(value);
    if (curve.observed) limits.hold(*curve.observed);
  }
  return limits.is_empty() ? Limits{0.0, 1.0} : limits;
}

Scale value_axis(double low, double high) {
  return high > low ? exact_axis(low, high, 8) : axis(low, high, 8);
}

void draw_legend(Canvas& canvas, const Box& strip, const PlotSheet& sheet) {
  double y = strip.top + 6.0;
  bool any_level = false;
  bool any_dots = false;
  bool any_fine = false;
  for (std::size_t k = 0; k < sheet.curves.size(); ++k) {
    const Stroke stroke = stroke_of(k);
    canvas.line({{strip.left, y}, {strip.left + 26.0, y}}, 2.2, stroke.colour, stroke.dash);
    for (const std::string& line : wrapped(sheet.curves[k].name, 10.5, false, strip.width - 36.0)) {
      canvas.text({strip.left + 34.0, y + 3.7}, line, {.size = 10.5});
      y += 13.5;
    }
    y += 5.0;
    any_level = any_level || sheet.curves[k].observed.has_value();
    any_dots = any_dots || (!sheet.curves[k].observed_times.empty() &&
                            sheet.curves[k].observed_times.size() <= most_dots);
    any_fine = any_fine || sheet.curves[k].observed_times.size() > most_dots;
  }
  y += 6.0;
  if (any_level) {
    canvas.line({{strip.left, y}, {strip.left + 26.0, y}}, 1.2, quiet, {5.0, 4.0});
    canvas.text({strip.left + 34.0, y + 3.7}, "observed peak", {.size = 10.0, .colour = quiet});
    y += 17.0;
  }
  if (any_fine) {
    canvas.line({{strip.left, y}, {strip.left + 26.0, y}}, 0.9, mix(quiet, ink, 0.5), {2.4, 1.6});
    canvas.text({strip.left + 34.0, y + 3.7}, "measured", {.size = 10.0, .colour = quiet});
    y += 17.0;
  }
  if (any_dots) {
    for (const double x : {4.0, 13.0, 22.0}) canvas.disc({strip.left + x, y}, 1.8, quiet);
    canvas.text({strip.left + 34.0, y + 3.7}, "measured", {.size = 10.0, .colour = quiet});
    y += 17.0;
  }
  for (const std::string& line : wrapped(sheet.remark, 9.5, false, strip.width)) {
    y += 12.5;
    canvas.text({strip.left, y - 6.0}, line, {.size = 9.5, .colour = quiet});
  }
}

}  // namespace

Canvas draw_plot(const PlotSheet& sheet, int pixels) {
  const Limits limits = value_limits(sheet);
  const DisplayUnit unit = display_unit(sheet.unit, std::max(std::abs(limits.low), std::abs(limits.high)));
  const double end = sheet.times.empty() ? 1.0 : std::max(sheet.times.back(), 1e-6);
  const DisplayUnit time_unit = display_unit("s", end);
  const double legend_rows = 20.0 * static_cast<double>(sheet.curves.size()) + 60.0;
  Page page = make_page(sheet.text, page_width, std::max(plot_height, legend_rows), pixels);
  const Box& content = page.content;
  const double begin = sheet.times.empty() ? 0.0 : std::min(0.0, sheet.times.front());
  const double room = limits.high > limits.low ? 0.03 * (limits.high - limits.low) : 0.0;
  // A quantity that never goes below zero keeps its zero; others get a little air.
  const double low = limits.low >= 0.0 && limits.low < 0.4 * limits.high ? 0.0 : limits.low - room;
  const Axes axes{{content.left + axis_left, content.top + 8.0,
                   content.width - axis_left - legend_width - 24.0, content.height - axis_below - 8.0},
                  time_axis(begin * time_unit.factor, end * time_unit.factor),
                  value_axis(low * unit.factor, (limits.high + room) * unit.factor)};
  Canvas& canvas = page.canvas;
  const std::string since = sheet.time_origin.empty()
                                ? say(sheet.text.language, "Time")
                                : say(sheet.text.language, "Time since") + " " + sheet.time_origin;
  draw_axes(canvas, axes, with_unit(since, time_unit), with_unit(sentence_case(sheet.quantity), unit));
  canvas.clip(axes.box.grown(1.5));
  for (std::size_t k = 0; k < sheet.curves.size(); ++k) {
    draw_curve(canvas, axes, sheet.times, sheet.curves[k], stroke_of(k), time_unit.factor, unit.factor);
  }
  canvas.unclip();
  canvas.frame(axes.box, 0.9, hex("#33373d"));
  draw_legend(canvas, {axes.box.right() + 24.0, axes.box.top, legend_width, axes.box.height}, sheet);
  return std::move(page.canvas);
}

Canvas draw_comparison(const ComparisonSheet& sheet, int pixels) {
  Limits limits;
  for (const ComparisonSheet::Row& row : sheet.rows) {
    limits.hold(row.computed);
    limits.hold(row.observed);
  }
  if (limits.is_empty()) limits = {0.0, 1.0};
  const DisplayUnit unit = display_unit(sheet.unit, std::max(std::abs(limits.low), std::abs(limits.high)));
  const DisplayUnit small = display_unit(sheet.unit, sheet.unit == "m" ? 0.1 : limits.high - limits.low);
  double names = 60.0;
  for (const ComparisonSheet::Row& row : sheet.rows)
    names = std::max(names, text_width(row.name, 11.0, false));
  constexpr double row_height = 34.0;
  constexpr double words = 150.0;
  const double height = row_height * static_cast<double>(sheet.rows.size()) + axis_below + 34.0;
  Page page = make_page(sheet.text, page_width, height, pixels);
  Canvas& canvas = page.canvas;
  const Box& content = page.content;
  const double room = 0.04 * std::max(limits.high - limits.low, 1e-9);
  const Axes axes{{content.left + names + 14.0, content.top + 28.0, content.width - names - 14.0 - words,
                   content.height - axis_below - 28.0},
                  axis((limits.low - room) * unit.factor, (limits.high + room) * unit.factor, 9),
                  Scale{}};
  draw_axes(canvas, axes, with_unit(sentence_case(sheet.quantity), unit), "");
  const Colour computed = line_colours()[0];
  const Colour observed = line_colours()[1];
  canvas.disc({axes.box.left + 6.0, content.top + 12.0}, 4.4, computed);
  canvas.text({axes.box.left + 16.0, content.top + 16.0}, "computed", {.size = 11.0});
  canvas.fill({axes.box.left + 96.0, content.top + 8.0, 8.0, 8.0}, observed);
  canvas.text({axes.box.left + 112.0, content.top + 16.0}, "observed", {.size = 11.0});
  canvas.text({axes.box.right() + 16.0, content.top + 16.0}, "difference", {.size = 11.0, .colour = quiet});
  double y = axes.box.top + 0.5 * row_height;
  for (const ComparisonSheet::Row& row : sheet.rows) {
    const double from = axes.spot(row.observed * unit.factor, 0.0).x;
    const double to = axes.spot(row.computed * unit.factor, 0.0).x;
    canvas.text({axes.box.left - 10.0, y + 4.0}, row.name, {.size = 11.0, .align = Align::right});
    if (std::isfinite(row.computed)) {
      canvas.line({{from, y}, {to, y}}, 2.4, quiet.with_alpha(0.6));
      canvas.disc({to, y}, 4.4, computed);
    }
    canvas.fill({from - 4.0, y - 4.0, 8.0, 8.0}, observed.with_alpha(0.9));
    const double difference = (row.computed - row.observed) * small.factor;
    const std::string amount =
        std::isfinite(difference)
            ? fmt::format("{}{} {}", difference > 0.0 ? "+" : "",
                          number_text(difference, small.factor > 1.0 ? 0 : 2), small.text)
            : "no water";
    canvas.text({axes.box.right() + 16.0, y + 4.0}, amount, {.size = 11.0});
    y += row_height;
  }
  canvas.frame(axes.box, 0.9, hex("#33373d"));
  return std::move(page.canvas);
}

}  // namespace dvinis::viz
