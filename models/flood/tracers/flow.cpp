#include "models/flood/tracers/flow.hpp"

#include <algorithm>
#include <utility>

#include "core/grid/parallel.hpp"

namespace dvinis::flood {

namespace {

/// Sum of value times depth over all cells [m].
template <class Real>
double amount_per_area(const State& state, const Handles& handles, const TracerHandles& tracer) {
  const auto view = [&](FieldHandle handle) {
    return handle ? state.field(handle).template view<Real>() : View<const Real>{};
  };
  const View<const Real> depth = view(handles.depth);
  const View<const Real> depth_carry = view(handles.carry);
  const View<const Real> value = view(tracer.value);
  const View<const Real> value_carry = view(tracer.carry);
  std::vector<double> rows(static_cast<std::size_t>(depth.ny), 0.0);
  for_each_item(depth.ny, [&](Index j) {
    Sum sum;
    for (Index i = 0; i < depth.nx; ++i) {
      auto water = static_cast<double>(depth(i, j));
      if (depth_carry) water += static_cast<double>(depth_carry(i, j));
      if (!(water > 0.0)) continue;
      auto c = static_cast<double>(value(i, j));
      if (value_carry) c += static_cast<double>(value_carry(i, j));
      sum.add(water * c);
    }
    rows[static_cast<std::size_t>(j)] = sum.value();
  });
  Sum sum;
  for (const double row : rows) sum.add(row);
  return sum.value();
}

}  // namespace

double amount_of_tracer(const State& state, const Handles& handles, const Domain& domain,
                        std::size_t tracer) {
  const TracerHandles& own = handles.tracers[tracer];
  const bool is_single = state.field(handles.depth).type() == ElementType::float32;
  Sum amount;
  amount.add((is_single ? amount_per_area<float>(state, handles, own)
                        : amount_per_area<double>(state, handles, own)) *
             domain.grid.cell_area());
  if (handles.structures) {
    const Tracer& named = domain.tracers[tracer].tracer;
    for (const double in_pipes : state.table(handles.structures).column(named.transit_column()))
      amount.add(in_pipes);
  }
  return amount.value();
}

void start_tracers(State& state, const Handles& handles, const Domain& domain) {
  const Field& depth = std::as_const(state).field(handles.depth);
  for (std::size_t k = 0; k < domain.tracers.size(); ++k) {
    Field& value = state.field(handles.tracers[k].value);
    for (Index j = 0; j < domain.grid.ny; ++j) {
      for (Index i = 0; i < domain.grid.nx; ++i) {
        if (depth.value(i, j) > 0.0) value.set(i, j, domain.tracers[k].tracer.start);
      }
    }
    state.scalar(handles.tracers[k].amount_at_start) = amount_of_tracer(state, handles, domain, k);
  }
}

template <class Real>
TracerFlow<Real>::TracerFlow(const BoundFlood<Real>& bound, Workspace<Real>& work, State& state)
    : bound_(bound),
      domain_(bound.domain),
      tracers_(bound.domain.tracers),
      work_(work),
      state_(state),
      arrays_(bound.domain.tracers.size()) {
  for (const BoundTracer& placed : tracers_) {
    const Tracer& tracer = placed.tracer;
    books_.push_back({tracer.quantity(), tracer.amount_unit()});
    if (bound.handles.structures)
      books_.back().in_transit = &state.table(bound.handles.structures).column(tracer.transit_column());
  }
}

template <class Real>
void TracerFlow<Real>::fill_rim(double time, bool is_half_way) {
  for (std::size_t k = 0; k < tracers_.size(); ++k) {
    Field& field = is_half_way ? work_.next.tracers[k] : state_.field(bound_.handles.tracers[k].value);
    const View<Real> value = field.template view<Real>();
    for (std::size_t s = 0; s < domain_.stretches.size(); ++s) {
      const Stretch& stretch = domain_.stretches[s];
      const Outward out = outward_of(stretch.edge);
      const Real beyond = static_cast<Real>(tracers_[k].stretches[s].at(time));
      for (Index at = stretch.first; at < stretch.last; ++at) {
        const Cell cell = stretch.cell(at, domain_.grid);
        // Nothing enters freely but what swells back.
        const Real outside = stretch.kind == BoundaryKind::free ? value(cell.i, cell.j) : beyond;
        for (Index ring = 1; ring <= Field::halo; ++ring)
          value(cell.i + ring * out.di, cell.j + ring * out.dj) = outside;
      }
    }
  }
}

/// What is added to a cell mixes with what has been added to it already.
template <class Real>
void TracerFlow<Real>::mix_in(Cell cell, Real depth, const std::vector<Real>& values) {
  AddedTracers<Real>& added = work_.added_tracers;
  const std::size_t place = work_.added.place(cell, domain_.tiling);
  Real& inflow = added.inflow[place];
  for (std::size_t k = 0; k < values.size(); ++k) {
    Real& value = added.values[k][place];
    const bool is_first = !(inflow > Real(0)) || value == values[k];
    value = is_first ? values[k] : (inflow * value + depth * values[k]) / (inflow + depth);
  }
  inflow += depth;
}

template <class Real>
void TracerFlow<Real>::pour(const Rain::Fallen& fallen, double time, const std::vector<PipeFlow>& pipes) {
  middle_ = time;
  AddedTracers<Real>& added = work_.added_tracers;
  if (added.inflow.empty()) return;
  std::fill(added.inflow.begin(), added.inflow.end(), Real(0));
  std::vector<Real> values(tracers_.size());
  const auto look_up = [&](const auto& value_of) {
    for (std::size_t k = 0; k < tracers_.size(); ++k) values[k] = static_cast<Real>(value_of(k));
  };
  if (bound_.parameters.has_uneven_ground() && bound_.rain.any(fallen)) {
    look_up([&](std::size_t k) { return tracers_[k].rain.at(time); });
    for_each_item(domain_.tiling.count(), [&](Index t) {
      if (work_.is_active[static_cast<std::size_t>(t)] == 0) return;
      const Tile tile = domain_.tiling.tile(t);
      for (Index j = tile.j0; j < tile.j1; ++j) {
        for (Index i = tile.i0; i < tile.i1; ++i) {
          const Real rain = static_cast<Real>(bound_.rain.on({i, j}, fallen));
          if (rain > Real(0) && !domain_.is_blocked(i, j)) mix_in({i, j}, rain, values);
        }
      }
    });
  }
  for (std::size_t s = 0; s < domain_.sources.size(); ++s) {
    const Real amount = work_.source_depths[s];
    if (!(amount > Real(0))) continue;
    look_up([&](std::size_t k) { return tracers_[k].sources[s].at(time); });
    for (const Cell cell : domain_.sources[s].cells) mix_in(cell, amount, values);
  }
  for (const PipeFlow& pipe : pipes) {
    if (!(pipe.given > 0.0)) continue;
    look_up([&](std::size_t k) { return (*books_[k].in_transit)[pipe.row] / pipe.in_transit; });
    mix_in(pipe.receiver, static_cast<Real>(pipe.given), values);
  }
}

template <class Real>
void TracerFlow<Real>::hand_over(Sweep<Real>& sweep) {
  for (std::size_t k = 0; k < tracers_.size(); ++k) {
    const auto origin = [](Field& field) { return field.template view<Real>().origin; };
    const TracerHandles& handles = bound_.handles.tracers[k];
    TracerArrays<Real>& arrays = arrays_[k];
    arrays.value = origin(state_.field(handles.value));
    arrays.value_before = arrays.value;
    arrays.next_value = origin(work_.next.tracers[k]);
    if (handles.carry) {
      arrays.carry = origin(state_.field(handles.carry));
      arrays.next_carry = origin(work_.next.tracer_carries[k]);
    }
    arrays.rain = static_cast<Real>(tracers_[k].rain.at(middle_));
    if (!work_.added_tracers.inflow.empty()) arrays.added = work_.added_tracers.values_by_tile[k].data();
    for (std::size_t edge = 0; edge < 4; ++edge) arrays.outflow[edge] = work_.tracer_outflow[k][edge].data();
    arrays.faces = work_.tracer_faces[k].data();
    arrays.held = work_.held_values[k].data();
    std::fill(work_.held_values[k].begin(), work_.held_values[k].end(), HeldValues{});
  }
  sweep.tracers = arrays_.data();
  sweep.tracer_count = static_cast<Index>(arrays_.size());
  if (!work_.added_tracers.inflow.empty()) sweep.inflow = work_.added_tracers.inflow_by_tile.data();
}

template <class Real>
void TracerFlow<Real>::hand_over_second_half(Sweep<Real>& sweep) {
  if (!work_.added_tracers.inflow.empty()) sweep.inflow = work_.added_tracers.inflow_by_tile.data();
  for (std::size_t k = 0; k < tracers_.size(); ++k) {
    const auto origin = [](Field& field) { return field.template view<Real>().origin; };
    TracerArrays<Real>& arrays = arrays_[k];
    arrays.value = origin(work_.next.tracers[k]);
    arrays.next_value = origin(work_.second_half.tracers[k]);
    if (!bound_.handles.tracers[k].carry) continue;
    arrays.carry = origin(work_.next.tracer_carries[k]);
    arrays.next_carry = origin(work_.second_half.tracer_carries[k]);
  }
  first_outflow_ = work_.tracer_outflow;
}

template <class Real>
void TracerFlow<Real>::average_outflow() {
  for (std::size_t k = 0; k < tracers_.size(); ++k) {
    for (std::size_t edge = 0; edge < 4; ++edge) {
      std::vector<Real>& outflow = work_.tracer_outflow[k][edge];
      for (std::size_t at = 0; at < outflow.size(); ++at)
        outflow[at] = Real(0.5) * (first_outflow_[k][edge][at] + outflow[at]);
    }
  }
}

template <class Real>
void TracerFlow<Real>::take_second_half(const Tile& tile) {
  for (std::size_t k = 0; k < tracers_.size(); ++k) {
    copy_tile<Real>(work_.second_half.tracers[k], work_.next.tracers[k], tile);
    if (bound_.handles.tracers[k].carry)
      copy_tile<Real>(work_.second_half.tracer_carries[k], work_.next.tracer_carries[k], tile);
  }
}

template <class Real>
void TracerFlow<Real>::book(std::size_t tracer, const std::string& account, double amount) {
  if (amount != 0.0) state_.book(books_[tracer].quantity, books_[tracer].unit, account, amount);
}

template <class Real>
void TracerFlow<Real>::take_from_pipes(const std::vector<PipeFlow>& pipes) {
  for (const PipeFlow& pipe : pipes) {
    for (std::size_t k = 0; k < tracers_.size(); ++k) {
      double& in_pipe = (*books_[k].in_transit)[pipe.row];
      const double value = work_.next.tracers[k].value(pipe.giver.i, pipe.giver.j);
      const double stays = pipe.in_transit != 0.0 ? in_pipe * (pipe.stays / pipe.in_transit) : 0.0;
      in_pipe = stays + pipe.taken * value;
    }
  }
}

template <class Real>
void TracerFlow<Real>::book_source(std::size_t source, const std::vector<Real>& taken) {
  const std::vector<Cell>& cells = domain_.sources[source].cells;
  for (std::size_t k = 0; k < tracers_.size(); ++k) {
    const auto brought = static_cast<double>(static_cast<Real>(tracers_[k].sources[source].at(middle_)));
    Sum sum;
    for (std::size_t n = 0; n < cells.size(); ++n) {
      const double value = taken[n] < Real(0) ? work_.next.tracers[k].value(cells[n].i, cells[n].j) : brought;
      sum.add(static_cast<double>(taken[n]) * value);
    }
    book(k, domain_.sources[source].account, sum.value() * domain_.grid.cell_area());
  }
}

template <class Real>
void TracerFlow<Real>::book_rain(double volume) {
  for (std::size_t k = 0; k < tracers_.size(); ++k)
    book(k, "rain", volume * static_cast<double>(static_cast<Real>(tracers_[k].rain.at(middle_))));
}

template <class Real>
void TracerFlow<Real>::book_infiltration(const std::vector<double>& amounts) {
  for (std::size_t k = 0; k < amounts.size(); ++k) book(k, "infiltration", -amounts[k]);
}

template <class Real>
void TracerFlow<Real>::book_edges(double dt) {
  const Real ratio = static_cast<Real>(dt) / static_cast<Real>(domain_.grid.spacing);
  for (std::size_t k = 0; k < tracers_.size(); ++k) {
    for (const Stretch& stretch : domain_.stretches) {
      const std::vector<Real>& line = work_.tracer_outflow[k][static_cast<std::size_t>(stretch.edge)];
      Sum out;
      for (Index at = stretch.first; at < stretch.last; ++at)
        out.add(static_cast<double>(ratio) * static_cast<double>(line[static_cast<std::size_t>(at)]));
      book(k, stretch.account, -out.value() * domain_.grid.cell_area());
    }
  }
}

template <class Real>
void TracerFlow<Real>::book_held() {
  for (std::size_t k = 0; k < tracers_.size(); ++k) {
    Sum amount;
    Index cells = 0;
    for (const HeldValues& held : work_.held_values[k]) {
      amount.add(held.amount);
      cells += held.cells;
    }
    book(k, "held within the values around", amount.value() * domain_.grid.cell_area());
    if (cells == 0) continue;
    state_.book("cells", "1", "tracers: held within the values around", static_cast<double>(cells));
  }
}

template <class Real>
void TracerFlow<Real>::dry_out() {
  if (work_.added_tracers.inflow.empty()) return;
  const View<const Real> depth = std::as_const(work_.next.depth).template view<Real>();
  for_each_item(domain_.tiling.count(), [&](Index t) {
    const auto at = static_cast<std::size_t>(t);
    if (work_.added.by_tile[at] == nullptr || work_.is_active[at] == 0) return;
    const Tile tile = domain_.tiling.tile(t);
    for (std::vector<Field>* fields : {&work_.next.tracers, &work_.next.tracer_carries}) {
      for (Field& field : *fields) {
        const View<Real> value = field.template view<Real>();
        for (Index j = tile.j0; j < tile.j1; ++j) {
          for (Index i = tile.i0; i < tile.i1; ++i) {
            if (!(depth(i, j) > Real(0))) value(i, j) = 0;
          }
        }
      }
    }
  });
}

template <class Real>
void TracerFlow<Real>::take_step() {
  for (std::size_t k = 0; k < tracers_.size(); ++k) {
    const TracerHandles& handles = bound_.handles.tracers[k];
    std::swap(state_.field(handles.value), work_.next.tracers[k]);
    if (handles.carry) std::swap(state_.field(handles.carry), work_.next.tracer_carries[k]);
  }
}

template class TracerFlow<float>;
template class TracerFlow<double>;

}  // namespace dvinis::flood
