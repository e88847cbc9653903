#include "core/base/error.hpp"
#include "tests/io/ingest/ingest_support.hpp"

namespace dvinis {
namespace {

using test::says;
using test::sentence_of;
using test::twin_of;

std::string scenario(const std::string& more, const std::string& domain = "width: 3 m, height: 2 m") {
  return "domain: { plain: { " + domain +
         ", spacing: 1 m }, crs: local, vertical_datum: local }\n"
         "time: { start: 2026-01-01T00:00:00Z, duration: 10 min }\nimages:\n  radar: { raster: r.tif, times: "
         "t.csv, time: min, time_unit: min" +
         more + " }\n";
}

/// Two bands of 3 x 2 cells; the second has a hole in the north-west.
void write_images(const test::TemporaryFolder& folder) {
  test::Tiff tiff;
  tiff.columns = 3;
  tiff.rows = 2;
  tiff.north = 2.0;
  tiff.bands = 2;
  tiff.values = {0.0, 10.0, 20.0, 30.0, 40.0, -32.0, -9.0, 1.0, 2.0, 3.0, 4.0, 5.0};
  tiff.has_nodata = true;
  tiff.nodata = -9.0;
  test::write_tiff(folder.path("r.tif"), tiff);
  folder.write("t.csv", "min\n0\n10\n");
}

TEST(Images, AreReadBandByBandAndConverted) {
  const test::TemporaryFolder folder;
  write_images(folder);
  const Twin twin = twin_of(
      scenario(", unit: mm/h, no_data: zero, between: step, formula: \"v < -31 ? 0 : 36*v\""), folder.text());
  const ImageSeries& radar = twin.images.at("radar");
  EXPECT_EQ(radar.unit, "m s-1");
  EXPECT_EQ(radar.seconds, (std::vector<double>{0.0, 600.0}));
  EXPECT_EQ(radar.between, Between::step);
  ASSERT_EQ(radar.images.size(), 2u);
  EXPECT_FLOAT_EQ(static_cast<float>(radar.images[0].value(2, 1)), 20.0f * 1e-5f);
  EXPECT_EQ(radar.images[0].value(2, 0), 0.0);
  EXPECT_EQ(radar.images[1].value(0, 1), 0.0);
  EXPECT_FLOAT_EQ(static_cast<float>(radar.images[1].value(0, 0)), 3.0f * 1e-5f);
  EXPECT_EQ(twin.provenance.inputs.size(), 2u);
}

TEST(Images, BadInputIsToldWithTheWayOut) {
  const test::TemporaryFolder folder;
  write_images(folder);
  const auto sentence = [&](const std::string& text) {
    return sentence_of([&] { twin_of(text, folder.text()); });
  };
  EXPECT_TRUE(says(sentence(scenario(", unit: mm/h")), {"scenario.yaml:4", "band 2", "no_data: zero"}));
  EXPECT_TRUE(says(sentence(scenario(", unit: mm/h", "width: 5 m, height: 2 m")), {"band 1", "must cover"}));
  EXPECT_TRUE(says(sentence(scenario(", unit: mm/h, no_data: zero, formula: \"1/(v - 10)\"")),
                   {"scenario.yaml:4", "for the value 10"}));
  EXPECT_TRUE(says(sentence(scenario(", unit: mm/h, no_data: zero, formula: \"w\"")), {"known are v"}));
  EXPECT_TRUE(says(sentence(scenario(", unit: furlongz, no_data: zero")), {"furlongz"}));
  folder.write("t.csv", "min\n0\n5\n10\n");
  EXPECT_TRUE(says(sentence(scenario(", unit: mm/h, no_data: zero")), {"3 times", "2 bands"}));
  folder.write("t.csv", "min\n0\n9\n");
  EXPECT_TRUE(says(sentence(scenario(", unit: mm/h, no_data: zero")), {"ends at 540 s", "after_end: hold"}));
  EXPECT_EQ(sentence(scenario(", unit: mm/h, no_data: zero, after_end: hold")), "");
}

}  // namespace
}  // namespace dvinis
