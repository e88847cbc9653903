#pragma once
/// Sub-grid tables: what a cell of the solver holds and what its faces let through at each level, worked out
/// once from a finer terrain.
///
/// A cell has one level, that of the water joined to its lowest ground: a finer cell floods when the level
/// reaches its *entry*, the lowest crest on any way there inside the cell, and takes part from then on. So a
/// levee through a cell holds until it is overtopped.
///
/// Volume:      mean depth(level) = sum over finer cells with entry < level of (level - ground) / cells
/// Face:        along each line of finer cells from centre to centre the water flows in series: it passes
/// where
///              no entry stands above the level, with the mean of its depths and, for friction, the
///              harmonic mean of its squared conveyances h^(5/3)/n; lines side by side add up.
///
/// Source of the idea: Volp et al. 2013, Water Resources Research 49; van Ormondt et al. 2025,
/// doi:10.5194/gmd-18-843-2025.

#include <vector>

#include "core/grid/grid.hpp"
#include "models/flood/kernels.hpp"

namespace dvinis::flood {

/// Tables of every cell and face, two cells beyond the rim included (they repeat the rim).
class Subgrid {
 public:
  /// @param ground  of the finer cells, row by row; NaN where no water may be
  /// @param roughness  of the finer cells [s m-1/3]
  /// @param bed  lowest ground of each cell as the solver sees it [m], row by row
  Subgrid(const Grid& grid, const Grid& finer, const std::vector<double>& ground,
          const std::vector<double>& roughness, const std::vector<double>& bed);

  /// Level above the cell's bed for a mean depth [m], and back.
  double level_above_bed(Cell cell, double mean_depth) const;
  double mean_depth(Cell cell, double level_above_bed) const;
  /// Depth over a finer cell at a level of its cell [m].
  double depth_over(Cell finer_cell, double level) const;

  /// Ground of a finer cell [m], NaN where no water may be.
  double ground(Cell finer_cell) const { return ground_[finer_at(finer_cell.i, finer_cell.j)]; }
  Index ratio() const { return ratio_; }
  const Grid& finer() const { return finer_; }
  /// Mean depth over the lines of a face and roughness that gives their conveyance, at a level: the exact
  /// numbers that the tables sample. @param is_x  the face west of the cell, or south of it
  struct FaceWater {
    double depth = 0.0;
    double roughness = 0.0;
  };
  FaceWater face_water(Cell cell, bool is_x, double level) const;

  template <class Real>
  SubgridView<Real> view() const;

 private:
  struct FaceTables {
    std::vector<double> sill, range, width, roughness, pairs;
  };
  template <class Real>
  struct Copy {
    std::vector<Real> full, per_open, levels;
    std::vector<Real> sill[2], range[2], width[2], roughness[2], pairs[2];
  };

  std::size_t at(Index i, Index j) const { return static_cast<std::size_t>((j + halo) * pitch_ + i + halo); }
  double ground_at(Index i, Index j) const;
  double entry_at(Index i, Index j) const;
  std::size_t finer_at(Index i, Index j) const { return static_cast<std::size_t>(j * finer_.nx + i); }
  void find_entries(Cell cell);
  void tabulate_cell(Cell cell);
  void tabulate_face(Cell cell, bool is_x);
  /// Finer cells of a line from centre to centre over the face before `cell`; each clamped to the domain.
  template <class Visit>
  void walk_line(Cell cell, bool is_x, Index line, const Visit& visit) const;

  static constexpr Index halo = 2;
  Grid grid_;
  Grid finer_;
  Index ratio_ = 1;
  Index pitch_ = 0;
  std::vector<double> ground_, roughness_, entry_, bed_;
  std::vector<double> full_, open_, levels_;
  FaceTables faces_[2];  ///< x, y
  Copy<float> single_;
  Copy<double> double_;
};

}  // namespace dvinis::flood
