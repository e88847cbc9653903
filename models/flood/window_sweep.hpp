#pragma once
/// The sweep of the shallow water equations over one window of tiles. Included by the kernels only; linkage
/// as in lanes.hpp.
///
/// A window is swept row by row from the south. What a row leaves for the next ones lives in buffers of one
/// row that fit the first-level cache:
///
///   find(j + 2)    water, what disturbs it, bed in one datum needs nothing
///   velocities (j + 1)                                       needs find(j + 1)
///   predict(j)     slopes, half step, what each face sees    needs rows j - 1, j, j + 1
///   cross_y(j)     fluxes between rows j - 1 and j           needs predict(j - 1), predict(j)
///   update(j - 1)  the new state of row j - 1                needs cross_x(j - 1), cross_y(j - 1) and (j)
///   cross_x(j)     fluxes between the cells of row j         needs predict(j)
///
/// The stages run in short loops one after the other instead of one long loop: a flux is a chain of some
/// thirty dependent operations, and a processor sees only as much of the next cells as fits its window behind
/// that chain.

#include "models/flood/inertial.hpp"
#include "models/flood/slopes.hpp"
#include "models/flood/window_rows.hpp"

namespace dvinis::flood {
namespace {

template <class Real>
class WindowSweep : private WindowRows<Real, WindowSweep<Real>> {
  using Rows = WindowRows<Real, WindowSweep<Real>>;
  friend Rows;

 public:
  WindowSweep(const Sweep<Real>& sweep, const Window& window) : Rows(sweep, window) {
    for (Span* filled : {&faces_filled_, &prediction_filled_[0], &prediction_filled_[1], &flux_x_filled_,
                         &flux_y_filled_[0], &flux_y_filled_[1]})
      *filled = all_;
  }

  void run() {
    for (Index j = j0_ - 2; j <= j0_; ++j) find(j);
    find_velocities(j0_ - 2, disturbed(j0_ - 2));
    find_velocities(j0_ - 1, disturbed(j0_ - 1));
    for (Index j = j0_ - 1; j <= j1_; ++j) {
      if (j < j1_) find(j + 2);
      find_velocities(j + 1, disturbed(j + 1));
      predict(j);
      if (j < j0_) continue;
      if (sweep_.record && j < j1_)
        record(j, depth_row(j), numbers_.has_friction);  // predict(j) has just left the speed
      cross_y(j);
      if (j > j0_) update(j - 1);
      if (j > j0_ && (j % Tiling::height == 0 || j == j1_)) report(j - 1);
      if (j < j1_) cross_x(j);
    }
  }

 private:
  using Rows::all_, Rows::arrays_, Rows::bed_, Rows::i0_, Rows::i1_, Rows::j0_, Rows::j1_, Rows::mass_x_,
      Rows::mass_y_, Rows::new_depth_, Rows::new_x_, Rows::new_y_, Rows::numbers_, Rows::rate_, Rows::ratio_,
      Rows::rows_known, Rows::size, Rows::smallest, Rows::speed_, Rows::sweep_, Rows::u_, Rows::v_,
      Rows::width_;
  using Rows::bed_against_datum, Rows::cell_index, Rows::closed_at, Rows::depth_row, Rows::find_velocities,
      Rows::for_each_passing, Rows::forget_older, Rows::has_closed, Rows::load_pack, Rows::look,
      Rows::pass_edges_x, Rows::pass_edges_y, Rows::reach, Rows::record, Rows::report, Rows::slot,
      Rows::tile_at, Rows::update, Rows::wet, Rows::write_row;
  using typename Rows::Pack;

