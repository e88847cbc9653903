#pragma once
/// What every sweep over one window of tiles shares: rows of the state as they are read, the change of depth,
/// the rows as they are written, reports. Included by the kernels only; linkage as in lanes.hpp.

#include <type_traits>

#include "models/flood/kernels.hpp"
#include "models/flood/lanes.hpp"
#include "models/flood/physics.hpp"
#include "models/flood/rows.hpp"
#include "models/flood/running.hpp"
#include "models/flood/tracers/window_tracers.hpp"

/// A stage of a sweep: one function with all it calls inside, so that its numbers stay in registers and its
/// name shows in a profile.
#define DVINIS_STAGE [[gnu::noinline, gnu::flatten]]

namespace dvinis::flood {
namespace {

using Floats = Lanes<float>;

/// A sweep `Physics` derives from it and fills `mass_x_` and `mass_y_` row by row. It gives
///
///   moving(j)        the columns of row j that a sub-step may change
///   push(c, j)       the discharges of the cells from column c on, into new_x_ and new_y_
///   settle(j, span)  what is left to do for a row before `write_row`
template <class Real, class Physics>
class WindowRows {
 protected:
  WindowRows(const Sweep<Real>& sweep, const Window& window)
      : sweep_(sweep),
        arrays_(sweep.arrays),
        numbers_(sweep.numbers),
        window_(window),
        i0_(window.column * Tiling::width),
        j0_(window.row * Tiling::height),
        i1_(smallest(i0_ + window.columns * Tiling::width, arrays_.nx)),
        j1_(smallest(j0_ + window.rows * Tiling::height, arrays_.ny)),
        width_(i1_ - i0_),
        ratio_(numbers_.dt / numbers_.spacing),
        all_{-size, width_ + 2 * size},
        tracers_(sweep, window) {
    clear(fastest_, 0, width_);
    const RunningArrays& running = arrays_.running;
    for (float* field :
         {running.maximum_depth, running.maximum_speed, running.maximum_unit_discharge,
          running.maximum_hazard, running.hazard_class, running.arrival_time, running.wet_duration}) {
      if (field != nullptr) running_[running_count_++] = field;
    }
    for (Span& filled : velocities_filled_) filled = all_;
  }

  using Pack = Lanes<Real>;
  static constexpr Index size = Pack::size;
  static constexpr Index rows_known = 8;  ///< whose spans are kept

  Physics& physics() { return static_cast<Physics&>(*this); }

  static Index smallest(Index a, Index b) { return a < b ? a : b; }
  static Index limited(Index value, Index low, Index high) {
    return value < low ? low : value > high ? high : value;
  }
  static Index slot(Index j, Index slots) { return (j + slots) % slots; }
  static Pack load_pack(const Real* from) { return Pack::load(from); }

  Index cell_index(Index column, Index j) const { return j * arrays_.pitch + i0_ + column; }
  const Real* depth_row(Index j) const { return arrays_.depth + cell_index(0, j); }
  const unsigned char* closed_at(Index column, Index j) const {
    return arrays_.closed + j * arrays_.closed_pitch + i0_ + column;
  }
  Index tile_index(Index column, Index row) const {
    const Tiling tiling{arrays_.nx, arrays_.ny};
    return limited(row, 0, tiling.rows() - 1) * tiling.columns() + limited(column, 0, tiling.columns() - 1);
  }

  /// Rows that have just been filled along `span`, in whole registers, get zeros behind it and where they
  /// still hold an older row, which was written along `filled`; outside both they are zero.
  template <class... Rows>
  static void forget_older(Span& filled, const Span& span, Rows&... rows) {
    const Span before = span.is_empty() ? filled : filled.cut(filled.first, span.first);
    const Span behind = span.is_empty() ? Span{} : filled.cut(span.last, filled.last);
    if (!before.is_empty()) (clear(rows, before.first, before.last), ...);
    if (!behind.is_empty()) (clear(rows, behind.first, behind.last), ...);
    if (!span.is_empty()) (clear(rows, span.last, span.last + size), ...);
    filled = span;
  }

