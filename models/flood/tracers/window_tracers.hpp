#pragma once
/// Tracers over one window of tiles, row by row behind the water: part of the same sweep, on the same numbers
/// for what passes the faces. Included by the kernels only; linkage as in lanes.hpp.

#include "models/flood/kernels.hpp"
#include "models/flood/lanes.hpp"
#include "models/flood/rows.hpp"
#include "models/flood/tracers/transport.hpp"

#define DVINIS_TRACER_STAGE [[gnu::noinline, gnu::flatten]]

namespace dvinis::flood {
namespace {

template <class Real>
class WindowTracers {
 public:
  using Pack = Lanes<Real>;
  static constexpr Index size = Pack::size;

  /// What a row of the water's sweep lends.
  struct WaterRow {
    Index j = 0;
    Span span;  ///< columns that the sub-step may change
    Row<Real>* mass_x = nullptr;
    Row<Real>* mass_south = nullptr;
    Row<Real>* mass_north = nullptr;
    const Real* u = nullptr;  ///< velocities of the row before the sub-step, at column 0 as all that follows
    const Real* v[3] = {};    ///< of the row south of it, of its own and of the one north
    const Real* new_depth = nullptr;
    const Real* inflow = nullptr;  ///< water that is added [m]; nullptr: none in this row
    bool rains = false;
    bool has_closed_x = false;  ///< some face of the row, or of the rows around for y, is closed
    bool has_closed_y = false;
  };

  WindowTracers(const Sweep<Real>& sweep, const Window& window)
      : sweep_(sweep),
        arrays_(sweep.arrays),
        tiling_{sweep.arrays.nx, sweep.arrays.ny},
        i0_(window.column * Tiling::width),
        j0_(window.row * Tiling::height),
        width_(smaller_index(window.columns * Tiling::width, arrays_.nx - i0_)),
        j1_(smaller_index(j0_ + window.rows * Tiling::height, arrays_.ny)),
        ratio_(sweep.numbers.dt / sweep.numbers.spacing) {}

  bool is_used() const { return sweep_.tracer_count > 0; }

  /// The new values of a row. Rows come from the south, one after the other.
  void advance(const WaterRow& row) {
    if (!row.span.is_empty()) prepare(row);
    for (Index k = 0; k < sweep_.tracer_count; ++k) {
      const TracerArrays<Real>& tracer = sweep_.tracers[k];
      if (row.j == j0_) forget_faces(tracer);
      if (!row.span.is_empty()) {
        find_faces(row, tracer);
        mix(row, tracer);
      }
      tell_rim(row, tracer);
      rest_outside(row, tracer);
    }
  }

 private:
  static constexpr bool has_carry = sizeof(Real) == 4;
  static constexpr Index face_margin = 64 / static_cast<Index>(sizeof(Real));

  static Index smaller_index(Index a, Index b) { return a < b ? a : b; }
  static Pack load(const Real* from) { return Pack::load(from); }
  Index cell_index(Index column, Index j) const { return j * arrays_.pitch + i0_ + column; }
  const Real* depth_row(Index j) const { return arrays_.depth + cell_index(0, j); }
  const unsigned char* closed_at(Index column, Index j) const {
    return arrays_.closed + j * arrays_.closed_pitch + i0_ + column;
  }

  /// What all tracers of a row share: how far back the water at the faces comes from, how much water mixes.
  DVINIS_TRACER_STAGE void prepare(const WaterRow& row) {
    find_reach_x(row);
    if (row.j == j0_) find_reach_y(row, row.j, *row.mass_south, reach_south_);
    find_reach_y(row, row.j + 1, *row.mass_north, reach_north_);
    weigh(row);
  }

