#pragma once
/// The sweep of the fast mode over one window of tiles (inertial.hpp). Included by the kernels only; linkage
/// as in lanes.hpp.
///
///   read(j)         depth, bed in one datum, discharge     needs nothing
///   push_y(j)       the faces between rows j - 1 and j     needs rows j - 1 and j
///   drive(j - 1)    discharges of row j - 1                needs push_x(j - 1), push_y(j - 1) and (j)
///   cross_y(j - 1)  water between rows j - 2 and j - 1     needs drive(j - 2) and (j - 1)
///   update(j - 2)   the new state of row j - 2             needs cross_x(j - 2), cross_y(j - 2) and (j - 1),
///                                                          drive(j - 3), (j - 2) and (j - 1)
///   cross_x(j - 1)  water between the cells of row j - 1   needs drive(j - 1)
///   push_x(j)       the faces between the cells of row j   needs row j
///
/// Faces and discharges reach one cell beyond the window on every side.

#include "models/flood/inertial.hpp"
#include "models/flood/subgrid_lookup.hpp"
#include "models/flood/window_rows.hpp"

namespace dvinis::flood {
namespace {

template <class Real>
class InertialSweep : private WindowRows<Real, InertialSweep<Real>> {
  using Rows = WindowRows<Real, InertialSweep<Real>>;
  friend Rows;

 public:
  InertialSweep(const Sweep<Real>& sweep, const Window& window)
      : Rows(sweep, window),
        step_(inertial_step<Pack>(sweep.numbers.dt, sweep.numbers.spacing, sweep.numbers.film)),
        guard_{Pack(sweep.numbers.guard.depth), Pack(sweep.numbers.guard.froude),
               Pack(sweep.numbers.guard.level_step)} {
    for (Span* filled :
         {&cross_x_filled_, &cross_y_filled_[0], &cross_y_filled_[1], &push_x_filled_, &push_y_filled_[0],
          &push_y_filled_[1], &drive_filled_[0], &drive_filled_[1], &magnitude_filled_[0],
          &magnitude_filled_[1], &deepest_filled_[0], &deepest_filled_[1], &deepest_filled_[2],
          &room_filled_[0], &room_filled_[1], &room_filled_[2]})
      *filled = all_;
    for (Row<Real>& row : beyond_) clear(row, -1, width_ + 2);
  }

  void run() {
    read(j0_ - 2);
    for (Index j = j0_ - 1; j <= j1_ + 1; ++j) {
      read(j);
      push_y(j);
      if (j >= j0_) drive(j - 1);
      if (j > j0_) cross_y(j - 1);
      if (j > j0_ + 1) {
        update(j - 2);
        if ((j - 1) % Tiling::height == 0 || j == j1_ + 1) tell(j - 2);
      }
      if (j > j0_ && j <= j1_) cross_x(j - 1);
      push_x(j);
    }
  }

 private:
  using Rows::all_, Rows::arrays_, Rows::bed_, Rows::i0_, Rows::j0_, Rows::j1_, Rows::mass_x_, Rows::mass_y_,
      Rows::new_depth_, Rows::new_x_, Rows::new_y_, Rows::numbers_, Rows::ratio_, Rows::size, Rows::speed_,
      Rows::sweep_, Rows::u_, Rows::v_, Rows::velocities_filled_, Rows::width_;
  using Rows::cell_index, Rows::closed_at, Rows::depth_row, Rows::for_each_passing, Rows::forget_older,
      Rows::has_closed, Rows::load_pack, Rows::look, Rows::pass_edges_x, Rows::pass_edges_y, Rows::reach,
      Rows::record, Rows::report, Rows::slot, Rows::smallest, Rows::tile_report, Rows::update, Rows::wet,
      Rows::write_row;
  using typename Rows::Pack;

  /// The cells on one side of a row of faces.
  struct FaceCells {
    const Real *depth, *bed, *normal, *magnitude, *roughness;

    InertialSide<Pack> at(Index f) const {
      return {load_pack(depth + f), load_pack(normal + f), load_pack(magnitude + f),
              load_pack(roughness + f)};
    }
  };
  struct Faces {
    FaceCells left, right;
    const unsigned char* closed;
    unsigned char closed_bit;
    bool has_closed;
  };
  struct PushRow {
    Row<Real> share, drive;
    InertialPush<Pack> at(Index c) { return {load_pack(share.at(c)), load_pack(drive.at(c))}; }
  };
  struct CellRow {
    Row<Real> discharge, drive;
    InertialCell<Pack> at(Index c) { return {load_pack(discharge.at(c)), load_pack(drive.at(c))}; }
    void store(Index c, const InertialCell<Pack>& cell) {
      cell.discharge.store(discharge.at(c));
      cell.drive.store(drive.at(c));
    }
  };

