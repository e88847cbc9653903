#pragma once
/// YAML text to the raw tree of settings: every node knows its path and where it was written.
///
/// A scenario is data from strangers: size, depth and the number of nodes after aliases are limited,
/// duplicate keys (which yaml-cpp would pass in silence), tags, merge keys, several documents and control
/// characters are refused.

#include <cstddef>
#include <string>
#include <string_view>

#include "core/base/settings.hpp"

namespace dvinis {

struct YamlLimits {
  std::size_t bytes = std::size_t{1} << 20;
  std::size_t nodes = 100'000;  ///< aliases counted in full
  int depth = 32;
};

/// Raw tree of a YAML text; `file` names it in messages and places. An empty text is an empty map.
/// @throws ScenarioError "file:line:column: <sentence>".
Setting parse_yaml(std::string_view text, const std::string& file, const YamlLimits& limits = {});

/// The bytes of a text file. @throws ScenarioError if it is missing, a folder or larger than the limit.
std::string read_text_file(const std::string& path, const YamlLimits& limits = {});

/// Writes the dotted path into every node of a tree: "places[2].x".
void write_paths(Setting& setting, const std::string& path);

}  // namespace dvinis