  /// Along the axis of some faces, about the cells around them.
  struct FourCells {
    const Real *far_left, *left, *right, *far_right;
  };
  /// 0 where the cell behind the upstream one or the one ahead is dry.
  Pack reach_of(const FourCells& depth, const Real* velocity_left, const Real* velocity_right,
                const Pack& mass, Index f) const {
    const auto is_rightward = mass > Pack(0);
    const Pack behind = select(is_rightward, load(depth.far_left + f), load(depth.far_right + f));
    const Pack ahead = select(is_rightward, load(depth.right + f), load(depth.left + f));
    const Pack velocity = select(is_rightward, load(velocity_left + f), load(velocity_right + f));
    return select(smaller(behind, ahead) > Pack(0), face_reach(velocity, Pack(ratio_)), Pack(0));
  }
  /// None where a face is closed, or the one behind it.
  Pack reach_beside_walls(const Pack& reach, const Pack& mass, const unsigned char* before,
                          const unsigned char* at, const unsigned char* after, unsigned char bit) const {
    const auto is_rightward = mass > Pack(0);
    const auto is_closed = [&](const unsigned char* bytes) { return mask_of_bytes<Pack>(bytes, bit); };
    return select(is_closed(at) | (is_rightward & is_closed(before)) | (~is_rightward & is_closed(after)),
                  Pack(0), reach);
  }

  void find_reach_x(const WaterRow& row) {
    const Real* depth = depth_row(row.j);
    for (Index f = row.span.first; f < row.span.last + 1; f += size) {
      const Pack mass = load(row.mass_x->at(f));
      Pack reach = reach_of({depth - 2, depth - 1, depth, depth + 1}, row.u - 1, row.u, mass, f);
      if (row.has_closed_x) {
        const unsigned char* closed = closed_at(f, row.j);
        reach = reach_beside_walls(reach, mass, closed - 1, closed, closed + 1, closed_west);
      }
      reach.store(reach_x_.at(f));
    }
    // Beyond the rim stands no water that values could be taken from.
    for (const Index i : {Index(0), Index(1), arrays_.nx - 1, arrays_.nx}) {
      if (i >= i0_ && i <= i0_ + width_) *reach_x_.at(i - i0_) = 0;
    }
    for (const Index f : {Index(0), width_}) {
      if (meets_other_equations(f == 0 ? -1 : f, row.j)) *reach_x_.at(f) = 0;
    }
  }

  /// Of the faces between rows y - 1 and y.
  void find_reach_y(const WaterRow& row, Index y, Row<Real>& mass_row, Row<Real>& reach_row) {
    if (y < 2 || y > arrays_.ny - 2) {
      for (Index c = row.span.first; c < row.span.last; c += size) Pack(0).store(reach_row.at(c));
      return;
    }
    const FourCells depth = {depth_row(y - 2), depth_row(y - 1), depth_row(y), depth_row(y + 1)};
    const Real* const* velocity = row.v + (y - row.j);
    for (Index c = row.span.first; c < row.span.last; c += size) {
      const Pack mass = load(mass_row.at(c));
      Pack reach = reach_of(depth, velocity[0], velocity[1], mass, c);
      if (row.has_closed_y) {
        reach = reach_beside_walls(reach, mass, closed_at(c, y - 1), closed_at(c, y), closed_at(c, y + 1),
                                   closed_south);
      }
      reach.store(reach_row.at(c));
    }
    for (Index first = 0; first < width_; first += Tiling::width) {
      if (!meets_other_rows(first, y)) continue;
      for (Index c = first; c < smaller_index(first + Tiling::width, width_); ++c) *reach_row.at(c) = 0;
    }
  }

  /// The water that a cell's new value is the mean of.
  void weigh(const WaterRow& row) {
    const Real* depth = depth_row(row.j);
    const Pack zero = Pack(0);
    typename Pack::Mask crowded{};
    typename Pack::Mask dry{};
    for (Index c = row.span.first; c < row.span.last; c += size) {
      const Pack before = load(depth + c);
      const CellExchange<Pack> water = exchange({load(row.mass_x->at(c)), load(row.mass_x->at(c + 1)),
                                                 load(row.mass_south->at(c)), load(row.mass_north->at(c))},
                                                before);
      Pack mixed = water.mixed;
      if (row.rains) mixed = mixed + rain_on(c, row.j);
      if (row.inflow) mixed = mixed + load(row.inflow + c);
      inverse_of_water(mixed).store(per_water_.at(c));
      crowded = crowded | (water.went_out > Pack(crowded_share) * before);
      Pack shallower = smaller(before, load(row.new_depth + c));
      if (c + size > width_) shallower = within_row(shallower, c);
      dry = dry | ~(shallower > zero);
    }
    is_crowded_ = any(crowded);
    is_plain_ = !any(dry) && !row.rains && row.inflow == nullptr;
  }