  /// Looks at row j, and for what keeps its water from being still: velocity, a level that is not that of the
  /// neighbours (a step is noted at its western or northern cell), a depth that is off the bed's quantum.
  DVINIS_STAGE void find(Index j) {
    look(j);
    Span& found = disturbed_[slot(j, rows_known)];
    found = reach(j);
    if (numbers_.still_quantum == Real(0)) return;
    const bool has_walls = has_closed(j, closed_west | closed_south);
    const bool has_south = j > j0_ - 2;
    const Span water = (has_south ? found.joined(reach(j - 1)) : found).widened();
    found = {};
    const Real* depth = depth_row(j);
    const Real* bed = bed_[slot(j, 4)];
    const Real* south_depth = depth_row(has_south ? j - 1 : j);
    const Real* south_bed = bed_[slot(has_south ? j - 1 : j, 4)];
    for (Index c = water.first; c < water.last; c += size) {
      const Index k = cell_index(c, j);
      bool is_disturbed = any_bit(load_pack(arrays_.discharge_x + k), load_pack(arrays_.discharge_y + k));
      if (!is_disturbed) {
        const Pack here = load_pack(depth + c);
        const Pack ground = load_pack(bed + c);
        Pack east = level_gap(here, load_pack(depth + c + 1), ground, load_pack(bed + c + 1));
        Pack south = level_gap(here, load_pack(south_depth + c), ground, load_pack(south_bed + c));
        if (has_walls) {
          east = select(mask_of_bytes<Pack>(closed_at(c + 1, j), closed_west), Pack(0), east);
          south = select(mask_of_bytes<Pack>(closed_at(c, j), closed_south), Pack(0), south);
        }
        is_disturbed = any_bit(east, south, off_quantum(here, numbers_.still_quantum));
      }
      if (is_disturbed) found = found.joined({c, c + size + 1});
    }
    const auto note = [&](Index c) { found = found.joined({c - 1, c + 1}); };
    for_each_passing(sweep_.structures_x, j, -1, width_ + 2, note);
    for_each_passing(sweep_.structures_y, j, -2, width_ + 2, note);
    for_each_passing(sweep_.structures_y, j + 1, -2, width_ + 2, note);
    found = found.cut(-2, width_ + 2);
  }
  Span disturbed(Index j) const { return disturbed_[slot(j, rows_known)]; }
  /// Columns of row j whose velocities or slopes of the level are not all zero.
  Span uneven(Index j) const {
    return disturbed(j).widened().joined(disturbed(j - 1)).joined(disturbed(j + 1));
  }
  /// Columns of row j that a sub-step may change: something passes their faces.
  Span moving(Index j) const {
    const Span water = wet(j - 1).joined(wet(j)).joined(wet(j + 1)).widened();
    return uneven(j).widened().joined(uneven(j - 1)).joined(uneven(j + 1)).cut(water.first, water.last);
  }

  static Three<Pack> along_x(const Real* here) {
    return {load_pack(here - 1), load_pack(here), load_pack(here + 1)};
  }
  /// Of row j - 1, j, j + 1.
  static Three<Pack> along_y(const Real* const (&rows)[3], Index column) {
    return {load_pack(rows[0] + column), load_pack(rows[1] + column), load_pack(rows[2] + column)};
  }

  DVINIS_STAGE void predict(Index j) {
    const Span span = moving(j).cut(wet(j).first, wet(j).last);
    if (numbers_.has_friction) half_friction(j, span);
    if (has_closed(j, closed_west | closed_south) || has_closed(j + 1, closed_south)) {
      predict_cells<true>(j, span);
    } else {
      predict_cells<false>(j, span);
    }
  }

  template <bool has_walls>
  void predict_cells(Index j, const Span& span) {
    const Index s = slot(j, 2);
    // Rows j - 1, j, j + 1.
    const Real* const depth[3] = {depth_row(j - 1), depth_row(j), depth_row(j + 1)};
    const Real* const bed[3] = {bed_[slot(j - 1, 4)], bed_[slot(j, 4)], bed_[slot(j + 1, 4)]};
    const Real* const u[3] = {u_[slot(j - 1, 4)].at(0), u_[slot(j, 4)].at(0), u_[slot(j + 1, 4)].at(0)};
    const Real* const v[3] = {v_[slot(j - 1, 4)].at(0), v_[slot(j, 4)].at(0), v_[slot(j + 1, 4)].at(0)};
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
      const AxisSlopes<Pack> x = slopes(along_x(depth[1] + c), along_x(bed[1] + c), along_x(u[1] + c),
                                        along_x(v[1] + c))(closed_at(c, j), closed_at(c + 1, j), closed_west);
      const AxisSlopes<Pack> y = slopes(along_y(depth, c), along_y(bed, c), along_y(v, c), along_y(u, c))(
          closed_at(c, j), closed_at(c, j + 1), closed_south);
      const CellSlopes<Pack> slope = {x.level, x.depth, x.normal, x.along,
                                      y.level, y.depth, y.along,  y.normal};
      const CellState<Pack> cell = {load_pack(depth[1] + c), load_pack(u[1] + c), load_pack(v[1] + c)};
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
    const Index s = slot(j, 4);
    for (Index c = span.first; c < span.last; c += size) {
      const Pack roughness = load_pack(arrays_.roughness + cell_index(c, j));
      friction_rate(load_pack(depth_row(j) + c), Pack(numbers_.film), roughness).store(rate_.at(c));
      speed_of(load_pack(u_[s].at(c)), load_pack(v_[s].at(c))).store(speed_.at(c));
    }
    for (Index c = span.first; c < span.last; c += size) {
      half_friction_share(load_pack(rate_.at(c)), load_pack(speed_.at(c)), Pack(numbers_.dt))
          .store(share_.at(c));
    }
    clear(speed_, wet(j).first, span.first);
    clear(speed_, span.last, wet(j).last);
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
  void cross(const Faces& faces, const Span& span, Row<Real>& mass, FluxRow<Real>& flux_row) {
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
      flux.mass.store(mass.at(f));
      flux.excess_left.store(flux_row.excess_left.at(f));
      flux.excess_right.store(flux_row.excess_right.at(f));
      flux.along.store(flux_row.along.at(f));
    }
  }

