#pragma once
/// The sheet every picture is printed on: title, what is shown and when, compulsory label, whose data.

#include <string>

#include "core/twin/twin.hpp"
#include "viz/canvas.hpp"
#include "viz/words.hpp"

namespace dvinis::viz {

struct PageText {
  std::string title;               ///< what happened where
  std::string heading;             ///< the quantity shown
  std::string moment;              ///< when: "8 June 2007 ...", "maximum over the run"
  std::string label;               ///< compulsory label such as "generated terrain"; empty if none
  std::vector<std::string> notes;  ///< small lines at the foot: whose data, from which run
  Language language = Language::english;
};

/// A page and the box that is left for the picture itself.
struct Page {
  Canvas canvas;
  Box content;
};

constexpr double page_margin = 26.0;  ///< [layout units]

/// Lays out the words and returns a page that is `width` units and `pixels` pixels wide, with room for a
/// content of `content_height` units.
Page make_page(const PageText& text, double width, double content_height, int pixels);

/// Words common to all pictures of a run: title, label, attribution, version, grid, CRS, vertical datum.
PageText page_text(const Twin& twin, Language language = Language::english);

/// Name of the CRS in a WKT, "local coordinates" if there is none.
std::string crs_name(const std::string& wkt);

/// "2007-06-08 14:10 (UTC+10:00)" at `seconds` after the start.
std::string local_moment(const Twin& twin, double seconds);

/// "water_depth" to "Water depth": first letter raised, underscores to blanks.
std::string sentence_case(const std::string& words);

}  // namespace dvinis::viz
