/// Colour maps must be ordered by lightness alone: that is what every eye, and a photocopy, can read.

#include <gtest/gtest.h>

#include <cmath>

#include "viz/colour_map.hpp"
#include "viz/style.hpp"

namespace dvinis::viz {
namespace {

TEST(ColourMap, sequential_maps_change_lightness_in_one_direction) {
  for (const Palette palette : {Palette::viridis, Palette::cividis, Palette::plasma, Palette::magma,
                                Palette::water, Palette::hazard}) {
    const ColourMap map{palette};
    const double direction = lightness(map(1.0)) > lightness(map(0.0)) ? 1.0 : -1.0;
    for (int k = 0; k < 64; ++k) {
      EXPECT_GT(direction * (lightness(map((k + 1) / 64.0)) - lightness(map(k / 64.0))), 0.0)
          << "palette " << static_cast<int>(palette) << " at " << k;
    }
    EXPECT_GT(std::abs(lightness(map(1.0)) - lightness(map(0.0))), 55.0);
  }
}

TEST(ColourMap, knows_the_published_ends_of_viridis_and_cividis) {
  const Colour dark = ColourMap{Palette::viridis}(0.0);
  EXPECT_NEAR(dark.red, 0.267004, 1e-3);
  EXPECT_NEAR(dark.green, 0.004874, 1e-3);
  EXPECT_NEAR(dark.blue, 0.329415, 1e-3);
  const Colour yellow = ColourMap{Palette::viridis}(1.0);
  EXPECT_NEAR(yellow.red, 0.993248, 1e-3);
  EXPECT_NEAR(ColourMap{Palette::cividis}(0.0).blue, 0.3, 0.05);
}

TEST(ColourMap, reversal_turns_the_ends_and_values_outside_are_clamped) {
  const ColourMap there{Palette::water};
  const ColourMap back{Palette::water, true};
  EXPECT_EQ(there(0.25).blue, back(0.75).blue);
  EXPECT_EQ(there(7.0).red, there(1.0).red);
  EXPECT_EQ(there(-7.0).red, there(0.0).red);
}

TEST(ColourMap, classes_stand_apart_in_lightness) {
  const std::vector<Colour> colours = class_colours(6);
  ASSERT_EQ(colours.size(), 6U);
  for (std::size_t k = 0; k + 1 < colours.size(); ++k) {
    EXPECT_GT(lightness(colours[k]) - lightness(colours[k + 1]), 6.0) << "class " << k + 1;
  }
}

TEST(Style, follows_from_the_declaration) {
  FieldInfo depth;
  depth.name = "maximum_depth";
  depth.unit = "m";
  EXPECT_EQ(style_of(depth).map.palette, Palette::water);
  FieldInfo component;
  component.name = "velocity_x";
  EXPECT_EQ(style_of(component).spread, Spread::either_sign);
  FieldInfo level;
  level.name = "water_level";
  EXPECT_EQ(style_of(level).spread, Spread::between);
  FieldInfo classes;
  classes.name = "anything";
  classes.classes = {"low", "high"};
  EXPECT_EQ(style_of(classes).spread, Spread::classes);
}

TEST(Style, category_zero_and_unknown_categories_are_transparent) {
  FieldInfo info;
  info.name = "hazard_class";
  info.classes = {"one", "two", "three"};
  const Coloured field = coloured(info, {0.0, 1.0, 3.0, 4.0});
  EXPECT_TRUE(std::isnan(field.values[0]));
  EXPECT_EQ(field.colour(1.0).alpha, 1.0);
  EXPECT_EQ(field.colour(4.0).alpha, 0.0);
}

}  // namespace
}  // namespace dvinis::viz
