#include <fmt/format.h>
#include <fmt/ranges.h>

#include "core/base/key_text.hpp"
#include "core/base/settings.hpp"

namespace dvinis {

namespace {

/// `text` inside a cell of a Markdown table.
std::string cell(const std::string& text) {
  std::string safe;
  for (const char c : text) {
    if (c == '|') safe += '\\';
    safe += c == '\n' ? ' ' : c;
  }
  return safe;
}

bool is_section(const KeyInfo& key) { return !key.keys.empty(); }

std::string kind_cell(const KeyInfo& key) {
  std::string text;
  switch (key.kind) {
    case KeyKind::text:
      text = "text";
      break;
    case KeyKind::choice:
      text = "word";
      break;
    case KeyKind::boolean:
      text = "true or false";
      break;
    case KeyKind::integer:
      text = "whole number";
      break;
    case KeyKind::number:
      text = key.unit == "1" ? "number" : fmt::format("quantity in {}", key.unit);
      break;
    case KeyKind::duration:
      text = "duration";
      break;
    case KeyKind::time:
      text = "instant with zone";
      break;
    case KeyKind::file:
      text = "file";
      break;
    case KeyKind::map:
      return "section";
    case KeyKind::open_map:
      return "named entries";
    case KeyKind::list: {
      const KeyInfo* plain = scalar_form(key.keys);
      return plain == nullptr ? "list of sections" : fmt::format("list ({})", kind_cell(*plain));
    }
  }
  return is_section(key) ? text + ", or section" : text;
}

std::string row(const KeyInfo& key) {
  const std::string name = key.name.empty() ? "*(value itself)*" : fmt::format("`{}`", key.name);
  const std::string fallback = key.required   ? "required"
                               : key.fallback ? fmt::format("`{}`", *key.fallback)
                                              : "–";
  const std::string allowed = allowed_text(key);
  return fmt::format("| {} | {} | {} | {} | {} |\n", name, cell(kind_cell(key)), cell(fallback),
                     allowed.empty() ? "–" : cell(allowed), cell(key.about));
}

void section(std::string& page, const KeyTable& keys, const std::string& path, const std::string& heading,
             const std::string& about) {
  page += fmt::format("\n## {}\n\n", heading);
  if (!about.empty()) page += about + "\n\n";
  page += "| key | kind | default | allowed | meaning |\n| --- | --- | --- | --- | --- |\n";
  for (const KeyInfo& key : keys) page += row(key);
  for (const KeyInfo& key : keys) {
    const bool only_scalars = key.keys.size() == 1 && scalar_form(key.keys) != nullptr;
    if (!is_section(key) || only_scalars) continue;
    std::string inner = path.empty() || key.name.empty() ? path + key.name : path + "." + key.name;
    if (key.kind == KeyKind::list) inner += "[]";
    if (key.kind == KeyKind::open_map) inner += ".<name>";
    section(page, key.keys, inner, "`" + inner + "`", key.about);
  }
}

}  // namespace

std::string reference_page(const KeyTable& table, const std::string& title) {
  std::string page = fmt::format("# {}\n", title);
  section(page, table, "", "Top level", "");
  return page;
}

}  // namespace dvinis