  /// Lanes beyond the row are of no account.
  Pack within_row(Pack cells, Index c) const {
    for (Index lane = 0; lane < size; ++lane) {
      if (c + lane >= width_) cells.v[lane] = 1;
    }
    return cells;
  }

  /// What passes the faces of a cell: west, east, south, north.
  template <class Number>
  struct FourSides {
    Number west, east, south, north;
  };
  template <class Number>
  CellExchange<Number> exchange(const FourSides<Number>& mass, const Number& depth) const {
    const Number gain = Number(-ratio_) * ((mass.east - mass.west) + (mass.north - mass.south));
    const Number moved = Number(ratio_) * ((magnitude(mass.east) + magnitude(mass.west)) +
                                           (magnitude(mass.north) + magnitude(mass.south)));
    return cell_exchange(depth, moved, gain);
  }
  /// What they bring of a value beyond that of `base`, over dt/dx.
  template <class Number>
  static Number brought(const FourSides<Number>& mass, const FourSides<Number>& face, const Number& base) {
    return (mass.west * (face.west - base) - mass.east * (face.east - base)) +
           (mass.south * (face.south - base) - mass.north * (face.north - base));
  }

  Pack rain_on(Index c, Index j) const {
    return rain_on_open(Pack(sweep_.numbers.rain_depth), closed_at(c, j));
  }

  /// Values of the water that passes the faces of a row.
  DVINIS_TRACER_STAGE void find_faces(const WaterRow& row, const TracerArrays<Real>& tracer) {
    const Real* here = tracer.value + cell_index(0, row.j);
    for (Index f = row.span.first; f < row.span.last + 1; f += size) {
      face_value(load(here + f - 2), load(here + f - 1), load(here + f), load(here + f + 1),
                 load(row.mass_x->at(f)), load(reach_x_.at(f)))
          .store(face_x_.at(f));
    }
    if (row.j == j0_) find_faces_y(row, tracer, row.j, *row.mass_south, reach_south_);
    find_faces_y(row, tracer, row.j + 1, *row.mass_north, reach_north_);
    if (tracer.value_before != tracer.value) keep_to_first_half(row, tracer);
  }

  /// Of the faces between rows y - 1 and y. They are kept for the row that follows: where that one moves and
  /// this one did not, nothing passes and any number does.
  void find_faces_y(const WaterRow& row, const TracerArrays<Real>& tracer, Index y, Row<Real>& mass,
                    Row<Real>& reach) {
    const Real* above = tracer.value + cell_index(0, y);
    const Index p = arrays_.pitch;
    Real* faces = face_row(tracer, y);
    for (Index c = row.span.first; c < row.span.last; c += size) {
      const Real* at = above + c;
      fetch(cell_index(c, y + 3), tracer.value);
      face_value(load(at - 2 * p), load(at - p), load(at), load(at + p), load(mass.at(c)), load(reach.at(c)))
          .store(faces + c);
    }
  }
  Real* face_row(const TracerArrays<Real>& tracer, Index y) const {
    const Index window = tiling_.index_of(i0_, j0_);
    return tracer.faces + (2 * window + y % 2) * TracerArrays<Real>::face_row_length + face_margin;
  }
  void forget_faces(const TracerArrays<Real>& tracer) const {
    Real* rows = face_row(tracer, j0_ - j0_ % 2) - face_margin;
    for (Index k = 0; k < 2 * TracerArrays<Real>::face_row_length; ++k) rows[k] = 0;
  }

