#include <fmt/format.h>

#include "io/scenario/keys.hpp"
#include "models/catalogue.hpp"
#include "scenarios/app/options.hpp"
#include "scenarios/app/templates.hpp"

namespace dvinis::app {

std::string scenario_schema_text() { return json_schema(scenario_keys(catalogue()), "dvinis scenario"); }

int schema_command() {
  fmt::print("{}\n", scenario_schema_text());
  return static_cast<int>(ExitCode::ok);
}

int reference_command() {
  fmt::print("{}\n", reference_page(scenario_keys(catalogue()), "Keys of a scenario"));
  return static_cast<int>(ExitCode::ok);
}

}  // namespace dvinis::app
