#pragma once
/// The sweep over one window of tiles. Included by the kernels only; linkage as in lanes.hpp.
///
/// A window is swept row by row from the south. What a row leaves for the next ones lives in buffers of one
/// row that fit the first-level cache:
///
///   load(j + 1)    depth, velocities, bed in one datum       needs nothing
///   predict(j)     slopes, half step, what each face sees    needs rows j - 1, j, j + 1
///   cross_y(j)     fluxes between rows j - 1 and j           needs predict(j - 1), predict(j)
///   update(j - 1)  the new state of row j - 1                needs cross_x(j - 1), cross_y(j - 1) and (j)
///   cross_x(j)     fluxes between the cells of row j         needs predict(j)
///
/// The stages run in short loops one after the other instead of one long loop: a flux is a chain of some
/// thirty dependent operations, and a processor sees only as much of the next cells as fits its window behind
/// that chain.

#include <type_traits>

#include "models/flood/kernels.hpp"
#include "models/flood/lanes.hpp"
#include "models/flood/physics.hpp"
#include "models/flood/rows.hpp"
#include "models/flood/running.hpp"
#include "models/flood/slopes.hpp"

/// A stage of the sweep: one function with all it calls inside, so that its numbers stay in registers and its
/// name shows in a profile.
#define DVINIS_STAGE [[gnu::noinline, gnu::flatten]]

namespace dvinis::flood {
namespace {

using Floats = Lanes<float>;

template <class Real>
class WindowSweep {
 public:
  WindowSweep(const Sweep<Real>& sweep, const Window& window)
      : sweep_(sweep),
        arrays_(sweep.arrays),
        numbers_(sweep.numbers),
        window_(window),
        i0_(window.column * Tiling::width),
        j0_(window.row * Tiling::height),
        i1_(smallest(i0_ + window.columns * Tiling::width, arrays_.nx)),
        j1_(smallest(j0_ + window.rows * Tiling::height, arrays_.ny)),
        width_(i1_ - i0_),
        ratio_(numbers_.dt / numbers_.spacing) {}

  void run() {
    clear(fastest_, 0, width_);
    const RunningArrays& running = arrays_.running;
    for (float* field :
         {running.maximum_depth, running.maximum_speed, running.maximum_unit_discharge,
          running.maximum_hazard, running.hazard_class, running.arrival_time, running.wet_duration}) {
      if (field != nullptr) running_[running_count_++] = field;
    }
    const Span all = {-size, width_ + 2 * size};
    for (Span* filled : {&velocities_filled_[0], &velocities_filled_[1], &velocities_filled_[2],
                         &faces_filled_, &prediction_filled_[0], &prediction_filled_[1], &flux_x_filled_,
                         &flux_y_filled_[0], &flux_y_filled_[1]})
      *filled = all;
    load(j0_ - 2);
    load(j0_ - 1);
    load(j0_);
    for (Index j = j0_ - 1; j <= j1_; ++j) {
      load(j + 1);
      predict(j);
      if (j < j0_) continue;
      if (sweep_.record && j < j1_) record(j);
      cross_y(j);
      if (j > j0_) update(j - 1);
      if (j > j0_ && (j % Tiling::height == 0 || j == j1_)) report(j - 1);
      if (j < j1_) cross_x(j);
    }
  }

 private:
  using Pack = Lanes<Real>;
  static constexpr Index size = Pack::size;

  static Index smallest(Index a, Index b) { return a < b ? a : b; }
  static Index limited(Index value, Index low, Index high) {
    return value < low ? low : value > high ? high : value;
  }
  static Index slot(Index j, Index slots) { return (j + slots) % slots; }
  static Pack load_pack(const Real* from) { return Pack::load(from); }

  Index cell_index(Index column, Index j) const { return j * arrays_.pitch + i0_ + column; }
  const unsigned char* closed_at(Index column, Index j) const {
    return arrays_.closed + j * arrays_.closed_pitch + i0_ + column;
  }
  Index tile_index(Index column, Index row) const {
    const Tiling tiling{arrays_.nx, arrays_.ny};
    return limited(row, 0, tiling.rows() - 1) * tiling.columns() + limited(column, 0, tiling.columns() - 1);
  }