  void read(Index j) {
    look(j);
    measure(j);
    if (arrays_.subgrid) look_up_levels(j);
    if (sweep_.record != nullptr && j >= j0_ && j < j1_) take(j);
  }

  /// Takes row j into the running fields.
  DVINIS_STAGE void take(Index j) {
    const Span span = wet(j).cut(0, width_);
    const Pack film = Pack(numbers_.film);
    for (Index c = span.first; c < span.last; c += size) {
      const Index k = cell_index(c, j);
      const Pack per_depth = inverse_depth(load_pack(arrays_.depth + k), film);
      speed_of(load_pack(arrays_.discharge_x + k) * per_depth, load_pack(arrays_.discharge_y + k) * per_depth)
          .store(speed_.at(c));
    }
    record(j, arrays_.subgrid ? deepest_[slot(j, 3)].at(0) : depth_row(j), true);
  }

  /// How much water moves in the cells of row j, in whatever direction, and what they can give away.
  DVINIS_STAGE void measure(Index j) {
    const Index s = slot(j, 2);
    const Index t = slot(j, 3);
    const Span span = reach(j);
    for (Index c = span.first; c < span.last; c += size) {
      const Index k = cell_index(c, j);
      const Pack x = load_pack(arrays_.discharge_x + k);
      const Pack y = load_pack(arrays_.discharge_y + k);
      speed_of(x, y).store(magnitude_[s].at(c));
      inertial_room(load_pack(arrays_.depth + k), x, y, step_).store(room_[t].at(c));
    }
    forget_older(magnitude_filled_[s], span, magnitude_[s]);
    forget_older(room_filled_[t], span, room_[t]);
  }

  DVINIS_STAGE void push_x(Index j) {
    const Span cells = reach(j);
    const Span span = cells.is_empty() ? cells : Span{cells.first, cells.last + 1}.cut(-1, width_ + 2);
    const Real* depth = depth_row(j);
    const Real* bed = bed_[slot(j, 4)];
    const Real* magnitude = magnitude_[slot(j, 2)].at(0);
    const Index k = cell_index(0, j);
    push_faces({{depth - 1, bed - 1, arrays_.discharge_x + k - 1, magnitude - 1, arrays_.roughness + k - 1},
                {depth, bed, arrays_.discharge_x + k, magnitude, arrays_.roughness + k},
                closed_at(0, j),
                closed_west,
                has_closed(j, closed_west)},
               span, push_x_, j);
    forget_older(push_x_filled_, span, push_x_.share, push_x_.drive);
    if (j < 0 || j >= arrays_.ny) {
      for (Index c = -1; c < width_ + 2; ++c) leave_alone(push_x_, c);
    }
  }

  DVINIS_STAGE void push_y(Index j) {
    const Index s = slot(j, 2);
    const Span span = reach(j - 1).joined(reach(j)).cut(-1, width_ + 1);
    const auto side = [&](Index row) {
      const Index k = cell_index(0, row);
      return FaceCells{depth_row(row), bed_[slot(row, 4)], arrays_.discharge_y + k,
                       magnitude_[slot(row, 2)].at(0), arrays_.roughness + k};
    };
    push_faces({side(j - 1), side(j), closed_at(0, j), closed_south, has_closed(j, closed_south)}, span,
               push_y_[s], j);
    forget_older(push_y_filled_[s], span, push_y_[s].share, push_y_[s].drive);
    if (i0_ == 0) leave_alone(push_y_[s], -1);
    if (i0_ + width_ == arrays_.nx) leave_alone(push_y_[s], width_);
  }

  /// Beyond the domain's rim nothing drives water along the rim: it flows there as the rim says.
  static void leave_alone(PushRow& row, Index c) {
    *row.share.at(c) = 1;
    *row.drive.at(c) = 0;
  }

  void push_faces(const Faces& faces, const Span& span, PushRow& row, Index j) {
    if (arrays_.subgrid) {
      push_faces<true>(faces, span, row, j);
    } else {
      push_faces<false>(faces, span, row, j);
    }
  }

