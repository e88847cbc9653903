#include "io/scenario/override.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string_view>
#include <utility>
#include <vector>

#include "io/scenario/yaml.hpp"

namespace dvinis {

namespace {

constexpr std::size_t most_steps = 24;

/// One step of a path: a key of a map, or an item of a list where `key` is empty.
struct Step {
  std::string key;
  std::size_t item = 0;
};

[[noreturn]] void refuse(const std::string& assignment, const std::string& sentence) {
  throw UsageError(fmt::format("--set {}: {}", assignment.substr(0, 120), sentence));
}

/// Takes "[12]" off the front of `text`.
Step take_item(std::string_view& text, const std::string& assignment) {
  Step step;
  const std::size_t end = text.find(']');
  if (end == std::string_view::npos) refuse(assignment, "a '[' is not closed");
  const std::string_view digits = text.substr(1, end - 1);
  const auto [stop, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), step.item);
  if (digits.empty() || failure != std::errc{} || stop != digits.data() + digits.size()) {
    refuse(assignment, fmt::format("'{}' is not the number of an item; the first is 0", std::string(digits)));
  }
  text.remove_prefix(end + 1);
  return step;
}

std::vector<Step> steps_of(std::string_view path, const std::string& assignment) {
  std::vector<Step> steps;
  while (true) {
    const std::size_t end = std::min(path.find_first_of(".["), path.size());
    if (end == 0) refuse(assignment, "a key is empty; write --set models.flood.courant=0.4");
    steps.push_back({std::string(path.substr(0, end)), 0});
    path.remove_prefix(end);
    while (!path.empty() && path.front() == '[') steps.push_back(take_item(path, assignment));
    if (steps.size() > most_steps)
      refuse(assignment, fmt::format("the key has more than {} parts", most_steps));
    if (path.empty()) return steps;
    if (path.front() != '.') refuse(assignment, "after ']' comes '.' or '='");
    path.remove_prefix(1);
  }
}

/// The node that a step leads to; an absent member of a map is made.
Setting& descend(Setting& node, const Step& step, const std::string& assignment) {
  const std::string where = node.path.empty() ? "the scenario" : fmt::format("'{}'", node.path);
  if (step.key.empty()) {
    if (!node.is_list()) refuse(assignment, fmt::format("{} is not a list", where));
    if (step.item < node.items.size()) return node.items[step.item];
    refuse(assignment, fmt::format("{} has {} items, counted from 0", where, node.items.size()));
  }
  if (node.is_scalar() && node.scalar.empty()) node.kind = Setting::Kind::map;
  if (!node.is_map()) {
    refuse(assignment,
           fmt::format("{} is {}, it has no key '{}'", where,
                       node.is_list() ? "a list" : fmt::format("the value '{}'", node.scalar), step.key));
  }
  for (auto& [name, member] : node.members) {
    if (name == step.key) return member;
  }
  Setting made;
  made.place = {command_line_place, 0, 0};
  made.path = node.path.empty() ? step.key : fmt::format("{}.{}", node.path, step.key);
  return node.members.emplace_back(step.key, std::move(made)).second;
}

/// A value given on the command line has no line of its own.
void write_place(Setting& setting) {
  setting.place = {command_line_place, 0, 0};
  for (auto& [name, member] : setting.members) write_place(member);
  for (Setting& item : setting.items) write_place(item);
}

Setting value_of(const std::string& text, const std::string& assignment) {
  try {
    Setting value = parse_yaml(text, "value");
    if (value.is_map() && value.members.empty() && text.find('{') == std::string::npos) {
      refuse(assignment, "the value is empty; write --set key=value");
    }
    return value;
  } catch (const ScenarioError& error) {
    refuse(assignment, error.what());
  }
}

}  // namespace

void apply_override(Setting& root, const std::string& assignment) {
  const std::size_t equals = assignment.find('=');
  if (equals == std::string::npos)
    refuse(assignment, "there is no '='; write --set models.flood.courant=0.4");
  Setting* node = &root;
  for (const Step& step : steps_of(std::string_view(assignment).substr(0, equals), assignment)) {
    node = &descend(*node, step, assignment);
  }
  const std::string path = node->path;
  *node = value_of(assignment.substr(equals + 1), assignment);
  write_place(*node);
  write_paths(*node, path);
}

}  // namespace dvinis
