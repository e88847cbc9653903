#pragma once
/// Two toy models for the engine's tests: a leaking tank in every cell, and a follower that lags behind it.

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/engine/simulation.hpp"

namespace dvinis::toy {

constexpr double decay_rate = 0.01;  ///< [s-1]

/// dh/dt = -k h in forward Euler steps of at most `step` seconds; what leaks is booked on "leak".
class TankProcess final : public Process {
 public:
  TankProcess(const Schema& schema, double step, double leak_factor)
      : level_(schema.field("level")),
        maximum_(schema.field("maximum_level")),
        speed_(schema.field("sinking_speed")),
        gauges_(schema.table("gauges")),
        start_(schema.scalar("tank.start")),
        step_(step),
        leak_factor_(leak_factor) {}

  void initialise(State& state) const override {
    View<double> level = state.field(level_).view<double>();
    for (Index j = 0; j < level.ny; ++j) {
      for (Index i = 0; i < level.nx; ++i)
        level(i, j) = 1.0 + 0.1 * static_cast<double>(i) + 0.01 * static_cast<double>(j);
    }
    state.scalar(start_) = total(state);
    update_maximum(state);
  }

  void advance(State& state, Interval tick, Context& context) const override {
    double left = to_seconds(tick.end - tick.begin);
    while (left > 0.0) {
      const double step = std::min(step_, left);
      leak(state, step);
      update_maximum(state);
      ++state.steps;
      left -= step;
      context.report(step, "tank", state.field(level_).nx() * state.field(level_).ny());
    }
    if (state.field(level_).value(0, 0) < 0.5 && state.events.empty()) {
      context.emit({.id = 0,
                    .occurred = tick.begin + 1,
                    .effective = 0,
                    .kind = "tank half empty",
                    .subject = "0, 0",
                    .cause = "the level fell below 0.5 m",
                    .parents = {}});
    }
  }

  void observe(State& state, Shown) const override {
    const View<const double> level = std::as_const(state).field(level_).view<double>();
    View<double> speed = state.field(speed_).view<double>();
    for (Index j = 0; j < level.ny; ++j) {
      for (Index i = 0; i < level.nx; ++i) speed(i, j) = decay_rate * level(i, j);
    }
    for (double& value : state.table(gauges_).column("level")) value = level(0, 0);
  }

  std::vector<BudgetLine> budgets(const State& state) const override {
    const double storage = total(state);
    const double start = state.scalar(start_);
    return {{"water", "m", storage, start, start, storage - start - state.booked("water", "leak")}};
  }

 private:
  double total(const State& state) const {
    const View<const double> level = state.field(level_).view<double>();
    double sum = 0.0;
    for (Index j = 0; j < level.ny; ++j) {
      for (Index i = 0; i < level.nx; ++i) sum += level(i, j);
    }
    return sum;
  }

  void leak(State& state, double step) const {
    View<double> level = state.field(level_).view<double>();
    double lost = 0.0;
    for (Index j = 0; j < level.ny; ++j) {
      for (Index i = 0; i < level.nx; ++i) {
        const double loss = decay_rate * level(i, j) * step;
        level(i, j) -= loss;
        lost += loss;
      }
    }
    state.book("water", "m", "leak", -lost * leak_factor_);
  }

  void update_maximum(State& state) const {
    const View<const double> level = std::as_const(state).field(level_).view<double>();
    View<double> maximum = state.field(maximum_).view<double>();
    for (Index j = 0; j < level.ny; ++j) {
      for (Index i = 0; i < level.nx; ++i) maximum(i, j) = std::max(maximum(i, j), level(i, j));
    }
  }

  FieldHandle level_, maximum_, speed_;
  TableHandle gauges_;
  ScalarHandle start_;
  double step_;
  double leak_factor_;
};

/// A leaking tank; `leak_factor` other than 1 breaks the ledger on purpose.
class Tank final : public Model {
 public:
  explicit Tank(double step = 0.7, double leak_factor = 1.0, std::string name = "tank")
      : step_(step), leak_factor_(leak_factor) {
    info_.name = std::move(name);
    info_.provides = {{.name = "level", .unit = "m", .long_name = "level", .standard_name = {}},
                      {.name = "maximum_level",
                       .unit = "m",
                       .long_name = "highest level",
                       .standard_name = {},
                       .role = Role::running},
                      {.name = "sinking_speed",
                       .unit = "m s-1",
                       .long_name = "sinking speed",
                       .standard_name = {},
                       .role = Role::diagnostic},
                      {.name = "temperature",
                       .unit = "K",
                       .long_name = "temperature",
                       .standard_name = {},
                       .optional = true}};
    info_.tables = {{.name = "gauges",
                     .place_kind = "gauge",
                     .long_name = "gauges",
                     .columns = {{.name = "level", .unit = "m", .long_name = "level", .series = true}}}};
    info_.scalars = {"tank.start"};
  }

  const ModelInfo& info() const override { return info_; }
  ModelInfo& change_info() { return info_; }
  std::unique_ptr<Process> bind(const Twin&, const Schema& schema) const override {
    return std::make_unique<TankProcess>(schema, step_, leak_factor_);
  }

 private:
  ModelInfo info_;
  double step_;
  double leak_factor_;
};

/// follower += speed of the tank's sinking over a tick: reads another model's diagnostic field.
class FollowerProcess final : public Process {
 public:
  explicit FollowerProcess(const Schema& schema)
      : speed_(schema.field("sinking_speed")), sunk_(schema.field("sunk")) {}

  void initialise(State&) const override {}
  void advance(State& state, Interval tick, Context&) const override {
    const View<const double> speed = std::as_const(state).field(speed_).view<double>();
    View<double> sunk = state.field(sunk_).view<double>();
    for (Index j = 0; j < speed.ny; ++j) {
      for (Index i = 0; i < speed.nx; ++i) sunk(i, j) += speed(i, j) * to_seconds(tick.end - tick.begin);
    }
    ++state.steps;
  }
  void observe(State&, Shown) const override {}
  std::vector<BudgetLine> budgets(const State&) const override { return {}; }

 private:
  FieldHandle speed_, sunk_;
};

class Follower final : public Model {
 public:
  Follower() {
    info_.name = "follower";
    info_.provides = {{.name = "sunk", .unit = "m", .long_name = "distance sunk", .standard_name = {}}};
    info_.needs = {"sinking_speed"};
  }
  const ModelInfo& info() const override { return info_; }
  std::unique_ptr<Process> bind(const Twin&, const Schema& schema) const override {
    return std::make_unique<FollowerProcess>(schema);
  }

 private:
  ModelInfo info_;
};

inline Twin yard() {
  Twin twin;
  twin.grid.nx = 13;
  twin.grid.ny = 7;
  Place gauge;
  gauge.kind = "gauge";
  gauge.id = "corner";
  twin.places.push_back(gauge);
  return twin;
}

}  // namespace dvinis::toy
