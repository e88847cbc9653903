#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/base/key_text.hpp"
#include "core/base/quantity.hpp"
#include "core/base/settings.hpp"

namespace dvinis {

namespace {

using Json = nlohmann::ordered_json;

constexpr const char* quantity_pattern = "^[+-]?[0-9.][^,]*$";

Json value_schema(const KeyInfo& key);

Json map_schema(const KeyTable& keys) {
  Json schema = {{"type", "object"}, {"additionalProperties", false}, {"properties", Json::object()}};
  Json required = Json::array();
  for (const KeyInfo& key : keys) {
    schema["properties"][key.name] = value_schema(key);
    if (key.required) required.push_back(key.name);
  }
  if (!required.empty()) schema["required"] = required;
  return schema;
}

Json any_of(std::vector<Json> forms) {
  if (forms.size() == 1) return forms.front();
  return {{"anyOf", forms}};
}

/// What a list's item or an open map's value looks like.
Json element_schema(const KeyTable& keys) {
  std::vector<Json> forms;
  if (const KeyInfo* plain = scalar_form(keys)) forms.push_back(value_schema(*plain));
  if (const KeyTable named = map_form(keys); !named.empty()) forms.push_back(map_schema(named));
  return forms.empty() ? Json(true) : any_of(forms);
}

void add_bounds(Json& schema, const KeyInfo& key) {
  if (key.minimum) schema["minimum"] = *key.minimum;
  if (key.maximum) schema["maximum"] = *key.maximum;
  if (key.above) schema["exclusiveMinimum"] = *key.above;
}

Json scalar_schema(const KeyInfo& key) {
  switch (key.kind) {
    case KeyKind::choice:
      return {{"type", "string"}, {"enum", key.choices}};
    case KeyKind::boolean:
      return {{"type", "boolean"}};
    case KeyKind::integer: {
      Json schema = {{"type", "integer"}};
      add_bounds(schema, key);
      return schema;
    }
    case KeyKind::number: {
      if (key.unit != "1") return {{"type", "string"}, {"pattern", quantity_pattern}};
      Json number = {{"type", "number"}};
      add_bounds(number, key);
      return any_of({number, {{"type", "string"}, {"pattern", "^[+-]?[0-9.].*%$"}}});
    }
    case KeyKind::duration:
      return {{"type", "string"}, {"pattern", quantity_pattern}};
    case KeyKind::time:
      return {{"type", "string"}, {"format", "date-time"}};
    case KeyKind::file:
      return {{"type", "string"}, {"minLength", 1}};
    default:
      return {{"type", {"string", "number", "boolean"}}};  // YAML reads unquoted 5 as a number
  }
}

Json kind_schema(const KeyInfo& key) {
  switch (key.kind) {
    case KeyKind::map:
      return map_schema(key.keys);
    case KeyKind::open_map:
      return {{"type", "object"}, {"additionalProperties", element_schema(key.keys)}};
    case KeyKind::list: {
      const Json array = {{"type", "array"}, {"items", element_schema(key.keys)}};
      if (key.keys.size() != 1 || scalar_form(key.keys) == nullptr) return array;
      return any_of({value_schema(key.keys.front()), array});
    }
    default:
      break;
  }
  if (key.keys.empty()) return scalar_schema(key);
  return any_of({scalar_schema(key), map_schema(key.keys)});
}

Json fallback_value(const KeyInfo& key) {
  const std::string& text = *key.fallback;
  switch (key.kind) {
    case KeyKind::boolean:
      return text == "true";
    case KeyKind::integer:
      return static_cast<std::int64_t>(parse_number(text));
    case KeyKind::number:
      return key.unit == "1" ? Json(parse_quantity(text, "1")) : Json(text);
    case KeyKind::list:
      return fallback_items(text);
    case KeyKind::map:
    case KeyKind::open_map:
      return Json::object();
    default:
      return text;
  }
}

Json value_schema(const KeyInfo& key) {
  Json schema = kind_schema(key);
  std::string about = key.about;
  const bool has_unit = key.kind == KeyKind::number && key.unit != "1";
  if (has_unit) about += fmt::format(" Unit: {} or one that converts to it.", key.unit);
  const std::string allowed = key.choices.empty() ? allowed_text(key) : std::string{};
  if (!allowed.empty()) about += fmt::format(" Allowed: {}.", allowed);
  if (!about.empty()) schema["description"] = about;
  if (key.fallback) schema["default"] = fallback_value(key);
  return schema;
}

}  // namespace

std::string json_schema(const KeyTable& table, const std::string& title) {
  Json schema = {{"$schema", "https://json-schema.org/draft/2020-12/schema"}, {"title", title}};
  schema.update(map_schema(table));
  return schema.dump(2) + "\n";
}

}  // namespace dvinis
