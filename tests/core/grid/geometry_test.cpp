#include "core/grid/geometry.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace dvinis {
namespace {

/// 7 x 5 cells of 2 m, south-west corner at (10, -4).
Grid small_grid() {
  Grid grid;
  grid.nx = 7;
  grid.ny = 5;
  grid.spacing = 2.0;
  grid.west = 10.0;
  grid.south = -4.0;
  return grid;
}

TEST(Geometry, APolygonCoversTheCellsWhoseCentreLiesInside) {
  // A triangle over the south-west corner: centres (11,-3), (13,-3), (15,-3), (11,-1), (13,-1), (11,1).
  const auto cells = cells_in_polygon(small_grid(), {{{10.0, -4.0}, {17.5, -4.0}, {10.0, 3.5}}, {}});
  const std::vector<Cell> expected{{0, 0}, {1, 0}, {2, 0}, {0, 1}, {1, 1}, {0, 2}};
  EXPECT_EQ(cells, expected);
}

TEST(Geometry, PolygonsThatShareEdgesThroughCentresShareNoCellAndLoseNone) {
  const Grid grid = small_grid();
  // All shared edges run through cell centres: x = 15, y = 1, and the slanted one through (15, 1) and (19,
  // 5).
  const std::vector<Polygon> parts{{{{10, -4}, {15, -4}, {15, 1}, {10, 1}}, {}},
                                   {{{15, -4}, {24, -4}, {24, 6}, {20, 6}, {15, 1}}, {}},
                                   {{{10, 1}, {15, 1}, {20, 6}, {10, 6}}, {}}};
  std::vector<Cell> all;
  for (const Polygon& part : parts) {
    const auto cells = cells_in_polygon(grid, part);
    all.insert(all.end(), cells.begin(), cells.end());
  }
  EXPECT_EQ(all.size(), 35u);
  sort_cells(all);
  EXPECT_EQ(all.size(), 35u);
}

TEST(Geometry, AHoleAndARingOfAnyDirectionFollowTheEvenOddRule) {
  const Grid grid = small_grid();
  Polygon polygon{{{10, -4}, {24, -4}, {24, 6}, {10, 6}},
                  {{{13.9, -2.1}, {18.1, -2.1}, {18.1, 2.1}, {13.9, 2.1}}}};
  EXPECT_EQ(cells_in_polygon(grid, polygon).size(), 35u - 4u);
  std::reverse(polygon.holes[0].begin(), polygon.holes[0].end());
  EXPECT_EQ(cells_in_polygon(grid, polygon).size(), 35u - 4u);
  EXPECT_FALSE(is_inside(polygon, {15.0, 1.0}));
  EXPECT_TRUE(is_inside(polygon, {13.0, 1.0}));
}

TEST(Geometry, CellsOfAPolygonAgreeWithThePointTest) {
  const Grid grid = small_grid();
  const Polygon star{{{11, -3}, {23, 1}, {12, 4.5}, {16, -5}, {21, 7.5}}, {}};
  std::vector<Cell> expected;
  for (Index j = 0; j < grid.ny; ++j) {
    for (Index i = 0; i < grid.nx; ++i) {
      if (is_inside(star, grid.centre({i, j}))) expected.push_back({i, j});
    }
  }
  EXPECT_EQ(cells_in_polygon(grid, star), expected);
  EXPECT_GT(expected.size(), 5u);
}

TEST(Geometry, PartsOutsideTheGridAreCut) {
  const Grid grid = small_grid();
  EXPECT_EQ(cells_in_polygon(grid, {{{-1e6, -1e6}, {1e6, -1e6}, {1e6, 1e6}, {-1e6, 1e6}}, {}}).size(), 35u);
  EXPECT_TRUE(cells_in_polygon(grid, {{{0, 0}, {5, 0}, {5, 5}}, {}}).empty());
  EXPECT_TRUE(cells_in_polygon(grid, {}).empty());
}

TEST(Geometry, ACircleTakesCentresUpToItsRim) {
  const Grid grid = small_grid();
  // Around the centre of cell (3, 2): itself and four neighbours exactly 2 m away.
  EXPECT_EQ(cells_in_circle(grid, {17.0, 1.0}, 2.0).size(), 5u);
  EXPECT_EQ(cells_in_circle(grid, {17.0, 1.0}, 1.999).size(), 1u);
  EXPECT_EQ(cells_in_circle(grid, {10.0, -4.0}, 1.5).size(), 1u);
  EXPECT_TRUE(cells_in_circle(grid, {100.0, 1.0}, 5.0).empty());
}

TEST(Geometry, ALineVisitsItsCellsInOrderOnceEach) {
  const Grid grid = small_grid();
  const auto flat = cells_on_line(grid, {{23.5, -3.0}, {0.0, -3.0}});
  ASSERT_EQ(flat.size(), 7u);
  EXPECT_EQ(flat.front(), (Cell{6, 0}));
  EXPECT_EQ(flat.back(), (Cell{0, 0}));
  // Through corners exactly: only the diagonal cells.
  const auto diagonal = cells_on_line(grid, {{10.0, -4.0}, {20.0, 6.0}});
  const std::vector<Cell> expected{{0, 0}, {1, 1}, {2, 2}, {3, 3}, {4, 4}};
  EXPECT_EQ(diagonal, expected);
  // There and back again: no cell twice.
  EXPECT_EQ(cells_on_line(grid, {{11.0, -3.0}, {15.0, -3.0}, {11.0, -3.0}}).size(), 3u);
  EXPECT_EQ(cells_on_line(grid, {{11.0, -3.0}}).size(), 1u);
}

TEST(Geometry, AreaAndCentroidStayExactFarFromTheOrigin) {
  const double x = 6.0e6;
  const std::vector<Point> ring{{x, 1.0}, {x + 3.0, 1.0}, {x + 3.0, 3.0}, {x, 3.0}};
  EXPECT_EQ(signed_area(ring), 6.0);
  EXPECT_EQ(signed_area({ring.rbegin(), ring.rend()}), -6.0);
  EXPECT_EQ(centroid(ring).x, x + 1.5);
  EXPECT_EQ(centroid(ring).y, 2.0);
  EXPECT_EQ(centroid({{0.0, 0.0}, {2.0, 0.0}, {4.0, 0.0}}).x, 2.0);
}

}  // namespace
}  // namespace dvinis