  /// Reads row j: which of its columns hold water, the bed against the datum of the window's first tile.
  DVINIS_STAGE void look(Index j) {
    const Real* depth = depth_row(j);
    Span wet;
    for (Index c = -size; c < width_ + 2; c += size) {
      fetch(cell_index(c, j + 2), arrays_.depth, arrays_.discharge_x, arrays_.discharge_y, arrays_.bed,
            arrays_.roughness);
      if (any(load_pack(depth + c) > Pack(0))) wet = wet.joined({c, c + size});
    }
    load_bed(j);
    closed_bits_[slot(j, rows_known)] = closed_bits(j);
    wet_[slot(j, rows_known)] = wet.cut(-1, width_ + 1);
    reach_[slot(j, rows_known)] = wet.cut(-2, width_ + 2);
  }

  /// Velocities of row j along a span, zero outside.
  DVINIS_STAGE void find_velocities(Index j, const Span& span) {
    const Index s = slot(j, 4);
    const Real* depth = depth_row(j);
    const Pack film = Pack(numbers_.film);
    for (Index c = span.first; c < span.last; c += size) {
      const Pack per_depth = inverse_depth(load_pack(depth + c), film);
      const Index k = cell_index(c, j);
      (load_pack(arrays_.discharge_x + k) * per_depth).store(u_[s].at(c));
      (load_pack(arrays_.discharge_y + k) * per_depth).store(v_[s].at(c));
    }
    forget_older(velocities_filled_[s], span, u_[s], v_[s]);
  }

  /// The bed of row j: as it lies in the array, or a copy where tiles differ in datum.
  void load_bed(Index j) {
    const Index s = slot(j, 4);
    const Index tile_row = j < 0 ? 0 : j / Tiling::height;
    const double own_datum = arrays_.datum[tile_index(window_.column, window_.row)];
    const auto step = [&](Index tile) {
      return static_cast<Real>(arrays_.datum[tile_index(window_.column + tile, tile_row)] - own_datum);
    };
    bool is_level = true;
    for (Index tile = -1; tile <= window_.columns; ++tile) is_level = is_level && step(tile) == Real(0);
    bed_[s] = is_level ? arrays_.bed + cell_index(0, j) : bed_copy_[s].at(0);
    if (is_level) return;
    for (Index tile = -1; tile <= window_.columns; ++tile) {
      const Index first = tile < 0 ? -size : tile * Tiling::width;
      const Index last = tile < 0 ? 0 : smallest(first + Tiling::width, width_ + 2);
      const Pack shift = Pack(step(tile));
      for (Index c = first; c < last; c += size)
        (load_pack(arrays_.bed + cell_index(c, j)) + shift).store(bed_copy_[s].at(c));
    }
  }

  /// One cell's bed against the datum of the window's first tile.
  Real bed_against_datum(Index column, Index j) const {
    const auto floor_of = [](Index at, Index length) { return at < 0 ? Index(-1) : at / length; };
    const double datum =
        arrays_
            .datum[tile_index(window_.column + floor_of(column, Tiling::width), floor_of(j, Tiling::height))];
    return arrays_.bed[cell_index(column, j)] +
           static_cast<Real>(datum - arrays_.datum[tile_index(window_.column, window_.row)]);
  }

  /// All bits of closed faces in row j, the faces behind its last cell included.
  unsigned closed_bits(Index j) const {
    const unsigned char* closed = closed_at(-1, j);
    unsigned bits = 0;
    for (Index c = 0; c < width_ + 3; c += 64) __builtin_prefetch(closed + 2 * arrays_.closed_pitch + c);
    for (Index c = 0; c < width_ + 3; ++c) bits |= closed[c];
    return bits;
  }
  bool has_closed(Index j, unsigned bits) const { return (closed_bits_[slot(j, rows_known)] & bits) != 0; }

