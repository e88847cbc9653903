#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/base/settings.hpp"

namespace dvinis {

namespace {

constexpr std::size_t longest_compared_word = 64;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// Edits (insert, delete, change, swap neighbours) that turn `a` into `b`, letter case aside.
std::size_t edit_distance(const std::string& a, const std::string& b) {
  std::vector<std::vector<std::size_t>> cost(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        cost[i][j] = i + j;
        continue;
      }
      const bool same = lower(a[i - 1]) == lower(b[j - 1]);
      cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, cost[i - 1][j - 1] + (same ? 0 : 1)});
      const bool swapped =
          i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]);
      if (swapped) cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
    }
  }
  return cost[a.size()][b.size()];
}

}  // namespace

Setting::Setting() = default;
Setting::Setting(const Setting&) = default;
Setting::Setting(Setting&&) noexcept = default;
Setting& Setting::operator=(const Setting&) = default;
Setting& Setting::operator=(Setting&&) noexcept = default;
Setting::~Setting() = default;

const Setting* Setting::find(const std::string& key) const {
  for (const auto& [name, member] : members) {
    if (name == key) return &member;
  }
  return nullptr;
}

const Setting& Setting::at(const std::string& key) const {
  if (const Setting* member = find(key)) return *member;
  throw error(fmt::format("key '{}' is missing", key));
}

double Setting::number() const {
  expects(si.has_value(), fmt::format("'{}' validated as a number", path).c_str());
  return *si;
}

std::int64_t Setting::integer() const {
  const double value = number();
  expects(value == std::floor(value), fmt::format("'{}' validated as a whole number", path).c_str());
  return static_cast<std::int64_t>(value);
}

bool Setting::boolean() const {
  expects(is_scalar() && (scalar == "true" || scalar == "false"),
          fmt::format("'{}' validated as true or false", path).c_str());
  return scalar == "true";
}

Microseconds Setting::duration() const { return from_seconds(number()); }

const std::string& Setting::text() const {
  expects(is_scalar(), fmt::format("'{}' validated as a scalar", path).c_str());
  return scalar;
}

ScenarioError Setting::error(const std::string& sentence) const {
  const std::string where = place.text();
  std::string start = where.empty() ? std::string{} : where + ": ";
  if (!path.empty()) start += path + ": ";
  return ScenarioError(start + sentence);
}

std::string did_you_mean(const std::string& word, const std::vector<std::string>& candidates) {
  if (word.size() > longest_compared_word) return {};
  std::string nearest;
  std::size_t fewest = word.size() / 3 + 1;
  for (const std::string& candidate : candidates) {
    if (candidate.empty() || candidate.size() > longest_compared_word) continue;
    const std::size_t distance = edit_distance(word, candidate);
    if (distance < fewest) {
      fewest = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

}  // namespace dvinis
