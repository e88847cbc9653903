#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/core/engine/tank.hpp"

namespace dvinis {
namespace {

using testing::AllOf;
using testing::HasSubstr;

std::vector<std::unique_ptr<Model>> tank_and_follower() {
  std::vector<std::unique_ptr<Model>> models;
  models.push_back(std::make_unique<toy::Tank>());
  models.push_back(std::make_unique<toy::Follower>());
  return models;
}

template <class Call>
std::string refusal(const Call& call) {
  try {
    call();
  } catch (const ScenarioError& error) {
    return error.what();
  }
  return "nothing was refused";
}

TEST(Schema, ListsFieldsInCatalogueOrderWithTheirOwners) {
  const Schema schema = make_schema(tank_and_follower(), {});
  ASSERT_EQ(schema.fields.size(), 4u);
  EXPECT_EQ(schema.fields[3].name, "sunk");
  EXPECT_EQ(schema.field_owner[0], "tank");
  EXPECT_EQ(schema.field_owner[3], "follower");
  EXPECT_TRUE(schema.find_table("gauges"));
  EXPECT_TRUE(schema.find_scalar("tank.start"));
}

TEST(Schema, AllocatesAnOptionalFieldOnlyWhenAnOutputOrAModelAsksForIt) {
  EXPECT_FALSE(make_schema(tank_and_follower(), {}).find_field("temperature"));
  EXPECT_TRUE(make_schema(tank_and_follower(), {"temperature"}).find_field("temperature"));

  std::vector<std::unique_ptr<Model>> models = tank_and_follower();
  auto thermometer = std::make_unique<toy::Tank>();
  thermometer->change_info() = {.name = "thermometer",
                                .about = {},
                                .provides = {},
                                .needs = {"temperature"},
                                .needs_layers = {},
                                .tables = {},
                                .scalars = {}};
  models.push_back(std::move(thermometer));
  EXPECT_TRUE(make_schema(models, {}).find_field("temperature"));
}

TEST(Schema, RefusesAnUnknownWantedFieldAndNamesTheNearOne) {
  EXPECT_THAT(refusal([] { make_schema(tank_and_follower(), {"levle"}); }),
              AllOf(HasSubstr("'levle'"), HasSubstr("did you mean 'level'?")));
  EXPECT_THAT(refusal([] { make_schema(tank_and_follower(), {"salinity_of_water"}); }),
              HasSubstr("provide level, maximum_level"));
}

TEST(Schema, RefusesANeedThatNobodyProvides) {
  std::vector<std::unique_ptr<Model>> models;
  models.push_back(std::make_unique<toy::Follower>());
  EXPECT_THAT(refusal([&] { make_schema(models, {}); }),
              AllOf(HasSubstr("models.follower"), HasSubstr("'sinking_speed'"), HasSubstr("add a model")));
}

TEST(Schema, RefusesTwoOwnersOfOneField) {
  std::vector<std::unique_ptr<Model>> models;
  models.push_back(std::make_unique<toy::Tank>());
  models.push_back(std::make_unique<toy::Tank>(0.7, 1.0, "barrel"));
  EXPECT_THAT(refusal([&] { make_schema(models, {}); }),
              AllOf(HasSubstr("models.barrel"), HasSubstr("'level'"), HasSubstr("'tank'")));
}

TEST(Simulation, RefusesAMissingLayerBeforeItBindsTheModel) {
  std::vector<std::unique_ptr<Model>> models;
  auto tank = std::make_unique<toy::Tank>();
  tank->change_info().needs_layers = {"roughness"};
  models.push_back(std::move(tank));
  const Twin twin = toy::yard();
  const Schema schema = make_schema(models, {});
  EXPECT_THAT(refusal([&] { Simulation(twin, schema, models); }),
              AllOf(HasSubstr("models.tank"), HasSubstr("'roughness'"), HasSubstr("layers:")));
}

}  // namespace
}  // namespace dvinis