  /// Columns of row j that may hold water, one cell beyond the window, and two.
  Span wet(Index j) const { return wet_[slot(j, rows_known)]; }
  Span reach(Index j) const { return reach_[slot(j, rows_known)]; }

  /// Calls `body(c, mass)` or `body(c)` for the faces of a row with a structure that lets something pass,
  /// from column `first` to before `last` of the window.
  template <class Body>
  void for_each_passing(const StructureFaces<Real>& faces, Index j, Index first, Index last,
                        const Body& body) const {
    const bool is_x = &faces == &sweep_.structures_x;
    if (faces.first == nullptr || j < 0 || j >= (is_x ? arrays_.ny : arrays_.ny + 1)) return;
    for (Index entry = faces.first[j]; entry < faces.first[j + 1]; ++entry) {
      const Index c = faces.column[entry] - i0_;
      if (c < first || c >= last || faces.mass[entry] == Real(0)) continue;
      if constexpr (std::is_invocable_v<Body, Index, Real>) {
        body(c, faces.mass[entry]);
      } else {
        body(c);
      }
    }
  }

  /// What crosses the rim in row j, west and east.
  void pass_edges_x(Index j) {
    if (i0_ == 0) pass_edge(sweep_.edges.west, j, Real(-1), *mass_x_.at(0));
    if (i1_ == arrays_.nx) pass_edge(sweep_.edges.east, j, Real(1), *mass_x_.at(width_));
  }
  /// What crosses the rim south of row j, if there is one.
  void pass_edges_y(Index j) {
    if (j != 0 && j != arrays_.ny) return;
    const EdgeLine<Real>& edge = j == 0 ? sweep_.edges.south : sweep_.edges.north;
    for (Index c = 0; c < width_; ++c)
      pass_edge(edge, i0_ + c, j == 0 ? Real(-1) : Real(1), *mass_y_[slot(j, 2)].at(c));
  }

  /// At the domain's rim: a prescribed mass flux replaces the solver's, and what passes is kept for the
  /// ledger.
  static void pass_edge(const EdgeLine<Real>& edge, Index k, Real outward, Real& mass) {
    const Real imposed = edge.imposed[k];
    if (imposed == imposed) mass = outward * imposed;
    edge.outflow[k] = outward * mass;
  }

  /// The new state of row j.
  DVINIS_STAGE void update(Index j) {
    const bool has_added = sweep_.added != nullptr && gather_added(j);
    const bool is_everywhere =
        has_added || arrays_.carry != nullptr || sweep_.held.are_known || j == 0 || j == arrays_.ny - 1;
    const Span span = is_everywhere ? Span{0, width_} : physics().moving(j).cut(0, width_);
    exchange(j, span, has_added);
    if (has_added) scatter_added(j);
    if (tracers_.is_used()) carry_tracers(j, span);
    physics().settle(j, span);
    for (Index first = 0; first < width_; first += Tiling::width) {
      const Span worked = span.cut(first, smallest(first + Tiling::width, width_));
      tile_report(first, j).worked_cells += worked.last - worked.first;
    }
    rest_outside(j, span);
    if (j % Tiling::height == 0) note_border(j, border_south);
    if ((j + 1) % Tiling::height == 0 || j == arrays_.ny - 1) note_border(j, border_north);
  }

