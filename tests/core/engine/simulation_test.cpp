#include "core/engine/simulation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "tests/core/engine/tank.hpp"

namespace dvinis {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

struct RecordingSink final : ResultSink {
  void begin(const Twin&, const Schema&, const State& state, const OutputPlan&) override {
    map_times.resize(static_cast<std::size_t>(state.map_count));
    series_times.resize(static_cast<std::size_t>(state.series_count));
  }
  void write_maps(const State& state) override { map_times.push_back(state.time / microseconds_per_second); }
  void write_series(const State& state) override {
    series_times.push_back(state.time / microseconds_per_second);
  }
  void finish(const State&, const RunSummary& summary) override { completed = summary.completed; }

  std::vector<Microseconds> map_times;
  std::vector<Microseconds> series_times;
  bool completed = false;
};

struct MemoryStore final : CheckpointStore {
  using CheckpointStore::load_latest;
  std::string save(const Schema&, const State& state) override {
    times.push_back(state.time / microseconds_per_second);
    kept = state;
    return "checkpoint";
  }
  std::optional<State> load_latest(const Schema&, const Twin&, std::optional<Microseconds>) override {
    return kept;
  }

  std::vector<Microseconds> times;
  std::optional<State> kept;
};

struct StoppingMonitor final : Monitor {
  explicit StoppingMonitor(int after) : ticks_left(after) {}
  void show(const Progress& progress) override { looks.push_back(progress); }
  bool stop_requested() override { return ticks_left-- == 0; }

  int ticks_left;
  std::vector<Progress> looks;
};

/// The toy scenario: 305 s in ticks of 10 s, so that the last tick is shorter.
struct Yard {
  explicit Yard(double leak_factor = 1.0) {
    models.push_back(std::make_unique<toy::Tank>(0.7, leak_factor));
    models.push_back(std::make_unique<toy::Follower>());
    schema = make_schema(models, {});
    simulation = std::make_unique<Simulation>(twin, schema, models);
  }

  RunSummary run(State& state, const OutputPlan& plan = {}, ResultSink* results = nullptr,
                 CheckpointStore* checkpoints = nullptr, Monitor* monitor = nullptr) const {
    return simulation->run(state, {.end = from_seconds(305.0), .exchange = from_seconds(10.0)}, plan, results,
                           checkpoints, monitor);
  }

