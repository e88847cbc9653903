#include <fmt/format.h>

#include <bit>
#include <cstring>
#include <filesystem>

#include "io/export/aside_file.hpp"
#include "io/export/export.hpp"

namespace dvinis {

namespace {

static_assert(std::endian::native == std::endian::little, "the file says LittleEndian");

std::string xml_escaped(const std::string& text) {
  std::string result;
  for (const char letter : text) {
    switch (letter) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      default:
        result += letter;
    }
  }
  return result;
}

/// One block of the appended data: its length in bytes, then single-precision values.
void append_block(std::string& data, const std::vector<double>& values) {
  const std::uint64_t bytes = values.size() * sizeof(float);
  const std::size_t start = data.size();
  data.resize(start + sizeof bytes + bytes);
  std::memcpy(data.data() + start, &bytes, sizeof bytes);
  for (std::size_t k = 0; k < values.size(); ++k) {
    const float value = static_cast<float>(values[k]);
    std::memcpy(data.data() + start + sizeof bytes + k * sizeof value, &value, sizeof value);
  }
}

}  // namespace

void export_vti(const ResultsFile& results, const std::vector<std::string>& fields, std::size_t step,
                const std::string& path) {
  const Grid& grid = results.grid();
  std::string arrays;
  std::string data;
  for (const std::string& name : fields) {
    const FieldInfo& info = field_of(results, name).info;
    arrays += fmt::format("        <!-- {} [{}] -->\n", xml_escaped(info.long_name), xml_escaped(info.unit));
    arrays +=
        fmt::format("        <DataArray type=\"Float32\" Name=\"{}\" format=\"appended\" offset=\"{}\"/>\n",
                    xml_escaped(name), data.size());
    append_block(data, results.read(name, step));
  }
  const std::string extent = fmt::format("0 {} 0 {} 0 0", grid.nx, grid.ny);
  std::string text = "<?xml version=\"1.0\"?>\n";
  text += "<VTKFile type=\"ImageData\" version=\"1.0\" byte_order=\"LittleEndian\" header_type=\"UInt64\">\n";
  text += fmt::format("  <ImageData WholeExtent=\"{0}\" Origin=\"{1} {2} 0\" Spacing=\"{3} {3} {3}\">\n",
                      extent, grid.west, grid.south, grid.spacing);
  text += fmt::format("    <Piece Extent=\"{}\">\n      <CellData>\n{}      </CellData>\n    </Piece>\n",
                      extent, arrays);
  text +=
      "  </ImageData>\n  <AppendedData encoding=\"raw\">\n   _" + data + "\n  </AppendedData>\n</VTKFile>\n";
  AsideFile file(path);
  file.write(text);
  file.commit();
}

void export_vti_series(const ResultsFile& results, const std::vector<std::string>& fields,
                       const std::string& path) {
  const std::filesystem::path collection(path);
  const std::string stem = collection.stem().string();
  std::string text =
      "<?xml version=\"1.0\"?>\n<VTKFile type=\"Collection\" version=\"0.1\">\n  <Collection>\n";
  for (std::size_t step = 0; step < results.times().size(); ++step) {
    const std::string name = fmt::format("{}_{:05}.vti", stem, step);
    export_vti(results, fields, step, (collection.parent_path() / name).string());
    text +=
        fmt::format("    <DataSet timestep=\"{}\" file=\"{}\"/>\n", results.times()[step], xml_escaped(name));
  }
  AsideFile file(path);
  file.write(text + "  </Collection>\n</VTKFile>\n");
  file.commit();
}

}  // namespace dvinis
