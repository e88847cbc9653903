#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <filesystem>

#include "core/base/checksum.hpp"
#include "io/checkpoint/checkpoint_store.hpp"
#include "io/hdf5/file_space.hpp"
#include "io/results/results_file.hpp"
#include "io/results/results_sink.hpp"
#include "scenarios/app/machine.hpp"
#include "scenarios/app/run_report.hpp"
#include "scenarios/app/setting_text.hpp"

namespace dvinis::app {

namespace fs = std::filesystem;

namespace {

std::string threads_text(const Composition& composition) {
  const int threads = composition.twin.provenance.threads;
  return fmt::format("{} thread{}", threads, threads == 1 ? "" : "s");
}

/// Keeps a second dvinis out of the folder of a running one.
class FolderLock {
 public:
  explicit FolderLock(const RunFolder& folder)
      : descriptor_(open(folder.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    if (descriptor_ >= 0 && flock(descriptor_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
      close(descriptor_);
      throw IoError(
          fmt::format("another dvinis is writing into '{}'; wait for it or choose another folder with --out",
                      folder.path().string()));
    }
  }
  ~FolderLock() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  int descriptor_;
};

/// The checkpoints of a run; whatever they pass over is said in the log.
std::unique_ptr<CheckpointStore> open_checkpoints(const RunFolder& folder, const Composition& composition,
                                                  const Log& log) {
  Sha256 sum;
  sum.add(composition.scenario.text);
  const Setting* outputs = composition.scenario.settings.find("outputs");
  const Setting* checkpoint = outputs == nullptr ? nullptr : outputs->find("checkpoint");
  const Setting* keep = checkpoint == nullptr ? nullptr : checkpoint->find("keep");
  return make_checkpoint_store(
      folder.path().string(), sum.hex(), [log](const std::string& sentence) { log.warn("{}", sentence); },
      keep != nullptr && keep->text() == "all");
}

/// One run from its first or its resumed moment to its report.
class RunCommand {
 public:
  RunCommand(const RunOptions& options, const RunFolder& folder, Composition& composition, Console& console)
      : options_(options),
        folder_(folder),
        composition_(composition),
        console_(console),
        log_(console.log()) {
    report_.started = utc_text(std::time(nullptr));
  }

  void continue_from(const EarlierRun& earlier) {
    report_.started = earlier.started;
    report_.resumed = earlier.resumed + 1;
  }

  int finish(State state) {
    try {
      const std::unique_ptr<ResultSink> results = make_results_sink(folder_.results());
      const std::unique_ptr<CheckpointStore> checkpoints = open_checkpoints(folder_, composition_, log_);
      const StopRequests stops(options_.maximum_walltime);
      RunMonitor monitor(console_, stops, options_.progress);
      write_report(report_, composition_, options_, folder_);
      const RunSummary summary = composition_.simulation->run(state, composition_.schedule, composition_.plan,
                                                              results.get(), checkpoints.get(), &monitor);
      console_.end_progress();
      report_.summary = summary;
      report_.state = &state;
      report_.state_checksum = state.checksum();
      if (!summary.completed) return stopped(stops.reason(), summary);
      return completed(state, summary);
    } catch (const Error& error) {
      console_.end_progress();
      fail(error.code(), error.what());
      throw;
    } catch (const std::exception& error) {
      console_.end_progress();
      fail(ExitCode::internal, error.what());
      throw;
    }
  }

 private:
  int stopped(const std::string& reason, const RunSummary& summary) {
    report_.status = RunStatus::stopped;
    report_.exit_code = ExitCode::stopped_early;
    report_.message =
        fmt::format("stopped at {} of model time by {}", clock_text(summary.model_time), reason);
    write_report(report_, composition_, options_, folder_);
    log_.info("{}; continue with 'dvinis resume {}'", report_.message, folder_.path().string());
    return static_cast<int>(ExitCode::stopped_early);
  }

  int completed(const State& state, const RunSummary& summary) {
    report_.outcomes = measure(state, summary);
    const bool is_met = std::all_of(report_.outcomes.begin(), report_.outcomes.end(),
                                    [](const Outcome& outcome) { return outcome.is_met(); });
    report_.status = RunStatus::completed;
    report_.exit_code = is_met ? ExitCode::ok : ExitCode::numerical;
    print_summary(state, summary);
    for (const std::string& line : outcome_lines(report_.outcomes)) log_.info("{}", line);
    emit_figures(report_.outcomes, composition_.twin.provenance.scenario_name);
    if (!is_met) report_.message = failed_expectations();
    write_report(report_, composition_, options_, folder_);
    if (!is_met) console_.line(LogLevel::error, report_.message);
    return static_cast<int>(report_.exit_code);
  }

  std::vector<Outcome> measure(const State& state, const RunSummary& summary) const {
    const ResultsFile results(folder_.results());
    return measure_expectations(
        composition_.scenario.settings.find("expect"),
        {composition_.twin, composition_.schema, state, summary, results, composition_.scenario.folder});
  }

  std::string failed_expectations() const {
    std::string text;
    for (const Outcome& outcome : report_.outcomes) {
      if (outcome.is_met()) continue;
      text += fmt::format("{}{} is {:.4g} {}, expected {}", text.empty() ? "the run is complete, but " : "; ",
                          outcome.what, outcome.value, outcome.unit, outcome.bound_text());
    }
    return text;
  }

  void print_summary(const State& state, const RunSummary& summary) const {
    log_.info("{} of model time in {:.1f} s ({:.1f} CPU s, {}), {} steps", clock_text(summary.model_time),
              summary.wall_seconds, summary.cpu_seconds, threads_text(composition_), summary.steps);
    for (const BudgetLine& line : summary.budgets) {
      log_.info("{}: {:.6g} {} at the end, {:.6g} at the start; unaccounted {:.3g} {} ({:.2e} of {:.6g})",
                line.quantity, line.storage, line.unit, line.storage_at_start, line.error, line.unit,
                worst_budget_error({line}), line.throughput);
    }
    for (const LedgerAccount& account : state.ledger) {
      log_.info("  {:9} {:24} {:+16.6f} {}", account.quantity, account.account, account.amount, account.unit);
    }
    if (options_.profile) {
      for (const auto& [part, seconds] : summary.profile) log_.info("  {:24} {:10.3f} s", part, seconds);
    }
    log_.info("results: {}", folder_.results());
  }

  /// A report that cannot be written must not hide the reason why the run failed.
  void fail(ExitCode code, const char* sentence) {
    report_.status = RunStatus::failed;
    report_.exit_code = code;
    report_.message = sentence;
    console_.keep(LogLevel::error, sentence);
    try {
      write_report(report_, composition_, options_, folder_);
    } catch (const Error&) {
    }
  }

  const RunOptions& options_;
  const RunFolder& folder_;
  Composition& composition_;
  Console& console_;
  Log log_;
  RunReport report_;
};

void describe_run(const Composition& composition, const Log& log) {
  const Twin& twin = composition.twin;
  log.info("{}: {} x {} cells of {} m, {} of model time, {}, {}", twin.provenance.scenario_name, twin.grid.nx,
           twin.grid.ny, twin.grid.spacing, clock_text(composition.schedule.end), threads_text(composition),
           twin.provenance.instruction_set);
  for (const auto& process : composition.simulation->processes()) {
    for (const std::string& sentence : process->describe()) log.info("{}", sentence);
  }
}

/// @throws DataError if a file that the earlier run read is another one now
void require_same_inputs(const EarlierRun& earlier, const Composition& composition, const RunFolder& folder) {
  const std::vector<InputFile>& now = composition.twin.provenance.inputs;
  for (const InputFile& before : earlier.inputs) {
    const bool is_same = std::any_of(now.begin(), now.end(), [&](const InputFile& input) {
      return input.path == before.path && input.sha256 == before.sha256;
    });
    if (is_same) continue;
    throw DataError(
        fmt::format("the input file '{}' has changed since the run in '{}' began; put the old one back or "
                    "start again with 'dvinis run --overwrite'",
                    before.path, folder.path().string()));
  }
}

/// @throws ScenarioError or DataError if the scenario or its data are not those of the run that is resumed.
void require_unchanged(const EarlierRun& earlier, const Composition& composition, const RunFolder& folder) {
  if (fs::exists(folder.used_scenario()) &&
      read_whole(folder.used_scenario()) != yaml_text(composition.scenario.settings)) {
    throw ScenarioError(
        fmt::format("'{}' has changed since the run in '{}' began; start it again with 'dvinis run "
                    "--overwrite', or undo the change ({} holds what was used)",
                    composition.scenario.file, folder.path().string(), folder.used_scenario()));
  }
  require_same_inputs(earlier, composition, folder);
}

/// A folder that a new run may write into. @throws UsageError if it would replace results unasked
void make_ready(const RunFolder& folder, const RunOptions& options) {
  if (folder.holds_a_run() && !options.overwrite) {
    throw UsageError(
        fmt::format("'{}' holds the results of an earlier run; add --overwrite to replace them, or choose "
                    "another folder with --out",
                    folder.path().string()));
  }
  folder.test_writing(true);
}

/// The last moment before anything of an earlier run is lost is over: log and scenario of a new one.
void begin_afresh(const RunFolder& folder, const Composition& composition, Console& console) {
  folder.clear();
  console.keep_in(folder.log(), false);
  write_whole(folder.used_scenario(), yaml_text(composition.scenario.settings));
  describe_run(composition, console.log());
}

}  // namespace

int run_command(const RunOptions& options) {
  ignore_file_size_signal();
  Console console;
  Scenario scenario = read_only_text(options);
  const RunFolder folder = run_folder(scenario, options);
  make_ready(folder, options);
  const FolderLock lock(folder);
  const auto composition = compose(std::move(scenario), options, console.log());
  check_expectations(composition->scenario.settings.find("expect"), composition->twin, composition->schema,
                     composition->scenario.folder);
  begin_afresh(folder, *composition, console);
  RunCommand command(options, folder, *composition, console);
  return command.finish(composition->simulation->initial_state());
}

int resume_command(const RunOptions& given) {
  ignore_file_size_signal();
  if (!given.overrides.empty()) {
    throw UsageError("a resumed run goes on as it began, so --set cannot change it; leave it out");
  }
  RunOptions options = given;
  std::optional<RunFolder> folder;
  if (fs::exists(fs::path(given.scenario) / "run.json")) {
    folder = RunFolder(given.scenario);
  } else {
    folder = run_folder(read_only_text(given), given);
  }
  if (!fs::exists(folder->report())) {
    throw UsageError(
        fmt::format("'{}' holds no run to resume; start it with 'dvinis run'", folder->path().string()));
  }
  Console console;
  const FolderLock lock(*folder);
  const EarlierRun earlier = read_report(*folder);
  if (earlier.completed) {
    console.line(LogLevel::info, fmt::format("the run in '{}' is complete already", folder->path().string()));
    return static_cast<int>(ExitCode::ok);
  }
  options.scenario = earlier.scenario;
  options.overrides = earlier.overrides;
  folder->test_writing(true);
  const auto composition = compose(read_only_text(options), options, console.log());
  require_unchanged(earlier, *composition, *folder);
  console.keep_in(folder->log(), true);
  if (earlier.version != program_version()) {
    console.line(LogLevel::warning,
                 fmt::format("the run began with dvinis {}, this is {}: the last digits may differ",
                             earlier.version, program_version()));
  }
  std::optional<State> state = open_checkpoints(*folder, *composition, console.log())
                                   ->load_latest(composition->schema, composition->twin);
  describe_run(*composition, console.log());
  console.line(LogLevel::info, state ? fmt::format("resumed at {}", clock_text(state->time))
                                     : "the run ended before its first checkpoint: starting again");
  RunCommand command(options, *folder, *composition, console);
  command.continue_from(earlier);
  return command.finish(state ? std::move(*state) : composition->simulation->initial_state());
}

/// A run of its own from a state of an earlier one, with some settings changed; its results begin there.
int branch_command(const RunOptions& given) {
  ignore_file_size_signal();
  const RunFolder trunk(given.scenario);
  if (!fs::exists(trunk.report())) {
    throw UsageError(fmt::format(
        "'{}' is no folder of a run; name the one that holds its run.json and checkpoints", given.scenario));
  }
  if (given.out.empty()) throw UsageError("a branch needs a folder of its own: --out FOLDER");
  const EarlierRun earlier = read_report(trunk);
  RunOptions options = given;
  options.scenario = earlier.scenario;
  options.overrides = earlier.overrides;
  options.overrides.insert(options.overrides.end(), given.overrides.begin(), given.overrides.end());
  Console console;
  Scenario scenario = read_only_text(options);
  const RunFolder folder = run_folder(scenario, options);
  std::error_code none;
  if (fs::equivalent(folder.path(), trunk.path(), none))
    throw UsageError("a branch cannot grow into the folder of its own trunk; choose another one with --out");
  make_ready(folder, options);
  const FolderLock lock(folder);
  const auto composition = compose(std::move(scenario), options, console.log());
  require_same_inputs(earlier, *composition, trunk);
  check_expectations(composition->scenario.settings.find("expect"), composition->twin, composition->schema,
                     composition->scenario.folder);
  std::optional<Microseconds> latest;
  if (given.branch_at) latest = from_seconds(*given.branch_at);
  // That the text differs is the point of a branch.
  std::optional<State> state = make_checkpoint_store(trunk.path().string())
                                   ->load_latest(composition->schema, composition->twin, latest);
  if (!state) {
    throw UsageError(
        fmt::format("'{}' holds no state{}; write `outputs: {{ checkpoint: {{ every: 6 h, keep: all }} }}` "
                    "to keep states to branch from",
                    trunk.path().string(), latest ? " from before " + clock_text(*latest) : std::string()));
  }
  if (state->time >= composition->schedule.end) {
    throw UsageError(
        fmt::format("the last state, of {}, is the end of the run; name an earlier one with --at",
                    clock_text(state->time)));
  }
  begin_afresh(folder, *composition, console);
  console.line(LogLevel::info,
               fmt::format("branches off '{}' at {}", trunk.path().string(), clock_text(state->time)));
  state->map_count = 0;
  state->series_count = 0;
  // So that a branch that is cut short goes on from here and not from the beginning.
  open_checkpoints(folder, *composition, console.log())->save(composition->schema, *state);
  RunCommand command(options, folder, *composition, console);
  return command.finish(std::move(*state));
}

}  // namespace dvinis::app
