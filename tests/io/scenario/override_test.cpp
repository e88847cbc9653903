#include "io/scenario/override.hpp"

#include <gtest/gtest.h>

#include "io/scenario/yaml.hpp"

namespace dvinis {
namespace {

Setting tree() {
  return parse_yaml(
      "models:\n  flood: {courant: 0.45, rain: 35 mm/h}\n  still:\nplaces: [{id: a}, {id: b, x: 1 m}]\n",
      "s.yaml");
}

std::string message(const std::string& assignment) {
  Setting root = tree();
  try {
    apply_override(root, assignment);
  } catch (const UsageError& error) {
    return error.what();
  }
  return "(none)";
}

TEST(Override, sets_a_value_that_stands_there) {
  Setting root = tree();
  apply_override(root, "models.flood.courant=0.4");
  const Setting& courant = root.at("models").at("flood").at("courant");
  EXPECT_EQ(courant.scalar, "0.4");
  EXPECT_EQ(courant.path, "models.flood.courant");
  EXPECT_EQ(courant.place.text(), command_line_place);
}

TEST(Override, sets_items_of_lists) {
  Setting root = tree();
  apply_override(root, "places[1].x=12 m");
  EXPECT_EQ(root.at("places").items.at(1).at("x").scalar, "12 m");
  apply_override(root, "places[0]={id: c, y: 3 m}");
  EXPECT_EQ(root.at("places").items.at(0).at("y").path, "places[0].y");
}

TEST(Override, makes_maps_on_the_way) {
  Setting root = tree();
  apply_override(root, "outputs.maps.every=10 s");
  EXPECT_EQ(root.at("outputs").at("maps").at("every").scalar, "10 s");
  EXPECT_EQ(root.at("outputs").at("maps").path, "outputs.maps");
  apply_override(root, "models.still.depth=1 m");
  EXPECT_EQ(root.at("models").at("still").at("depth").scalar, "1 m");
}

TEST(Override, takes_yaml_and_equals_signs_as_value) {
  Setting root = tree();
  apply_override(root, "outputs.maxima=[maximum_depth, maximum_speed]");
  EXPECT_EQ(root.at("outputs").at("maxima").items.at(1).scalar, "maximum_speed");
  EXPECT_EQ(root.at("outputs").at("maxima").items.at(1).path, "outputs.maxima[1]");
  apply_override(root, "layers.roughness.where=kind=road");
  EXPECT_EQ(root.at("layers").at("roughness").at("where").scalar, "kind=road");
  apply_override(root, "about=\"a: b\"");
  EXPECT_EQ(root.at("about").scalar, "a: b");
  apply_override(root, "models.flood={}");
  EXPECT_TRUE(root.at("models").at("flood").members.empty());
}

TEST(Override, the_last_word_wins) {
  Setting root = tree();
  apply_override(root, "seed=1");
  apply_override(root, "seed=2");
  EXPECT_EQ(root.at("seed").scalar, "2");
}

TEST(Override, says_what_is_wrong_with_an_assignment) {
  const std::pair<const char*, const char*> cases[] = {
      {"courant", "--set courant: there is no '='; write --set models.flood.courant=0.4"},
      {"=3", "--set =3: a key is empty; write --set models.flood.courant=0.4"},
      {"a..b=3", "--set a..b=3: a key is empty; write --set models.flood.courant=0.4"},
      {"a.=3", "--set a.=3: a key is empty; write --set models.flood.courant=0.4"},
      {"[0]=3", "--set [0]=3: a key is empty; write --set models.flood.courant=0.4"},
      {"places[x]=3", "--set places[x]=3: 'x' is not the number of an item; the first is 0"},
      {"places[]=3", "--set places[]=3: '' is not the number of an item; the first is 0"},
      {"places[-1]=3", "--set places[-1]=3: '-1' is not the number of an item; the first is 0"},
      {"places[1=3", "--set places[1=3: a '[' is not closed"},
      {"places[0]x=3", "--set places[0]x=3: after ']' comes '.' or '='"},
      {"places[2].x=3", "--set places[2].x=3: 'places' has 2 items, counted from 0"},
      {"models[0]=3", "--set models[0]=3: 'models' is not a list"},
      {"places.x=3", "--set places.x=3: 'places' is a list, it has no key 'x'"},
      {"models.flood.rain.series=storm",
       "--set models.flood.rain.series=storm: 'models.flood.rain' is the value '35 mm/h', it has no key "
       "'series'"},
      {"seed=", "--set seed=: the value is empty; write --set key=value"},
      {"seed=[1",
       "--set seed=[1: value:1:1: a key must be a word or a quoted text, not a list or a map; is a bracket "
       "left open?"},
  };
  for (const auto& [assignment, sentence] : cases) EXPECT_EQ(message(assignment), sentence);
  std::string long_path = "a";
  for (int n = 0; n < 40; ++n) long_path += ".a";
  EXPECT_NE(message(long_path + "=1").find("the key has more than 24 parts"), std::string::npos);
}

}  // namespace
}  // namespace dvinis
