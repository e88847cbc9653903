#pragma once
/// A typed scenario back to YAML: what was used, defaults and overrides included.

#include <string>

#include "core/base/settings.hpp"

namespace dvinis::app {

/// YAML text of a tree of settings, scalars as written; reading it back gives the same tree.
std::string yaml_text(const Setting& settings);

}  // namespace dvinis::app