  /// Asks for the cache lines of a cell some rows before they are needed: a row of a window is too short for
  /// the processor to guess the next. Each stage asks for its own arrays, so that requests do not queue up.
  /// All arrays are aligned alike.
  template <class First, class... Others>
  static void fetch(Index k, First* first, Others*... others) {
    if (reinterpret_cast<std::uintptr_t>(first + k) % 64 != 0) return;
    constexpr int for_writing = std::is_const_v<First> ? 0 : 1;
    __builtin_prefetch(first + k, for_writing);
    (__builtin_prefetch(others + k, for_writing), ...);
  }

  /// Rows that have just been filled along `span` get zeros where they still hold an older row, which was
  /// written along `filled`; outside both they are zero.
  template <class... Rows>
  static void forget_older(Span& filled, const Span& span, Rows&... rows) {
    const Span before = span.is_empty() ? filled : filled.cut(filled.first, span.first);
    const Span behind = span.is_empty() ? Span{} : filled.cut(span.last, filled.last);
    if (!before.is_empty()) (clear(rows, before.first, before.last), ...);
    if (!behind.is_empty()) (clear(rows, behind.first, behind.last), ...);
    const Index packs = span.is_empty() ? 0 : (span.last - span.first + size - 1) / size;
    filled = {span.first, span.first + packs * size};  // whole registers
  }

  /// Reads row j: velocities from discharges, the bed against the datum of the window's first tile.
  DVINIS_STAGE void load(Index j) {
    const Index s = slot(j, 3);
    const Real* depth = arrays_.depth + cell_index(0, j);
    depth_[s] = depth;
    Span wet;
    for (Index c = -size; c < width_ + 2; c += size) {
      fetch(cell_index(c, j + 2), arrays_.depth, arrays_.discharge_x, arrays_.discharge_y, arrays_.bed);
      if (any(load_pack(depth + c) > Pack(0))) wet = wet.joined({c, c + size});
    }
    load_bed(j);
    closed_bits_[slot(j, 4)] = closed_bits(j);
    const Pack film = Pack(numbers_.film);
    for (Index c = wet.first; c < wet.last; c += size) {
      const Pack per_depth = inverse_depth(load_pack(depth + c), film);
      const Index k = cell_index(c, j);
      (load_pack(arrays_.discharge_x + k) * per_depth).store(u_[s].at(c));
      (load_pack(arrays_.discharge_y + k) * per_depth).store(v_[s].at(c));
    }
    forget_older(velocities_filled_[s], wet, u_[s], v_[s]);
    wet_[slot(j, 4)] = wet.cut(-1, width_ + 1);
  }

