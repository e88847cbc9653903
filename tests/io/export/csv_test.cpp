#include "tests/io/export/finished_run.hpp"

namespace dvinis {
namespace {

using test::FinishedRun;
using test::SmallRun;

TEST(ExportCsv, table_has_units_in_its_header_and_quotes_commas) {
  const FinishedRun run(SmallRun(37, 23));

  export_csv_table(run.results, "gauges", run.folder.file("gauges.csv"));

  EXPECT_EQ(run.text_of("gauges.csv"),
            "id,label,x [m],y [m],maximum_level [m]\n"
            "g1,upper gauge,382260,6354270,11.75\n"
            "g2,g2,382270,6354280,12.75\n"
            "g3,\"Tiltiņš, lower\",382280,6354290,13.75\n");
  run.expect_only({"gauges.csv"});
}

TEST(ExportCsv, series_have_a_line_per_time_and_a_column_per_row) {
  const FinishedRun run(SmallRun(37, 23));

  export_csv_series(run.results, "gauges", run.folder.file("deep/er/gauges_series.csv"));

  EXPECT_EQ(run.text_of("deep/er/gauges_series.csv"),
            "time_utc,time [s],water_level g1 [m],water_level g2 [m],water_level g3 [m]\n"
            "2007-06-08T04:00:00Z,0,1,2,3\n"
            "2007-06-08T04:01:00Z,60,1.25,2.25,3.25\n"
            "2007-06-08T04:02:00Z,120,1.5,2.5,3.5\n"
            "2007-06-08T04:03:00Z,180,1.75,2.75,3.75\n");
}

TEST(ExportCsv, leaves_a_value_that_is_not_there_empty) {
  const FinishedRun run(SmallRun(37, 23));

  export_csv_table(run.results, "breaches", run.folder.file("breaches.csv"));

  EXPECT_EQ(run.text_of("breaches.csv"), "id,label,x [m],y [m],width [m]\n42,west dyke,,,12.5\n");
}

TEST(ExportCsv, names_the_tables_there_are) {
  const FinishedRun run(SmallRun(37, 23));

  const std::string sentence =
      test::sentence_of<Error>([&] { export_csv_table(run.results, "gauge", run.folder.file("gauge.csv")); });

  EXPECT_EQ(sentence, "the results hold no table 'gauge'; they hold gauges, buildings, sections, breaches");
  run.expect_only({});
}

TEST(ExportCsv, says_so_when_a_part_of_its_path_is_a_file) {
  const FinishedRun run(SmallRun(37, 23));

  const std::string sentence = test::sentence_of<Error>(
      [&] { export_csv_table(run.results, "gauges", run.folder.file("run.nc/gauges.csv")); });

  EXPECT_NE(
      sentence.find("run.nc/gauges.csv': a part of the path is a file where a folder is needed; name another "
                    "place for the product"),
      std::string::npos)
      << sentence;
}

}  // namespace
}  // namespace dvinis
