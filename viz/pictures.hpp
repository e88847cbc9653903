#pragma once
/// From a results file to sheets ready to be drawn: which step, which cells are wet, which words.

#include <optional>
#include <string>
#include <vector>

#include "io/results/results_file.hpp"
#include "viz/map.hpp"
#include "viz/plot.hpp"
#include "viz/scene.hpp"

namespace dvinis::viz {

/// The moment a picture shows.
struct When {
  enum class Kind { last, maximum, at } kind = Kind::last;
  double seconds = 0.0;  ///< since the start, for `at`

  /// Understands "last", "maximum" and a span with unit ("600 s", "10 min"). @throws UsageError
  static When parse(const std::string& text);
};

/// A field at a moment as it is in the file.
struct Shot {
  ResultField field;
  std::optional<std::size_t> step;  ///< of a field with times
  std::string moment;               ///< words for the subtitle
  std::string tag;                  ///< for file names: "t600s", empty for fields without times
  std::vector<double> values;       ///< SI, NaN where dry or unknown
};

class Pictures {
 public:
  /// @throws IoError if the file cannot be read. `dry_below` [m]: shallower water counts as dry; without it 1
  /// cm, or less where the whole flood is shallow (a laboratory flume).
  explicit Pictures(const std::string& path, std::optional<double> dry_below = std::nullopt);

  const ResultsFile& file() const { return file_; }
  /// Of the words of sheets; titles and names of places are those of the file.
  void speak(Language language) { language_ = language; }
  double dry_below() const { return dry_below_; }

  /// The field a picture shows when nobody says which.
  std::string default_field(bool with_times) const;
  /// Running fields and those of the standard set that the file holds, in its order.
  std::vector<std::string> standard_maps() const;
  /// Map step for `when`. @throws UsageError if the run does not reach it.
  std::size_t step_at(const When& when) const;

  /// @throws UsageError for an unknown field, or a time of a field that has none.
  Shot shot(const std::string& field, const When& when) const;
  Shot shot(const std::string& field, std::size_t step) const;

  MapSheet map(const Shot& shot, const std::vector<double>& range_values = {}) const;
  SceneSheet scene(const Shot& shot) const;
  /// Values of a field over all map times, thinned to about two million, for one colour bar of an animation.
  std::vector<double> values_over_time(const std::string& field) const;

  /// A plot for each series column of each table; a sheet has at most `most_curves` curves, those with the
  /// largest values. The second is the file's name.
  std::vector<std::pair<PlotSheet, std::string>> plots() const;
  /// A comparison for each column with observed values beside it.
  std::vector<std::pair<ComparisonSheet, std::string>> comparisons() const;

 private:
  const ResultField& known_field(const std::string& name) const;
  /// Depth that decides which cells are wet in a shot, empty if the file holds none.
  std::vector<double> depth_for(const ResultField& field, std::optional<std::size_t> step) const;
  std::vector<double> masked(const ResultField& field, std::optional<std::size_t> step) const;
  std::vector<double> bed() const;
  std::string run_span() const;
  double default_dry_limit() const;

  ResultsFile file_;
  double dry_below_ = 0.0;
  Language language_ = Language::english;
};

}  // namespace dvinis::viz
