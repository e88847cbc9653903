/// Pixels of maps: legend colours, relief on dry ground, place of north.

#include "viz/map.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "viz/relief.hpp"

namespace dvinis::viz {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

Twin small_twin(Index nx, Index ny) {
  Twin twin;
  twin.grid = {nx, ny, 2.0, 1000.0, 5000.0, ""};
  twin.provenance.scenario_name = "pond";
  twin.provenance.about = "A pond.";
  twin.provenance.version = "0";
  return twin;
}

FieldInfo depth_info() {
  FieldInfo info;
  info.name = "water_depth";
  info.unit = "m";
  info.long_name = "water depth";
  info.minimum = 0.0;
  return info;
}

/// Shares of the picture's pixels that are within a hair of a colour.
int count_near(const Canvas& canvas, const Colour& wanted, double tolerance = 0.006) {
  int count = 0;
  for (int row = 0; row < canvas.pixels_y(); ++row) {
    for (int column = 0; column < canvas.pixels_x(); ++column) {
      const Colour c = canvas.pixel(column, row);
      const bool near = std::abs(c.red - wanted.red) < tolerance &&
                        std::abs(c.green - wanted.green) < tolerance &&
                        std::abs(c.blue - wanted.blue) < tolerance;
      count += near ? 1 : 0;
    }
  }
  return count;
}

TEST(Map, flat_ground_shows_exactly_the_colours_of_the_legend) {
  const Twin twin = small_twin(37, 23);
  const auto cells = static_cast<std::size_t>(twin.grid.cells());
  std::vector<double> depth(cells, nan);
  for (std::size_t k = 0; k < cells / 2; ++k) depth[k] = k % 37 < 18 ? 0.5 : 1.0;
  MapSheet sheet{page_text(twin), coloured(depth_info(), depth), {}, std::vector<double>(cells, 12.0), "Dry"};
  const Canvas canvas = draw_map(twin, sheet, {.pixels = 700});
  EXPECT_EQ(sheet.field.scale.high, 1.0);
  EXPECT_GT(count_near(canvas, sheet.field.map(0.5)), 5000);
  EXPECT_GT(count_near(canvas, sheet.field.map(1.0)), 5000);
  EXPECT_GT(count_near(canvas, ground_colour(1.0)), 10000);
}

TEST(Map, dry_ground_shows_relief_of_many_greys) {
  const Twin twin = small_twin(41, 29);
  std::vector<double> bed;
  for (Index j = 0; j < 29; ++j) {
    for (Index i = 0; i < 41; ++i)
      bed.push_back(std::sin(0.4 * static_cast<double>(i)) + 0.1 * static_cast<double>(j));
  }
  MapSheet sheet{
      page_text(twin), coloured(depth_info(), std::vector<double>(bed.size(), nan)), {}, bed, "Dry"};
  const Canvas canvas = draw_map(twin, sheet, {.pixels = 600, .coordinates = false});
  double darkest = 1.0;
  double lightest = 0.0;
  for (int column = 40; column < 380; ++column) {
    const double grey = canvas.pixel(column, canvas.pixels_y() / 3).green;
    darkest = std::min(darkest, grey);
    lightest = std::max(lightest, grey);
  }
  EXPECT_LT(darkest, 0.75);
  EXPECT_GT(lightest, 0.9);
}

TEST(Map, north_is_up_and_east_is_right) {
  const Twin twin = small_twin(31, 31);
  std::vector<double> depth(31 * 31, nan);
  for (Index j = 16; j < 31; ++j) {
    for (Index i = 16; i < 31; ++i)
      depth[static_cast<std::size_t>(j * 31 + i)] = 1.0;  // the north-east quarter
  }
  MapSheet sheet{page_text(twin), coloured(depth_info(), depth), {}, {}, ""};
  const Canvas canvas = draw_map(twin, sheet, {.pixels = 800, .coordinates = false});
  const Colour deep = sheet.field.map(1.0);
  int first_column = canvas.pixels_x(), last_row = 0, first_row = canvas.pixels_y();
  for (int row = 0; row < canvas.pixels_y(); ++row) {
    for (int column = 0; column < 560; ++column) {
      if (std::abs(canvas.pixel(column, row).green - deep.green) > 0.004) continue;
      if (std::abs(canvas.pixel(column, row).blue - deep.blue) > 0.004) continue;
      first_column = std::min(first_column, column);
      first_row = std::min(first_row, row);
      last_row = std::max(last_row, row);
    }
  }
  EXPECT_GT(first_column, 280);
  EXPECT_LT(last_row, canvas.pixels_y() / 2 + 60);
  EXPECT_LT(first_row, 120);
}

TEST(Map, a_compulsory_label_is_on_the_picture) {
  Twin twin = small_twin(20, 15);
  twin.provenance.label = "Generated terrain";
  MapSheet sheet{page_text(twin), coloured(depth_info(), std::vector<double>(300, nan)), {}, {}, ""};
  EXPECT_GT(count_near(draw_map(twin, sheet, {.pixels = 800}), hex("#ffd966")), 1000);
  twin.provenance.label.clear();
  sheet.text = page_text(twin);
  EXPECT_EQ(count_near(draw_map(twin, sheet, {.pixels = 800}), hex("#ffd966")), 0);
}

TEST(Map, shapes_from_very_long_to_very_tall_keep_their_legend) {
  for (const auto& [nx, ny] : {std::pair<Index, Index>{400, 7}, {5, 300}, {1, 1}, {900, 700}}) {
    const Twin twin = small_twin(nx, ny);
    std::vector<double> depth(static_cast<std::size_t>(nx * ny), 0.7);
    if (depth.size() > 1) depth[0] = 1.0;
    MapSheet sheet{page_text(twin), coloured(depth_info(), depth), {}, depth, "Dry"};
    const Canvas canvas = draw_map(twin, sheet, {.pixels = 700});
    EXPECT_EQ(canvas.pixels_x(), 700);
    EXPECT_GT(count_near(canvas, sheet.field.colour(0.7)), 200) << nx << " x " << ny;
    EXPECT_LT(canvas.height() / canvas.width(), 1.7);
  }
}

TEST(Map, names_a_place_for_people) {
  Place place;
  place.kind = "mark";
  place.id = "3";
  EXPECT_EQ(place_name(place), "mark 3");
  place.id = "ch5";
  EXPECT_EQ(place_name(place), "ch5");
  place.label = "Harbour bridge";
  EXPECT_EQ(place_name(place), "Harbour bridge");
}

TEST(Sampler, averages_small_cells_and_skips_the_unknown) {
  const Grid grid{4, 2, 1.0, 0.0, 0.0, ""};
  const std::vector<double> values{1.0, 3.0, nan, nan, 5.0, 7.0, nan, nan};
  const Sampler sampler(grid, values, 2.0);
  const Sampler::Sample middle = sampler({1.0, 1.0});
  EXPECT_NEAR(middle.value, 4.0, 1e-12);
  EXPECT_NEAR(middle.cover, 1.0, 1e-12);
  EXPECT_NEAR(sampler({2.0, 1.0}).cover, 0.5, 1e-12);
  EXPECT_NEAR(sampler({2.0, 1.0}).value, 5.0, 1e-12);
}

TEST(Page, tells_when_in_local_time_with_its_offset) {
  Twin twin = small_twin(3, 3);
  twin.start_utc = 1181275200;  // 2007-06-08T04:00:00Z
  twin.display_offset_minutes = 600;
  EXPECT_EQ(local_moment(twin, 600.0), "2007-06-08 14:10 (UTC+10:00)");
  twin.display_offset_minutes = -210;
  EXPECT_EQ(local_moment(twin, 0.0), "2007-06-08 00:30 (UTC\u221203:30)");
  twin.display_offset_minutes = 0;
  EXPECT_EQ(local_moment(twin, 0.0), "2007-06-08 04:00 (UTC)");
  EXPECT_EQ(crs_name("PROJCS[\"WGS 84 / UTM zone 56S\",GEOGCS[\"WGS 84\"]]"), "WGS 84 / UTM zone 56S");
  EXPECT_EQ(crs_name(""), "local coordinates");
}

}  // namespace
}  // namespace dvinis::viz