  template <bool has_tables>
  void push_faces(const Faces& faces, const Span& span, PushRow& row, Index j) {
    Row<Real>& beyond_row = beyond_[slot(j / Tiling::height, 2)];
    const bool is_watched = j >= j0_ && j < j1_;
    if (has_tables) look_up_faces(faces, span, j);
    for (Index f = span.first; f < span.last; f += size) {
      const InertialSide<Pack> left = faces.left.at(f);
      const InertialSide<Pack> right = faces.right.at(f);
      FaceWater<Pack> water;
      if (has_tables) {
        water = {load_pack(face_depth_.at(f)), load_pack(level_step_.at(f)),
                 load_pack(face_roughness_.at(f))};
      } else {
        water = water_between(left, right, load_pack(faces.right.bed + f) - load_pack(faces.left.bed + f));
      }
      if (faces.has_closed && any_byte<size>(faces.closed + f, faces.closed_bit))
        water.depth = select(mask_of_bytes<Pack>(faces.closed + f, faces.closed_bit), Pack(0), water.depth);
      const InertialFace<Pack> face = inertial_face(left, right, water, step_);
      const auto beyond = is_beyond(water.depth, water.level_step, face.normal, guard_);
      if (any(beyond) && is_watched)
        select(beyond, Pack(1), load_pack(beyond_row.at(f))).store(beyond_row.at(f));
      const InertialPush<Pack> push = inertial_push(water.depth, face.acceleration, face.resistance);
      push.share.store(row.share.at(f));
      push.drive.store(row.drive.at(f));
    }
  }

  /// Water at the faces of row j by their tables.
  void look_up_faces(const Faces& faces, const Span& span, Index j) {
    const bool is_x = faces.closed_bit == closed_west;
    const auto& tables = arrays_.subgrid->faces[is_x ? 0 : 1];
    const Real* left = is_x ? deepest_[slot(j, 3)].at(-1) : deepest_[slot(j - 1, 3)].at(0);
    const Real* right = deepest_[slot(j, 3)].at(0);
    const Index k = table_index(0, j);
    for (Index f = span.first; f < span.last; ++f) {
      const Real bed_step = faces.right.bed[f] - faces.left.bed[f];
      const FaceWater<Real> water = water_by_tables<Real>(tables, k + f, bed_step, left[f], right[f]);
      *face_depth_.at(f) = water.depth;
      *level_step_.at(f) = water.level_step;
      *face_roughness_.at(f) = water.roughness;
    }
    // Whole registers are read.
    for (Row<Real>* row : {&face_depth_, &level_step_, &face_roughness_})
      clear(*row, span.last, span.last + size);
  }
  Index table_index(Index column, Index j) const { return j * arrays_.subgrid->pitch + i0_ + column; }

  /// Levels of row j above the cells' beds.
  DVINIS_STAGE void look_up_levels(Index j) {
    const Index s = slot(j, 3);
    const Span span = reach(j);
    for (Index c = span.first; c < span.last; ++c)
      *deepest_[s].at(c) = level_of_mean_depth(*arrays_.subgrid, table_index(c, j), depth_row(j)[c]);
    forget_older(deepest_filled_[s], span, deepest_[s]);
  }

  /// Discharges and velocities of the cells of row j as their faces drive them.
  DVINIS_STAGE void drive(Index j) {
    const Index s = slot(j, 2);
    const Index t = slot(j, 3);
    const Index w = slot(j, 4);
    const Pack film = Pack(numbers_.film);
    PushRow& south = push_y_[s];
    PushRow& north = push_y_[slot(j + 1, 2)];
    const Span span = reach(j - 1).joined(reach(j)).joined(reach(j + 1)).widened().cut(-1, width_ + 1);
    for (Index c = span.first; c < span.last; c += size) {
      const Index k = cell_index(c, j);
      const InertialCell<Pack> x =
          inertial_cell(load_pack(arrays_.discharge_x + k), push_x_.at(c), push_x_.at(c + 1));
      const InertialCell<Pack> y =
          inertial_cell(load_pack(arrays_.discharge_y + k), south.at(c), north.at(c));
      cells_x_[s].store(c, x);
      cells_y_[s].store(c, y);
      const Pack depth = load_pack(arrays_.depth + k);
      const Pack deepest = arrays_.subgrid ? load_pack(deepest_[t].at(c)) : depth;
      inertial_velocity(x.discharge, depth, deepest, film).store(u_[w].at(c));
      inertial_velocity(y.discharge, depth, deepest, film).store(v_[w].at(c));
    }
    forget_older(velocities_filled_[w], span, u_[w], v_[w]);
    forget_older(drive_filled_[s], span, cells_x_[s].discharge, cells_x_[s].drive, cells_y_[s].discharge,
                 cells_y_[s].drive);
  }

  InertialGiver<Pack> giver_at(CellRow& cells, Row<Real>& velocity, const Real* normal, Index c, Index j) {
    return {cells.at(c), load_pack(velocity.at(c)), load_pack(depth_row(j) + c),
            load_pack(normal + cell_index(c, j)), load_pack(room_[slot(j, 3)].at(c))};
  }