  /// Between the fast mode and the full equations the value is that of before both.
  void keep_to_first_half(const WaterRow& row, const TracerArrays<Real>& tracer) {
    const Real* before = tracer.value_before + cell_index(0, row.j);
    for (const Index f : {Index(0), width_}) {
      if (meets_other_equations(f == 0 ? -1 : f, row.j))
        *face_x_.at(f) = *row.mass_x->at(f) > Real(0) ? before[f - 1] : before[f];
    }
    for (const Index y : {row.j, row.j + 1}) {
      Real* faces = face_row(tracer, y);
      Row<Real>& mass = y == row.j ? *row.mass_south : *row.mass_north;
      const Real* above = tracer.value_before + cell_index(0, y);
      for (Index first = 0; first < width_; first += Tiling::width) {
        if (!meets_other_rows(first, y)) continue;
        for (Index c = first; c < smaller_index(first + Tiling::width, width_); ++c)
          faces[c] = *mass.at(c) > Real(0) ? above[c - arrays_.pitch] : above[c];
      }
    }
  }

  /// What leaves over the domain's rim.
  void tell_rim(const WaterRow& row, const TracerArrays<Real>& tracer) {
    const auto leaving = [&](Row<Real>& mass, const Real* face, Index c, Real outward) {
      const bool is_known = c >= row.span.first && c <= row.span.last && !row.span.is_empty();
      return is_known && *mass.at(c) != Real(0) ? outward * *mass.at(c) * face[c] : Real(0);
    };
    if (i0_ == 0) tracer.outflow[0][row.j] = leaving(*row.mass_x, face_x_.at(0), 0, Real(-1));
    if (i0_ + width_ == arrays_.nx)
      tracer.outflow[1][row.j] = leaving(*row.mass_x, face_x_.at(0), width_, Real(1));
    for (Index c = 0; c < width_ && row.j == 0; ++c)
      tracer.outflow[2][i0_ + c] = leaving(*row.mass_south, face_row(tracer, 0), c, Real(-1));
    for (Index c = 0; c < width_ && row.j == arrays_.ny - 1; ++c)
      tracer.outflow[3][i0_ + c] = leaving(*row.mass_north, face_row(tracer, row.j + 1), c, Real(1));
  }

  DVINIS_TRACER_STAGE void mix(const WaterRow& row, const TracerArrays<Real>& tracer) {
    if (is_plain_) {
      mix_cells<true>(row, tracer);
    } else {
      if (row.inflow) gather_added(row, tracer);
      mix_cells<false>(row, tracer);
    }
    if (is_crowded_) hold_crowded(row, tracer);
  }

  /// @tparam is_plain  cells that stay wet, nothing but what passes the faces
  template <bool is_plain>
  void mix_cells(const WaterRow& row, const TracerArrays<Real>& tracer) {
    const Real* face_south = face_row(tracer, row.j);
    const Real* face_north = face_row(tracer, row.j + 1);
    Index c = row.span.first;
    // Whole registers apart from the row's end: a store of some lanes goes by way of the stack.
    for (; c < row.span.last && c + size <= width_; c += size) {
      const MixedCells cells = mix_pack<is_plain>(row, tracer, face_south, face_north, c);
      cells.value.store(tracer.next_value + cell_index(c, row.j));
      if constexpr (has_carry) cells.left_over.store(tracer.next_carry + cell_index(c, row.j));
    }
    if (c >= row.span.last) return;
    const MixedCells cells = mix_pack<is_plain>(row, tracer, face_south, face_north, c);
    cells.value.store(tracer.next_value + cell_index(c, row.j), width_ - c);
    if constexpr (has_carry) cells.left_over.store(tracer.next_carry + cell_index(c, row.j), width_ - c);
  }

