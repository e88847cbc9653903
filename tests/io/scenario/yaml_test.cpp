#include "io/scenario/yaml.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace dvinis {
namespace {

std::string message(const std::string& text, const YamlLimits& limits = {}) {
  try {
    parse_yaml(text, "scenario.yaml", limits);
  } catch (const ScenarioError& error) {
    return error.what();
  }
  return "(none)";
}

TEST(Yaml, every_node_knows_its_path_and_its_place) {
  const Setting root = parse_yaml(
      "models:\n  flood: {courant: 0.4}\nplaces:\n  - id: a\n  - {id: b,\n     x: 1 m}\n", "s.yaml");
  const Setting& courant = root.at("models").at("flood").at("courant");
  EXPECT_EQ(courant.path, "models.flood.courant");
  EXPECT_EQ(courant.scalar, "0.4");
  EXPECT_EQ(courant.place.text(), "s.yaml:2");
  EXPECT_EQ(courant.place.column, 20);
  const Setting& x = root.at("places").items.at(1).at("x");
  EXPECT_EQ(x.path, "places[1].x");
  EXPECT_EQ(x.place.line, 6);
  EXPECT_EQ(x.place.column, 9);
}

TEST(Yaml, scalars_keep_the_words_that_were_written) {
  const Setting root = parse_yaml(
      "a: 08\nb: yes\nc: 2007-06-08T04:00:00Z\nd: \"x # y\"\ne: 'it''s'\nf: |\n  two\n  lines\ng: 1e5 # "
      "why\nh: \"~\"\n",
      "s.yaml");
  EXPECT_EQ(root.at("a").scalar, "08");
  EXPECT_EQ(root.at("b").scalar, "yes");
  EXPECT_EQ(root.at("c").scalar, "2007-06-08T04:00:00Z");
  EXPECT_EQ(root.at("d").scalar, "x # y");
  EXPECT_EQ(root.at("e").scalar, "it's");
  EXPECT_EQ(root.at("f").scalar, "two\nlines\n");
  EXPECT_EQ(root.at("g").scalar, "1e5");
  EXPECT_EQ(root.at("h").scalar, "~");
}

TEST(Yaml, nothing_is_an_empty_scalar_and_an_empty_text_an_empty_map) {
  const Setting root = parse_yaml("a:\nb: ~\nc: null\n", "s.yaml");
  for (const char* key : {"a", "b", "c"})
    EXPECT_TRUE(root.at(key).is_scalar() && root.at(key).scalar.empty()) << key;
  for (const char* text : {"", "\n\n", "# only a comment\n", "\xef\xbb\xbf"}) {
    const Setting empty = parse_yaml(text, "s.yaml");
    EXPECT_TRUE(empty.is_map() && empty.members.empty());
    EXPECT_EQ(empty.place.text(), "s.yaml:1");
  }
}

TEST(Yaml, windows_line_ends_and_byte_order_marks_do_no_harm) {
  const Setting root = parse_yaml(
      "\xef\xbb\xbf"
      "a: 1\r\nb: {c: 2}\r\n",
      "s.yaml");
  EXPECT_EQ(root.at("a").scalar, "1");
  EXPECT_EQ(root.at("b").at("c").scalar, "2");
  EXPECT_EQ(root.at("b").place.line, 2);
}

TEST(Yaml, aliases_are_copies_with_paths_of_their_own) {
  const Setting root = parse_yaml("a: &edge {kind: free}\nb: [*edge, *edge]\n", "s.yaml");
  EXPECT_EQ(root.at("b").items.at(1).at("kind").path, "b[1].kind");
  EXPECT_EQ(root.at("b").items.at(1).at("kind").place.line, 1) << "where it was written";
}

TEST(Yaml, duplicate_keys_are_refused) {
  EXPECT_EQ(message("a: 1\nb:\n  c: 1\n  d: 2\n  c: 3\n"),
            "scenario.yaml:5:3: duplicate key 'c', first written in line 3; remove one of them");
  EXPECT_EQ(message("{a: 1, a: 2}"),
            "scenario.yaml:1:8: duplicate key 'a', first written in line 1; remove one of them");
  EXPECT_NE(message("\"a\": 1\na: 2\n"), "(none)");
}

TEST(Yaml, odd_keys_tags_and_merges_are_refused) {
  EXPECT_EQ(message("? [a]\n: 1\n"),
            "scenario.yaml:1:3: a key must be a word or a quoted text, not a list or a map; is a bracket "
            "left open?");
  EXPECT_EQ(message("a: {b: 1, : 2}"), "scenario.yaml:1:11: a key is empty");
  EXPECT_EQ(message(std::string(101, 'k') + ": 1"), "scenario.yaml:1:1: a key has at most 100 characters");
  EXPECT_EQ(message("\"a\\nb\": 1"), "scenario.yaml:1:1: a key must stand on one line, without tabs");
  EXPECT_EQ(message("a: &a {b: 1}\nc: {<<: *a}\n"),
            "scenario.yaml:2:5: merge keys (<<) are not understood; write the keys out");
  EXPECT_EQ(message("a: !!str 5\n"),
            "scenario.yaml:1:4: the tag 'tag:yaml.org,2002:str' is not understood; remove it");
  EXPECT_EQ(message("a: !x {}\n"), "scenario.yaml:1:4: the tag '!x' is not understood; remove it");
}

TEST(Yaml, the_billion_laughs_end_early) {
  std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
  for (int n = 1; n < 10; ++n) {
    const std::string below = "*a" + std::to_string(n - 1);
    text += "a" + std::to_string(n) + ": &a" + std::to_string(n) + " [" + below;
    for (int k = 1; k < 9; ++k) text += ", " + below;
    text += "]\n";
  }
  EXPECT_EQ(message(text),
            "scenario.yaml:5:5: the text holds more than 100000 values, aliases counted in full");
}

TEST(Yaml, aliases_cannot_go_in_circles_or_nowhere) {
  EXPECT_EQ(message("a: &a [1, *a]\n"),
            "scenario.yaml:1:11: the alias refers to the node that it is part of");
  EXPECT_EQ(message("a: *nope\n"),
            "scenario.yaml:1:4: cannot be read as YAML: the referenced anchor is not defined; quote a text "
            "that starts "
            "with *");
}

TEST(Yaml, depth_and_size_are_limited) {
  EXPECT_EQ(message(std::string(40, '[') + std::string(40, ']')),
            "scenario.yaml:1:32: lists and maps are nested deeper than 32");
  EXPECT_NE(message(std::string(200000, '[')), "(none)");
  EXPECT_NE(message(std::string(100000, '{')), "(none)");
  EXPECT_EQ(message("a: [[1]]", {.depth = 3}), "scenario.yaml:1:5: lists and maps are nested deeper than 3");
  EXPECT_EQ(message("a: &a [[1]]\nb: [*a]", {.depth = 4}),
            "scenario.yaml:2:5: lists and maps are nested deeper than 4");
  EXPECT_EQ(message("a: 12345", {.bytes = 5}), "scenario.yaml: the text has 8 bytes; at most 5 are read");
}

TEST(Yaml, complaints_of_the_parser_carry_place_and_advice) {
  EXPECT_EQ(message("about: Rain: heavy\n"),
            "scenario.yaml:1:12: cannot be read as YAML: illegal map value; check the indentation (blanks, "
            "no tabs) and "
            "quote a text that holds ': '");
  EXPECT_EQ(
      message("a: [1, 2\nb: 3\n"),
      "scenario.yaml:2:2: cannot be read as YAML: end of sequence flow not found; a bracket is left open");
  EXPECT_EQ(
      message("a: 1\n}\n"),
      "scenario.yaml:2:1: cannot be read as YAML: illegal flow end; a bracket is closed that was not opened");
  EXPECT_EQ(
      message("a: @b\n"),
      "scenario.yaml:1:4: cannot be read as YAML: unknown token; quote a text that starts with @, % or `");
}

TEST(Yaml, an_open_quote_at_the_end_is_refused) {
  // yaml-cpp alone accepts the first two
  for (const char* text : {"a: 'x\nb: 1\n", "a: \"x\n\n", "a: \"x"}) {
    EXPECT_NE(message(text).find("illegal EOF in scalar; a quote is left open"), std::string::npos) << text;
  }
}

TEST(Yaml, several_documents_are_refused) {
  const std::string sentence =
      "text stands behind the end of the document; check the indentation and the brackets above, and keep "
      "one document";
  EXPECT_EQ(message("a: 1\n---\nb: 2\n"), "scenario.yaml:2:1: " + sentence);
  EXPECT_EQ(message("- a\nb: c\n"), "scenario.yaml:2:1: " + sentence);
}

TEST(Yaml, bytes_that_are_no_text_are_refused) {
  EXPECT_EQ(message("a: 1\nb: \xe4\n"),
            "scenario.yaml:2: the line is not UTF-8 text; save the file as UTF-8");
  EXPECT_EQ(message(std::string("a: 1\n\0b: 2\n", 11)),
            "scenario.yaml:2: the line holds control characters; remove them");
  EXPECT_EQ(message("a: \"\\0\"\n"),
            "scenario.yaml:1:4: the value holds control characters; only line breaks and tabs are allowed");
}

TEST(Yaml, files_are_read_whole_or_refused) {
  const std::filesystem::path folder = testing::TempDir();
  const std::filesystem::path path = folder / "dvinis-yaml-test.yaml";
  std::ofstream(path) << "a: 1\n";
  EXPECT_EQ(read_text_file(path.string()), "a: 1\n");
  const auto failure = [](const std::string& file, const YamlLimits& limits) {
    try {
      read_text_file(file, limits);
    } catch (const ScenarioError& error) {
      return std::string(error.what());
    }
    return std::string("(none)");
  };
  EXPECT_EQ(failure(path.string(), {.bytes = 4}), path.string() + ": the file is larger than 4 bytes");
  EXPECT_EQ(read_text_file(path.string(), {.bytes = 5}), "a: 1\n");
  EXPECT_EQ(failure(folder.string(), {}), folder.string() + ": is not a file");
  EXPECT_EQ(failure("nowhere.yaml", {}), "nowhere.yaml: there is no such file");
  std::ofstream(path, std::ios::trunc).flush();
  EXPECT_EQ(read_text_file(path.string()), "");
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace dvinis
