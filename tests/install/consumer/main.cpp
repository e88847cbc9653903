#include <core/base/error.hpp>
#include <cstdio>
#include <io/results/results_file.hpp>
#include <models/catalogue.hpp>

/// A stranger's program: the catalogue answers, and a file that is not there is a sentence.
int main() {
  bool has_flood = false;
  for (const dvinis::CatalogueEntry& entry : dvinis::catalogue()) has_flood |= entry.name == "flood";
  if (!has_flood) return 1;
  try {
    const dvinis::ResultsFile file("no-such-file.nc");
    return 1;
  } catch (const dvinis::IoError& error) {
    std::printf("%s\n", error.what());
  }
  return 0;
}