  Twin twin = toy::yard();
  std::vector<std::unique_ptr<Model>> models;
  Schema schema;
  std::unique_ptr<Simulation> simulation;
};

TEST(Simulation, LandsExactlyOnTheEndAlthoughTheLastTickIsShorter) {
  const Yard yard;
  State state = yard.simulation->initial_state();
  const RunSummary summary = yard.run(state);
  EXPECT_TRUE(summary.completed);
  EXPECT_EQ(state.time, 305'000'000);
  EXPECT_EQ(summary.model_time, 305'000'000);
  EXPECT_EQ(summary.steps, state.steps);
  EXPECT_GT(summary.wall_seconds, 0.0);
  EXPECT_GT(summary.cpu_seconds, 0.0);
  EXPECT_NEAR(state.field(yard.schema.field("level")).value(12, 6), 2.26 * std::exp(-3.05), 2e-3);
}

TEST(Simulation, ClosesTheLedgerOfTheTank) {
  const Yard yard;
  State state = yard.simulation->initial_state();
  const RunSummary summary = yard.run(state);
  ASSERT_EQ(summary.budgets.size(), 1u);
  EXPECT_LT(std::abs(summary.budgets[0].error), 1e-13 * summary.budgets[0].throughput);
}

TEST(Simulation, EndsInTheSameBitsWhenResumedFromACopyAtAnyTick) {
  const Yard yard;
  State through = yard.simulation->initial_state();
  yard.run(through);
  for (const int ticks : {0, 1, 17, 30}) {
    State first = yard.simulation->initial_state();
    StoppingMonitor monitor(ticks);
    MemoryStore store;
    EXPECT_FALSE(yard.run(first, {}, nullptr, &store, &monitor).completed);
    State second = *store.kept;
    EXPECT_EQ(second.time, ticks * 10'000'000);
    EXPECT_TRUE(yard.run(second).completed);
    EXPECT_EQ(second.checksum(), through.checksum()) << ticks;
  }
}

TEST(Simulation, ChangesNoBitsWithTheOutputsEvenWhereAModelReadsADiagnosticField) {
  const Yard yard;
  State quiet = yard.simulation->initial_state();
  yard.run(quiet);
  for (const double every : {1.0, 13.0, 60.0, 1000.0}) {
    State state = yard.simulation->initial_state();
    RecordingSink sink;
    MemoryStore store;
    yard.run(state,
             {.map_fields = {"level"},
              .final_fields = {},
              .maps_every = from_seconds(every),
              .series_every = from_seconds(3 * every),
              .checkpoint_every = from_seconds(2 * every)},
             &sink, &store);
    EXPECT_EQ(state.checksum(), quiet.checksum()) << every;
  }
}

TEST(Simulation, WritesAtTheFirstTickAtOrAfterEachDueTimeAndAtBothEnds) {
  const Yard yard;
  State state = yard.simulation->initial_state();
  RecordingSink sink;
  MemoryStore store;
  yard.run(state,
           {.map_fields = {},
            .final_fields = {},
            .maps_every = from_seconds(65.0),
            .series_every = from_seconds(100.0),
            .checkpoint_every = from_seconds(120.0)},
           &sink, &store);
  EXPECT_THAT(sink.map_times, ElementsAre(0, 70, 130, 200, 260, 305));
  EXPECT_THAT(sink.series_times, ElementsAre(0, 100, 200, 300, 305));
  EXPECT_THAT(store.times, ElementsAre(120, 240, 305));
  EXPECT_EQ(state.map_count, 6);
  EXPECT_EQ(state.series_count, 5);
  EXPECT_TRUE(sink.completed);
}

TEST(Simulation, WritesMapsAtStartAndEndAndTheSeriesWithThemWhenNoIntervalIsGiven) {
  const Yard yard;
  State state = yard.simulation->initial_state();
  RecordingSink sink;
  yard.run(state, {}, &sink);
  EXPECT_THAT(sink.map_times, ElementsAre(0, 305));
  EXPECT_THAT(sink.series_times, ElementsAre(0, 305));
}

TEST(Simulation, RepeatsTheSameOutputTimesAfterAResume) {
  const Yard yard;
  const OutputPlan plan{.map_fields = {},
                        .final_fields = {},
                        .maps_every = from_seconds(65.0),
                        .series_every = 0,
                        .checkpoint_every = 0};
  State state = yard.simulation->initial_state();
  RecordingSink sink;
  MemoryStore store;
  StoppingMonitor monitor(10);
  EXPECT_FALSE(yard.run(state, plan, &sink, &store, &monitor).completed);
  EXPECT_FALSE(sink.completed);
  EXPECT_THAT(sink.map_times, ElementsAre(0, 70));
  State resumed = *store.load_latest(yard.schema, yard.twin);
  EXPECT_TRUE(yard.run(resumed, plan, &sink, &store).completed);
  EXPECT_THAT(sink.map_times, ElementsAre(0, 70, 130, 200, 260, 305));
}

TEST(Simulation, KeepsACheckpointWhenAskedToStop) {
  const Yard yard;
  State state = yard.simulation->initial_state();
  MemoryStore store;
  StoppingMonitor monitor(3);
  const RunSummary summary = yard.run(state, {}, nullptr, &store, &monitor);
  EXPECT_FALSE(summary.completed);
  EXPECT_EQ(summary.checkpoint, "checkpoint");
  EXPECT_THAT(store.times, ElementsAre(30));
}

TEST(Simulation, GivesEventsIdsThatAreNeverReusedAndTheNextTickAsTheirEffect) {
  const Yard yard;
  State state = yard.simulation->initial_state();
  yard.run(state);
  ASSERT_EQ(state.events.size(), 1u);
  EXPECT_EQ(state.events[0].id, 1);
  EXPECT_EQ(state.events[0].effective % 10'000'000, 0);
  EXPECT_EQ(state.events[0].occurred, state.events[0].effective - 10'000'000 + 1);
  EXPECT_EQ(state.next_event_id, 2);
  // A rewind takes the event away and, with it, the number: both are part of the State.
  State early = yard.simulation->initial_state();
  StoppingMonitor monitor(2);
  MemoryStore store;
  yard.run(early, {}, nullptr, &store, &monitor);
  early.events.clear();
  early.next_event_id = 41;
  yard.run(early);
  EXPECT_EQ(early.events[0].id, 41);
}

TEST(Simulation, FailsWithTheAmountWhenALedgerDoesNotCloseAndKeepsACheckpoint) {
  const Yard yard(0.5);
  State state = yard.simulation->initial_state();
  MemoryStore store;
  try {
    yard.run(state, {}, nullptr, &store);
    FAIL() << "the open ledger went unnoticed";
  } catch (const NumericalError& error) {
    EXPECT_THAT(error.what(), AllOf(HasSubstr("budget of water"), HasSubstr("cannot be accounted for")));
  }
  EXPECT_EQ(store.times.size(), 1u);
}

TEST(Simulation, ShowsTheFirstAndTheLastMomentOfTheRun) {
  const Yard yard;
  State state = yard.simulation->initial_state();
  StoppingMonitor monitor(-1);
  yard.run(state, {}, nullptr, nullptr, &monitor);
  ASSERT_GE(monitor.looks.size(), 2u);
  EXPECT_EQ(monitor.looks.front().time, 0);
  EXPECT_EQ(monitor.looks.back().time, 305'000'000);
  EXPECT_EQ(monitor.looks.back().limiter, "tank");
  EXPECT_EQ(monitor.looks.back().busy_cells, 13 * 7);
}

TEST(Simulation, BooksWallSecondsByModel) {
  const Yard yard;
  State state = yard.simulation->initial_state();
  const RunSummary summary = yard.run(state);
  std::set<std::string> parts;
  for (const auto& [part, seconds] : summary.profile) parts.insert(part);
  EXPECT_TRUE(parts.count("tank") == 1 && parts.count("follower") == 1);
}

TEST(Simulation, DoesNothingMoreToAStateThatStandsAtTheEnd) {
  const Yard yard;
  State state = yard.simulation->initial_state();
  yard.run(state);
  const std::string end = state.checksum();
  EXPECT_TRUE(yard.run(state).completed);
  EXPECT_EQ(state.checksum(), end);
}

}  // namespace
}  // namespace dvinis
