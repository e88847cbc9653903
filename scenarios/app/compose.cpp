#include "scenarios/app/compose.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "core/grid/parallel.hpp"
#include "io/ingest/twin_builder.hpp"
#include "models/catalogue.hpp"
#include "scenarios/app/machine.hpp"

namespace dvinis::app {

namespace fs = std::filesystem;

namespace {

/// The scenario's file, whether the person named it or its folder. @throws UsageError
std::string scenario_file(const std::string& path) {
  std::error_code trouble;
  if (!fs::exists(path, trouble)) {
    throw UsageError(
        fmt::format("there is no scenario '{}'; name a folder with a scenario.yaml or a YAML file", path));
  }
  if (!fs::is_directory(path, trouble)) return path;
  const fs::path file = fs::path(path) / "scenario.yaml";
  if (fs::exists(file, trouble)) return file.string();
  throw UsageError(
      fmt::format("the folder '{}' holds no scenario.yaml; name another file in it, or start one with "
                  "'dvinis init dam-break FOLDER'",
                  path));
}

std::vector<std::string> words(const Setting* list) {
  std::vector<std::string> result;
  if (list == nullptr) return result;
  for (const Setting& item : list->items) result.push_back(item.text());
  return result;
}

Microseconds interval(const Setting& outputs, const char* section) {
  const Setting* settings = outputs.find(section);
  const Setting* every = settings == nullptr ? nullptr : settings->find("every");
  return every == nullptr ? 0 : every->duration();
}

OutputPlan output_plan(const Setting& settings) {
  OutputPlan plan;
  const Setting* outputs = settings.find("outputs");
  if (outputs == nullptr) return plan;
  if (const Setting* maps = outputs->find("maps")) plan.map_fields = words(maps->find("fields"));
  plan.final_fields = words(outputs->find("maxima"));
  plan.maps_every = interval(*outputs, "maps");
  plan.series_every = interval(*outputs, "series");
  plan.checkpoint_every = interval(*outputs, "checkpoint");
  return plan;
}

std::vector<std::unique_ptr<Model>> make_models(const Setting& settings) {
  std::vector<std::unique_ptr<Model>> models;
  const Setting& sections = settings.at("models");
  for (const CatalogueEntry& entry : catalogue()) {
    if (const Setting* section = sections.find(entry.name)) models.push_back(entry.make(*section));
  }
  if (models.empty())
    throw sections.error("names no model, so nothing would happen; write for example 'flood: {}'");
  return models;
}

/// Number of threads asked for, or what this process may really use.
int threads_for(const RunOptions& options) {
  if (options.threads > 0) return options.threads;
  if (const char* wish = std::getenv("OMP_NUM_THREADS"); wish != nullptr && std::atoi(wish) > 0) {
    return std::atoi(wish);
  }
  return usable_processors();
}

/// Every layer, series and row of images that the scenario names must be read by some process. @throws
/// ScenarioError
void refuse_unused(const Setting& settings, const std::vector<std::unique_ptr<Process>>& processes) {
  std::vector<std::string> read;
  for (const std::unique_ptr<Process>& process : processes) {
    for (std::string& name : process->inputs()) read.push_back(std::move(name));
  }
  for (const char* section : {"layers", "series", "images"}) {
    const Setting* named = settings.find(section);
    if (named == nullptr) continue;
    for (const auto& [name, setting] : named->members) {
      if (std::find(read.begin(), read.end(), name) != read.end()) continue;
      const std::string near = did_you_mean(name, read);
      throw setting.error(fmt::format("no model reads '{}'; {}", name,
                                      near.empty() ? "remove it or name it in a model's section"
                                                   : fmt::format("did you mean '{}'?", near)));
    }
  }
}

void note_program(Provenance& provenance, const RunOptions& options) {
  provenance.version = program_version();
  provenance.compiler = compiler_text();
  provenance.instruction_set = choose_instruction_set(options.instruction_set);
  provenance.threads = threads_for(options);
  set_thread_count(provenance.threads);
}

}  // namespace

Scenario read_only_text(const RunOptions& options) {
  return read_scenario(scenario_file(options.scenario), options.overrides, catalogue());
}

RunFolder run_folder(const Scenario& scenario, const RunOptions& options) {
  if (!options.out.empty()) return RunFolder(options.out);
  const Setting* outputs = scenario.settings.find("outputs");
  const Setting* folder = outputs == nullptr ? nullptr : outputs->find("folder");
  return RunFolder(fs::path(scenario.folder) / (folder == nullptr ? "out" : folder->text()));
}

std::unique_ptr<Composition> compose(Scenario scenario, const RunOptions& options, const Log& log) {
  auto composition = std::make_unique<Composition>();
  Composition& made = *composition;
  made.scenario = std::move(scenario);
  const Setting& settings = made.scenario.settings;
  made.plan = output_plan(settings);
  const Setting& time = settings.at("time");
  made.schedule.end = time.at("duration").duration();
  if (const Setting* exchange = time.find("exchange")) made.schedule.exchange = exchange->duration();
  made.models = make_models(settings);
  std::vector<std::string> wanted = made.plan.map_fields;
  wanted.insert(wanted.end(), made.plan.final_fields.begin(), made.plan.final_fields.end());
  made.schema = make_schema(made.models, wanted);
  made.twin = build_twin(settings, made.scenario.folder, made.scenario.text, log);
  note_program(made.twin.provenance, options);
  made.simulation = std::make_unique<Simulation>(made.twin, made.schema, made.models);
  refuse_unused(settings, made.simulation->processes());
  return composition;
}

}  // namespace dvinis::app
