#include "core/engine/simulation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <ctime>

namespace dvinis {

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

double cpu_seconds_now() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

/// Wall seconds by named part, in the order of first use.
class Profile {
 public:
  void add(const std::string& part, double seconds) {
    for (auto& [name, total] : parts_) {
      if (name != part) continue;
      total += seconds;
      return;
    }
    parts_.emplace_back(part, seconds);
  }

  /// Runs `work` and books its wall seconds on `part`.
  template <class Work>
  auto timed(const std::string& part, const Work& work) {
    struct Booking {
      Profile& profile;
      const std::string& part;
      Clock::time_point start = Clock::now();
      ~Booking() { profile.add(part, seconds_since(start)); }
    } booking{*this, part};
    return work();
  }

  const std::vector<std::pair<std::string, double>>& parts() const { return parts_; }

 private:
  std::vector<std::pair<std::string, double>> parts_;
};

/// The first tick at or after a due time: some multiple of `every` lies in (before, now].
bool is_due(Microseconds every, Microseconds before, Microseconds now) {
  return every > 0 && now / every > before / every;
}

/// What a process sees while it advances; one for the whole run.
class TickContext final : public Context {
 public:
  TickContext(State& state, Profile& profile, Progress& progress)
      : state_(state), profile_(profile), progress_(progress) {}

  void enter(Interval tick) { tick_ = tick; }

  std::int64_t emit(Event event) override {
    expects(event.occurred >= tick_.begin && event.occurred <= tick_.end, "an event inside its tick");
    event.id = state_.next_event_id++;
    event.effective = tick_.end;
    state_.events.push_back(std::move(event));
    return state_.events.back().id;
  }

  void report(double step_seconds, const std::string& limiter, Index busy_cells) override {
    progress_.step_seconds = step_seconds;
    progress_.limiter = limiter;
    progress_.busy_cells = busy_cells;
  }

  void profile(const char* part, double seconds) override { profile_.add(part, seconds); }

 private:
  State& state_;
  Profile& profile_;
  Progress& progress_;
  Interval tick_;
};

std::vector<BudgetLine> collect_budgets(const std::vector<std::unique_ptr<Process>>& processes,
                                        const State& state) {
  std::vector<BudgetLine> lines;
  for (const auto& process : processes) {
    for (BudgetLine& line : process->budgets(state)) lines.push_back(std::move(line));
  }
  return lines;
}

/// @throws NumericalError for the first budget that does not close; NaN never closes.
void check_budgets(const std::vector<BudgetLine>& lines, double tolerance, Microseconds time) {
  for (const BudgetLine& line : lines) {
    if (std::abs(line.error) <= tolerance * std::abs(line.throughput)) continue;
    throw NumericalError(fmt::format(
        "the budget of {} does not close at {}: {:.6g} {} cannot be accounted for out of {:.6g} {} "
        "(tolerated: {:.3g} of it); the results up to this time are kept",
        line.quantity, clock_text(time), line.error, line.unit, line.throughput, line.unit, tolerance));
  }
}

/// One call of Simulation::run: the loop's moving parts beside the State.
class Run {
 public:
  Run(const std::vector<std::unique_ptr<Process>>& processes, const std::vector<BoundModel>& bound,
      const Twin& twin, const Schema& schema, State& state, const Schedule& schedule, const OutputPlan& plan,
      ResultSink* results, CheckpointStore* checkpoints, Monitor* monitor)
      : processes_(processes),
        bound_(bound),
        twin_(twin),
        schema_(schema),
        state_(state),
        schedule_(schedule),
        plan_(plan),
        results_(results),
        checkpoints_(checkpoints),
        monitor_(monitor),
        context_(state, profile_, progress_) {}

  RunSummary to_end() {
    observe(Shown::everything);
    if (results_ != nullptr) begin_results();
    look(true);
    while (state_.time < schedule_.end) {
      if (monitor_ != nullptr && monitor_->stop_requested()) return stop_early();
      const Microseconds before = state_.time;
      advance_one_tick();
      write_outputs(before);
      look(state_.time == schedule_.end);
      keep_checkpoint(before);
    }
    return finish(true);
  }

 private:
  void observe(Shown shown) {
    profile_.timed("observe", [&] {
      for (const auto& process : processes_) process->observe(state_, shown);
    });
  }

  void begin_results() {
    profile_.timed("results", [this] {
      results_->begin(twin_, schema_, state_, plan_);
      if (state_.map_count == 0) write_maps();
      if (state_.series_count == 0) write_series();
    });
  }

  void write_maps() {
    results_->write_maps(state_);
    ++state_.map_count;
  }

  void write_series() {
    results_->write_series(state_);
    ++state_.series_count;
  }

  void advance_one_tick() {
    const Microseconds next = (state_.time / schedule_.exchange + 1) * schedule_.exchange;
    const Interval tick{state_.time, std::min(next, schedule_.end)};
    context_.enter(tick);
    for (std::size_t k = 0; k < processes_.size(); ++k) {
      profile_.timed(bound_[k].name, [&] {
        processes_[k]->advance(state_, tick, context_);
        if (bound_[k].observed_by_others) processes_[k]->observe(state_, Shown::everything);
      });
    }
    state_.time = tick.end;
  }

