#include "viz/scene.hpp"

#include <fmt/format.h>
#include <vtkActor.h>
#include <vtkCamera.h>
#include <vtkImageData.h>
#include <vtkLight.h>
#include <vtkNew.h>
#include <vtkPolyData.h>
#include <vtkPolyDataMapper.h>
#include <vtkPolyDataNormals.h>
#include <vtkProperty.h>
#include <vtkRenderWindow.h>
#include <vtkRenderer.h>
#include <vtkUnsignedCharArray.h>
#include <vtkWindowToImageFilter.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "core/base/error.hpp"
#include "viz/legend.hpp"
#include "viz/scene_shapes.hpp"

namespace dvinis::viz {
namespace {

constexpr double page_width = 1000.0;
constexpr double scene_height = 560.0;
constexpr double strip_width = 190.0;
constexpr double strip_gap = 20.0;
constexpr double elevation_angle = 36.0;  ///< of the eye above the ground [degrees]
constexpr double opening = 22.0;          ///< vertical angle of view [degrees]

struct View3 {
  std::string seen_from;
  double azimuth = 0.0;  ///< direction from the ground to the eye, clockwise from north [degrees]
};

/// Of the southern sides the one with the lowest rim: the eye looks up the valley, north stays above.
View3 choose_view(const Grid& grid, const std::vector<double>& bed) {
  const std::array<View3, 3> views{{{"south", 180.0}, {"south-east", 145.0}, {"south-west", 215.0}}};
  std::array<double, 3> sums{};
  std::array<double, 3> counts{};
  const auto add = [&](std::size_t side, Index i, Index j) {
    const double z = bed[static_cast<std::size_t>(j * grid.nx + i)];
    if (!std::isfinite(z)) return;
    sums[side] += z;
    counts[side] += 1.0;
  };
  for (Index i = 0; i < grid.nx; ++i) {
    add(0, i, 0);
    add(i > grid.nx / 2 ? 1 : 2, i, 0);
  }
  for (Index j = 0; j < grid.ny / 2; ++j) {
    add(1, grid.nx - 1, j);
    add(2, 0, j);
  }
  std::size_t best = 0;
  for (std::size_t k = 1; k < views.size(); ++k) {
    if (counts[k] > 0.0 && counts[best] > 0.0 && sums[k] / counts[k] < sums[best] / counts[best]) best = k;
  }
  return views[best];
}

using Vector = std::array<double, 3>;

double dot(const Vector& a, const Vector& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }

/// The eye's own axes for an azimuth: from the ground to it, to its right, and upward in the picture.
struct Axes3 {
  Vector back, right, up;
};

Axes3 axes_of(double azimuth) {
  const double around = azimuth * std::numbers::pi / 180.0;
  const double above = elevation_angle * std::numbers::pi / 180.0;
  return {{std::sin(around) * std::cos(above), std::cos(around) * std::cos(above), std::sin(above)},
          {-std::cos(around), std::sin(around), 0.0},
          {-std::sin(around) * std::sin(above), -std::cos(around) * std::sin(above), std::cos(above)}};
}

/// Places the camera so that every point of the block's outline lies inside the window with a small margin.
void place_camera(vtkCamera& camera, const std::vector<Vector>& outline, double azimuth, double aspect) {
  const Axes3 axes = axes_of(azimuth);
  Vector focus = outline[outline.size() / 2];
  const double slope_y = std::tan(0.5 * opening * std::numbers::pi / 180.0) * 0.97;
  const double slope_x = slope_y * aspect;
  double distance = 0.0;
  for (const Vector& spot : outline) {
    distance =
        std::max(distance, 8.0 * std::hypot(spot[0] - focus[0], spot[1] - focus[1], spot[2] - focus[2]));
  }
  for (int round = 0; round < 60; ++round) {
    Vector low{1e30, 1e30, 0.0};
    Vector high{-1e30, -1e30, 0.0};
    for (const Vector& spot : outline) {
      const Vector from{spot[0] - focus[0], spot[1] - focus[1], spot[2] - focus[2]};
      const double depth = distance - dot(from, axes.back);
      const Vector seen{dot(from, axes.right) / depth / slope_x, dot(from, axes.up) / depth / slope_y, 0.0};
      for (std::size_t k = 0; k < 2; ++k) {
        low[k] = std::min(low[k], seen[k]);
        high[k] = std::max(high[k], seen[k]);
      }
    }
    const double shift_x = 0.5 * (low[0] + high[0]) * slope_x * distance;
    const double shift_y = 0.5 * (low[1] + high[1]) * slope_y * distance;
    for (std::size_t k = 0; k < 3; ++k) focus[k] += shift_x * axes.right[k] + shift_y * axes.up[k];
    distance *= 0.5 * std::max(high[0] - low[0], high[1] - low[1]);
  }
  camera.SetFocalPoint(focus.data());
  camera.SetPosition(focus[0] + distance * axes.back[0], focus[1] + distance * axes.back[1],
                     focus[2] + distance * axes.back[2]);
  camera.SetViewUp(0.0, 0.0, 1.0);
  camera.SetViewAngle(opening);
}

/// Clockwise turn on the page of an arrow that points north on the ground [degrees].
double north_turn(double azimuth) {
  const Axes3 axes = axes_of(azimuth);
  return std::atan2(axes.right[1], axes.up[1]) * 180.0 / std::numbers::pi;
}

void add_actor(vtkRenderer& renderer, vtkPolyData* shape, double opacity, double ambient, double specular,
               bool smooth) {
  vtkNew<vtkPolyDataMapper> mapper;
  vtkNew<vtkPolyDataNormals> normals;
  if (smooth) {
    normals->SetInputData(shape);
    normals->SplittingOff();
    normals->ConsistencyOff();
    mapper->SetInputConnection(normals->GetOutputPort());
  } else {
    mapper->SetInputData(shape);
  }
  mapper->SetScalarModeToUsePointData();
  vtkNew<vtkActor> actor;
  actor->SetMapper(mapper);
  vtkProperty* property = actor->GetProperty();
  property->SetOpacity(opacity);
  property->SetAmbient(ambient);
  property->SetDiffuse(1.0 - ambient);
  property->SetSpecular(specular);
  property->SetSpecularPower(40.0);
  if (!smooth) property->SetInterpolationToFlat();
  renderer.AddActor(actor);
}

void add_light(vtkRenderer& renderer, const Vector& from, double strength) {
  vtkNew<vtkLight> light;
  light->SetLightTypeToSceneLight();
  light->SetPositional(false);
  light->SetFocalPoint(0.0, 0.0, 0.0);
  light->SetPosition(from[0], from[1], from[2]);
  light->SetIntensity(strength);
  renderer.AddLight(light);
}

/// The scene without words, as an RGB image with rows from the bottom.
std::vector<std::uint8_t> render(const Twin& twin, const SceneSheet& sheet, double stretch, double azimuth,
                                 int width, int height) {
  const Block block(twin.grid, sheet.bed, stretch);
  vtkNew<vtkRenderer> renderer;
  renderer->SetBackground(1.0, 1.0, 1.0);
  renderer->RemoveAllLights();
  renderer->AutomaticLightCreationOff();
  add_light(*renderer, {-1.0, 0.5, 1.6}, 0.90);
  add_light(*renderer, {0.4, -1.0, 0.7}, 0.45);
  add_actor(*renderer, terrain_shape(block), 1.0, 0.86, 0.0, true);
  add_actor(*renderer, skirt_shape(block), 1.0, 0.70, 0.0, false);
  add_actor(*renderer, water_shape(block, sheet.depth, sheet.field), 0.90, 0.80, 0.12, true);
  add_actor(*renderer, house_shape(block, twin), 1.0, 0.50, 0.0, false);
  add_actor(*renderer, house_edges(block, twin), 1.0, 1.0, 0.0, false);
  place_camera(*renderer->GetActiveCamera(), block.outline(twin.places_of("building").empty() ? 0.0 : 4.0),
               azimuth, static_cast<double>(width) / height);
  renderer->ResetCameraClippingRange();
  vtkNew<vtkRenderWindow> window;
  window->SetOffScreenRendering(1);
  window->SetMultiSamples(8);
  window->SetSize(width, height);
  window->AddRenderer(renderer);
  window->Render();
  vtkNew<vtkWindowToImageFilter> grab;
  grab->SetInput(window);
  grab->SetInputBufferTypeToRGB();
  grab->ReadFrontBufferOff();
  grab->Update();
  const vtkImageData* image = grab->GetOutput();
  int size[3];
  const_cast<vtkImageData*>(image)->GetDimensions(size);
  if (size[0] != width || size[1] != height) {
    throw IoError(fmt::format(
        "3-D picture: the display gave {} x {} pixels instead of {} x {}; choose a smaller --width", size[0],
        size[1], width, height));
  }
  const auto* bytes = static_cast<const std::uint8_t*>(const_cast<vtkImageData*>(image)->GetScalarPointer());
  return {bytes, bytes + static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3};
}

}  // namespace

double height_stretch(const Grid& grid, const std::vector<double>& bed) {
  const double relief = percentile(bed, 0.99) - percentile(bed, 0.01);
  const double side = std::max(grid.east() - grid.west, grid.north() - grid.south);
  if (!(relief > 0.0)) return 1.0;
  const double wanted = side / 9.0 / relief;
  double best = 1.0;
  for (const double factor : {1.0, 1.5, 2.0, 3.0, 5.0, 8.0, 10.0, 15.0, 20.0, 30.0, 50.0, 100.0}) {
    if (factor <= wanted * 1.2) best = factor;
  }
  return best;
}

Canvas draw_scene(const Twin& twin, const SceneSheet& sheet, int pixels) {
  const double stretch = height_stretch(twin.grid, sheet.bed);
  const View3 view = choose_view(twin.grid, sheet.bed);
  Page page = make_page(sheet.text, page_width, scene_height, pixels);
  const Box& content = page.content;
  const Box picture{content.left, content.top, content.width - strip_gap - strip_width, content.height};
  const int width = static_cast<int>(std::lround(picture.width * page.canvas.scale()));
  const int height = static_cast<int>(std::lround(picture.height * page.canvas.scale()));
  page.canvas.image(picture, render(twin, sheet, stretch, view.azimuth, width, height), width, height);
  Box strip{content.right() - strip_width, content.top + 10.0, strip_width, content.height - 10.0};
  strip.top = draw_key(page.canvas, strip, sheet.field) + 10.0;
  std::vector<std::pair<Symbol, std::string>> rows;
  if (!twin.places_of("building").empty()) rows.emplace_back(Symbol::building, "Building");
  strip.top = draw_symbols(page.canvas, strip, rows) + 6.0;
  const Grid& grid = twin.grid;
  const std::string exaggeration = stretch == 1.0
                                       ? "Heights are to scale."
                                       : fmt::format("Heights are drawn {:g} times as tall.", stretch);
  draw_remark(page.canvas, strip,
              fmt::format("Seen from the {}. {} The block is {:.4g} m by {:.4g} m.", view.seen_from,
                          exaggeration, grid.east() - grid.west, grid.north() - grid.south));
  draw_north_arrow(page.canvas, strip.left + 22.0, content.bottom() - 48.0, north_turn(view.azimuth));
  return std::move(page.canvas);
}

}  // namespace dvinis::viz
