#include "core/twin/state.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace dvinis {
namespace {

Twin street() {
  Twin twin;
  twin.grid = {.nx = 37, .ny = 23, .spacing = 1.0, .west = 0.0, .south = 0.0, .crs_wkt = {}};
  Place house{.kind = "building",
              .id = "7",
              .label = "Kirche Sankt Jürgen",
              .points = {},
              .holes = {},
              .numbers = {},
              .texts = {},
              .cells = {}};
  Place gauge{.kind = "gauge",
              .id = "g1",
              .label = "",
              .points = {},
              .holes = {},
              .numbers = {},
              .texts = {},
              .cells = {}};
  Place other_house = house;
  other_house.id = "9";
  other_house.label.clear();
  twin.places = {house, gauge, other_house};
  return twin;
}

Schema depth_and_buildings() {
  Schema schema;
  FieldInfo depth;
  depth.name = "water_depth";
  FieldInfo bed;
  bed.name = "bed";
  bed.type = ElementType::float32;
  bed.against_datum = true;
  schema.fields = {depth, bed};
  schema.field_owner = {"flood", "flood"};
  ColumnInfo first_wet;
  first_wet.name = "first_wet";
  ColumnInfo level;
  level.name = "level";
  level.series = true;
  schema.tables = {{"buildings", "building", "buildings", {first_wet, level}},
                   {"alarms", "", "alarms", {level}}};
  schema.scalars = {"flood.step", "flood.draws"};
  return schema;
}

TEST(State, AllocatesTheGridsFieldsAndOneRowPerPlaceOfTheTablesKind) {
  const State state(depth_and_buildings(), street());
  ASSERT_EQ(state.fields.size(), 2u);
  EXPECT_EQ(state.fields[0].nx(), 37);
  EXPECT_EQ(state.fields[0].ny(), 23);
  EXPECT_TRUE(state.fields[1].against_datum());
  ASSERT_EQ(state.tables[0].rows(), 2u);
  EXPECT_EQ(state.tables[0].id, (std::vector<std::int64_t>{1, 2}));
  EXPECT_EQ(state.tables[0].name, (std::vector<std::string>{"Kirche Sankt Jürgen", "9"}));
  EXPECT_TRUE(std::isnan(state.tables[0].column("first_wet")[1]));
  EXPECT_EQ(state.tables[1].rows(), 0u);
  EXPECT_EQ(state.scalars, (std::vector<double>{0.0, 0.0}));
}

TEST(Schema, FindsNamesAndCallsAnUndeclaredOneABug) {
  const Schema schema = depth_and_buildings();
  EXPECT_EQ(schema.field("bed").index, 1);
  EXPECT_EQ(schema.table("alarms").index, 1);
  EXPECT_EQ(schema.scalar("flood.draws").index, 1);
  EXPECT_FALSE(schema.find_field("beds"));
  EXPECT_THROW(schema.field("beds"), InternalError);
}

TEST(Ledger, LosesNothingWhenSmallAmountsMeetALargeOne) {
  State state;
  state.book("water", "m3", "rain", 1e16);
  for (int k = 0; k < 1000; ++k) state.book("water", "m3", "rain", 0.1);
  state.book("water", "m3", "rain", -1e16);
  EXPECT_NEAR(state.booked("water", "rain"), 100.0, 1e-11);
  EXPECT_EQ(state.ledger.size(), 1u);
  EXPECT_EQ(state.ledger[0].bookings, 1002);
  EXPECT_EQ(state.booked("water", "snow"), 0.0);
}

TEST(Ledger, KeepsTheBestDoubleInAmountAndTheRestInLow) {
  State state;
  state.book("water", "m3", "rain", 1.0);
  for (int k = 0; k < 10; ++k) state.book("water", "m3", "rain", 1e-17);
  EXPECT_EQ(state.ledger[0].amount, 1.0);
  EXPECT_NEAR(state.ledger[0].low, 1e-16, 1e-30);
}

TEST(Ledger, RefusesTwoUnitsForOneAccount) {
  State state;
  state.book("water", "m3", "rain", 1.0);
  EXPECT_THROW(state.book("water", "l", "rain", 1.0), InternalError);
}

class Checksum : public testing::Test {
 protected:
  State state_{depth_and_buildings(), street()};
  std::string before_ = state_.checksum();
};

TEST_F(Checksum, IsTheSameForACopy) {
  const State copy = state_;
  EXPECT_EQ(copy.checksum(), before_);
  EXPECT_EQ(before_.size(), 64u);
}

TEST_F(Checksum, IgnoresTheHaloAndTheCountsOfWrittenOutputs) {
  state_.fields[0].view<double>()(-1, 5) = 3.0;
  state_.fields[0].view<double>()(37, 22) = 3.0;
  state_.map_count = 12;
  state_.series_count = 99;
  EXPECT_EQ(state_.checksum(), before_);
}

TEST_F(Checksum, SeesTheLastBitOfTheLastCell) {
  state_.fields[0].view<double>()(36, 22) = 5e-324;
  EXPECT_NE(state_.checksum(), before_);
}

TEST_F(Checksum, SeesADatumThatTheStoredNumbersDoNot) {
  state_.fields[1].datum()[1] = 1.0;
  EXPECT_NE(state_.checksum(), before_);
}

TEST_F(Checksum, SeesTablesScalarsClockEventsAndTheLedgersLowWord) {
  std::vector<State> others(7, state_);
  others[0].tables[0].columns[0][1] = 60.0;
  others[1].scalars[1] = 1.0;
  others[2].time = 1;
  others[3].events.push_back({.id = 1, .kind = "dyke breaks", .subject = {}, .cause = {}, .parents = {}});
  others[4].ledger.push_back({.quantity = "water", .unit = "m3", .account = "rain", .low = 1e-20});
  others[5].next_event_id = 2;
  others[6].tables[0].name[0] = "Kirche";
  for (std::size_t k = 0; k < others.size(); ++k) EXPECT_NE(others[k].checksum(), before_) << k;
}

TEST_F(Checksum, TellsTextsThatOnlyJoinAlikeApart) {
  State one = state_;
  State two = state_;
  one.events.push_back({.id = 1, .kind = "ab", .subject = "c", .cause = {}, .parents = {}});
  two.events.push_back({.id = 1, .kind = "a", .subject = "bc", .cause = {}, .parents = {}});
  EXPECT_NE(one.checksum(), two.checksum());
}

}  // namespace
}  // namespace dvinis
