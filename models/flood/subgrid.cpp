#include "models/flood/subgrid.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <queue>
#include <utility>

#include "core/grid/parallel.hpp"

namespace dvinis::flood {

namespace {

constexpr double never = std::numeric_limits<double>::infinity();

template <class Real>
std::vector<Real> copied(const std::vector<double>& numbers) {
  return {numbers.begin(), numbers.end()};
}

}  // namespace

Subgrid::Subgrid(const Grid& grid, const Grid& finer, const std::vector<double>& ground,
                 const std::vector<double>& roughness, const std::vector<double>& bed)
    : grid_(grid),
      finer_(finer),
      ratio_(finer.nx / grid.nx),
      pitch_(grid.nx + 2 * halo),
      ground_(ground),
      roughness_(roughness),
      entry_(ground.size(), never),
      bed_(bed) {
  const auto cells = static_cast<std::size_t>(pitch_ * (grid.ny + 2 * halo));
  full_.assign(cells, 0.0);
  open_.assign(cells, 0.0);
  levels_.assign(cells * (SubgridView<double>::cell_bins + 1), 0.0);
  for (FaceTables& face : faces_) {
    for (std::vector<double>* numbers : {&face.sill, &face.range, &face.width, &face.roughness})
      numbers->assign(cells, 0.0);
    face.pairs.assign(cells * 2 * (SubgridView<double>::face_bins + 1), 0.0);
  }
  for_each_item(grid.ny, [&](Index j) {
    for (Index i = 0; i < grid.nx; ++i) find_entries({i, j});
  });
  for_each_item(grid.ny + 2 * halo, [&](Index row) {
    for (Index i = -halo; i < grid.nx + halo; ++i) {
      const Cell cell{i, row - halo};
      tabulate_cell(cell);
      tabulate_face(cell, true);
      tabulate_face(cell, false);
    }
  });
  const auto copy_to = [&]<class Real>(Copy<Real>& copy) {
    copy.full = copied<Real>(full_);
    copy.levels = copied<Real>(levels_);
    for (const double open : open_) copy.per_open.push_back(static_cast<Real>(open > 0.0 ? 1.0 / open : 1.0));
    for (int axis = 0; axis < 2; ++axis) {
      copy.sill[axis] = copied<Real>(faces_[axis].sill);
      copy.range[axis] = copied<Real>(faces_[axis].range);
      copy.width[axis] = copied<Real>(faces_[axis].width);
      copy.roughness[axis] = copied<Real>(faces_[axis].roughness);
      copy.pairs[axis] = copied<Real>(faces_[axis].pairs);
    }
  };
  copy_to(single_);
  copy_to(double_);
}

double Subgrid::ground_at(Index i, Index j) const {
  const double z = ground_[finer_at(i, j)];
  return std::isnan(z) ? never : z;
}
double Subgrid::entry_at(Index i, Index j) const { return entry_[finer_at(i, j)]; }

/// Grows from the lowest ground of a cell, always over the lowest crest.
void Subgrid::find_entries(Cell cell) {
  const Index i0 = cell.i * ratio_;
  const Index j0 = cell.j * ratio_;
  Cell lowest{i0, j0};
  for (Index j = j0; j < j0 + ratio_; ++j) {
    for (Index i = i0; i < i0 + ratio_; ++i) {
      if (ground_at(i, j) < ground_at(lowest.i, lowest.j)) lowest = {i, j};
    }
  }
  if (ground_at(lowest.i, lowest.j) == never) return;
  using Front =
      std::pair<double, std::pair<Index, Index>>;  // entry, then row and column: the same on any machine
  std::priority_queue<Front, std::vector<Front>, std::greater<>> fronts;
  fronts.push({ground_at(lowest.i, lowest.j), {lowest.j, lowest.i}});
  while (!fronts.empty()) {
    const auto [level, place] = fronts.top();
    fronts.pop();
    const auto [j, i] = place;
    double& entry = entry_[finer_at(i, j)];
    if (entry != never) continue;
    entry = level;
    for (const auto& [a, b] : {std::pair{i - 1, j}, {i + 1, j}, {i, j - 1}, {i, j + 1}}) {
      if (a < i0 || b < j0 || a >= i0 + ratio_ || b >= j0 + ratio_) continue;
      if (entry_[finer_at(a, b)] != never || ground_at(a, b) == never) continue;
      fronts.push({std::max(level, ground_at(a, b)), {b, a}});
    }
  }
}

void Subgrid::tabulate_cell(Cell cell) {
  constexpr int bins = SubgridView<double>::cell_bins;
  const Cell inside{std::clamp<Index>(cell.i, 0, grid_.nx - 1), std::clamp<Index>(cell.j, 0, grid_.ny - 1)};
  const std::size_t k = at(cell.i, cell.j);
  const double bed = bed_[static_cast<std::size_t>(inside.j * grid_.nx + inside.i)];
  std::vector<std::pair<double, double>> parts;  // entry and ground above the bed
  for (Index j = inside.j * ratio_; j < (inside.j + 1) * ratio_; ++j) {
    for (Index i = inside.i * ratio_; i < (inside.i + 1) * ratio_; ++i) {
      if (entry_at(i, j) != never)
        parts.emplace_back(std::max(entry_at(i, j) - bed, 0.0), std::max(ground_at(i, j) - bed, 0.0));
    }
  }
  if (parts.empty()) return;
  std::sort(parts.begin(), parts.end());
  const double count = static_cast<double>(ratio_ * ratio_);
  open_[k] = static_cast<double>(parts.size()) / count;
  // Corners of the level over the mean depth: a flooding part first fills up to the level, which waits.
  std::vector<std::pair<double, double>> corners = {{0.0, parts.front().first}};  // mean depth, level
  double flooded = 0.0;
  double mean = 0.0;
  double level = parts.front().first;
  for (const auto& [entry, ground] : parts) {
    mean += (entry - level) * flooded / count;
    level = entry;
    corners.emplace_back(mean, level);
    mean += (entry - ground) / count;
    corners.emplace_back(mean, level);
    flooded += 1.0;
  }
  full_[k] = mean;
  double* table = levels_.data() + k * (bins + 1);
  std::size_t corner = 0;
  for (int bin = 0; bin <= bins; ++bin) {
    const double share = static_cast<double>(bin) / bins;
    const double depth = mean * share * share;
    while (corner + 2 < corners.size() && corners[corner + 1].first < depth) ++corner;
    const auto& [h0, l0] = corners[corner];
    const auto& [h1, l1] = corners[corner + 1];
    table[bin] = h1 > h0 ? std::clamp(l0 + (l1 - l0) * (depth - h0) / (h1 - h0), l0, l1) : l1;
  }
  table[0] = parts.front().first;
  table[bins] = level;
}

template <class Visit>
void Subgrid::walk_line(Cell cell, bool is_x, Index line, const Visit& visit) const {
  const Index along = (is_x ? cell.i : cell.j) * ratio_;
  const Index across = (is_x ? cell.j : cell.i) * ratio_ + line;
  const Index reach = std::max<Index>(ratio_ / 4, 1);
  for (Index a = along - reach; a < along + reach; ++a) {
    const Index i = std::clamp<Index>(is_x ? a : across, 0, finer_.nx - 1);
    const Index j = std::clamp<Index>(is_x ? across : a, 0, finer_.ny - 1);
    visit(finer_at(i, j));
  }
}

Subgrid::FaceWater Subgrid::face_water(Cell cell, bool is_x, double level) const {
  double depth = 0.0;
  double conveyance = 0.0;
  for (Index line = 0; line < ratio_; ++line) {
    double sum = 0.0;
    double resistance = 0.0;
    Index count = 0;
    bool passes = true;
    walk_line(cell, is_x, line, [&](std::size_t k) {
      passes = passes && entry_[k] < level;
      if (!passes) return;
      const double h = level - ground_[k];
      const double n = std::max(roughness_[k], 1e-6);
      sum += h;
      resistance += n * n / std::cbrt(std::pow(h, 10.0));
      ++count;
    });
    if (!passes) continue;
    depth += sum / static_cast<double>(count);
    conveyance += std::sqrt(static_cast<double>(count) / resistance);
  }
  depth /= static_cast<double>(ratio_);
  conveyance /= static_cast<double>(ratio_);
  if (!(conveyance > 0.0)) return {};
  return {depth, std::cbrt(std::pow(depth, 5.0)) / conveyance};
}

void Subgrid::tabulate_face(Cell cell, bool is_x) {
  constexpr int bins = SubgridView<double>::face_bins;
  FaceTables& face = faces_[is_x ? 0 : 1];
  const std::size_t k = at(cell.i, cell.j);
  const Cell inside{std::clamp<Index>(cell.i, 0, grid_.nx - 1), std::clamp<Index>(cell.j, 0, grid_.ny - 1)};
  const double bed = bed_[static_cast<std::size_t>(inside.j * grid_.nx + inside.i)];
  double sill = never;
  double top = -never;
  Index lines = 0;
  for (Index line = 0; line < ratio_; ++line) {
    double crest = -never;
    walk_line(cell, is_x, line, [&](std::size_t finer) { crest = std::max(crest, entry_[finer]); });
    if (crest == never) continue;
    ++lines;
    sill = std::min(sill, crest);
    top = std::max(top, crest);
  }
  if (lines == 0) {
    // Nothing ever passes: a sill that no water reaches.
    face.sill[k] = 1e6;
    face.range[k] = 1.0;
    return;
  }
  face.sill[k] = sill - bed;
  // Above the highest crest the depth grows with the level; some centimetres more where all is level.
  face.range[k] = top - sill + 0.05;
  face.width[k] = static_cast<double>(lines) / static_cast<double>(ratio_);
  face.roughness[k] = face_water(cell, is_x, top + 1e3).roughness;
  double* pairs = face.pairs.data() + k * 2 * (bins + 1);
  for (int bin = bins; bin >= 0; --bin) {
    const double share = static_cast<double>(bin) / bins;
    const FaceWater water = face_water(cell, is_x, sill + face.range[k] * share * share);
    pairs[2 * bin] = water.depth;
    pairs[2 * bin + 1] = water.depth > 0.0 ? water.roughness : pairs[2 * bin + 3];
  }
}

double Subgrid::level_above_bed(Cell cell, double mean_depth) const {
  constexpr int bins = SubgridView<double>::cell_bins;
  const std::size_t k = at(cell.i, cell.j);
  const double* table = levels_.data() + k * (bins + 1);
  if (!(mean_depth > 0.0)) return 0.0;
  if (mean_depth >= full_[k]) return table[bins] + (mean_depth - full_[k]) / std::max(open_[k], 1e-9);
  const double place = bins * std::sqrt(mean_depth / full_[k]);
  const int bin = std::min(static_cast<int>(place), bins - 1);
  return table[bin] + (place - bin) * (table[bin + 1] - table[bin]);
}

double Subgrid::mean_depth(Cell cell, double level) const {
  constexpr int bins = SubgridView<double>::cell_bins;
  const std::size_t k = at(cell.i, cell.j);
  const double* table = levels_.data() + k * (bins + 1);
  if (!(level > table[0])) return 0.0;
  if (level >= table[bins]) return full_[k] + (level - table[bins]) * open_[k];
  const int bin = static_cast<int>(std::upper_bound(table, table + bins + 1, level) - table) - 1;
  const double place = (bin + (level - table[bin]) / (table[bin + 1] - table[bin])) / bins;
  return full_[k] * place * place;
}

double Subgrid::depth_over(Cell finer_cell, double level) const {
  const std::size_t k = finer_at(finer_cell.i, finer_cell.j);
  return entry_[k] < level ? level - ground_[k] : 0.0;
}

template <class Real>
SubgridView<Real> Subgrid::view() const {
  const Copy<Real>* copy = nullptr;
  if constexpr (sizeof(Real) == 4) {
    copy = &single_;
  } else {
    copy = &double_;
  }
  const std::size_t k = at(0, 0);
  SubgridView<Real> view;
  view.pitch = pitch_;
  view.full = copy->full.data() + k;
  view.per_open = copy->per_open.data() + k;
  view.levels = copy->levels.data() + k * (view.cell_bins + 1);
  for (int axis = 0; axis < 2; ++axis) {
    view.faces[axis] = {copy->sill[axis].data() + k, copy->range[axis].data() + k,
                        copy->width[axis].data() + k, copy->roughness[axis].data() + k,
                        copy->pairs[axis].data() + k * 2 * (view.face_bins + 1)};
  }
  return view;
}

template SubgridView<float> Subgrid::view<float>() const;
template SubgridView<double> Subgrid::view<double>() const;

}  // namespace dvinis::flood
