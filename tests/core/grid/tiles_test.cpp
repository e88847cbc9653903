#include "core/grid/tiles.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <numeric>
#include <vector>

#include "core/grid/grid.hpp"
#include "core/grid/parallel.hpp"

namespace dvinis {
namespace {

TEST(Tiling, CoversEveryCellExactlyOnceForOddSizes) {
  for (const auto& [nx, ny] : {std::pair<Index, Index>{1, 1}, {63, 15}, {64, 16}, {65, 17}, {201, 37}}) {
    const Tiling tiling{nx, ny};
    std::vector<int> visits(static_cast<std::size_t>(nx * ny), 0);
    for (Index k = 0; k < tiling.count(); ++k) {
      const Tile tile = tiling.tile(k);
      for (Index j = tile.j0; j < tile.j1; ++j) {
        for (Index i = tile.i0; i < tile.i1; ++i) {
          ++visits[static_cast<std::size_t>(j * nx + i)];
          ASSERT_EQ(tiling.index_of(i, j), k);
        }
      }
    }
    for (const int count : visits) ASSERT_EQ(count, 1) << nx << " x " << ny;
  }
}

TEST(Grid, GivesAPointOnAnInnerEdgeToTheCellNorthEastOfIt) {
  const Grid grid{.nx = 5, .ny = 3, .spacing = 2.0, .west = -4.0, .south = 10.0, .crs_wkt = {}};
  EXPECT_EQ(grid.cell_at({-4.0, 10.0}), (Cell{0, 0}));
  EXPECT_EQ(grid.cell_at({-2.0, 12.0}), (Cell{1, 1}));
  EXPECT_EQ(grid.cell_at({5.99, 15.99}), (Cell{4, 2}));
  EXPECT_EQ(grid.cell_at({6.0, 12.0}), std::nullopt);
  EXPECT_EQ(grid.cell_at({-4.001, 12.0}), std::nullopt);
  EXPECT_EQ(grid.cell_at(grid.centre({3, 2})), (Cell{3, 2}));
}

TEST(Sum, KeepsWhatPlainAdditionLoses) {
  Sum sum;
  sum.add(1.0);
  sum.add(1e100);
  sum.add(1.0);
  sum.add(-1e100);
  EXPECT_EQ(sum.value(), 2.0);
}

TEST(Sum, AddsATenthAMillionTimesToTheLastBit) {
  Sum sum;
  double plain = 0.0;
  for (int k = 0; k < 1000000; ++k) {
    sum.add(0.1);
    plain += 0.1;
  }
  EXPECT_EQ(sum.value(), 100000.0);
  EXPECT_NE(plain, 100000.0);
}

TEST(ForEachItem, VisitsEveryItemOnceForAnyThreadCount) {
  const int before = thread_count();
  for (const int threads : {1, 2, 3, 7}) {
    set_thread_count(threads);
    std::vector<int> visits(101, 0);
    for_each_item(101, [&](Index k) { ++visits[static_cast<std::size_t>(k)]; });
    EXPECT_EQ(std::accumulate(visits.begin(), visits.end(), 0), 101);
    EXPECT_EQ(*std::min_element(visits.begin(), visits.end()), 1);
  }
  set_thread_count(before);
}

TEST(ThreadCount, IsAtLeastOne) {
  const int before = thread_count();
  set_thread_count(-3);
  EXPECT_EQ(thread_count(), 1);
  set_thread_count(before);
}

}  // namespace
}  // namespace dvinis
