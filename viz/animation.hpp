#pragma once
/// A field over all map times: a numbered PNG each, and one MP4 where ffmpeg is there.

#include <string>

#include "viz/pictures.hpp"

namespace dvinis::viz {

struct Animation {
  std::string frames;  ///< folder of the PNG series
  std::size_t count = 0;
  std::string film;            ///< path of the MP4; empty if there is none
  std::string missing_reason;  ///< why there is no film, a sentence
};

/// Draws `field` at every map time with one colour bar for all into OUT/frames_<field>/0000.png and so on,
/// and, with ffmpeg on PATH, OUT/animation_<field>.mp4 at `rate` pictures a second.
Animation animate(const Pictures& pictures, const std::string& field, const std::string& out,
                  const MapOptions& options, int rate);

}  // namespace dvinis::viz
