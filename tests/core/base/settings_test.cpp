#include "core/base/settings.hpp"

#include <gtest/gtest.h>

#include <utility>

namespace dvinis {
namespace {

using Members = std::vector<std::pair<std::string, Setting>>;

Setting scalar(const std::string& text, int line = 1) {
  Setting setting;
  setting.kind = Setting::Kind::scalar;
  setting.scalar = text;
  setting.place = {"scenario.yaml", line, 1};
  return setting;
}

Setting list(std::vector<Setting> items, int line = 1) {
  Setting setting;
  setting.kind = Setting::Kind::list;
  setting.items = std::move(items);
  setting.place = {"scenario.yaml", line, 1};
  return setting;
}

Setting map(Members members, int line = 1) {
  Setting setting;
  setting.members = std::move(members);
  setting.place = {"scenario.yaml", line, 1};
  return setting;
}

/// The tree with every path written in, as a reader of texts would.
Setting rooted(Setting setting, const std::string& path = "") {
  setting.path = path;
  for (auto& [name, member] : setting.members)
    member = rooted(member, path.empty() ? name : path + "." + name);
  for (std::size_t n = 0; n < setting.items.size(); ++n) {
    setting.items[n] = rooted(setting.items[n], path + "[" + std::to_string(n) + "]");
  }
  return setting;
}

std::string problems(Setting raw, const KeyTable& table) {
  try {
    validated(rooted(std::move(raw)), table);
  } catch (const ScenarioError& error) {
    return error.what();
  }
  return "(none)";
}

KeyTable flood_table() {
  return {
      {.name = "courant", .kind = KeyKind::number, .minimum = 0.0, .maximum = 1.0, .fallback = "0.45"},
      {.name = "manning",
       .kind = KeyKind::number,
       .about = "friction",
       .unit = "s/m^(1/3)",
       .minimum = 0.0,
       .required = true},
      {.name = "order", .kind = KeyKind::integer, .minimum = 1.0, .maximum = 2.0, .fallback = "2"},
      {.name = "report", .kind = KeyKind::duration, .above = 0.0, .fallback = "1 min"},
      {.name = "edge", .kind = KeyKind::choice, .choices = {"wall", "free", "level"}},
      {.name = "single", .kind = KeyKind::boolean, .fallback = "false"},
      {.name = "start", .kind = KeyKind::time},
      {.name = "mask", .kind = KeyKind::file},
      {.name = "label", .kind = KeyKind::text},
      {.name = "depth", .kind = KeyKind::number, .unit = "m", .minimum = 0.5, .maximum = 10.0},
      {.name = "rain",
       .kind = KeyKind::number,
       .unit = "m s-1",
       .keys = {{.name = "series", .required = true}}},
      {.name = "fields", .kind = KeyKind::list, .keys = {{.kind = KeyKind::text}}},
      {.name = "tiles",
       .kind = KeyKind::map,
       .fallback = "{}",
       .keys = {{.name = "width", .kind = KeyKind::integer, .fallback = "64"}}},
      {.name = "shelter",
       .kind = KeyKind::map,
       .keys = {{.name = "beds", .kind = KeyKind::integer, .fallback = "3"}}},
      {.name = "sources",
       .kind = KeyKind::list,
       .keys = {{.name = "place", .required = true}, {.name = "series"}}},
      {.name = "layers",
       .kind = KeyKind::open_map,
       .keys = {{.kind = KeyKind::number, .unit = "m"}, {.name = "raster", .kind = KeyKind::file}}},
  };
}

TEST(Settings, typed_values_come_back_in_si) {
  const Setting typed = validated(rooted(map({{"manning", scalar("0.04 s/m^(1/3)")},
                                              {"order", scalar("01")},
                                              {"report", scalar("50 ms")},
                                              {"edge", scalar("free")},
                                              {"single", scalar("true")},
                                              {"start", scalar("2007-06-08T04:00:00Z")},
                                              {"rain", scalar("36 mm/h")}})),
                                  flood_table());
  EXPECT_EQ(typed.at("manning").number(), 0.04);
  EXPECT_EQ(typed.at("order").integer(), 1);
  EXPECT_EQ(typed.at("report").duration(), 50000);
  EXPECT_EQ(typed.at("edge").text(), "free");
  EXPECT_TRUE(typed.at("single").boolean());
  EXPECT_EQ(typed.at("start").integer(), 1181275200);
  EXPECT_DOUBLE_EQ(typed.at("rain").number(), 1e-5);
}

TEST(Settings, defaults_are_filled_in_with_the_path_they_would_have) {
  const Setting typed = validated(rooted(map({{"manning", scalar("0.04 s/m^(1/3)")}})), flood_table());
  EXPECT_EQ(typed.at("courant").number(), 0.45);
  EXPECT_EQ(typed.at("courant").path, "courant");
  EXPECT_EQ(typed.at("report").duration(), 60 * microseconds_per_second);
  EXPECT_EQ(typed.at("tiles").at("width").integer(), 64);
  EXPECT_EQ(typed.at("tiles").at("width").path, "tiles.width");
  EXPECT_FALSE(typed.has("shelter")) << "a map without fallback stays absent";
  EXPECT_FALSE(typed.has("edge"));
}

TEST(Settings, an_empty_section_is_a_map_with_defaults) {
  const Setting typed = validated(
      rooted(map({{"manning", scalar("0.04 s/m^(1/3)")}, {"shelter", scalar("")}, {"sources", scalar("")}})),
      flood_table());
  EXPECT_EQ(typed.at("shelter").at("beds").integer(), 3);
  EXPECT_TRUE(typed.at("sources").is_list());
}

TEST(Settings, list_fallbacks_are_lists) {
  const KeyTable table = {
      {.name = "fields", .kind = KeyKind::list, .fallback = "[depth, water level]", .keys = {{}}},
      {.name = "none", .kind = KeyKind::list, .fallback = "[]", .keys = {{}}}};
  const Setting typed = validated(rooted(map({})), table);
  ASSERT_EQ(typed.at("fields").items.size(), 2u);
  EXPECT_EQ(typed.at("fields").items[1].text(), "water level");
  EXPECT_EQ(typed.at("fields").items[1].path, "fields[1]");
  EXPECT_TRUE(typed.at("none").items.empty());
}

TEST(Settings, a_scalar_with_keys_may_be_a_map) {
  const Setting typed = validated(
      rooted(map({{"manning", scalar("0.04 s/m^(1/3)")}, {"rain", map({{"series", scalar("storm")}})}})),
      flood_table());
  EXPECT_EQ(typed.at("rain").at("series").text(), "storm");
  EXPECT_EQ(
      problems(map({{"manning", scalar("1 s/m^(1/3)")}, {"rain", map({{"serie", scalar("storm")}}, 7)}}),
               flood_table()),
      "scenario.yaml:1: rain.serie: unknown key; did you mean 'series'?\n"
      "scenario.yaml:7: rain.series: required key is missing; expected text");
}

TEST(Settings, open_maps_hold_scalars_or_maps_under_chosen_names) {
  const Setting typed = validated(
      rooted(
          map({{"manning", scalar("0.04 s/m^(1/3)")},
               {"layers", map({{"bank", scalar("3 km")}, {"dyke", map({{"raster", scalar("a.tif")}})}})}})),
      flood_table());
  EXPECT_EQ(typed.at("layers").at("bank").number(), 3000.0);
  EXPECT_EQ(typed.at("layers").at("dyke").at("raster").text(), "a.tif");
  EXPECT_EQ(problems(map({{"manning", scalar("1 s/m^(1/3)")}, {"layers", map({{"3 m", scalar("3 m", 4)}})}}),
                     flood_table()),
            "scenario.yaml:4: layers.3 m: '3 m' is not a name; use at most 64 letters, digits, '_' and '-', "
            "and start "
            "with a letter");
}

TEST(Settings, a_list_of_scalars_may_be_one_scalar) {
  const Setting typed = validated(
      rooted(map({{"manning", scalar("1 s/m^(1/3)")}, {"fields", scalar("depth")}})), flood_table());
  ASSERT_EQ(typed.at("fields").items.size(), 1u);
  EXPECT_EQ(typed.at("fields").items[0].text(), "depth");
}

TEST(Settings, all_problems_appear_in_the_order_of_the_text) {
  EXPECT_EQ(
      problems(map({{"order", scalar("3", 9)},
                    {"mannng", scalar("0.04 s/m^(1/3)", 4)},
                    {"single", scalar("yes", 6)},
                    {"edge", scalar("wal", 7)}},
                   2),
               flood_table()),
      "scenario.yaml:2: manning: required key is missing; expected a number with a unit that converts to "
      "s/m^(1/3) (friction)\n"
      "scenario.yaml:4: mannng: unknown key; did you mean 'manning'?\n"
      "scenario.yaml:6: single: 'yes' is neither true nor false; write one of these two words\n"
      "scenario.yaml:7: edge: 'wal' is not allowed; did you mean 'wall'? allowed: wall, free, level\n"
      "scenario.yaml:9: order: 3 is out of range; allowed: 1 to 2");
}

struct BadValue {
  const char* key;
  const char* value;
  const char* sentence;
};

TEST(Settings, every_kind_refuses_what_it_is_not) {
  for (const BadValue& bad : {
           BadValue{"courant", "1.4", "1.4 is out of range; allowed: 0 to 1"},
           BadValue{"courant", ".nan", "'.nan' is not a number, for example 0.5"},
           BadValue{"courant", ".inf", "'.inf' is not a number, for example 0.5"},
           BadValue{"courant", "", "has no value; expected a number, or remove the key"},
           BadValue{"depth", "0.2 m", "0.2 m is out of range; allowed: 0.5 m to 10 m"},
           BadValue{"depth", "2 km", "2 km is out of range; allowed: 0.5 m to 10 m"},
           BadValue{"depth", "2", "'2' has no unit; write it with one that converts to m, for example '2 m'"},
           BadValue{"order", "1.0", "'1.0' is not a whole number, for example 12"},
           BadValue{"order", "1e0", "'1e0' is not a whole number, for example 12"},
           BadValue{"order", "0x1", "'0x1' is not a whole number, for example 12"},
           BadValue{"order", "-", "'-' is not a whole number, for example 12"},
           BadValue{"order", "99999999999999999999",
                    "'99999999999999999999' is too large; whole numbers go up to 9007199254740992"},
           BadValue{"report", "0 s", "0 s is out of range; allowed: above 0 s"},
           BadValue{"report", "1 ns", "'1 ns' is too short; time is counted in microseconds"},
           BadValue{"report", "1000 years",
                    "'1000 years' is too long; durations up to 285 years are counted"},
           BadValue{"report", "5 m",
                    "'5 m': unit 'm' does not convert to 's'; expected a unit that converts to s, for "
                    "example '5 s'"},
           BadValue{"single", "True", "'True' is neither true nor false; write one of these two words"},
           BadValue{"edge", "sponge", "'sponge' is not allowed; allowed: wall, free, level"},
           BadValue{"mask", "../terrain.tif",
                    "'../terrain.tif' lies outside the scenario's folder; copy it into the folder, or name "
                    "it with "
                    "--set mask=... on the command line"},
           BadValue{
               "mask", "/etc/passwd",
               "'/etc/passwd' lies outside the scenario's folder; copy it into the folder, or name it with "
               "--set mask=... on the command line"},
           BadValue{"mask", "a/../../b",
                    "'a/../../b' lies outside the scenario's folder; copy it into the folder, or name it "
                    "with --set "
                    "mask=... on the command line"},
           BadValue{"label", "", "has no value; expected text, or remove the key"},
       }) {
    EXPECT_EQ(
        problems(map({{"manning", scalar("1 s/m^(1/3)")}, {bad.key, scalar(bad.value, 5)}}), flood_table()),
        std::string("scenario.yaml:5: ") + bad.key + ": " + bad.sentence);
  }
  EXPECT_NE(
      problems(map({{"manning", scalar("1 s/m^(1/3)")}, {"start", scalar("2007-06-08")}}), flood_table()),
      "(none)");
}

TEST(Settings, wrong_shapes_are_named) {
  const auto one = [](const std::string& key, Setting value) {
    return problems(map({{"manning", scalar("1 s/m^(1/3)")}, {key, std::move(value)}}), flood_table());
  };
  EXPECT_EQ(one("courant", list({})), "scenario.yaml:1: courant: expected a number, found a list");
  EXPECT_EQ(one("tiles", scalar("64")),
            "scenario.yaml:1: tiles: expected a map of keys, found a single value");
  EXPECT_EQ(one("fields", map({})), "scenario.yaml:1: fields: expected a list, found a map");
  EXPECT_EQ(one("sources", scalar("drain")),
            "scenario.yaml:1: sources: expected a list, found a single value");
  EXPECT_EQ(one("sources", list({scalar("drain", 3)})),
            "scenario.yaml:3: sources[0]: expected a map with keys place, series, found a single value");
  EXPECT_EQ(one("layers", list({})),
            "scenario.yaml:1: layers: expected a map of names that you choose, found a list");
  EXPECT_EQ(one("label", map({})), "scenario.yaml:1: label: expected text, found a map");
  EXPECT_EQ(problems(list({}), flood_table()), "scenario.yaml:1: expected a map of keys, found a list");
}

TEST(Settings, duplicate_keys_are_refused) {
  EXPECT_EQ(problems(map({{"manning", scalar("1 s/m^(1/3)")}, {"manning", scalar("2 s/m^(1/3)", 3)}}),
                     flood_table()),
            "scenario.yaml:3: manning: duplicate key");
}

TEST(Settings, files_named_on_the_command_line_may_lie_anywhere) {
  Setting file = scalar("/data/terrain.tif");
  file.place = {command_line_place, 0, 0};
  const Setting typed =
      validated(rooted(map({{"manning", scalar("1 s/m^(1/3)")}, {"mask", file}})), flood_table());
  EXPECT_EQ(typed.at("mask").text(), "/data/terrain.tif");
}

TEST(Settings, long_reports_are_cut) {
  Members members{{"manning", scalar("1 s/m^(1/3)")}};
  for (int n = 0; n < 60; ++n) members.emplace_back("unknown" + std::to_string(n), scalar("x", n + 2));
  const std::string text = problems(map(members), flood_table());
  EXPECT_NE(text.find("\nand 10 more problems"), std::string::npos);
}

TEST(Settings, values_in_messages_are_shortened_to_one_line) {
  const std::string text =
      problems(map({{"manning", scalar("1 s/m^(1/3)")}, {"edge", scalar("a\nb" + std::string(90, 'x'))}}),
               flood_table());
  EXPECT_EQ(text.rfind("scenario.yaml:1: edge: 'a bxxxxxxxx", 0), 0u);
  EXPECT_EQ(text.find('\n'), std::string::npos);
  EXPECT_NE(text.find("x...' is not allowed"), std::string::npos);
}

TEST(Settings, reading_what_was_not_validated_is_a_bug_of_ours) {
  const Setting raw = scalar("0.5");
  EXPECT_THROW(raw.number(), InternalError);
  EXPECT_THROW(raw.boolean(), InternalError);
  EXPECT_THROW(map({}).text(), InternalError);
  Setting half = scalar("0.5");
  half.si = 0.5;
  EXPECT_THROW(half.integer(), InternalError);
}

TEST(Settings, a_missing_member_is_named) {
  Setting flood = map({}, 12);
  flood.path = "models.flood";
  try {
    flood.at("courant");
    FAIL();
  } catch (const ScenarioError& error) {
    EXPECT_STREQ(error.what(), "scenario.yaml:12: models.flood: key 'courant' is missing");
  }
}

TEST(DidYouMean, finds_the_nearest_within_a_third_of_the_length) {
  const std::vector<std::string> words = {"manning", "courant", "crs"};
  EXPECT_EQ(did_you_mean("mannng", words), "manning");
  EXPECT_EQ(did_you_mean("Courant", words), "courant");
  EXPECT_EQ(did_you_mean("csr", words), "crs");
  EXPECT_EQ(did_you_mean("curent", words), "courant");
  EXPECT_EQ(did_you_mean("rain", words), "");
  EXPECT_EQ(did_you_mean("", words), "");
  EXPECT_EQ(did_you_mean(std::string(500, 'm'), words), "");
}

}  // namespace
}  // namespace dvinis
