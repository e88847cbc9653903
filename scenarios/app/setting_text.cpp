#include "scenarios/app/setting_text.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace dvinis::app {

namespace {

/// Whether YAML reads the text back as the same scalar without quotes.
bool is_plain(const std::string& text) {
  const auto is_word = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
  if (text.empty() || !(is_word(text.front()) || text.front() == '/')) return false;
  if (text.back() == ' ' || text.back() == ':') return false;
  if (text.find(": ") != std::string::npos || text.find(" #") != std::string::npos) return false;
  return std::all_of(text.begin(), text.end(), [&](char c) {
    return is_word(c) || std::string(" ./:+-^()=*<>@%").find(c) != std::string::npos;
  });
}

std::string scalar_text(const std::string& text) {
  return is_plain(text) ? text : nlohmann::json(text).dump();
}

void append(std::string& out, const Setting& setting, int indent);

void append_value(std::string& out, const Setting& value, int indent) {
  if (value.is_scalar()) {
    out += " " + scalar_text(value.scalar) + "\n";
  } else if (value.is_list() && value.items.empty()) {
    out += " []\n";
  } else if (value.is_map() && value.members.empty()) {
    out += " {}\n";
  } else {
    out += "\n";
    append(out, value, indent);
  }
}

void append(std::string& out, const Setting& setting, int indent) {
  const std::string margin(static_cast<std::size_t>(indent), ' ');
  for (const auto& [key, value] : setting.members) {
    out += margin + scalar_text(key) + ":";
    append_value(out, value, indent + 2);
  }
  for (const Setting& item : setting.items) {
    out += margin + "-";
    append_value(out, item, indent + 2);
  }
}

}  // namespace

std::string yaml_text(const Setting& settings) {
  std::string out;
  append(out, settings, 0);
  return out;
}

}  // namespace dvinis::app
