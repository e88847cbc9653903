#include "scenarios/app/command_line.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <functional>

#include "core/base/error.hpp"
#include "core/base/quantity.hpp"
#include "scenarios/app/options.hpp"

namespace dvinis::app {

namespace {

constexpr const char* about =
    R"(dvinis - a gridded twin of a place: floods and what follows from them

A scenario is a folder with a scenario.yaml: terrain, forcing, places, models, outputs. `dvinis run` computes
it and leaves one results file, run.nc (netCDF-4/CF: opens in QGIS, ParaView and xarray), beside run.json,
run.log, the resolved scenario and checkpoints.)";

constexpr const char* epilogue =
    R"(EXAMPLES
  dvinis init dam-break my-first && dvinis run my-first      a first run without any data
  dvinis check scenarios/merewether                          what would happen: cells, memory, time
  dvinis run scenarios/merewether --set time.duration="600 s"
  dvinis run city --max-walltime "2 h" || dvinis resume city  in a batch job: 75 means resume me
  dvinis info city/out/run.nc                                summary, ledger, marks, houses by first wet minute
  dvinis export city/out/run.nc --geotiff --csv              for GIS and spreadsheets
  dvinis render city/out/run.nc --all                        maps, plots, 3-D pictures

EXIT STATUS
  0 done   1 our mistake   2 wrong command line   3 wrong scenario or input data   4 numerical failure or a
  failed expectation   5 file could not be read or written   75 stopped early with a checkpoint (resume me)
  130, 143 ended by SIGINT or SIGTERM without a checkpoint

SIGNALS
  SIGTERM, SIGUSR1 and SIGINT stop a run at its next tick with a checkpoint; a second SIGINT leaves at once.

ENVIRONMENT
  NO_COLOR         no colours on the terminal
  DVINIS_ISA       instruction set as with --isa
  DVINIS_FIGURES   file that gets one JSON line per expectation with a `figure`
  OMP_NUM_THREADS  threads, if --threads is not given)";

double walltime_seconds(const std::string& text) {
  try {
    const double seconds = parse_quantity(text, "s");
    if (seconds > 0.0) return seconds;
  } catch (const DataError& error) {
    throw UsageError(fmt::format("--max-walltime: {}", error.what()));
  }
  throw UsageError(
      fmt::format("--max-walltime: '{}' leaves no time to run; write it as '2 h' or '90 min'", text));
}

/// Texts that need a second look after parsing.
struct RawRunOptions {
  RunOptions options;
  std::string walltime;
  std::string progress = "auto";
  std::string at;

  RunOptions finished() const {
    RunOptions result = options;
    if (!at.empty()) result.branch_at = parse_quantity(at, "s");
    if (!walltime.empty()) result.maximum_walltime = walltime_seconds(walltime);
    result.progress = progress == "json"  ? ProgressStyle::json
                      : progress == "off" ? ProgressStyle::off
                                          : ProgressStyle::automatic;
    return result;
  }
};

void add_scenario(CLI::App& command, RawRunOptions& raw, const char* what) {
  command.add_option("scenario", raw.options.scenario, what)->required();
  command
      .add_option("--set", raw.options.overrides,
                  "Override a key: --set models.flood.courant=0.4 (repeatable)")
      ->type_name("KEY=VALUE")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command.add_option("--out", raw.options.out, "Output folder instead of outputs.folder")
      ->type_name("FOLDER");
  command.add_option("--threads", raw.options.threads, "Threads (default: what this process may use)")
      ->check(CLI::Range(1, 4096));
  command
      .add_option("--isa", raw.options.instruction_set,
                  "Instruction set of the kernels; results do not depend on it")
      ->check(CLI::IsMember({"auto", "v2", "v3", "v4"}))
      ->capture_default_str();
}

void add_running(CLI::App& command, RawRunOptions& raw) {
  command
      .add_option("--max-walltime", raw.walltime,
                  "Stop with a checkpoint and exit status 75 after this wall time")
      ->type_name("DURATION");
  command
      .add_option("--progress", raw.progress,
                  "auto: a line for people; json: one object a line on stdout; off")
      ->check(CLI::IsMember({"auto", "json", "off"}))
      ->capture_default_str();
  command.add_flag("--profile", raw.options.profile, "Print where the time went");
}

/// The chosen command, to be run after parsing.
using Action = std::function<int()>;

void add_run_commands(CLI::App& app, Action& action, RawRunOptions& raw) {
  CLI::App* run = app.add_subcommand("run", "Run a scenario");
  add_scenario(*run, raw, "Folder with a scenario.yaml, or the file itself");
  add_running(*run, raw);
  run->add_flag("--overwrite", raw.options.overwrite, "Replace the results of an earlier run");
  run->final_callback([&] { action = [&] { return run_command(raw.finished()); }; });

  CLI::App* check =
      app.add_subcommand("check", "Validate a scenario without running it: cells, memory, time");
  add_scenario(*check, raw, "Folder with a scenario.yaml, or the file itself");
  check->final_callback([&] { action = [&] { return check_command(raw.finished()); }; });

  CLI::App* resume =
      app.add_subcommand("resume", "Continue a stopped or killed run from its last checkpoint");
  add_scenario(*resume, raw, "The run's output folder, or the scenario");
  add_running(*resume, raw);
  resume->final_callback([&] { action = [&] { return resume_command(raw.finished()); }; });
}

