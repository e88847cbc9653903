#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "core/base/settings.hpp"

namespace dvinis {
namespace {

KeyTable table() {
  return {
      {.name = "name", .kind = KeyKind::text, .about = "Short name.", .required = true},
      {.name = "courant",
       .kind = KeyKind::number,
       .about = "Courant number.",
       .minimum = 0.0,
       .maximum = 1.0,
       .fallback = "0.45"},
      {.name = "rain",
       .kind = KeyKind::number,
       .about = "Rain.",
       .unit = "m s-1",
       .minimum = 0.0,
       .keys = {{.name = "series"}}},
      {.name = "edge",
       .kind = KeyKind::choice,
       .about = "Edge | kind.",
       .fallback = "wall",
       .choices = {"wall", "free"}},
      {.name = "fields", .kind = KeyKind::list, .about = "Fields.", .fallback = "[depth]", .keys = {{}}},
      {.name = "sources",
       .kind = KeyKind::list,
       .about = "Sources.",
       .keys =
           {{.name = "radius", .kind = KeyKind::number, .about = "Radius.", .unit = "m", .required = true}}},
      {.name = "layers",
       .kind = KeyKind::open_map,
       .about = "Layers.",
       .keys = {{.kind = KeyKind::file}, {.name = "raster", .kind = KeyKind::file}}},
      {.name = "flag", .kind = KeyKind::boolean, .fallback = "true"},
      {.name = "count", .kind = KeyKind::integer, .minimum = 1.0, .fallback = "3"},
      {.name = "start", .kind = KeyKind::time},
      {.name = "every", .kind = KeyKind::duration, .fallback = "1 min"},
      {.name = "tiles",
       .kind = KeyKind::map,
       .fallback = "{}",
       .keys = {{.name = "width", .kind = KeyKind::integer}}},
  };
}

TEST(JsonSchema, says_what_validation_says) {
  const nlohmann::json schema = nlohmann::json::parse(json_schema(table(), "dvinis scenario"));
  EXPECT_EQ(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
  EXPECT_EQ(schema["title"], "dvinis scenario");
  EXPECT_EQ(schema["additionalProperties"], false);
  EXPECT_EQ(schema["required"], nlohmann::json({"name"}));
  const nlohmann::json& keys = schema["properties"];
  EXPECT_EQ(keys.size(), table().size());
  EXPECT_EQ(keys["courant"]["anyOf"][0]["maximum"], 1.0);
  EXPECT_EQ(keys["courant"]["default"], 0.45);
  EXPECT_EQ(keys["courant"]["description"], "Courant number. Allowed: 0 to 1.");
  EXPECT_EQ(keys["rain"]["anyOf"][0]["type"], "string");
  EXPECT_EQ(keys["rain"]["anyOf"][1]["properties"].size(), 1u);
  EXPECT_EQ(keys["rain"]["description"],
            "Rain. Unit: m s-1 or one that converts to it. Allowed: at least 0 m s-1.");
  EXPECT_EQ(keys["edge"]["enum"], nlohmann::json({"wall", "free"}));
  EXPECT_EQ(keys["fields"]["anyOf"][1]["type"], "array");
  EXPECT_EQ(keys["fields"]["default"], nlohmann::json({"depth"}));
  EXPECT_EQ(keys["sources"]["items"]["required"], nlohmann::json({"radius"}));
  EXPECT_EQ(keys["layers"]["additionalProperties"]["anyOf"].size(), 2u);
  EXPECT_EQ(keys["flag"]["default"], true);
  EXPECT_EQ(keys["count"]["default"], 3);
  EXPECT_EQ(keys["count"]["minimum"], 1.0);
  EXPECT_EQ(keys["start"]["format"], "date-time");
  EXPECT_EQ(keys["every"]["default"], "1 min");
  EXPECT_EQ(keys["tiles"]["default"], nlohmann::json::object());
}

TEST(ReferencePage, has_a_heading_per_section_and_a_row_per_key) {
  const std::string page = reference_page(table(), "Scenario keys");
  EXPECT_EQ(page.substr(0, 16), "# Scenario keys\n");
  for (const char* row : {
           "| `name` | text | required | – | Short name. |\n",
           "| `courant` | number | `0.45` | 0 to 1 | Courant number. |\n",
           "| `rain` | quantity in m s-1, or section | – | at least 0 m s-1 | Rain. |\n",
           "| `edge` | word | `wall` | wall, free | Edge \\| kind. |\n",
           "| `fields` | list (text) | `[depth]` | – | Fields. |\n",
           "| `sources` | list of sections | – | – | Sources. |\n",
           "| `radius` | quantity in m | required | – | Radius. |\n",
           "\n## `sources[]`\n",
           "\n## `layers.<name>`\n",
           "| *(value itself)* | file | – | – |  |\n",
           "\n## `tiles`\n",
       }) {
    EXPECT_NE(page.find(row), std::string::npos) << row << page;
  }
  EXPECT_EQ(page.find("## `fields"), std::string::npos);
}

}  // namespace
}  // namespace dvinis
