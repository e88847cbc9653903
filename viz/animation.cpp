#include "viz/animation.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "viz/program.hpp"

namespace dvinis::viz {
namespace {

/// Frames of an earlier, longer run must not end up in the film.
void remove_old_frames(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> old;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string stem = entry.path().stem().string();
    if (entry.path().extension() == ".png" && stem.find_first_not_of("0123456789") == std::string::npos)
      old.push_back(entry.path());
  }
  for (const auto& path : old) std::filesystem::remove(path);
}

}  // namespace

Animation animate(const Pictures& pictures, const std::string& field, const std::string& out,
                  const MapOptions& options, int rate) {
  const std::size_t steps = pictures.file().times().size();
  Animation result;
  result.frames = out + "/frames_" + field;
  std::error_code failure;
  std::filesystem::create_directories(result.frames, failure);
  if (failure)
    throw IoError(fmt::format("{}: the folder cannot be made ({}); name another with --out", result.frames,
                              failure.message()));
  remove_old_frames(result.frames);
  const std::vector<double> range = pictures.values_over_time(field);
  for (std::size_t step = 0; step < steps; ++step) {
    const MapSheet sheet = pictures.map(pictures.shot(field, step), range);
    draw_map(pictures.file().twin(), sheet, options)
        .write_png(fmt::format("{}/{:04d}.png", result.frames, step));
  }
  result.count = steps;
  const std::optional<std::string> encoder = program_on_path("ffmpeg");
  if (!encoder) {
    result.missing_reason =
        "no film was made: ffmpeg is not on PATH (apt-get install ffmpeg); the single pictures are there";
    return result;
  }
  const std::string film = fmt::format("{}/animation_{}.mp4", out, field);
  const std::string aside = film + ".part.mp4";
  const int status =
      run_program({*encoder, "-nostdin", "-loglevel", "error", "-y", "-framerate", std::to_string(rate), "-i",
                   result.frames + "/%04d.png", "-vf", "crop=trunc(iw/2)*2:trunc(ih/2)*2", "-pix_fmt",
                   "yuv420p", "-movflags", "+faststart", aside});
  if (status == 0) std::filesystem::rename(aside, film, failure);
  if (status != 0 || failure) {
    std::filesystem::remove(aside, failure);
    result.missing_reason =
        fmt::format("no film was made: ffmpeg ended with status {}; the single pictures are there", status);
    return result;
  }
  result.film = film;
  return result;
}

}  // namespace dvinis::viz
