#pragma once
/// Texts that `init` writes.

#include <string>

namespace dvinis::app {

/// JSON Schema of scenarios with every model of the catalogue.
std::string scenario_schema_text();

}  // namespace dvinis::app
