/// What VTK (and ParaView with it) makes of a results file.

#include <gtest/gtest.h>
#include <vtkDataArray.h>
#include <vtkImageData.h>
#include <vtkInformation.h>
#include <vtkNetCDFCFReader.h>
#include <vtkNew.h>
#include <vtkPointData.h>
#include <vtkStreamingDemandDrivenPipeline.h>

#include "io/results/results_sink.hpp"
#include "tests/io/small_run.hpp"

namespace dvinis {
namespace {

TEST(VtkReader, finds_the_image_its_times_and_values) {
  const test::ScratchFolder folder;
  const test::SmallRun run(37, 23);
  {
    const auto sink = make_results_sink(folder.file("run.nc"));
    State state = run.initial_state();
    sink->begin(run.twin, run.schema, state, run.plan);
    test::write_steps(run, *sink, std::move(state), 0, 4);
  }

  vtkNew<vtkNetCDFCFReader> reader;
  reader->SetFileName(folder.file("run.nc").c_str());
  reader->UpdateMetaData();
  reader->SetDimensions("(y, x)");
  reader->SphericalCoordinatesOff();
  reader->UpdateInformation();
  vtkInformation* information = reader->GetOutputInformation(0);
  ASSERT_EQ(information->Length(vtkStreamingDemandDrivenPipeline::TIME_STEPS()), 5);
  EXPECT_EQ(information->Get(vtkStreamingDemandDrivenPipeline::TIME_STEPS(), 4), 240.0);

  reader->UpdateTimeStep(180.0);
  vtkImageData* image = vtkImageData::SafeDownCast(reader->GetOutputDataObject(0));
  ASSERT_NE(image, nullptr);
  EXPECT_EQ(image->GetDimensions()[0], 37);
  EXPECT_EQ(image->GetDimensions()[1], 23);
  vtkDataArray* depth = image->GetPointData()->GetArray("water_depth");
  ASSERT_NE(depth, nullptr);
  EXPECT_EQ(depth->GetComponent(3 * 37 + 5, 0), test::SmallRun::depth(5, 3, 3));
  double range[2];
  depth->GetFiniteRange(range);
  EXPECT_EQ(range[0], 0.0);
  EXPECT_EQ(range[1], 31.0 / 16.0);
}

}  // namespace
}  // namespace dvinis
