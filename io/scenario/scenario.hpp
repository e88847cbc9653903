#pragma once
/// A scenario from its file: read, overridden, validated.

#include <string>
#include <vector>

#include "core/base/settings.hpp"
#include "core/model/model.hpp"

namespace dvinis {

struct Scenario {
  Setting settings;                    ///< typed tree, see `scenario_keys`
  std::string text;                    ///< the file as it was read
  std::string folder;                  ///< where its relative paths start
  std::string file;                    ///< path of the file
  std::vector<std::string> overrides;  ///< "key=value" of the command line, in order
};

/// Reads `path`, applies the overrides and checks everything that needs no other file.
/// @throws ScenarioError with a line per problem; UsageError for an override that cannot be read.
Scenario read_scenario(const std::string& path, const std::vector<std::string>& overrides,
                       const std::vector<CatalogueEntry>& models);

/// The same from a text; `file` names it in messages, `folder` is left empty.
Scenario parse_scenario(const std::string& text, const std::string& file,
                        const std::vector<std::string>& overrides, const std::vector<CatalogueEntry>& models);

}  // namespace dvinis
