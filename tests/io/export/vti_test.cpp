#include "tests/io/export/finished_run.hpp"

namespace dvinis {
namespace {

using test::FinishedRun;
using test::SmallRun;

TEST(ExportVti, holds_one_float_per_cell_and_field_behind_its_header) {
  const FinishedRun run(SmallRun(37, 23));

  export_vti(run.results, {"water_depth", "bed_elevation"}, 3, run.folder.file("step.vti"));

  const std::string text = run.text_of("step.vti");
  EXPECT_NE(text.find("WholeExtent=\"0 37 0 23 0 0\" Origin=\"382250 6354265 0\" Spacing=\"2 2 2\""),
            std::string::npos);
  EXPECT_NE(text.find("Name=\"bed_elevation\" format=\"appended\" offset=\"3412\""), std::string::npos);
  const std::size_t data = text.find("_", text.find("<AppendedData")) + 1;
  const std::size_t end = text.find("\n  </AppendedData>", data);
  EXPECT_EQ(end - data, 2u * (8 + 4 * 37 * 23));
  run.expect_only({"step.vti"});
}

TEST(ExportVti, series_names_every_step_with_its_time) {
  const FinishedRun run(SmallRun(37, 23));

  export_vti_series(run.results, {"water_depth"}, run.folder.file("run.pvd"));

  run.expect_only({"run.pvd", "run_00000.vti", "run_00001.vti", "run_00002.vti", "run_00003.vti"});
  EXPECT_NE(run.text_of("run.pvd").find("<DataSet timestep=\"120\" file=\"run_00002.vti\"/>"),
            std::string::npos);
}

}  // namespace
}  // namespace dvinis
