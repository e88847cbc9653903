#pragma once
/// Structures on the grid: which faces a line closes, which cells a pipe joins. Worked out once at binding.

#include <cstdint>
#include <string>
#include <vector>

#include "core/twin/twin.hpp"
#include "models/flood/structures/parameters.hpp"

namespace dvinis::flood {

/// One face of a structure's line: between `left` and `right` along +x or +y.
struct LineFace {
  bool is_x = true;
  Cell left, right;    ///< towards lower and higher x (or y)
  double bed = 0.0;    ///< of the opening, filled in by the domain [m]
  double sign = 1.0;   ///< of the structure's discharge for what flows towards `right`
  double begin = 0.0;  ///< along the line, as a share of its length
  double end = 0.0;
  std::size_t entry = 0;  ///< in FaceLists
};

/// A structure with its place on the grid. Its discharge is positive to the right of its line, or from the
/// first point of a pipe to the last.
struct PlacedStructure {
  Structure structure;
  std::string id;
  std::size_t row = 0;          ///< in the table of structures
  double length = 0.0;          ///< of the line [m]
  double width_share = 1.0;     ///< length of the line over that of its faces
  std::vector<LineFace> faces;  ///< along the line; of a line
  Cell inlet, outlet;           ///< of a pipe
};

/// Faces with structures, row by row, those between columns (x) and between rows (y).
struct FaceList {
  std::vector<Index> first;   ///< entry of each row's first face, one more at the end
  std::vector<Index> column;  ///< of the cell behind the face
};

struct PlacedStructures {
  std::vector<PlacedStructure> all;
  FaceList x, y;
  std::vector<std::uint8_t> has_line;  ///< by tile: a line touches it
  bool has_lines() const { return !x.column.empty() || !y.column.empty(); }
};

/// One step of a line along the sides of cells: from corner to corner of the grid.
struct CornerStep {
  Index from_i = 0, from_j = 0;  ///< corner between columns from_i - 1 and from_i
  Index di = 0, dj = 0;
};

/// The way along the sides of cells that keeps nearest to a line, each side once; watertight.
std::vector<CornerStep> corner_path(const Grid& grid, const std::vector<Point>& line);

/// Where a levee stands in the terrain the ground gives way to the nearest beside it on the same side of its
/// line.
void clear_levees(const Twin& twin, const std::vector<Structure>& structures,
                  const std::vector<std::uint8_t>& blocked, std::vector<double>& ground);

/// @param is_blocked  cells that no water may enter
/// @throws ScenarioError for structures without a place, beyond the grid, over each other, and the like
PlacedStructures place_structures(const Twin& twin, const std::vector<Structure>& structures,
                                  const std::vector<double>& ground,
                                  const std::vector<std::uint8_t>& blocked);

}  // namespace dvinis::flood
