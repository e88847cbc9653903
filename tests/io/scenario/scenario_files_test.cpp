/// The scenarios that we ship, read with the models that we ship; no data file is opened.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "io/scenario/keys.hpp"
#include "io/scenario/scenario.hpp"
#include "models/catalogue.hpp"

namespace dvinis {
namespace {

namespace fs = std::filesystem;

fs::path source_folder() {
  const char* folder = std::getenv("DVINIS_SOURCE_DIR");
  return folder == nullptr ? fs::current_path() : fs::path(folder);
}

TEST(ScenarioFiles, all_that_we_ship_are_valid) {
  int count = 0;
  for (const auto& entry : fs::directory_iterator(source_folder() / "scenarios")) {
    const fs::path file = entry.path() / "scenario.yaml";
    if (!fs::exists(file)) continue;
    ++count;
    EXPECT_NO_THROW({
      const Scenario scenario = read_scenario(file.string(), {}, catalogue());
      EXPECT_EQ(scenario.settings.at("scenario").text(), entry.path().filename().string());
    }) << file;
  }
  EXPECT_GE(count, 3);
}

TEST(ScenarioFiles, merewether_comes_out_in_si) {
  const Scenario scenario =
      read_scenario((source_folder() / "scenarios/merewether/scenario.yaml").string(), {}, catalogue());
  EXPECT_EQ(scenario.settings.at("time").at("start").integer(), 1181275200);
  EXPECT_EQ(scenario.settings.at("time").at("display_offset").number(), 36000.0);
  EXPECT_EQ(scenario.settings.at("domain").at("terrain").items.at(0).text(), "data/dem_1m.tif");
  EXPECT_EQ(scenario.settings.at("outputs").at("maps").at("every").duration(), 60 * microseconds_per_second);
}

void expect_about(const KeyTable& keys, const std::string& path) {
  for (const KeyInfo& key : keys) {
    const std::string name = path + "." + key.name;
    EXPECT_FALSE(key.about.empty()) << name << " has no sentence for the reference page";
    expect_about(key.keys, name);
  }
}

TEST(ScenarioFiles, every_key_is_explained) { expect_about(scenario_keys(catalogue()), "scenario"); }

/// Every fallback must pass the validation of its own key, whatever section it stands in.
void expect_valid_fallbacks(const KeyTable& keys) {
  for (KeyInfo key : keys) {
    if (key.fallback) {
      Setting empty;
      EXPECT_NO_THROW(validated(empty, {key})) << key.name;
    }
    expect_valid_fallbacks(key.keys);
  }
}

TEST(ScenarioFiles, every_default_is_valid) { expect_valid_fallbacks(scenario_keys(catalogue())); }

TEST(ScenarioFiles, the_schema_is_json_and_knows_every_model) {
  const nlohmann::json schema =
      nlohmann::json::parse(json_schema(scenario_keys(catalogue()), "dvinis scenario"));
  for (const CatalogueEntry& entry : catalogue()) {
    EXPECT_TRUE(schema["properties"]["models"]["properties"].contains(entry.name)) << entry.name;
  }
}

}  // namespace
}  // namespace dvinis
