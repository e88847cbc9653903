#include "viz/colour_map.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <span>

#include "core/base/error.hpp"

namespace dvinis::viz {
namespace {

struct Node {
  double red, green, blue;
};

// 33 evenly spaced nodes of the 256-entry tables of matplotlib 3.6, linear between them.
constexpr std::array<Node, 33> viridis_nodes{
    {{0.267, 0.005, 0.329}, {0.277, 0.050, 0.376}, {0.282, 0.095, 0.417}, {0.283, 0.135, 0.453},
     {0.279, 0.175, 0.483}, {0.271, 0.213, 0.507}, {0.259, 0.251, 0.524}, {0.245, 0.287, 0.537},
     {0.230, 0.321, 0.545}, {0.215, 0.354, 0.551}, {0.200, 0.386, 0.555}, {0.186, 0.417, 0.557},
     {0.173, 0.447, 0.558}, {0.161, 0.477, 0.558}, {0.150, 0.506, 0.557}, {0.138, 0.536, 0.555},
     {0.128, 0.565, 0.551}, {0.121, 0.594, 0.544}, {0.120, 0.624, 0.534}, {0.131, 0.653, 0.521},
     {0.155, 0.682, 0.503}, {0.193, 0.710, 0.481}, {0.241, 0.737, 0.455}, {0.299, 0.762, 0.423},
     {0.363, 0.787, 0.387}, {0.433, 0.809, 0.345}, {0.508, 0.829, 0.299}, {0.587, 0.847, 0.249},
     {0.669, 0.862, 0.195}, {0.753, 0.875, 0.143}, {0.836, 0.886, 0.102}, {0.917, 0.896, 0.101},
     {0.993, 0.906, 0.144}}};

constexpr std::array<Node, 33> cividis_nodes{
    {{0.000, 0.135, 0.305}, {0.000, 0.158, 0.357}, {0.000, 0.179, 0.414}, {0.017, 0.198, 0.441},
     {0.102, 0.220, 0.436}, {0.153, 0.242, 0.430}, {0.194, 0.264, 0.426}, {0.230, 0.286, 0.424},
     {0.263, 0.307, 0.423}, {0.294, 0.329, 0.424}, {0.323, 0.350, 0.426}, {0.352, 0.372, 0.430},
     {0.380, 0.394, 0.435}, {0.407, 0.416, 0.442}, {0.434, 0.439, 0.451}, {0.460, 0.461, 0.461},
     {0.487, 0.484, 0.471}, {0.516, 0.507, 0.473}, {0.546, 0.530, 0.472}, {0.576, 0.554, 0.469},
     {0.607, 0.578, 0.464}, {0.638, 0.602, 0.457}, {0.669, 0.627, 0.449}, {0.701, 0.652, 0.438},
     {0.733, 0.678, 0.425}, {0.766, 0.704, 0.410}, {0.799, 0.731, 0.392}, {0.833, 0.759, 0.371},
     {0.867, 0.786, 0.346}, {0.902, 0.815, 0.317}, {0.937, 0.844, 0.281}, {0.973, 0.874, 0.234},
     {0.996, 0.909, 0.218}}};

constexpr std::array<Node, 33> plasma_nodes{
    {{0.050, 0.030, 0.528}, {0.132, 0.022, 0.563}, {0.193, 0.018, 0.590}, {0.247, 0.014, 0.613},
     {0.299, 0.010, 0.631}, {0.349, 0.004, 0.646}, {0.398, 0.001, 0.656}, {0.446, 0.002, 0.660},
     {0.493, 0.012, 0.658}, {0.539, 0.034, 0.649}, {0.583, 0.067, 0.634}, {0.624, 0.102, 0.612},
     {0.663, 0.137, 0.587}, {0.700, 0.172, 0.559}, {0.734, 0.208, 0.530}, {0.766, 0.243, 0.500},
     {0.796, 0.278, 0.471}, {0.825, 0.313, 0.443}, {0.851, 0.349, 0.416}, {0.877, 0.385, 0.389},
     {0.900, 0.422, 0.362}, {0.922, 0.460, 0.335}, {0.941, 0.499, 0.308}, {0.958, 0.540, 0.281},
     {0.972, 0.582, 0.254}, {0.983, 0.625, 0.227}, {0.991, 0.671, 0.201}, {0.994, 0.718, 0.177},
     {0.993, 0.766, 0.157}, {0.988, 0.817, 0.144}, {0.976, 0.868, 0.143}, {0.959, 0.922, 0.152},
     {0.940, 0.975, 0.131}}};

constexpr std::array<Node, 33> magma_nodes{
    {{0.001, 0.000, 0.014}, {0.014, 0.012, 0.068}, {0.039, 0.031, 0.133}, {0.074, 0.052, 0.202},
     {0.112, 0.065, 0.276}, {0.158, 0.068, 0.351}, {0.210, 0.062, 0.417}, {0.264, 0.060, 0.461},
     {0.315, 0.071, 0.485}, {0.364, 0.090, 0.498}, {0.413, 0.110, 0.504}, {0.461, 0.129, 0.508},
     {0.511, 0.147, 0.508}, {0.560, 0.165, 0.505}, {0.611, 0.181, 0.499}, {0.662, 0.197, 0.490},
     {0.713, 0.214, 0.476}, {0.764, 0.232, 0.459}, {0.814, 0.254, 0.438}, {0.860, 0.281, 0.414},
     {0.901, 0.316, 0.390}, {0.935, 0.361, 0.370}, {0.959, 0.414, 0.360}, {0.976, 0.471, 0.363},
     {0.986, 0.530, 0.380}, {0.992, 0.589, 0.407}, {0.996, 0.648, 0.442}, {0.997, 0.706, 0.483},
     {0.997, 0.763, 0.530}, {0.995, 0.821, 0.580}, {0.993, 0.878, 0.634}, {0.990, 0.935, 0.690},
     {0.987, 0.991, 0.750}}};

/// Lab triple of Ottosson's OKLab (2020, https://bottosson.github.io/posts/oklab).
struct Lab {
  double l, a, b;
};

double to_linear(double s) { return s <= 0.04045 ? s / 12.92 : std::pow((s + 0.055) / 1.055, 2.4); }
double to_srgb(double s) {
  const double c = std::clamp(s, 0.0, 1.0);
  return c <= 0.0031308 ? 12.92 * c : 1.055 * std::pow(c, 1.0 / 2.4) - 0.055;
}

Lab to_lab(const Colour& colour) {
  const double r = to_linear(colour.red);
  const double g = to_linear(colour.green);
  const double b = to_linear(colour.blue);
  const double l = std::cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const double m = std::cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const double s = std::cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return {0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
          1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
          0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s};
}

Colour from_lab(const Lab& lab) {
  const double l = std::pow(lab.l + 0.3963377774 * lab.a + 0.2158037573 * lab.b, 3);
  const double m = std::pow(lab.l - 0.1055613458 * lab.a - 0.0638541728 * lab.b, 3);
  const double s = std::pow(lab.l - 0.0894841775 * lab.a - 1.2914855480 * lab.b, 3);
  return {to_srgb(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
          to_srgb(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
          to_srgb(-0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s)};
}

template <class T, class Mix>
auto between(std::span<const T> nodes, double share, Mix mixture) {
  const double position = share * static_cast<double>(nodes.size() - 1);
  const std::size_t k = std::min(static_cast<std::size_t>(position), nodes.size() - 2);
  return mixture(nodes[k], nodes[k + 1], position - static_cast<double>(k));
}

Colour along(std::span<const Node> nodes, double share) {
  return between(nodes, share, [](const Node& a, const Node& b, double t) {
    return Colour{a.red + t * (b.red - a.red), a.green + t * (b.green - a.green),
                  a.blue + t * (b.blue - a.blue)};
  });
}

Colour along(std::span<const Lab> nodes, double share) {
  return between(nodes, share, [](const Lab& a, const Lab& b, double t) {
    return from_lab({a.l + t * (b.l - a.l), a.a + t * (b.a - a.a), a.b + t * (b.b - a.b)});
  });
}

std::vector<Lab> labs(std::initializer_list<const char*> anchors) {
  std::vector<Lab> result;
  for (const char* anchor : anchors) result.push_back(to_lab(hex(anchor)));
  return result;
}

Colour palette_colour(Palette palette, double share) {
  static const std::vector<Lab> water = labs({"#cfe8f3", "#8fc5e3", "#4a98cf", "#1f66ad", "#0b2f6b"});
  static const std::vector<Lab> hazard =
      labs({"#fdf0a6", "#fbbf5d", "#ec7a3c", "#bf3a4f", "#7a1a63", "#33103f"});
  static const std::vector<Lab> balance =
      labs({"#123f7a", "#3f83bf", "#a3c8de", "#f2f0ea", "#e5b98c", "#bf6f2e", "#6e3208"});
  switch (palette) {
    case Palette::viridis:
      return along(viridis_nodes, share);
    case Palette::cividis:
      return along(cividis_nodes, share);
    case Palette::plasma:
      return along(plasma_nodes, share);
    case Palette::magma:
      return along(magma_nodes, share);
    case Palette::water:
      return along(water, share);
    case Palette::hazard:
      return along(hazard, share);
    case Palette::balance:
      return along(balance, share);
  }
  throw InternalError("viz: a palette without a table");
}

}  // namespace

Colour hex(const char* text) {
  expects(text[0] == '#', "a colour written as #rrggbb");
  const long value = std::strtol(text + 1, nullptr, 16);
  const auto part = [value](int shift) { return static_cast<double>((value >> shift) & 0xff) / 255.0; };
  return {part(16), part(8), part(0)};
}

Colour mix(const Colour& a, const Colour& b, double share) {
  const auto one = [share](double from, double to) { return from + share * (to - from); };
  return {one(a.red, b.red), one(a.green, b.green), one(a.blue, b.blue), one(a.alpha, b.alpha)};
}

double lightness(const Colour& colour) {
  const double y =
      0.2126 * to_linear(colour.red) + 0.7152 * to_linear(colour.green) + 0.0722 * to_linear(colour.blue);
  return y > 216.0 / 24389.0 ? 116.0 * std::cbrt(y) - 16.0 : y * 24389.0 / 27.0;
}

Colour ColourMap::operator()(double share) const {
  const double within = from + (to - from) * std::clamp(share, 0.0, 1.0);
  return palette_colour(palette, reversed ? 1.0 - within : within);
}

std::vector<Colour> class_colours(std::size_t count) {
  std::vector<Colour> result;
  for (std::size_t k = 0; k < count; ++k) {
    const double share = count == 1 ? 0.5 : static_cast<double>(k) / static_cast<double>(count - 1);
    result.push_back(palette_colour(Palette::hazard, share));
  }
  return result;
}

const std::array<Colour, 7>& line_colours() {
  static const std::array<Colour, 7> colours{hex("#0072b2"), hex("#d55e00"), hex("#009e73"), hex("#cc79a7"),
                                             hex("#56b4e9"), hex("#e69f00"), hex("#000000")};
  return colours;
}

}  // namespace dvinis::viz
