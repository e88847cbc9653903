#pragma once
/// A field declared once: halo, file, checkpoint, plot and validation derive from this row.

#include <limits>
#include <string>
#include <vector>

#include "core/grid/field.hpp"

namespace dvinis {

enum class Role {
  prognostic,  ///< evolves by its owner's advance
  parameter,   ///< may be changed by events, measures or members; constant otherwise
  diagnostic,  ///< recomputed by observe from the others; not part of a checkpoint's meaning
  running,     ///< running maximum, arrival time, duration: accumulates over the run
};

struct FieldInfo {
  std::string name;           ///< "water_depth"
  std::string unit;           ///< udunits spelling, "m2 s-1"
  std::string long_name;      ///< for people, "water depth"
  std::string standard_name;  ///< CF name where one exists, else empty
  Role role = Role::prognostic;
  ElementType type = ElementType::float64;
  bool optional = false;       ///< allocated only if an output asks for it
  bool against_datum = false;  ///< stored against a whole-metre datum per tile
  double minimum = -std::numeric_limits<double>::infinity();
  double maximum = std::numeric_limits<double>::infinity();
  std::string cell_methods = "time: point";
  /// Legend classes of a field of categories: flag_values 1..n with these meanings; empty otherwise.
  std::vector<std::string> classes = {};
};

/// A column of a table; NaN and negative ids mean "not yet".
struct ColumnInfo {
  std::string name;
  std::string unit;
  std::string long_name;
  bool series = false;  ///< sampled at every series time, else one value per row kept over the run
};

/// A table: rows are the twin's places of one kind, or whatever the owner appends.
struct TableInfo {
  std::string name;        ///< "buildings"
  std::string place_kind;  ///< rows follow twin.places of this kind; empty: the owner appends rows
  std::string long_name;
  std::vector<ColumnInfo> columns;
};

}  // namespace dvinis