  /// Tracers go with the water that has just been exchanged.
  void carry_tracers(Index j, const Span& span) {
    typename WindowTracers<Real>::WaterRow row;
    row.j = j;
    row.span = span;
    row.mass_x = &mass_x_;
    row.mass_south = &mass_y_[slot(j, 2)];
    row.mass_north = &mass_y_[slot(j + 1, 2)];
    row.new_depth = new_depth_.at(0);
    row.u = u_[slot(j, 4)].at(0);
    for (Index step = -1; step <= 1; ++step) row.v[step + 1] = v_[slot(j + step, 4)].at(0);
    row.rains = numbers_.rain_depth > Real(0);
    if (sweep_.inflow != nullptr && gather_blocks(sweep_.inflow, j, inflow_)) row.inflow = inflow_.at(0);
    row.has_closed_x = has_closed(j, closed_west);
    row.has_closed_y = has_closed(j - 1, closed_south) || has_closed(j, closed_south) ||
                       has_closed(j + 1, closed_south) || has_closed(j + 2, closed_south);
    tracers_.advance(row);
  }

  /// Water in row j, the first or last of its tiles.
  void note_border(Index j, Border border) {
    for (Index first = 0; first < width_; first += Tiling::width) {
      const Real* depth = arrays_.next_depth + cell_index(first, j);
      Real deepest = 0;
      for (Index c = 0; c < smallest(Tiling::width, width_ - first); ++c) deepest = larger(deepest, depth[c]);
      if (deepest > Real(0)) tile_report(first, j).wet_borders |= border;
    }
  }

  /// Water after what passed the faces, rain and sources.
  void exchange(Index j, const Span& span, bool has_added) {
    Row<Real>& south = mass_y_[slot(j, 2)];
    Row<Real>& north = mass_y_[slot(j + 1, 2)];
    const Pack zero = Pack(0);
    const Pack ratio = Pack(-ratio_);
    const bool has_more = has_added || arrays_.carry != nullptr;
    for (Index c = span.first; c < span.last; c += size) {
      const Index k = cell_index(c, j);
      fetch(k + 2 * arrays_.pitch, arrays_.next_depth, arrays_.next_discharge_x, arrays_.next_discharge_y);
      const Pack before = load_pack(arrays_.depth + k);
      Pack gain = ratio * ((load_pack(mass_x_.at(c + 1)) - load_pack(mass_x_.at(c))) +
                           (load_pack(north.at(c)) - load_pack(south.at(c))));
      Pack depth = before + gain;
      if (any(depth < zero)) {
        count_overdrafts(c, j, before, gain);
        if (!has_more) clip(c, j, depth);
      }
      if (has_more) {
        if (has_added) {
          const Pack wanted = load_pack(added_.at(c));
          const Pack given = larger(wanted, -larger(depth, zero));
          given.store(added_.at(c));
          gain = gain + given;
        }
        if (numbers_.rain_depth > Real(0)) gain = gain + rain_on(c, j);
        depth = before + gain;
        if (arrays_.carry) {
          // Compensated sum: what the depth cannot hold waits in `carry` for the next step.
          gain = gain + load_pack(arrays_.carry + k);
          depth = before + gain;
          (gain - (depth - before)).store(arrays_.next_carry + k, width_ - c);
        }
        if (any(depth < zero)) clip(c, j, depth);
      }
      larger(depth, zero).store(new_depth_.at(c));
      physics().push(c, j);
    }
  }

  /// The new state of row j into the arrays. `finished(c)` gives the cells from column c on.
  template <class Finished>
  void write_row(Index j, const Span& span, const Finished& finished_at) {
    Pack probe = Pack(0);
    const auto finished = [&](Index c) {
      const CellUpdate<Pack> after = finished_at(c);
      larger(load_pack(fastest_.at(c)), after.wave).store(fastest_.at(c));
      return after;
    };
    Index c = span.first;
    for (; c < span.last && c + size <= width_; c += size) {
      const CellUpdate<Pack> after = finished(c);
      const Index k = cell_index(c, j);
      after.depth.store(arrays_.next_depth + k);
      after.discharge_x.store(arrays_.next_discharge_x + k);
      after.discharge_y.store(arrays_.next_discharge_y + k);
      const Pack sum = (after.discharge_x + after.discharge_y) + after.depth;
      probe = probe + (sum - sum);
    }
    const bool is_finite = !any(~(probe >= Pack(0)));
    if (c < span.last) {
      const CellUpdate<Pack> after = finished(c);
      const Index k = cell_index(c, j);
      after.depth.store(arrays_.next_depth + k, width_ - c);
      after.discharge_x.store(arrays_.next_discharge_x + k, width_ - c);
      after.discharge_y.store(arrays_.next_discharge_y + k, width_ - c);
      look_for_infinities(j, {c, width_});
    }
    if (!is_finite) look_for_infinities(j, span);
  }