  struct MixedCells {
    Pack value, left_over;
  };
  template <bool is_plain>
  MixedCells mix_pack(const WaterRow& row, const TracerArrays<Real>& tracer, const Real* face_south,
                      const Real* face_north, Index c) {
    const Pack zero = Pack(0);
    const Index k = cell_index(c, row.j);
    const FourSides<Pack> mass = {load(row.mass_x->at(c)), load(row.mass_x->at(c + 1)),
                                  load(row.mass_south->at(c)), load(row.mass_north->at(c))};
    const FourSides<Pack> face = {load(face_x_.at(c)), load(face_x_.at(c + 1)), load(face_south + c),
                                  load(face_north + c)};
    const Pack per_water = load(per_water_.at(c));
    Pack base = load(tracer.value + k);
    if constexpr (!is_plain) base = base_of(row, tracer, c, mass, face, base);
    Pack sum = Pack(ratio_) * brought(mass, face, base);
    if constexpr (!is_plain) {
      if (row.rains) sum = sum + rain_on(c, row.j) * (Pack(tracer.rain) - base);
      if (row.inflow) sum = sum + load(row.inflow + c) * (load(added_.at(c)) - base);
    }
    Pack gain = sum * per_water;
    if constexpr (has_carry) {
      fetch(k + 2 * arrays_.pitch, tracer.carry, tracer.next_value, tracer.next_carry);
      gain = gain + load(tracer.carry + k);
    } else {
      fetch(k + 2 * arrays_.pitch, tracer.next_value);
    }
    Pack value = base + gain;
    Pack left_over = gain - (value - base);
    if constexpr (!is_plain) {
      // What is taken away in this sub-step takes along the value of the mixture: the caller still asks for
      // it where all was taken.
      const auto has_value = row.inflow ? per_water > zero : load(row.new_depth + c) > zero;
      value = select(has_value, value, zero);
      left_over = select(has_value, left_over, zero);
    }
    return {value, left_over};
  }

  /// A cell's own value; in cells that get wet the largest value that comes in, so that a value that is the
  /// same everywhere stays the same to the last bit.
  Pack base_of(const WaterRow& row, const TracerArrays<Real>& tracer, Index c, const FourSides<Pack>& mass,
               const FourSides<Pack>& face, const Pack& own) {
    const Pack zero = Pack(0);
    const auto is_new = (load(row.new_depth + c) > zero) & ~(load(depth_row(row.j) + c) > zero);
    if (!any(is_new)) return own;
    const Pack none = Pack(-1e30);
    const auto entering = [&](const Pack& inward, const Pack& value) {
      return select(inward > zero, value, none);
    };
    Pack largest = larger(larger(entering(mass.west, face.west), entering(-mass.east, face.east)),
                          larger(entering(mass.south, face.south), entering(-mass.north, face.north)));
    if (row.rains && sweep_.numbers.rain_depth > Real(0)) largest = larger(largest, Pack(tracer.rain));
    if (row.inflow) largest = larger(largest, entering(load(row.inflow + c), load(added_.at(c))));
    return select(is_new, select(largest > none, largest, zero), own);
  }

  /// The values of the added water of a row, from the blocks of its tiles.
  void gather_added(const WaterRow& row, const TracerArrays<Real>& tracer) {
    for (Index first = 0; first < width_; first += Tiling::width) {
      const Real* block = tracer.added[tile_at(first, row.j)];
      for (Index c = 0; c < Tiling::width; ++c)
        *added_.at(first + c) =
            block == nullptr ? Real(0) : block[row.j % Tiling::height * Tiling::width + c];
    }
  }

