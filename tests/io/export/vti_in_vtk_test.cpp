#include <vtkCellData.h>
#include <vtkDataArray.h>
#include <vtkImageData.h>
#include <vtkNew.h>
#include <vtkXMLImageDataReader.h>

#include <cmath>

#include "tests/io/export/finished_run.hpp"

namespace dvinis {
namespace {

TEST(ExportVti, is_read_by_vtk_with_cells_where_they_are) {
  const test::FinishedRun run(test::SmallRun(37, 23));
  export_vti(run.results, {"water_depth", "bed_elevation"}, 3, run.folder.file("step.vti"));

  vtkNew<vtkXMLImageDataReader> reader;
  reader->SetFileName(run.folder.file("step.vti").c_str());
  reader->Update();
  vtkImageData* image = reader->GetOutput();

  ASSERT_EQ(image->GetNumberOfCells(), 37 * 23);
  EXPECT_EQ(image->GetOrigin()[1], 6354265.0);
  vtkDataArray* depth = image->GetCellData()->GetArray("water_depth");
  ASSERT_NE(depth, nullptr);
  EXPECT_EQ(depth->GetComponent(22 * 37 + 36, 0), test::SmallRun::depth(36, 22, 3));
  EXPECT_TRUE(std::isnan(depth->GetComponent(0, 0)));
  ASSERT_NE(image->GetCellData()->GetArray("bed_elevation"), nullptr);
}

}  // namespace
}  // namespace dvinis
