#include "core/base/error.hpp"
#include "io/ingest/units.hpp"
#include "tests/io/ingest/ingest_support.hpp"

namespace dvinis {
namespace {

using test::says;
using test::sentence_of;
using test::twin_of;

std::string scenario(const std::string& series, const std::string& duration = "60 s") {
  return "domain: { plain: { width: 3 m, height: 2 m, spacing: 1 m }, crs: local, vertical_datum: LAS-2000.5 "
         "}\n"
         "time: { start: 2026-01-01T00:00:00Z, duration: " +
         duration + " }\nseries:\n  " + series + "\n";
}

TEST(Series, ConstantsComeInSi) {
  const Twin twin = twin_of(scenario("inflow: { value: 250 L/s }\n  rain: 36 mm/h"), ".");
  EXPECT_EQ(twin.series.at("inflow").unit, "m3 s-1");
  EXPECT_DOUBLE_EQ(twin.series.at("inflow").at(1e9), 0.25);
  EXPECT_EQ(twin.series.at("rain").unit, "m s-1");
  EXPECT_DOUBLE_EQ(twin.series.at("rain").values.at(0), 1e-5);
}

TEST(Series, UnitsKeepTheirDimensionInSi) {
  EXPECT_EQ(si_unit("L/s"), "m3 s-1");
  EXPECT_EQ(si_unit("m3/s"), "m3 s-1");
  EXPECT_EQ(si_unit("cm"), "m");
  EXPECT_EQ(si_unit("degC"), "K");
  EXPECT_EQ(si_unit("kg/d"), "kg s-1");
  EXPECT_EQ(si_unit("1"), "1");
  EXPECT_EQ(si_unit("s/m^(1/3)"), "s m-1/3");
  EXPECT_THROW(si_unit("furlongz"), DataError);
  EXPECT_EQ(quantity_in_si("5 cm").value, 0.05);
  EXPECT_EQ(quantity_in_si("+2e3m").value, 2000.0);
  EXPECT_EQ(quantity_in_si("3").unit, "1");
  EXPECT_THROW(quantity_in_si("m"), DataError);
  EXPECT_THROW(quantity_in_si(""), DataError);
}

TEST(Series, ColumnsAreConvertedFromTheirUnits) {
  const test::TemporaryFolder folder;
  folder.write("h.csv", "t_min;h_cm\r\n0;12,5\r\n0,5;-3\r\n2;7\r\n");
  const Twin twin =
      twin_of(scenario("tide: { file: h.csv, time: t_min, time_unit: min, value: h_cm, unit: cm, "
                       "delimiter: \";\", decimal: \",\" }"),
              folder.text());
  const Series& tide = twin.series.at("tide");
  EXPECT_EQ(tide.unit, "m");
  EXPECT_EQ(tide.seconds, (std::vector<double>{0.0, 30.0, 120.0}));
  EXPECT_DOUBLE_EQ(tide.at(15.0), 0.5 * (0.125 - 0.03));
  EXPECT_FALSE(tide.holds_after_end);
  ASSERT_EQ(twin.provenance.inputs.size(), 1u);
  EXPECT_EQ(twin.provenance.inputs[0].path, "h.csv");
}

TEST(Series, InstantsCountFromTheStartOfTheRun) {
  const test::TemporaryFolder folder;
  folder.write("q.csv", "time,q\n2025-12-31T23:59:00Z,1\n2026-01-01T02:01:00+02:00,3\n");
  const Twin twin = twin_of(scenario("q: { file: q.csv, time: time, value: q, unit: m3/s }"), folder.text());
  EXPECT_EQ(twin.series.at("q").seconds, (std::vector<double>{-60.0, 60.0}));
  EXPECT_DOUBLE_EQ(twin.series.at("q").at(0.0), 2.0);
  folder.write("q.csv", "time,q\n0,1\n60,3\n");
  EXPECT_TRUE(says(sentence_of([&] {
                     twin_of(scenario("q: { file: q.csv, time: time, value: q, unit: m3/s }"), folder.text());
                   }),
                   {"scenario.yaml:4", "q.csv:2", "column 'time'", "time_unit: s"}));
}

TEST(Series, OfAnAgencysTableArePickedByStationAndCountFromTheGaugesZero) {
  const test::TemporaryFolder folder;
  folder.write("hydro.csv",
               "STATION_ID,ABBREVIATION,DATETIME,VALUE\n"
               "\"HD1\",\"LIMEN\",\"2026.01.01 02:00:00\",\"120\"\n"
               "\"HD2\",\"LIMEN\",\"2026.01.01 02:00:00\",\"7\"\n"
               "\"HD1\",\"TEMP\",\"2026.01.01 02:00:00\",\"9\"\n"
               "\"HD1\",\"LIMEN\",\"2026.01.01 02:01:00\",\"140\"\n");
  const std::string table = "{ file: hydro.csv, time: DATETIME, value: VALUE, unit: cm, ";
  const auto series = [&](const std::string& more) {
    return twin_of(scenario("level: " + table + more + " }"), folder.text()).series.at("level");
  };
  const std::string rows = "time_zone: '+02:00', where: [STATION_ID=HD1, ABBREVIATION=LIMEN]";
  const Series level = series(rows + ", zero: 20.15 m");
  EXPECT_EQ(level.seconds, (std::vector<double>{0.0, 60.0}));
  EXPECT_DOUBLE_EQ(level.values[0], 21.35);
  EXPECT_DOUBLE_EQ(level.values[1], 21.55);
  const std::string curve =
      ", rating: [{ level: 21 m, discharge: 10 m3/s }, { level: 21.5 m, discharge: 60 m3/s }, "
      "{ level: 22 m, discharge: 200 m3/s }]";
  const Series discharge = series(rows + ", zero: 20.15 m" + curve);
  EXPECT_EQ(discharge.unit, "m3 s-1");
  EXPECT_NEAR(discharge.values[0], 45.0, 1e-9);
  EXPECT_NEAR(discharge.values[1], 74.0, 1e-9);
  EXPECT_TRUE(
      says(sentence_of([&] { series(rows + curve); }), {"scenario.yaml:4", "lies outside the curve"}));
  EXPECT_TRUE(says(sentence_of([&] { series("where: [STATION_ID=HD1]"); }), {"time_zone: UTC"}));
  EXPECT_TRUE(
      says(sentence_of([&] { series("time_zone: UTC, where: [STATION_ID=HD3]"); }), {"no row has 'HD3'"}));
  EXPECT_TRUE(says(sentence_of([&] { series("time_zone: UTC, where: [HD3]"); }), {"column=value"}));
}

TEST(Series, SumsOverIntervalsBecomeTheirRates) {
  const test::TemporaryFolder folder;
  folder.write("rain.csv", "hour,mm\n1,3.6\n2,0\n3,7.2\n5,7.2\n");
  const auto rain = [&](const std::string& more) {
    return twin_of(
               scenario("rain: { file: rain.csv, time: hour, time_unit: h, value: mm, unit: mm" + more + " }",
                        "4 h"),
               folder.text())
        .series.at("rain");
  };
  const Series before = rain(", sums: before");
  EXPECT_EQ(before.unit, "m s-1");
  EXPECT_EQ(before.seconds, (std::vector<double>{0.0, 3600.0, 7200.0, 10800.0, 18000.0}));
  EXPECT_DOUBLE_EQ(before.at(10.0), 1e-6);
  EXPECT_EQ(before.at(3600.0), 0.0);
  EXPECT_DOUBLE_EQ(before.at(7200.0), 2e-6);
  EXPECT_DOUBLE_EQ(before.at(17999.0), 1e-6);
  EXPECT_EQ(before.at(18000.0), 0.0);
  EXPECT_DOUBLE_EQ(before.integral(0.0, 18000.0), 0.018);
  EXPECT_DOUBLE_EQ(before.integral(1800.0, 9000.0), 0.0018 + 0.0036);
  const Series after = rain(", sums: after, before_start: hold");
  EXPECT_EQ(after.seconds, (std::vector<double>{3600.0, 7200.0, 10800.0, 18000.0, 25200.0}));
  EXPECT_DOUBLE_EQ(after.integral(3600.0, 1e6), 0.018);
  folder.write("rain.csv", "hour,mm\n0,1\n");
  EXPECT_TRUE(says(sentence_of([&] { rain(", sums: after"); }), {"scenario.yaml:4", "at least two times"}));
}

TEST(Series, OneThatDoesNotSpanTheRunMustSayWhatHolds) {
  const test::TemporaryFolder folder;
  folder.write("h.csv", "t,h\n5,1\n50,2\n");
  const auto yaml = [](const std::string& more) {
    return scenario("wave: { file: h.csv, time: t, time_unit: s, value: h, unit: m" + more + " }");
  };
  EXPECT_TRUE(says(sentence_of([&] { twin_of(yaml(""), folder.text()); }),
                   {"scenario.yaml:4", "series.wave", "h.csv", "starts 5 s after", "before_start: hold"}));
  EXPECT_TRUE(says(sentence_of([&] { twin_of(yaml(", before_start: hold"), folder.text()); }),
                   {"scenario.yaml:4", "ends at 50 s", "lasts 60 s", "after_end: hold"}));
  const Twin twin = twin_of(yaml(", before_start: hold, after_end: hold"), folder.text());
  EXPECT_TRUE(twin.series.at("wave").holds_after_end);
  EXPECT_EQ(twin.series.at("wave").at(60.0), 2.0);
}

TEST(Series, BadInputNamesFileLineAndColumn) {
  const test::TemporaryFolder folder;
  folder.write("h.csv", "t,level\n0,1\n60,x\n");
  const auto sentence = [&](const std::string& series) {
    return sentence_of([&] { twin_of(scenario("w: " + series), folder.text()); });
  };
  EXPECT_TRUE(says(sentence("{ file: h.csv, time: t, time_unit: s, value: level, unit: m }"),
                   {"scenario.yaml:4", "h.csv:3: column 'level'", "'x'"}));
  EXPECT_TRUE(says(sentence("{ file: h.csv, time: t, time_unit: s, value: levl, unit: m }"),
                   {"no column 'levl'", "did you mean 'level'"}));
  EXPECT_TRUE(says(sentence("{ file: h.csv, time: t, time_unit: s, value: level, unit: mmm }"),
                   {"scenario.yaml:4", "mmm"}));
  EXPECT_TRUE(says(sentence("{ file: h.csv, time: t, time_unit: kg, value: level, unit: m }"),
                   {"scenario.yaml:4", "kg"}));
  EXPECT_TRUE(says(sentence("{ file: h.csv, time: t, time_unit: s, value: level }"), {"`unit` is missing"}));
  EXPECT_TRUE(says(sentence("{ file: none.csv, time: t, time_unit: s, value: level, unit: m }"),
                   {"none.csv", "no such file"}));
  EXPECT_TRUE(
      says(sentence("{ file: h.csv, time: t, time_unit: s, value: level, unit: m, vertical_datum: BAS77 }"),
           {"'BAS77'"}));
  EXPECT_TRUE(says(sentence("{ value: 3 m, after_end: hold }"), {"belongs to a series from a file"}));
  EXPECT_TRUE(says(sentence("{ value: 3 parsecz }"), {"scenario.yaml:4", "parsecz"}));
  EXPECT_TRUE(says(sentence("{ unit: m }"), {"scenario.yaml:4"}));
}

}  // namespace
}  // namespace dvinis