void add_branch_command(CLI::App& app, Action& action, RawRunOptions& raw) {
  CLI::App* branch = app.add_subcommand(
      "branch", "What if: go on from a state of an earlier run with other settings, in a folder of its own");
  add_scenario(*branch, raw, "The earlier run's output folder");
  add_running(*branch, raw);
  branch
      ->add_option("--at", raw.at,
                   "The last state no later than this after the start (40 h); the last one at all")
      ->type_name("DURATION");
  branch->add_flag("--overwrite", raw.options.overwrite, "Replace the results of an earlier run");
  branch->final_callback([&] { action = [&] { return branch_command(raw.finished()); }; });
}

/// Commands that other programs do, with all their words.
void add_handed_over(CLI::App& app, Action& action, HandOverOptions& handed_over) {
  const auto add = [&](const char* name, const char* what) {
    CLI::App* command = app.add_subcommand(name, what);
    command->prefix_command();
    command->set_help_flag();
    command->final_callback([&, command] {
      action = [&, command] {
        handed_over = {"dvinis-" + command->get_name(), command->remaining()};
        return hand_over_command(handed_over);
      };
    });
  };
  add("render", "Draw maps, plots and 3-D pictures (dvinis-render)");
  add("report", "A page for people in English or Latvian, and tables beside it (dvinis-report)");
}

void add_result_commands(CLI::App& app, Action& action, ExportOptions& hand_over, InfoOptions& info,
                         CompareOptions& compare) {
  CLI::App* files = app.add_subcommand("export", "Write results as GeoTIFF, GeoJSON, CSV or VTI");
  files->add_option("results", hand_over.results, "A results file, run.nc")->required();
  files->add_flag("--geotiff", hand_over.geotiff, "One GeoTIFF per field and time");
  files->add_flag("--geojson", hand_over.geojson,
                  "Flood polygons by depth class and time, and places with their values");
  files->add_flag("--csv", hand_over.csv, "Tables and time series");
  files->add_flag("--vti", hand_over.vti, "Image data for ParaView, with a .pvd");
  files->add_option("--field", hand_over.fields, "Only these fields (repeatable)")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  files->add_option("--out", hand_over.folder, "Where to write (default: 'export' beside the results)");
  files->final_callback([&] { action = [&] { return export_command(hand_over); }; });

  CLI::App* summary = app.add_subcommand("info", "Summary of a results file: fields, ledger, tables");
  summary->add_option("results", info.results, "A results file, run.nc, or the folder that holds it")
      ->required();
  summary->final_callback([&] { action = [&] { return info_command(info); }; });

  CLI::App* differences = app.add_subcommand(
      "compare", "Results of the same place side by side, and what differs between two: maps and tables");
  differences->add_option("first", compare.first, "A results file, run.nc, or the folder that holds it")
      ->required();
  differences->add_option("second", compare.second, "Another one")->required();
  differences->add_option("more", compare.more, "And others: measures side by side, without the differences");
  differences->add_option("--least", compare.least,
                          "Leave out cells with less than this in both (default 0.01)");
  differences->add_flag("--json", compare.json, "As JSON");
  differences->final_callback([&] { action = [&] { return compare_command(compare); }; });
}

void add_reference_commands(CLI::App& app, Action& action, std::string& model, InitOptions& init) {
  CLI::App* describe =
      app.add_subcommand("describe", "Fields, tables and parameters of a model, with units and ranges");
  describe->add_option("model", model, "A model's name, as in the scenario section `models`")->required();
  describe->final_callback([&] { action = [&] { return describe_command(model); }; });

  CLI::App* schema = app.add_subcommand("schema", "JSON Schema of scenarios, for editors");
  schema->final_callback([&] { action = [] { return schema_command(); }; });

  CLI::App* reference = app.add_subcommand("reference", "Every key of a scenario as a Markdown page");
  reference->final_callback([&] { action = [] { return reference_command(); }; });

  CLI::App* start = app.add_subcommand("init", "Start a scenario of your own from a template");
  start
      ->add_option("words", init.words,
                   "[TEMPLATE] FOLDER; templates: dam-break (runs as it is), terrain (your raster)")
      ->type_name("WORD")
      ->expected(1, 2)
      ->required();
  start->final_callback([&] { action = [&] { return init_command(init); }; });
}

}  // namespace

int dispatch(int count, const char* const* words) {
  CLI::App app{about, "dvinis"};
  app.get_formatter()->column_width(34);
  bool version = false;
  bool json = false;
  app.add_flag("--version", version, "Version, compiler and instruction set");
  app.add_flag("--json", json, "With --version: as JSON");
  Action action;
  RawRunOptions raw;
  HandOverOptions handed_over;
  ExportOptions hand_over;
  InfoOptions info;
  CompareOptions compare;
  std::string model;
  InitOptions init;
  add_run_commands(app, action, raw);
  add_branch_command(app, action, raw);
  add_handed_over(app, action, handed_over);
  add_result_commands(app, action, hand_over, info, compare);
  add_reference_commands(app, action, model, init);
  app.require_subcommand(0, 1);
  app.footer(epilogue);  // after the commands, which would inherit it
  try {
    app.parse(count, words);
  } catch (const CLI::CallForHelp& help) {
    return app.exit(help);
  } catch (const CLI::ParseError& error) {
    throw UsageError(fmt::format("{}; see 'dvinis --help'", error.what()));
  }
  if (version) return version_command(json);
  if (!action) throw UsageError("no command; see 'dvinis --help'");
  return action();
}

}  // namespace dvinis::app