  DVINIS_STAGE void cross_x(Index j) {
    const Span here = wet(j);
    const Span span = here.is_empty() ? here : Span{here.first, here.last + 1}.cut(0, width_ + 1);
    const auto giver = [&](Index c) {
      return giver_at(cells_x_[slot(j, 2)], u_[slot(j, 4)], arrays_.discharge_x, c, j);
    };
    for (Index f = span.first; f < span.last; f += size)
      inertial_flux(push_x_.at(f), giver(f - 1), giver(f), step_).store(mass_x_.at(f));
    forget_older(cross_x_filled_, span, mass_x_);
    for_each_passing(sweep_.structures_x, j, 0, width_ + 1,
                     [&](Index f, Real mass) { *mass_x_.at(f) = mass; });
    pass_edges_x(j);
  }

  DVINIS_STAGE void cross_y(Index j) {
    const Index s = slot(j, 2);
    const Span span = wet(j - 1).joined(wet(j)).cut(0, width_);
    const auto giver = [&](Index c, Index row) {
      return giver_at(cells_y_[slot(row, 2)], v_[slot(row, 4)], arrays_.discharge_y, c, row);
    };
    for (Index f = span.first; f < span.last; f += size)
      inertial_flux(push_y_[s].at(f), giver(f, j - 1), giver(f, j), step_).store(mass_y_[s].at(f));
    forget_older(cross_y_filled_[s], span, mass_y_[s]);
    for_each_passing(sweep_.structures_y, j, 0, width_,
                     [&](Index f, Real mass) { *mass_y_[s].at(f) = mass; });
    pass_edges_y(j);
  }

  Span moving(Index j) const { return wet(j - 1).joined(wet(j)).joined(wet(j + 1)).widened(); }

  /// Takes from the discharges, which faces have driven already, the momentum that left with the water.
  void push(Index c, Index j) {
    const Index s = slot(j, 2);
    const Pack mass[4] = {load_pack(mass_x_.at(c)), load_pack(mass_x_.at(c + 1)), load_pack(mass_y_[s].at(c)),
                          load_pack(mass_y_[slot(j + 1, 2)].at(c))};
    const auto after = [&](Row<Real>(&velocity)[4], CellRow& cells) {
      Row<Real>& row = velocity[slot(j, 4)];
      const Pack here = load_pack(row.at(c));
      const Pack west = inertial_carried(mass[0], load_pack(row.at(c - 1)), here);
      const Pack east = inertial_carried(mass[1], here, load_pack(row.at(c + 1)));
      const Pack south = inertial_carried(mass[2], load_pack(velocity[slot(j - 1, 4)].at(c)), here);
      const Pack north = inertial_carried(mass[3], here, load_pack(velocity[slot(j + 1, 4)].at(c)));
      return load_pack(cells.discharge.at(c)) + Pack(-ratio_) * ((east - west) + (north - south));
    };
    after(u_, cells_x_[s]).store(new_x_.at(c));
    after(v_, cells_y_[s]).store(new_y_.at(c));
  }

  /// Dry cells have no discharge. Waves run over the greatest depth in a cell.
  void settle(Index j, const Span& span) {
    const Index s = slot(j, 3);
    const Pack film = Pack(numbers_.film);
    write_row(j, span, [&](Index c) {
      const Pack depth = load_pack(new_depth_.at(c));
      const Pack deepest = arrays_.subgrid ? larger(depth, load_pack(deepest_[s].at(c))) : depth;
      return inertial_settled(depth, deepest, load_pack(new_x_.at(c)), load_pack(new_y_.at(c)), film);
    });
  }

  /// Sums up the tiles whose northernmost row is j.
  void tell(Index j) {
    report(j);
    Row<Real>& beyond = beyond_[slot(j / Tiling::height, 2)];
    for (Index first = 0; first < width_; first += Tiling::width) {
      for (Index c = first; c < smallest(first + Tiling::width, width_); ++c) {
        if (*beyond.at(c) > Real(0)) tile_report(first, j).needs_full_equations = true;
      }
    }
    clear(beyond, 0, width_);
  }

  const InertialStep<Pack> step_;
  const InertialGuard<Pack> guard_;
  // By row modulo 2 where a row outlives its turn.
  Span magnitude_filled_[2], push_x_filled_, push_y_filled_[2], drive_filled_[2], cross_x_filled_,
      cross_y_filled_[2];
  Row<Real> magnitude_[2];
  Row<Real> room_[3];  ///< by row modulo 3
  Span room_filled_[3];
  PushRow push_x_, push_y_[2];
  CellRow cells_x_[2], cells_y_[2];
  // With sub-grid tables.
  Row<Real> deepest_[3];  ///< level above the bed, by row modulo 3
  Span deepest_filled_[3];
  Row<Real> face_depth_, level_step_, face_roughness_;
  Row<Real> beyond_[2];  ///< 1 where a face of a column wants the full equations, by row of tiles modulo 2
};

}  // namespace
}  // namespace dvinis::flood