  void look_for_infinities(Index j, const Span& span) {
    for (Index c = span.first; c < span.last; ++c) {
      const Index k = cell_index(c, j);
      const Real sum = (arrays_.next_discharge_x[k] + arrays_.next_discharge_y[k]) + arrays_.next_depth[k];
      if (!(sum - sum == Real(0))) tile_report(c, j).is_finite = false;
    }
  }

  /// The remaining cells of the row stay as they are: dry, or still water.
  void rest_outside(Index j, const Span& span) {
    const Index k = cell_index(0, j);
    for (const Span& part : {Span{0, span.first}, Span{span.last, width_}}) {
      for (Index c = part.first; c < part.last; ++c) {
        arrays_.next_depth[k + c] = arrays_.depth[k + c];
        arrays_.next_discharge_x[k + c] = 0;
        arrays_.next_discharge_y[k + c] = 0;
      }
      const Span still = wet(j).cut(part.first, part.last);
      for (Index c = still.first; c < still.last; c += size) {
        Pack depth = load_pack(arrays_.depth + k + c);
        if (c + size > still.last) depth.clear_from(still.last - c);
        larger(load_pack(fastest_.at(c)), root(Pack(gravity) * depth)).store(fastest_.at(c));
      }
    }
  }

  Pack rain_on(Index c, Index j) const { return rain_on_open(Pack(numbers_.rain_depth), closed_at(c, j)); }

  /// Anything below what rounding explains is a real overdraft: the caller repeats with a smaller step.
  void count_overdrafts(Index c, Index j, const Pack& before, const Pack& gain) {
    const Index s = slot(j, 2);
    for (Index lane = 0; lane < size && c + lane < width_; ++lane) {
      const Real moved =
          ratio_ * ((magnitude(*mass_x_.at(c + lane + 1)) + magnitude(*mass_x_.at(c + lane))) +
                    (magnitude(*mass_y_[slot(j + 1, 2)].at(c + lane)) + magnitude(*mass_y_[s].at(c + lane))));
      const Real depth = before.v[lane];
      const Real tolerance = Real(sizeof(Real) == 4 ? 1e-6 : 1e-15) * (depth + moved);
      if (depth + gain.v[lane] < -tolerance) ++tile_report(c + lane, j).overdrafts;
    }
  }

  void clip(Index c, Index j, const Pack& depth) {
    for (Index lane = 0; lane < size && c + lane < width_; ++lane) {
      const Real value = depth.v[lane];
      if (value < Real(0)) tile_report(c + lane, j).clipped_depth -= static_cast<double>(value);
    }
  }

  Index tile_at(Index column, Index j) const {
    return tile_index(window_.column + column / Tiling::width, j / Tiling::height);
  }
  TileReport& tile_report(Index column, Index j) { return sweep_.reports[tile_at(column, j)]; }