  void write_outputs(Microseconds before) {
    const bool at_end = state_.time == schedule_.end;
    const bool maps_due = at_end || is_due(plan_.maps_every, before, state_.time);
    const bool series_due =
        at_end || (plan_.series_every > 0 ? is_due(plan_.series_every, before, state_.time) : maps_due);
    if (at_end || (results_ != nullptr && maps_due)) {
      observe(Shown::everything);
    } else if (results_ != nullptr && series_due) {
      observe(Shown::series);
    }
    if (results_ == nullptr) return;
    profile_.timed("results", [&] {
      if (maps_due) write_maps();
      if (series_due) write_series();
    });
  }

  /// Tells the monitor, at most four times a second of wall time unless `always`, and checks the budgets.
  void look(bool always) {
    const double now = seconds_since(start_);
    if (!always && now - last_look_ < 0.25) return;
    last_look_ = now;
    progress_.time = state_.time;
    progress_.end = schedule_.end;
    progress_.budgets = collect_budgets(processes_, state_);
    progress_.wall_seconds = now;
    if (monitor_ != nullptr) monitor_->show(progress_);
    try {
      check_budgets(progress_.budgets, schedule_.budget_tolerance, state_.time);
    } catch (const NumericalError&) {
      save_checkpoint();
      throw;
    }
  }

  void keep_checkpoint(Microseconds before) {
    const bool due = state_.time == schedule_.end || is_due(plan_.checkpoint_every, before, state_.time);
    if (due) save_checkpoint();
  }

  void save_checkpoint() {
    if (checkpoints_ == nullptr) return;
    observe(Shown::everything);
    profile_.timed("checkpoint", [this] { summary_.checkpoint = checkpoints_->save(schema_, state_); });
  }

  RunSummary stop_early() {
    look(true);
    save_checkpoint();
    return finish(false);
  }

  RunSummary finish(bool completed) {
    summary_.completed = completed;
    summary_.model_time = state_.time;
    summary_.steps = state_.steps;
    summary_.budgets = collect_budgets(processes_, state_);
    summary_.profile = profile_.parts();
    summary_.wall_seconds = seconds_since(start_);
    summary_.cpu_seconds = cpu_seconds_now() - cpu_start_;
    if (results_ != nullptr) results_->finish(state_, summary_);
    return summary_;
  }

  const std::vector<std::unique_ptr<Process>>& processes_;
  const std::vector<BoundModel>& bound_;
  const Twin& twin_;
  const Schema& schema_;
  State& state_;
  const Schedule& schedule_;
  const OutputPlan& plan_;
  ResultSink* results_;
  CheckpointStore* checkpoints_;
  Monitor* monitor_;
  Profile profile_;
  Progress progress_;
  TickContext context_;
  RunSummary summary_;
  Clock::time_point start_ = Clock::now();
  double cpu_start_ = cpu_seconds_now();
  double last_look_ = 0.0;
};

/// A diagnostic field that another model needs must be fresh at every tick, not only when it is written.
bool observed_by_others(const ModelInfo& info, const std::vector<std::unique_ptr<Model>>& models) {
  for (const FieldInfo& field : info.provides) {
    if (field.role != Role::diagnostic) continue;
    for (const auto& other : models) {
      const std::vector<std::string>& needs = other->info().needs;
      if (std::find(needs.begin(), needs.end(), field.name) != needs.end()) return true;
    }
  }
  return false;
}

}  // namespace

Simulation::Simulation(const Twin& twin, const Schema& schema,
                       const std::vector<std::unique_ptr<Model>>& models)
    : twin_(twin), schema_(schema) {
  for (const auto& model : models) {
    const ModelInfo& info = model->info();
    for (const std::string& layer : info.needs_layers) {
      if (twin.find_layer(layer) == nullptr) {
        throw ScenarioError(
            fmt::format("models.{}: needs the layer '{}'; give it under 'layers:'", info.name, layer));
      }
    }
    bound_.push_back({info.name, observed_by_others(info, models)});
    processes_.push_back(model->bind(twin, schema));
  }
}

State Simulation::initial_state() const {
  State state(schema_, twin_);
  for (const auto& process : processes_) process->initialise(state);
  for (const auto& process : processes_) process->observe(state, Shown::everything);
  return state;
}

RunSummary Simulation::run(State& state, const Schedule& schedule, const OutputPlan& plan,
                           ResultSink* results, CheckpointStore* checkpoints, Monitor* monitor) const {
  expects(schedule.exchange > 0, "a positive exchange interval");
  expects(state.time >= 0 && state.time <= schedule.end, "a state between the start and the end of the run");
  return Run(processes_, bound_, twin_, schema_, state, schedule, plan, results, checkpoints, monitor)
      .to_end();
}

}  // namespace dvinis
