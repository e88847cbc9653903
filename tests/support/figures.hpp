#pragma once
/// Figures: numbers that the project keeps of itself. A test measures one, records it and holds it to a
/// bound.

#include <string>

namespace dvinis::test {

/// Appends {"id", "value", "unit", "note"} to the file named by the environment variable DVINIS_FIGURES, if
/// any.
void record_figure(const std::string& id, double value, const std::string& unit, const std::string& note);

}  // namespace dvinis::test
