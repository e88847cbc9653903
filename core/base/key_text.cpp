#include "core/base/key_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>

namespace dvinis {

namespace {

std::string bound_text(double bound, const std::string& unit) {
  return unit == "1" ? fmt::format("{}", bound) : fmt::format("{} {}", bound, unit);
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
  const std::string unit = key.kind == KeyKind::duration ? "s" : key.unit;
  if (key.minimum && key.maximum) {
    return fmt::format("{} to {}", bound_text(*key.minimum, unit), bound_text(*key.maximum, unit));
  }
  if (key.minimum) return fmt::format("at least {}", bound_text(*key.minimum, unit));
  if (key.maximum) return fmt::format("at most {}", bound_text(*key.maximum, unit));
  return {};
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
