#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "models/catalogue.hpp"
#include "scenarios/app/machine.hpp"
#include "scenarios/app/options.hpp"

namespace dvinis::app {

namespace {

const char* role_name(Role role) {
  switch (role) {
    case Role::prognostic:
      return "prognostic";
    case Role::parameter:
      return "parameter";
    case Role::diagnostic:
      return "diagnostic";
    case Role::running:
      return "running";
  }
  return "";
}

const char* kind_name(KeyKind kind) {
  switch (kind) {
    case KeyKind::text:
      return "text";
    case KeyKind::choice:
      return "choice";
    case KeyKind::boolean:
      return "yes or no";
    case KeyKind::integer:
      return "whole number";
    case KeyKind::number:
      return "number";
    case KeyKind::duration:
      return "duration";
    case KeyKind::time:
      return "time";
    case KeyKind::file:
      return "file";
    case KeyKind::list:
      return "list";
    case KeyKind::map:
    case KeyKind::open_map:
      return "section";
  }
  return "";
}

std::string range_text(double low, double high) {
  if (std::isinf(low) && std::isinf(high)) return "";
  if (std::isinf(high)) return fmt::format("from {:g}", low);
  if (std::isinf(low)) return fmt::format("up to {:g}", high);
  return fmt::format("{:g} to {:g}", low, high);
}

void print_keys(const KeyTable& keys, int indent) {
  for (const KeyInfo& key : keys) {
    std::vector<std::string> facts = {kind_name(key.kind)};
    if (key.kind == KeyKind::number && key.unit != "1") facts.push_back(key.unit);
    const double infinite = std::numeric_limits<double>::infinity();
    const std::string range = range_text(key.minimum.value_or(-infinite), key.maximum.value_or(infinite));
    if (!range.empty()) facts.push_back(range);
    if (!key.choices.empty()) facts.push_back(fmt::format("{}", fmt::join(key.choices, " | ")));
    if (key.required) facts.emplace_back("required");
    if (key.fallback) facts.push_back("default " + *key.fallback);
    const std::string name = key.name.empty() ? "(value)" : key.name;
    fmt::print("{:{}}{:<{}} {}\n", "", indent, name, std::max(1, 26 - indent), key.about);
    fmt::print("{:{}}({})\n", "", 27, fmt::join(facts, ", "));
    print_keys(key.keys, indent + 2);
  }
}

void print_info(const ModelInfo& info) {
  fmt::print("\nFIELDS\n");
  for (const FieldInfo& field : info.provides) {
    fmt::print(
        "  {:26} {:10} {:10} {}{}{}\n", field.name, field.unit, role_name(field.role), field.long_name,
        field.optional ? " (kept if an output asks for it)" : "", field.minimum == field.maximum ? "" : [&] {
          const std::string range = range_text(field.minimum, field.maximum);
          return range.empty() ? range : "; " + range;
        }());
    for (std::size_t k = 0; k < field.classes.size(); ++k)
      fmt::print("{:29}{}: {}\n", "", k + 1, field.classes[k]);
  }
  if (!info.needs.empty()) fmt::print("\nNEEDS the fields {}\n", fmt::join(info.needs, ", "));
  if (!info.needs_layers.empty()) fmt::print("\nNEEDS the layers {}\n", fmt::join(info.needs_layers, ", "));
  fmt::print("\nTABLES\n");
  for (const TableInfo& table : info.tables) {
    fmt::print(
        "  {}: {}{}\n", table.name, table.long_name,
        table.place_kind.empty() ? "" : fmt::format(" (a row per place of kind '{}')", table.place_kind));
    for (const ColumnInfo& column : table.columns) {
      fmt::print("    {:24} {:10} {}{}\n", column.name, column.unit, column.long_name,
                 column.series ? ", over time" : "");
    }
  }
}

/// The model with nothing but defaults; null if some key has none.
std::unique_ptr<Model> default_model(const CatalogueEntry& entry) {
  Setting empty;
  empty.path = "models." + entry.name;
  try {
    return entry.make(validated(empty, entry.keys()));
  } catch (const ScenarioError&) {
    return nullptr;
  }
}

}  // namespace

int describe_command(const std::string& model) {
  std::vector<std::string> names;
  for (const CatalogueEntry& entry : catalogue()) {
    names.push_back(entry.name);
    if (entry.name != model) continue;
    fmt::print("{}: {}\n", entry.name, entry.about);
    if (const auto made = default_model(entry)) print_info(made->info());
    fmt::print("\nPARAMETERS (scenario section models.{})\n", entry.name);
    print_keys(entry.keys(), 2);
    return static_cast<int>(ExitCode::ok);
  }
  const std::string near = did_you_mean(model, names);
  throw UsageError(fmt::format("describe: there is no model '{}'{}; there are: {}", model,
                               near.empty() ? "" : fmt::format(" (did you mean '{}'?)", near),
                               fmt::join(names, ", ")));
}

int version_command(bool json) {
  if (!json) {
    fmt::print("dvinis {} ({}, {})\n", program_version(), compiler_text(), choose_instruction_set("auto"));
    return static_cast<int>(ExitCode::ok);
  }
  nlohmann::ordered_json version;
  version["name"] = "dvinis";
  version["version"] = program_version();
  version["compiler"] = compiler_text();
  version["instruction_set"] = choose_instruction_set("auto");
  version["processors"] = usable_processors();
  for (const CatalogueEntry& entry : catalogue()) version["models"].push_back(entry.name);
  fmt::print("{}\n", version.dump());
  return static_cast<int>(ExitCode::ok);
}

}  // namespace dvinis::app
