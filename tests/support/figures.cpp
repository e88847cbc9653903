#include "tests/support/figures.hpp"

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

namespace dvinis::test {

void record_figure(const std::string& id, double value, const std::string& unit, const std::string& note) {
  std::cout << "figure " << id << " = " << value << ' ' << unit << " (" << note << ")\n";
  const char* path = std::getenv("DVINIS_FIGURES");
  if (path == nullptr || *path == '\0') return;
  const nlohmann::json line = {{"id", id}, {"value", value}, {"unit", unit}, {"note", note}};
  std::ofstream(path, std::ios::app) << line.dump() << '\n';
}

}  // namespace dvinis::test