  /// Cells that gave away most of their water: their values are held within those around them, and what that
  /// changes of the tracer's amount is told.
  void hold_crowded(const WaterRow& row, const TracerArrays<Real>& tracer) {
    const Real* depth = depth_row(row.j);
    for (Index c = row.span.first < 0 ? 0 : row.span.first; c < smaller_index(row.span.last, width_); ++c) {
      const FourSides<Real> mass = {*row.mass_x->at(c), *row.mass_x->at(c + 1), *row.mass_south->at(c),
                                    *row.mass_north->at(c)};
      const CellExchange<Real> water = exchange(mass, depth[c]);
      const bool is_crowded = water.went_out > static_cast<Real>(crowded_share) * depth[c];
      if (is_crowded && depth[c] > Real(0) && row.new_depth[c] > Real(0))
        hold_cell(row, tracer, c, mass, water.went_out < depth[c]);
    }
  }
  void hold_cell(const WaterRow& row, const TracerArrays<Real>& tracer, Index c, const FourSides<Real>& mass,
                 bool has_left_over) {
    const Index k = cell_index(c, row.j);
    const Real* depth = arrays_.depth;
    Real low = tracer.value[k];
    Real high = low;
    const auto widen = [&](Real value) {
      low = smaller(low, value);
      high = larger(high, value);
    };
    double amount = static_cast<double>(depth[k]) * static_cast<double>(tracer.value[k]);
    double water = static_cast<double>(depth[k]);
    const auto bring = [&](Real depth_in, Real value) {
      amount += static_cast<double>(depth_in) * static_cast<double>(value);
      water += static_cast<double>(depth_in);
      if (depth_in > Real(0)) widen(value);
    };
    for (const Index beside : {k - 1, k + 1, k - arrays_.pitch, k + arrays_.pitch}) {
      if (depth[beside] > Real(0)) widen(tracer.value[beside]);
    }
    bring(ratio_ * mass.west, *face_x_.at(c));
    bring(ratio_ * -mass.east, *face_x_.at(c + 1));
    bring(ratio_ * mass.south, face_row(tracer, row.j)[c]);
    bring(ratio_ * -mass.north, face_row(tracer, row.j + 1)[c]);
    if (row.rains) bring(rain_on(c, row.j).v[0], tracer.rain);
    if (row.inflow) bring(row.inflow[c], *added_.at(c));
    const Real value = tracer.next_value[k];
    const Real held = larger(low, smaller(value, high));
    const bool is_held = held != value;
    tracer.next_value[k] = held;
    if (is_held && has_carry) tracer.next_carry[k] = 0;
    HeldValues& told = tracer.held[tile_at(c, row.j)];
    if (is_held || !has_left_over) told.amount += static_cast<double>(held) * water - amount;
    if (is_held) ++told.cells;
  }

  /// Where nothing moves values stay.
  void rest_outside(const WaterRow& row, const TracerArrays<Real>& tracer) const {
    const Index k = cell_index(0, row.j);
    for (const Span& part : {Span{0, row.span.first}, Span{row.span.last, width_}}) {
      for (Index c = part.first; c < part.last; ++c) tracer.next_value[k + c] = tracer.value[k + c];
      if (!has_carry) continue;
      for (Index c = part.first; c < part.last; ++c) tracer.next_carry[k + c] = tracer.carry[k + c];
    }
  }

  Index tile_at(Index column, Index j) const { return tiling_.index_of(i0_ + column, j); }
  /// True where the other equations work on the tile of a cell outside the window.
  bool meets_other_equations(Index column, Index j) const {
    const Index i = i0_ + column;
    if (!sweep_.is_full || i < 0 || j < 0 || i >= arrays_.nx || j >= arrays_.ny) return false;
    return sweep_.is_full[tiling_.index_of(i, j)] != sweep_.is_full[tiling_.index_of(i0_, j0_)];
  }
  bool meets_other_rows(Index column, Index y) const {
    if (y == j0_) return meets_other_equations(column, y - 1);
    return y == j1_ && meets_other_equations(column, y);
  }

  const Sweep<Real>& sweep_;
  const Arrays<Real>& arrays_;
  const Tiling tiling_;
  const Index i0_, j0_, width_, j1_;
  const Real ratio_;
  bool is_crowded_ = false;  ///< some cell gives away most of its water
  bool is_plain_ = false;    ///< all cells stay wet, nothing but what passes the faces
  Row<Real> reach_x_, reach_south_, reach_north_;
  Row<Real> per_water_;  ///< inverse of the water that mixes in a cell [m-1]
  Row<Real> face_x_, added_;
};

}  // namespace
}  // namespace dvinis::flood