  /// Where a structure stands between two cells it says what passes.
  void pass_structures(const Faces& faces, const StructureFaces<Real>& structures, Index j, Index end,
                       Row<Real>& mass_row, FluxRow<Real>& flux_row) {
    for_each_passing(structures, j, 0, end, [&](Index f, Real mass) {
      const auto side_at = [](FaceRow<Real>& row, Index column) {
        return FaceSide<Real>{*row.depth.at(column), *row.normal.at(column), *row.along.at(column)};
      };
      const FaceFlux<Real> flux =
          passing_flux(side_at(faces.left, f + faces.shift), side_at(faces.right, f), mass);
      *mass_row.at(f) = flux.mass;
      *flux_row.excess_left.at(f) = flux.excess_left;
      *flux_row.excess_right.at(f) = flux.excess_right;
      *flux_row.along.at(f) = flux.along;
    });
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
    const Real* bed = bed_[slot(j, 4)];
    const Span here = uneven(j).cut(wet(j).first, wet(j).last);
    const Span span = here.is_empty() ? here : Span{here.first, here.last + 1}.cut(0, width_ + 1);
    const Faces faces = {east_,        west_,
                         bed,          bed,
                         bed_slope_x_, bed_slope_x_,
                         -1,           closed_at(0, j),
                         closed_west,  has_closed(j, closed_west)};
    cross(faces, span, mass_x_, flux_x_);
    forget_older(flux_x_filled_, span, mass_x_, flux_x_);
    pass_structures(faces, sweep_.structures_x, j, width_ + 1, mass_x_, flux_x_);
    if (sweep_.is_full) meet_fast_x(j);
    pass_edges_x(j);
  }

  DVINIS_STAGE void cross_y(Index j) {
    const Index s = slot(j, 2);
    const Index below = slot(j - 1, 2);
    const Span water = wet(j - 1).joined(wet(j));
    const Span span = uneven(j - 1).joined(uneven(j)).cut(water.first, water.last).cut(0, width_);
    const Faces faces = {
        north_[below],   south_, bed_[slot(j - 1, 4)], bed_[slot(j, 4)], bed_slope_y_[below],
        bed_slope_y_[s], 0,      closed_at(0, j),      closed_south,     has_closed(j, closed_south)};
    cross(faces, span, mass_y_[s], flux_y_[s]);
    forget_older(flux_y_filled_[s], span, mass_y_[s], flux_y_[s]);
    pass_structures(faces, sweep_.structures_y, j, width_, mass_y_[s], flux_y_[s]);
    if (sweep_.is_full && (j == j0_ || j == j1_)) meet_fast_y(j);
    pass_edges_y(j);
  }

  /// True where the fast mode works on the tile of a cell outside the window.
  bool is_fast(Index column, Index j) const {
    const Index i = i0_ + column;
    if (i < 0 || j < 0 || i >= arrays_.nx || j >= arrays_.ny) return false;
    return sweep_.is_full[Tiling{arrays_.nx, arrays_.ny}.index_of(i, j)] == 0;
  }

  /// Between the fast mode and the full equations the fast mode says what passes: it sees two cells each way.
  void meet_fast_x(Index j) {
    const HeldFluxes<Real>& held = sweep_.held;
    for (const Index f : {Index(0), width_}) {
      if (!is_fast(f == 0 ? -1 : f, j)) continue;
      Real& flux = f == 0 ? held.west(tile_at(0, j))[j % Tiling::height]
                          : held.east(tile_at(f - 1, j))[j % Tiling::height];
      const auto bed = [&](Index step) { return bed_against_datum(f + step, j); };
      if (!held.are_known)
        flux = fast_flux(cell_index(f, j), 1, arrays_.discharge_x, closed_at(f, j), 1, closed_west, bed);
      *mass_x_.at(f) = flux;
    }
  }
  void meet_fast_y(Index j) {
    for (Index first = 0; first < width_; first += Tiling::width) {
      if (!is_fast(first, j == j0_ ? j - 1 : j)) continue;
      Real* fluxes =
          j == j0_ ? sweep_.held.south(tile_at(first, j)) : sweep_.held.north(tile_at(first, j - 1));
      for (Index c = first; c < smallest(first + Tiling::width, width_); ++c) {
        const auto bed = [&](Index step) { return bed_against_datum(c, j + step); };
        Real& flux = fluxes[c - first];
        if (!sweep_.held.are_known)
          flux = fast_flux(cell_index(c, j), arrays_.pitch, arrays_.discharge_y, closed_at(c, j),
                           arrays_.closed_pitch, closed_south, bed);
        *mass_y_[slot(j, 2)].at(c) = flux;
      }
    }
  }

