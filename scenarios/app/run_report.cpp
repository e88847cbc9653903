#include "scenarios/app/run_report.hpp"

#include <fmt/format.h>

#include <cmath>
#include <ctime>
#include <filesystem>
#include <nlohmann/json.hpp>

namespace dvinis::app {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

namespace {

const char* status_name(RunStatus status) {
  switch (status) {
    case RunStatus::running:
      return "running";
    case RunStatus::completed:
      return "completed";
    case RunStatus::stopped:
      return "stopped";
    case RunStatus::failed:
      return "failed";
  }
  return "failed";
}

Json number_or_null(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json provenance_json(const Provenance& provenance) {
  Json inputs = Json::array();
  for (const InputFile& input : provenance.inputs)
    inputs.push_back({{"path", input.path}, {"sha256", input.sha256}});
  return {{"version", provenance.version},
          {"compiler", provenance.compiler},
          {"instruction_set", provenance.instruction_set},
          {"threads", provenance.threads},
          {"seed", provenance.seed},
          {"inputs", inputs}};
}

Json summary_json(const RunSummary& summary) {
  Json budgets = Json::array();
  for (const BudgetLine& line : summary.budgets) {
    budgets.push_back({{"quantity", line.quantity},
                       {"unit", line.unit},
                       {"storage", number_or_null(line.storage)},
                       {"storage_at_start", number_or_null(line.storage_at_start)},
                       {"throughput", number_or_null(line.throughput)},
                       {"error", number_or_null(line.error)}});
  }
  Json profile = Json::object();
  for (const auto& [part, seconds] : summary.profile) profile[part] = seconds;
  return {{"model_time_seconds", to_seconds(summary.model_time)},
          {"steps", summary.steps},
          {"wall_seconds", summary.wall_seconds},
          {"cpu_seconds", summary.cpu_seconds},
          {"budgets", budgets},
          {"profile", profile},
          {"checkpoint", fs::path(summary.checkpoint).filename().string()}};
}

Json ledger_json(const State& state) {
  Json ledger = Json::array();
  for (const LedgerAccount& account : state.ledger) {
    ledger.push_back({{"quantity", account.quantity},
                      {"account", account.account},
                      {"unit", account.unit},
                      {"amount", account.amount},
                      {"bookings", account.bookings}});
  }
  return ledger;
}

Json outcomes_json(const std::vector<Outcome>& outcomes) {
  Json list = Json::array();
  for (const Outcome& outcome : outcomes) {
    list.push_back({{"what", outcome.what},
                    {"value", number_or_null(outcome.value)},
                    {"unit", outcome.unit},
                    {"bound", outcome.bound_text()},
                    {"met", outcome.is_met()},
                    {"note", outcome.note}});
  }
  return list;
}

}  // namespace

void write_report(const RunReport& report, const Composition& composition, const RunOptions& options,
                  const RunFolder& folder) {
  const fs::path scenario = fs::absolute(composition.scenario.file);
  Json json;
  json["status"] = status_name(report.status);
  json["exit_code"] = static_cast<int>(report.exit_code);
  if (!report.message.empty()) json["message"] = report.message;
  json["scenario"] = composition.twin.provenance.scenario_name;
  json["scenario_file"] = fs::proximate(scenario, fs::absolute(folder.path())).generic_string();
  json["scenario_file_absolute"] = scenario.generic_string();
  json["overrides"] = options.overrides;
  json["started"] = report.started;
  json["written"] = utc_text(std::time(nullptr));
  json["resumed"] = report.resumed;
  json["cells"] = composition.twin.grid.cells();
  json["end_seconds"] = to_seconds(composition.schedule.end);
  json["provenance"] = provenance_json(composition.twin.provenance);
  if (report.summary) json["run"] = summary_json(*report.summary);
  if (report.state != nullptr) json["ledger"] = ledger_json(*report.state);
  if (!report.state_checksum.empty()) json["state_sha256"] = report.state_checksum;
  if (!report.outcomes.empty()) json["expectations"] = outcomes_json(report.outcomes);
  write_whole(folder.report(), json.dump(2) + "\n");
}

EarlierRun read_report(const RunFolder& folder) {
  try {
    const Json json = Json::parse(read_whole(folder.report()));
    EarlierRun earlier;
    const fs::path beside = folder.path() / json.at("scenario_file").get<std::string>();
    earlier.scenario =
        fs::exists(beside) ? beside.string() : json.at("scenario_file_absolute").get<std::string>();
    earlier.overrides = json.at("overrides").get<std::vector<std::string>>();
    earlier.started = json.at("started").get<std::string>();
    earlier.resumed = json.at("resumed").get<int>();
    earlier.completed = json.at("status").get<std::string>() == "completed";
    earlier.version = json.at("provenance").at("version").get<std::string>();
    for (const Json& input : json.at("provenance").at("inputs")) {
      earlier.inputs.push_back({input.at("path").get<std::string>(), input.at("sha256").get<std::string>()});
    }
    return earlier;
  } catch (const nlohmann::json::exception& error) {
    throw IoError(fmt::format("'{}' is not a report of dvinis ({}); start the run again with --overwrite",
                              folder.report(), error.what()));
  }
}

}  // namespace dvinis::app
