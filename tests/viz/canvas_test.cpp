#include "viz/canvas.hpp"

#include <gtest/gtest.h>
#include <vtkImageData.h>
#include <vtkNew.h>
#include <vtkPNGReader.h>

#include <algorithm>
#include <filesystem>

#include "core/base/error.hpp"
#include "tests/io/small_run.hpp"
#include "viz/labels.hpp"
#include "viz/text.hpp"

namespace dvinis::viz {
namespace {

const Colour black{0.0, 0.0, 0.0};

double ink_in(const Canvas& canvas, int left, int top, int right, int bottom) {
  double sum = 0.0;
  for (int row = top; row < bottom; ++row) {
    for (int column = left; column < right; ++column) sum += 1.0 - canvas.pixel(column, row).green;
  }
  return sum;
}

TEST(Canvas, covers_exactly_the_area_of_a_shape) {
  Canvas canvas(40.0, 30.0, 1.0);
  canvas.fill({{{5.25, 4.5}, {21.75, 4.5}, {21.75, 17.0}, {5.25, 17.0}}}, black);
  EXPECT_NEAR(ink_in(canvas, 0, 0, 40, 30), 16.5 * 12.5, 0.1);
}

TEST(Canvas, leaves_holes_open) {
  Canvas canvas(40.0, 30.0, 1.0);
  canvas.fill({{{2, 2}, {32, 2}, {32, 22}, {2, 22}}, {{12, 7}, {22, 7}, {22, 17}, {12, 17}}}, black);
  EXPECT_NEAR(ink_in(canvas, 0, 0, 40, 30), 600.0 - 100.0, 0.5);
  EXPECT_EQ(canvas.at({17.0, 12.0}).red, 1.0);
}

TEST(Canvas, a_slanting_line_has_its_width) {
  Canvas canvas(60.0, 50.0, 1.0);
  canvas.line({{10.0, 10.0}, {40.0, 40.0}}, 3.0, black);
  EXPECT_NEAR(ink_in(canvas, 0, 0, 60, 50), 3.0 * std::hypot(30.0, 30.0), 3.0);
}

TEST(Canvas, a_line_that_crosses_itself_is_not_darker_there) {
  Canvas canvas(40.0, 40.0, 1.0);
  canvas.line({{5, 20}, {35, 20}, {35, 5}, {20, 5}, {20, 35}}, 4.0, black.with_alpha(0.5));
  EXPECT_NEAR(canvas.at({20.5, 20.5}).red, 0.5, 0.02);
}

TEST(Canvas, draws_nothing_outside_the_clip) {
  Canvas canvas(40.0, 30.0, 2.0);
  canvas.clip({10.0, 10.0, 5.0, 5.0});
  canvas.fill(Box{0.0, 0.0, 40.0, 30.0}, black);
  EXPECT_NEAR(ink_in(canvas, 0, 0, 80, 60), 100.0, 1e-6);
}

TEST(Canvas, dashes_leave_gaps) {
  Canvas canvas(100.0, 10.0, 1.0);
  canvas.line({{0.0, 5.0}, {100.0, 5.0}}, 2.0, black, {5.0, 5.0});
  EXPECT_NEAR(ink_in(canvas, 0, 0, 100, 10), 100.0, 6.0);
}

TEST(Canvas, a_picture_read_back_has_the_same_pixels_the_right_way_up) {
  const test::ScratchFolder folder;
  Canvas canvas(17.0, 11.0, 1.0);
  canvas.fill(Box{3.0, 0.0, 4.0, 2.0}, hex("#ff0080"));
  canvas.write_png(folder.file("a.png"));
  EXPECT_FALSE(std::filesystem::exists(folder.file("a.png.part")));
  vtkNew<vtkPNGReader> reader;
  reader->SetFileName(folder.file("a.png").c_str());
  reader->Update();
  EXPECT_EQ(reader->GetOutput()->GetDimensions()[0], 17);
  EXPECT_EQ(reader->GetOutput()->GetScalarComponentAsDouble(4, 10, 0, 1), 0.0);  // VTK counts rows from below
  EXPECT_EQ(reader->GetOutput()->GetScalarComponentAsDouble(4, 0, 0, 1), 255.0);
}

TEST(Canvas, a_folder_that_is_a_file_is_a_sentence) {
  const test::ScratchFolder folder;
  Canvas(5.0, 5.0, 1.0).write_png(folder.file("a.png"));
  try {
    Canvas(5.0, 5.0, 1.0).write_png(folder.file("a.png") + "/b.png");
    FAIL() << "wrote into a file";
  } catch (const IoError& error) {
    EXPECT_NE(std::string(error.what()).find("Not a directory"), std::string::npos) << error.what();
    EXPECT_NE(std::string(error.what()).find("--out"), std::string::npos);
  }
}

TEST(Text, letters_beyond_ascii_have_ink_and_width) {
  for (const char* letter : {"×", "ā", "−", "³", "ī", "Д"}) {
    const TextMask mask = text_mask(letter, 40.0, false);
    EXPECT_GT(std::count_if(mask.cover.begin(), mask.cover.end(), [](std::uint8_t c) { return c > 127; }), 20)
        << letter;
    EXPECT_GT(mask.advance, 10.0) << letter;
  }
}

TEST(Text, stands_on_its_baseline) {
  Canvas canvas(80.0, 60.0, 1.0);
  canvas.text({10.0, 40.0}, "HHH", {.size = 24.0, .colour = black});
  EXPECT_GT(ink_in(canvas, 0, 30, 80, 40), 30.0);
  EXPECT_LT(ink_in(canvas, 0, 41, 80, 60), 1.0);
}

TEST(Text, is_broken_at_blanks_and_fits) {
  const std::string words = "Flash flood of 8 June 2007 in a street of Merewether, Newcastle, Australia";
  const std::vector<std::string> lines = wrapped(words, 20.0, true, 300.0);
  EXPECT_GT(lines.size(), 2U);
  for (const std::string& line : lines) EXPECT_LE(text_width(line, 20.0, true), 300.0) << line;
  const FittedText fit = fitted(words + words + words, 20.0, 14.0, true, 300.0, 2);
  ASSERT_EQ(fit.lines.size(), 2U);
  for (const std::string& line : fit.lines) EXPECT_LE(text_width(line, fit.size, true), 300.0) << line;
  EXPECT_TRUE(fit.lines.back().ends_with("\u2026"));
  EXPECT_TRUE(fitted("", 20.0, 14.0, true, 300.0, 2).lines.empty());
}

TEST(Text, broken_utf8_does_not_stop_a_picture) {
  EXPECT_GT(text_mask("a\xff\xc3", 20.0, false).advance, 0.0);
}

TEST(Labels, never_overlap_and_name_those_left_out) {
  Canvas canvas(300.0, 200.0, 1.0);
  LabelPlacer placer({0.0, 0.0, 300.0, 200.0}, 10.0);
  std::vector<Label> labels;
  for (int k = 0; k < 40; ++k) labels.push_back({{150.0 + k * 0.5, 100.0}, "gauge " + std::to_string(k)});
  const std::vector<std::string> left_out = placer.draw(canvas, labels);
  EXPECT_GT(left_out.size(), 10U);
  EXPECT_LT(left_out.size(), 40U);
}

}  // namespace
}  // namespace dvinis::viz