  /// The bed of row j: as it lies in the array, or a copy where tiles differ in datum.
  void load_bed(Index j) {
    const Index s = slot(j, 3);
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

  /// All bits of closed faces in row j, the faces behind its last cell included.
  unsigned closed_bits(Index j) const {
    const unsigned char* closed = closed_at(-1, j);
    unsigned bits = 0;
    for (Index c = 0; c < width_ + 3; ++c) bits |= closed[c];
    return bits;
  }
  bool has_closed(Index j, unsigned bits) const { return (closed_bits_[slot(j, 4)] & bits) != 0; }

  Span wet(Index j) const { return wet_[slot(j, 4)]; }

  static Three<Pack> along_x(const Real* here) {
    return {load_pack(here - 1), load_pack(here), load_pack(here + 1)};
  }
  /// Of row j - 1, j, j + 1.
  static Three<Pack> along_y(const Real* const (&rows)[3], Index column, Index j) {
    return {load_pack(rows[slot(j - 1, 3)] + column), load_pack(rows[slot(j, 3)] + column),
            load_pack(rows[slot(j + 1, 3)] + column)};
  }

  DVINIS_STAGE void predict(Index j) {
    if (numbers_.has_friction) half_friction(j, wet(j));
    if (has_closed(j, closed_west | closed_south) || has_closed(j + 1, closed_south)) {
      predict_cells<true>(j);
    } else {
      predict_cells<false>(j);
    }
  }

  template <bool has_walls>
  void predict_cells(Index j) {
    const Index s = slot(j, 2);
    const Index t = slot(j, 3);
    const Span span = wet(j);
    const Real* const u_rows[3] = {u_[0].at(0), u_[1].at(0), u_[2].at(0)};
    const Real* const v_rows[3] = {v_[0].at(0), v_[1].at(0), v_[2].at(0)};
    for (Index c = span.first; c < span.last; c += size) {
      const auto slopes = [&](const auto&... quantities) {
        return [=](const unsigned char* before, const unsigned char* after, unsigned char bit) {
          if (has_walls && (any_byte<size>(before, bit) || any_byte<size>(after, bit))) {
            return walled_slopes(quantities..., mask_of_bytes<Pack>(before, bit),
                                 mask_of_bytes<Pack>(after, bit));
          }
          return open_slopes(quantities...);
        };
      };
      const AxisSlopes<Pack> x =
          slopes(along_x(depth_[t] + c), along_x(bed_[t] + c), along_x(u_rows[t] + c),
                 along_x(v_rows[t] + c))(closed_at(c, j), closed_at(c + 1, j), closed_west);
      const AxisSlopes<Pack> y =
          slopes(along_y(depth_, c, j), along_y(bed_, c, j), along_y(v_rows, c, j), along_y(u_rows, c, j))(
              closed_at(c, j), closed_at(c, j + 1), closed_south);
      const CellSlopes<Pack> slope = {x.level, x.depth, x.normal, x.along,
                                      y.level, y.depth, y.along,  y.normal};
      const CellState<Pack> cell = {load_pack(depth_[t] + c), load_pack(u_rows[t] + c),
                                    load_pack(v_rows[t] + c)};
      const Pack share = numbers_.has_friction ? load_pack(share_.at(c)) : Pack(1);
      const CellState<Pack> half = half_step(cell, slope, Pack(ratio_), share);
      (half.depth + slope.depth_x).store(east_.depth.at(c));
      (half.u + slope.u_x).store(east_.normal.at(c));
      (half.v + slope.v_x).store(east_.along.at(c));
      (half.depth - slope.depth_x).store(west_.depth.at(c));
      (half.u - slope.u_x).store(west_.normal.at(c));
      (half.v - slope.v_x).store(west_.along.at(c));
      (slope.level_x - slope.depth_x).store(bed_slope_x_.at(c));
      (half.depth + slope.depth_y).store(north_[s].depth.at(c));
      (half.v + slope.v_y).store(north_[s].normal.at(c));
      (half.u + slope.u_y).store(north_[s].along.at(c));
      (half.depth - slope.depth_y).store(south_.depth.at(c));
      (half.v - slope.v_y).store(south_.normal.at(c));
      (half.u - slope.u_y).store(south_.along.at(c));
      (slope.level_y - slope.depth_y).store(bed_slope_y_[s].at(c));
      half.depth.store(half_depth_[s].at(c));
      slope.level_x.store(level_slope_x_[s].at(c));
      slope.level_y.store(level_slope_y_[s].at(c));
    }
    forget_older(faces_filled_, span, east_, west_, south_, bed_slope_x_);
    forget_older(prediction_filled_[s], span, north_[s], bed_slope_y_[s], half_depth_[s], level_slope_x_[s],
                 level_slope_y_[s]);
  }

  /// What friction leaves of the velocities of row j over the half step.
  void half_friction(Index j, const Span& span) {
    const Index s = slot(j, 3);
    for (Index c = span.first; c < span.last; c += size) {
      const Pack roughness = load_pack(arrays_.roughness + cell_index(c, j));
      friction_rate(load_pack(depth_[s] + c), Pack(numbers_.film), roughness).store(rate_.at(c));
      speed_of(load_pack(u_[s].at(c)), load_pack(v_[s].at(c))).store(speed_.at(c));
    }
    for (Index c = span.first; c < span.last; c += size) {
      half_friction_share(load_pack(rate_.at(c)), load_pack(speed_.at(c)), Pack(numbers_.dt))
          .store(share_.at(c));
    }
  }

  /// What a row of faces lies between: the cells left (south) of them begin at column `shift`.
  struct Faces {
    FaceRow<Real>& left;
    FaceRow<Real>& right;
    const Real* bed_left;
    const Real* bed_right;
    Row<Real>& bed_slope_left;
    Row<Real>& bed_slope_right;
    Index shift;
    const unsigned char* closed;
    unsigned char closed_bit;
    bool has_closed;
  };

  Pack bed_step(const Faces& faces, Index f) const {
    const Index l = f + faces.shift;
    return (load_pack(faces.bed_right + f) - load_pack(faces.bed_left + l)) -
           (load_pack(faces.bed_slope_left.at(l)) + load_pack(faces.bed_slope_right.at(f)));
  }

  /// Fluxes of the faces of a span.
  void cross(const Faces& faces, const Span& span, FluxRow<Real>& flux_row) {
    for (Index f = span.first; f < span.last; f += size) {
      const FaceDepths<Pack> h = reconstructed(load_pack(faces.left.depth.at(f + faces.shift)),
                                               load_pack(faces.right.depth.at(f)), bed_step(faces, f));
      h.left.store(h_left_.at(f));
      h.right.store(h_right_.at(f));
      h.celerity_left.store(c_left_.at(f));
      h.celerity_right.store(c_right_.at(f));
    }
    for (Index f = span.first; f < span.last; f += size) {
      const FaceDepths<Pack> h = {load_pack(h_left_.at(f)), load_pack(h_right_.at(f)),
                                  load_pack(c_left_.at(f)), load_pack(c_right_.at(f))};
      const WaveFan<Pack> fan =
          wave_fan(h, load_pack(faces.left.normal.at(f + faces.shift)), load_pack(faces.right.normal.at(f)));
      fan.velocity_left.store(u_left_.at(f));
      fan.velocity_right.store(u_right_.at(f));
      fan.share_left.store(share_left_.at(f));
      fan.share_right.store(share_right_.at(f));
      fan.mixing.store(mixing_.at(f));
    }
    for (Index f = span.first; f < span.last; f += size) {
      const WaveFan<Pack> fan = {load_pack(u_left_.at(f)), load_pack(u_right_.at(f)),
                                 load_pack(share_left_.at(f)), load_pack(share_right_.at(f)),
                                 load_pack(mixing_.at(f))};
      FaceFlux<Pack> flux =
          flux_through(load_pack(h_left_.at(f)), load_pack(h_right_.at(f)), fan,
                       load_pack(faces.left.along.at(f + faces.shift)), load_pack(faces.right.along.at(f)));
      if (faces.has_closed && any_byte<size>(faces.closed + f, faces.closed_bit)) reflect(faces, f, flux);
      flux.mass.store(flux_row.mass.at(f));
      flux.excess_left.store(flux_row.excess_left.at(f));
      flux.excess_right.store(flux_row.excess_right.at(f));
      flux.along.store(flux_row.along.at(f));
    }
  }

  /// Where a face is closed each side meets its own mirror image.
  void reflect(const Faces& faces, Index f, FaceFlux<Pack>& flux) const {
    const FaceSide<Pack> left = side(faces.left, f + faces.shift);
    const FaceSide<Pack> right = side(faces.right, f);
    const FaceFlux<Pack> from_left = face_flux(left, mirrored(left), Pack(0));
    const FaceFlux<Pack> from_right = face_flux(mirrored(right), right, Pack(0));
    const typename Pack::Mask is_closed = mask_of_bytes<Pack>(faces.closed + f, faces.closed_bit);
    flux.mass = select(is_closed, Pack(0), flux.mass);
    flux.excess_left = select(is_closed, from_left.excess_left, flux.excess_left);
    flux.excess_right = select(is_closed, from_right.excess_right, flux.excess_right);
    flux.along = select(is_closed, Pack(0), flux.along);
  }

  static FaceSide<Pack> side(FaceRow<Real>& row, Index column) {
    return {load_pack(row.depth.at(column)), load_pack(row.normal.at(column)),
            load_pack(row.along.at(column))};
  }

  DVINIS_STAGE void cross_x(Index j) {
    const Real* bed = bed_[slot(j, 3)];
    const Span here = wet(j);
    const Span span = here.is_empty() ? here : Span{here.first, here.last + 1}.cut(0, width_ + 1);
    cross({east_, west_, bed, bed, bed_slope_x_, bed_slope_x_, -1, closed_at(0, j), closed_west,
           has_closed(j, closed_west)},
          span, flux_x_);
    forget_older(flux_x_filled_, span, flux_x_);
    if (i0_ == 0) pass_edge(sweep_.edges.west, j, Real(-1), *flux_x_.mass.at(0));
    if (i1_ == arrays_.nx) pass_edge(sweep_.edges.east, j, Real(1), *flux_x_.mass.at(width_));
  }

  DVINIS_STAGE void cross_y(Index j) {
    const Index s = slot(j, 2);
    const Index below = slot(j - 1, 2);
    const Span span = wet(j - 1).joined(wet(j)).cut(0, width_);
    cross({north_[below], south_, bed_[slot(j - 1, 3)], bed_[slot(j, 3)], bed_slope_y_[below],
           bed_slope_y_[s], 0, closed_at(0, j), closed_south, has_closed(j, closed_south)},
          span, flux_y_[s]);
    forget_older(flux_y_filled_[s], span, flux_y_[s]);
    if (j != 0 && j != arrays_.ny) return;
    const EdgeLine<Real>& edge = j == 0 ? sweep_.edges.south : sweep_.edges.north;
    for (Index c = 0; c < width_; ++c)
      pass_edge(edge, i0_ + c, j == 0 ? Real(-1) : Real(1), *flux_y_[s].mass.at(c));
  }

  /// At the domain's rim: a prescribed mass flux replaces the solver's, and what passes is kept for the
  /// ledger.
  static void pass_edge(const EdgeLine<Real>& edge, Index k, Real outward, Real& mass) {
    const Real imposed = edge.imposed[k];
    if (imposed == imposed) mass = outward * imposed;
    edge.outflow[k] = outward * mass;
  }

  DVINIS_STAGE void update(Index j) {
    const bool has_added = sweep_.added != nullptr && gather_added(j);
    const bool is_everywhere = has_added || arrays_.carry != nullptr || j == 0 || j == arrays_.ny - 1;
    const Span span = is_everywhere ? Span{0, width_}
                                    : wet(j - 1).joined(wet(j)).joined(wet(j + 1)).widened().cut(0, width_);
    exchange(j, span, has_added);
    if (has_added) scatter_added(j);
    settle(j, span);
    dry_outside(j, span);
    if (j % Tiling::height == 0) note_border(j, border_south);
    if ((j + 1) % Tiling::height == 0 || j == arrays_.ny - 1) note_border(j, border_north);
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

  /// Water and momentum after what passed the faces, rain and sources; before friction.
  void exchange(Index j, const Span& span, bool has_added) {
    const Index s = slot(j, 2);
    FluxRow<Real>& south = flux_y_[s];
    FluxRow<Real>& north = flux_y_[slot(j + 1, 2)];
    const Pack zero = Pack(0);
    const Pack ratio = Pack(-ratio_);
    const Pack twice_gravity = Pack(2.0 * gravity);
    const bool has_more = has_added || arrays_.carry != nullptr;
    for (Index c = span.first; c < span.last; c += size) {
      const Index k = cell_index(c, j);
      fetch(k + 2 * arrays_.pitch, arrays_.next_depth, arrays_.next_discharge_x, arrays_.next_discharge_y);
      const Pack before = load_pack(arrays_.depth + k);
      Pack gain = ratio * ((load_pack(flux_x_.mass.at(c + 1)) - load_pack(flux_x_.mass.at(c))) +
                           (load_pack(north.mass.at(c)) - load_pack(south.mass.at(c))));
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
      const Pack pull = twice_gravity * load_pack(half_depth_[s].at(c));
      const Pack push_x =
          ((load_pack(flux_x_.excess_left.at(c + 1)) - load_pack(flux_x_.excess_right.at(c))) +
           (load_pack(north.along.at(c)) - load_pack(south.along.at(c)))) +
          pull * load_pack(level_slope_x_[s].at(c));
      const Pack push_y = ((load_pack(north.excess_left.at(c)) - load_pack(south.excess_right.at(c))) +
                           (load_pack(flux_x_.along.at(c + 1)) - load_pack(flux_x_.along.at(c)))) +
                          pull * load_pack(level_slope_y_[s].at(c));
      larger(depth, zero).store(new_depth_.at(c));
      (load_pack(arrays_.discharge_x + k) + ratio * push_x).store(new_x_.at(c));
      (load_pack(arrays_.discharge_y + k) + ratio * push_y).store(new_y_.at(c));
    }
  }

  /// Friction, and the new state into the arrays.
  void settle(Index j, const Span& span) {
    const Pack film = Pack(numbers_.film);
    if (numbers_.has_friction) {
      for (Index c = span.first; c < span.last; c += size) {
        const Pack depth = load_pack(new_depth_.at(c));
        const Pack per_depth = inverse_depth(depth, film);
        const Pack u = load_pack(new_x_.at(c)) * per_depth;
        const Pack v = load_pack(new_y_.at(c)) * per_depth;
        u.store(new_x_.at(c));
        v.store(new_y_.at(c));
        speed_of(u, v).store(speed_.at(c));
        friction_rate(depth, film, load_pack(arrays_.roughness + cell_index(c, j))).store(rate_.at(c));
      }
    }
    Pack probe = Pack(0);
    const auto finished = [&](Index c) {
      const Pack depth = load_pack(new_depth_.at(c));
      const Pack factor = numbers_.has_friction ? friction_share(load_pack(rate_.at(c)),
                                                                 load_pack(speed_.at(c)), Pack(numbers_.dt))
                                                : inverse_depth(depth, film);
      const CellUpdate<Pack> after =
          settled(depth, load_pack(new_x_.at(c)) * factor, load_pack(new_y_.at(c)) * factor);
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

  /// The rest of the row stays dry; the arrays may still hold an older sub-step there.
  void dry_outside(Index j, const Span& span) {
    for (Real* row : {arrays_.next_depth, arrays_.next_discharge_x, arrays_.next_discharge_y}) {
      Real* cells = row + cell_index(0, j);
      for (Index c = 0; c < span.first; ++c) cells[c] = 0;
      for (Index c = span.last; c < width_; ++c) cells[c] = 0;
    }
  }

  Pack rain_on(Index c, Index j) const {
    const Pack rain = Pack(numbers_.rain_depth);
    if (!any_byte<size>(closed_at(c, j), blocked_cell)) return rain;
    return select(mask_of_bytes<Pack>(closed_at(c, j), blocked_cell), Pack(0), rain);
  }

  /// Anything below what rounding explains is a real overdraft: the caller repeats with a smaller step.
  void count_overdrafts(Index c, Index j, const Pack& before, const Pack& gain) {
    const Index s = slot(j, 2);
    for (Index lane = 0; lane < size && c + lane < width_; ++lane) {
      const Real moved =
          ratio_ * ((magnitude(*flux_x_.mass.at(c + lane + 1)) + magnitude(*flux_x_.mass.at(c + lane))) +
                    (magnitude(*flux_y_[slot(j + 1, 2)].mass.at(c + lane)) +
                     magnitude(*flux_y_[s].mass.at(c + lane))));
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

  TileReport& tile_report(Index column, Index j) {
    return sweep_.reports[tile_index(window_.column + column / Tiling::width, j / Tiling::height)];
  }

  /// Depths to add to row j by tile; false if there are none.
  bool gather_added(Index j) {
    bool found = false;
    for (Index t = 0; t < window_.columns; ++t) {
      const Real* block = added_block(t, j);
      Real* row = added_.at(t * Tiling::width);
      for (Index c = 0; c < Tiling::width; ++c) row[c] = block == nullptr ? Real(0) : block[c];
      found = found || block != nullptr;
    }
    return found;
  }
  void scatter_added(Index j) {
    for (Index t = 0; t < window_.columns; ++t) {
      Real* block = added_block(t, j);
      if (block == nullptr) continue;
      const Real* row = added_.at(t * Tiling::width);
      for (Index c = 0; c < Tiling::width; ++c) block[c] = row[c];
    }
  }
  Real* added_block(Index t, Index j) const {
    Real* block = sweep_.added[tile_index(window_.column + t, j / Tiling::height)];
    return block == nullptr ? nullptr : block + j % Tiling::height * Tiling::width;
  }

  /// Takes row j as it was before the sub-step into the running fields.
  DVINIS_STAGE void record(Index j) {
    const Index s = slot(j, 3);
    const Span span = wet(j).cut(0, width_);
    for (Index c = span.first; c < span.last; c += size) {
      const Pack speed = numbers_.has_friction ? load_pack(speed_.at(c))  // predict(j) has just left it there
                                               : speed_of(load_pack(u_[s].at(c)), load_pack(v_[s].at(c)));
      narrowed(load_pack(depth_[s] + c)).store(narrow_depth_.at(c));
      narrowed(speed).store(narrow_speed_.at(c));
    }
    const Index k = j * arrays_.running.pitch + i0_;
    for (Index c = span.first; c < span.last; c += Floats::size) {
      if (reinterpret_cast<std::uintptr_t>(running_[0] + k + c) % 64 == 0) {
        for (int n = 0; n < running_count_; ++n)
          __builtin_prefetch(running_[n] + k + c + 2 * arrays_.running.pitch, 1);
      }
      Floats depth = Floats::load(narrow_depth_.at(c));
      if (c + Floats::size > span.last) depth.clear_from(span.last - c);
      record_cells(arrays_.running, *sweep_.record, k + c, depth, Floats::load(narrow_speed_.at(c)));
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

  float* running_[7];  ///< the running arrays that somebody asked for
  int running_count_ = 0;

  // By row modulo 4, 3 or 2.
  Span wet_[4];
  Span velocities_filled_[3], faces_filled_, prediction_filled_[2], flux_x_filled_, flux_y_filled_[2];
  unsigned closed_bits_[4];
  const Real* depth_[3];
  const Real* bed_[3];
  Row<Real> u_[3], v_[3], bed_copy_[3];
  FaceRow<Real> east_, west_, south_, north_[2];
  Row<Real> bed_slope_x_, bed_slope_y_[2];
  Row<Real> half_depth_[2], level_slope_x_[2], level_slope_y_[2];
  FluxRow<Real> flux_x_, flux_y_[2];
  // Between the loops of one stage.
  Row<Real> rate_, speed_, share_;
  Row<Real> h_left_, h_right_, c_left_, c_right_, u_left_, u_right_, share_left_, share_right_, mixing_;
  Row<Real> added_, new_depth_, new_x_, new_y_;
  Row<float> narrow_depth_, narrow_speed_;
  Row<Real> fastest_;  ///< wave by column over the rows of a tile
};

}  // namespace
}  // namespace dvinis::flood

#undef DVINIS_STAGE