  /// What the fast mode lets through the face before the cell `here`; one step along the axis is `stride`
  /// cells.
  template <class Bed>
  Real fast_flux(Index here, Index stride, const Real* normal, const unsigned char* closed,
                 Index closed_stride, unsigned char closed_bit, const Bed& bed) const {
    const InertialStep<Real> step = inertial_step<Real>(sweep_.held.dt, numbers_.spacing, numbers_.film);
    const auto side = [&](Index k) {
      const Real magnitude = speed_of(arrays_.discharge_x[k], arrays_.discharge_y[k]);
      return InertialSide<Real>{arrays_.depth[k], normal[k], magnitude, arrays_.roughness[k]};
    };
    const auto push = [&](Index n) {
      const Index right = here + n * stride;
      const InertialSide<Real> left_side = side(right - stride);
      const InertialSide<Real> right_side = side(right);
      const FaceWater<Real> water = water_between(left_side, right_side, bed(n) - bed(n - 1));
      const InertialFace<Real> face = inertial_face(left_side, right_side, water, step);
      const bool is_closed = (closed[n * closed_stride] & closed_bit) != 0;
      return inertial_push(is_closed ? Real(0) : water.depth, face.acceleration, face.resistance);
    };
    const InertialPush<Real> before = push(-1);
    const InertialPush<Real> at = push(0);
    const InertialPush<Real> after = push(1);
    const auto giver = [&](Index k, const InertialCell<Real>& cell) {
      const Real depth = arrays_.depth[k];
      const Real velocity = inertial_velocity(cell.discharge, depth, depth, numbers_.film);
      return InertialGiver<Real>{cell, velocity, depth, normal[k],
                                 inertial_room(depth, arrays_.discharge_x[k], arrays_.discharge_y[k], step)};
    };
    return inertial_flux(at, giver(here - stride, inertial_cell(normal[here - stride], before, at)),
                         giver(here, inertial_cell(normal[here], at, after)), step);
  }

  /// Momentum after what left the cells of row j, and the weight of the water on the sloping bed.
  void push(Index c, Index j) {
    const Index s = slot(j, 2);
    const Index k = cell_index(c, j);
    FluxRow<Real>& south = flux_y_[s];
    FluxRow<Real>& north = flux_y_[slot(j + 1, 2)];
    const Pack ratio = Pack(-ratio_);
    const Pack pull = Pack(2.0 * gravity) * load_pack(half_depth_[s].at(c));
    const Pack push_x = ((load_pack(flux_x_.excess_left.at(c + 1)) - load_pack(flux_x_.excess_right.at(c))) +
                         (load_pack(north.along.at(c)) - load_pack(south.along.at(c)))) +
                        pull * load_pack(level_slope_x_[s].at(c));
    const Pack push_y = ((load_pack(north.excess_left.at(c)) - load_pack(south.excess_right.at(c))) +
                         (load_pack(flux_x_.along.at(c + 1)) - load_pack(flux_x_.along.at(c)))) +
                        pull * load_pack(level_slope_y_[s].at(c));
    (load_pack(arrays_.discharge_x + k) + ratio * push_x).store(new_x_.at(c));
    (load_pack(arrays_.discharge_y + k) + ratio * push_y).store(new_y_.at(c));
  }

  /// Friction.
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
    const auto finished = [&](Index c) {
      const Pack depth = load_pack(new_depth_.at(c));
      const Pack factor = numbers_.has_friction ? friction_share(load_pack(rate_.at(c)),
                                                                 load_pack(speed_.at(c)), Pack(numbers_.dt))
                                                : inverse_depth(depth, film);
      return settled(depth, load_pack(new_x_.at(c)) * factor, load_pack(new_y_.at(c)) * factor);
    };
    write_row(j, span, finished);
  }

  Span disturbed_[rows_known];  ///< by row modulo rows_known
  // By row modulo 2 where a row outlives its turn.
  Span faces_filled_, prediction_filled_[2], flux_x_filled_, flux_y_filled_[2];
  FaceRow<Real> east_, west_, south_, north_[2];
  Row<Real> bed_slope_x_, bed_slope_y_[2];
  Row<Real> half_depth_[2], level_slope_x_[2], level_slope_y_[2];
  FluxRow<Real> flux_x_, flux_y_[2];
  // Between the loops of one stage.
  Row<Real> share_;
  Row<Real> h_left_, h_right_, c_left_, c_right_, u_left_, u_right_, share_left_, share_right_, mixing_;
};

}  // namespace
}  // namespace dvinis::flood
