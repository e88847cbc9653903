#include "core/base/key_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <iterator>

namespace dvinis {

namespace {

std::string bound_text(double bound, const KeyInfo& key) {
  if (key.kind != KeyKind::duration) {
    return key.unit == "1" ? fmt::format("{}", bound) : fmt::format("{} {}", bound, key.unit);
  }
  const bool whole_hours = bound != 0.0 && std::fmod(bound, 3600.0) == 0.0;
  return whole_hours ? fmt::format("{} h", bound / 3600.0) : fmt::format("{} s", bound);
}

}  // namespace

std::string expected_text(const KeyInfo& key) {
  switch (key.kind) {
    case KeyKind::text:
      return "text";
    case KeyKind::choice:
      return fmt::format("one of {}", fmt::join(key.choices, ", "));
    case KeyKind::boolean:
      return "true or false";
    case KeyKind::integer:
      return "a whole number";
    case KeyKind::number:
      return key.unit == "1" ? "a number" : fmt::format("a number with a unit that converts to {}", key.unit);
    case KeyKind::duration:
      return "a duration such as '2 h'";
    case KeyKind::time:
      return "an instant such as 2007-06-08T04:00:00Z";
    case KeyKind::file:
      return "a file of the scenario's folder";
    case KeyKind::list:
      return "a list";
    case KeyKind::map:
      return "a map of keys";
    case KeyKind::open_map:
      return "a map of names that you choose";
  }
  return "text";
}

std::string allowed_text(const KeyInfo& key) {
  if (!key.choices.empty()) return fmt::format("{}", fmt::join(key.choices, ", "));
  std::string lower;
  if (key.minimum) lower = bound_text(*key.minimum, key);
  if (key.above) lower = "above " + bound_text(*key.above, key);
  if (!key.maximum) return key.minimum && !key.above ? "at least " + lower : lower;
  const std::string upper = bound_text(*key.maximum, key);
  if (lower.empty()) return "at most " + upper;
  return fmt::format("{} to {}", lower, upper);
}

std::string quoted(const std::string& text) {
  constexpr std::size_t longest = 60;
  std::size_t length = std::min(text.size(), longest);
  while (length > 0 && length < text.size() && (static_cast<unsigned char>(text[length]) & 0xc0) == 0x80)
    --length;
  std::string line = text.substr(0, length);
  std::replace_if(
      line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
  return fmt::format("'{}{}'", line, length < text.size() ? "..." : "");
}

std::vector<std::string> fallback_items(const std::string& fallback) {
  expects(fallback.size() >= 2 && fallback.front() == '[' && fallback.back() == ']',
          "a list fallback like [a, b]");
  std::vector<std::string> items;
  std::string item;
  for (std::size_t n = 1; n + 1 < fallback.size(); ++n) {
    if (fallback[n] == ',') {
      items.push_back(item);
      item.clear();
    } else if (fallback[n] != ' ' || !item.empty()) {
      item += fallback[n];
    }
  }
  if (!item.empty()) items.push_back(item);
  return items;
}

const KeyInfo* scalar_form(const KeyTable& keys) {
  return !keys.empty() && keys.front().name.empty() ? &keys.front() : nullptr;
}

KeyTable map_form(const KeyTable& keys) {
  KeyTable named;
  std::copy_if(keys.begin(), keys.end(), std::back_inserter(named),
               [](const KeyInfo& key) { return !key.name.empty(); });
  return named;
}

}  // namespace dvinis
