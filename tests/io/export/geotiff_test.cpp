#include <gdal_priv.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>

#include "tests/io/export/finished_run.hpp"

namespace dvinis {
namespace {

using test::FinishedRun;
using test::output_of;
using test::SmallRun;

TEST(ExportGeotiff, lies_north_up_in_the_crs_of_the_run) {
  const FinishedRun run(SmallRun(37, 23));
  const std::string path = run.folder.file("depth.tif");

  export_geotiff(run.results, "water_depth", 2, path);

  const std::string info = output_of("gdalinfo " + path);
  EXPECT_NE(info.find("ID[\"EPSG\",32756]"), std::string::npos);
  EXPECT_NE(info.find("Origin = (382250.000000000000000,6354311.000000000000000)"), std::string::npos);
  EXPECT_NE(info.find("NoData Value=nan"), std::string::npos);
  EXPECT_NE(info.find("Unit Type: m"), std::string::npos);
  EXPECT_NE(info.find("time=2007-06-08T04:02:00Z"), std::string::npos);
  EXPECT_NE(info.find("label=generated terrain"), std::string::npos);
  EXPECT_EQ(std::stod(output_of("gdallocationinfo -valonly -geoloc " + path + " 382261 6354272")),
            SmallRun::depth(5, 3, 2));
  EXPECT_EQ(std::stod(output_of("gdallocationinfo -valonly -geoloc " + path + " 382323 6354310")),
            SmallRun::depth(36, 22, 2));
  EXPECT_TRUE(
      std::isnan(std::stod(output_of("gdallocationinfo -valonly -geoloc " + path + " 382251 6354266"))));
  run.expect_only({"depth.tif"});
}

TEST(ExportGeotiff, of_a_local_grid_has_a_place_but_no_crs) {
  const FinishedRun run(SmallRun(37, 23, false));

  export_geotiff(run.results, "maximum_depth", 0, run.folder.file("maximum.tif"));

  const std::string info = output_of("gdalinfo " + run.folder.file("maximum.tif"));
  EXPECT_EQ(info.find("EPSG"), std::string::npos);
  EXPECT_NE(info.find("Origin = (382250.0"), std::string::npos);
  EXPECT_EQ(info.find("time="), std::string::npos);
}

TEST(ExportGeotiff, names_the_fields_and_steps_there_are) {
  const FinishedRun run(SmallRun(37, 23));
  const std::string path = run.folder.file("x.tif");

  EXPECT_NE(test::sentence_of<Error>([&] {
              export_geotiff(run.results, "depth", 0, path);
            }).find("they hold bed_elevation, water_depth"),
            std::string::npos);
  EXPECT_NE(test::sentence_of<Error>([&] {
              export_geotiff(run.results, "water_depth", 4, path);
            }).find("holds 4 steps"),
            std::string::npos);
  run.expect_only({});
}

TEST(ExportGeotiff, says_so_when_the_file_may_not_grow_and_leaves_nothing) {
  const FinishedRun run(SmallRun(137, 123));
  const pid_t child = fork();
  if (child == 0) {
    const rlimit limit{2000, 2000};
    setrlimit(RLIMIT_FSIZE, &limit);
    const std::string sentence = test::sentence_of<Error>(
        [&] { export_geotiff(run.results, "water_depth", 1, run.folder.file("depth.tif")); });
    _exit(sentence.find("cannot write") != std::string::npos &&
                  sentence.find("depth.tif'") != std::string::npos
              ? 0
              : 1);
  }
  int status = -1;
  waitpid(child, &status, 0);

  EXPECT_EQ(status, 0);
  run.expect_only({});
}

}  // namespace
}  // namespace dvinis