  /// Depths to add to row j by tile; false if there are none.
  bool gather_added(Index j) { return gather_blocks(sweep_.added, j, added_); }
  bool gather_blocks(Real* const* blocks, Index j, Row<Real>& row) {
    bool found = false;
    for (Index t = 0; t < window_.columns; ++t) {
      const Real* block = block_row(blocks, t, j);
      Real* at = row.at(t * Tiling::width);
      for (Index c = 0; c < Tiling::width; ++c) at[c] = block == nullptr ? Real(0) : block[c];
      found = found || block != nullptr;
    }
    return found;
  }
  void scatter_added(Index j) {
    for (Index t = 0; t < window_.columns; ++t) {
      Real* block = block_row(sweep_.added, t, j);
      if (block == nullptr) continue;
      const Real* row = added_.at(t * Tiling::width);
      for (Index c = 0; c < Tiling::width; ++c) block[c] = row[c];
    }
  }
  Real* block_row(Real* const* blocks, Index t, Index j) const {
    Real* block = blocks[tile_index(window_.column + t, j / Tiling::height)];
    return block == nullptr ? nullptr : block + j % Tiling::height * Tiling::width;
  }

  /// Takes row j as it was before the sub-step into the running fields.
  /// @param depth  of the cells; speed_ holds their speeds already or not
  DVINIS_STAGE void record(Index j, const Real* depth, bool knows_speed) {
    const Index s = slot(j, 4);
    const Span span = wet(j).cut(0, width_);
    for (Index c = span.first; c < span.last; c += size) {
      const Pack speed =
          knows_speed ? load_pack(speed_.at(c)) : speed_of(load_pack(u_[s].at(c)), load_pack(v_[s].at(c)));
      narrowed(load_pack(depth + c)).store(narrow_depth_.at(c));
      narrowed(speed).store(narrow_speed_.at(c));
    }
    const Index k = j * arrays_.running.pitch + i0_;
    for (Index c = span.first; c < span.last; c += Floats::size) {
      if (reinterpret_cast<std::uintptr_t>(running_[0] + k + c) % 64 == 0) {
        for (int n = 0; n < running_count_; ++n)
          __builtin_prefetch(running_[n] + k + c + 2 * arrays_.running.pitch, 1);
      }
      Floats narrow = Floats::load(narrow_depth_.at(c));
      if (c + Floats::size > span.last) narrow.clear_from(span.last - c);
      record_cells(arrays_.running, *sweep_.record, k + c, narrow, Floats::load(narrow_speed_.at(c)));
    }
  }

  /// Sums up the tiles whose northernmost row is j. Where water is there is a wave.
  void report(Index j) {
    for (Index first = 0; first < width_; first += Tiling::width) {
      const Index last = smallest(first + Tiling::width, width_);
      Real fastest = 0;
      for (Index c = first; c < last; ++c) fastest = larger(fastest, *fastest_.at(c));
      TileReport& tile = tile_report(first, j);
      tile.largest_speed = static_cast<double>(fastest);
      if (*fastest_.at(first) > Real(0)) tile.wet_borders |= border_west;
      if (*fastest_.at(last - 1) > Real(0)) tile.wet_borders |= border_east;
    }
    clear(fastest_, 0, width_);
  }

  const Sweep<Real>& sweep_;
  const Arrays<Real>& arrays_;
  const StepNumbers<Real>& numbers_;
  const Window window_;
  const Index i0_, j0_, i1_, j1_, width_;
  const Real ratio_;
  const Span all_;

  float* running_[7];  ///< the running arrays that somebody asked for
  int running_count_ = 0;

  // By row modulo 8, 4 or 2.
  Span wet_[rows_known], reach_[rows_known];
  Span velocities_filled_[4];
  unsigned closed_bits_[rows_known];
  const Real* bed_[4];
  Row<Real> u_[4], v_[4], bed_copy_[4];
  Row<Real> mass_x_, mass_y_[2];  ///< through the faces west and south of the cells [m2 s-1]
  // Between the loops of one stage.
  Row<Real> rate_, speed_;
  Row<Real> added_, new_depth_, new_x_, new_y_;
  Row<float> narrow_depth_, narrow_speed_;
  Row<Real> fastest_;  ///< wave by column over the rows of a tile
  WindowTracers<Real> tracers_;
  Row<Real> inflow_;
};

}  // namespace
}  // namespace dvinis::flood
