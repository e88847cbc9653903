#include "tests/io/ingest/ingest_support.hpp"

#include <cpl_string.h>
#include <gdal.h>
#include <ogr_srs_api.h>
#include <yaml-cpp/yaml.h>

#include <cpl_conv.h>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "core/base/error.hpp"
#include "io/ingest/crs.hpp"
#include "io/ingest/dataset.hpp"
#include "io/ingest/twin_builder.hpp"

namespace dvinis::test {

TemporaryFolder::TemporaryFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "dvinis-ingest-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw InternalError("no temporary folder");
  folder_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

std::string TemporaryFolder::write(const std::string& name, const std::string& bytes) const {
  std::ofstream(path(name), std::ios::binary) << bytes;
  return path(name);
}

std::string write_tiff(const std::string& path, const Tiff& tiff) {
  const GdalMessages messages;
  const GDALDriverH driver = GDALGetDriverByName("GTiff");
  const GDALDataType type = GDALGetDataTypeByName(tiff.type.c_str());
  const GDALDatasetH file =
      GDALCreate(driver, path.c_str(), tiff.columns, tiff.rows, tiff.bands, type, nullptr);
  std::array<double, 6> transform{tiff.west, tiff.dx, tiff.rotation, tiff.north, tiff.rotation, tiff.dy};
  GDALSetGeoTransform(file, transform.data());
  if (!tiff.crs.empty()) GDALSetProjection(file, crs_from_text(tiff.crs).c_str());
  std::vector<double> values = tiff.values;
  const bool is_band_by_band = values.size() == static_cast<std::size_t>(tiff.columns) *
                                                    static_cast<std::size_t>(tiff.rows * tiff.bands);
  for (int k = 1; k <= tiff.bands; ++k) {
    const GDALRasterBandH band = GDALGetRasterBand(file, k);
    if (tiff.has_nodata) GDALSetRasterNoDataValue(band, tiff.nodata);
    if (!tiff.unit.empty()) GDALSetRasterUnitType(band, tiff.unit.c_str());
    const std::size_t cells = values.size() / (is_band_by_band ? static_cast<std::size_t>(tiff.bands) : 1);
    double* first = values.data() + (is_band_by_band ? static_cast<std::size_t>(k - 1) * cells : 0);
    if (GDALRasterIO(band, GF_Write, 0, 0, tiff.columns, tiff.rows, first, tiff.columns, tiff.rows,
                     GDT_Float64, 0, 0) != CE_None) {
      throw InternalError("a test raster cannot be written");
    }
  }
  GDALClose(file);
  return path;
}

namespace {

Setting setting_of(const YAML::Node& node, const std::string& path) {
  Setting setting;
  setting.path = path;
  setting.place = {"scenario.yaml", node.Mark().line + 1, node.Mark().column + 1};
  if (node.IsMap()) {
    for (const auto& member : node) {
      const std::string key = member.first.as<std::string>();
      setting.members.emplace_back(key, setting_of(member.second, path.empty() ? key : path + "." + key));
    }
  } else if (node.IsSequence()) {
    setting.kind = Setting::Kind::list;
    for (const auto& item : node) {
      setting.items.push_back(setting_of(item, path + "[" + std::to_string(setting.items.size()) + "]"));
    }
  } else {
    setting.kind = Setting::Kind::scalar;
    setting.scalar = node.Scalar();
  }
  return setting;
}

}  // namespace

Setting settings_from_yaml(const std::string& text) { return setting_of(YAML::Load(text), ""); }

std::string sentence_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const InternalError&) {
    throw;  // a bug is no sentence for the user
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

Twin twin_of(const std::string& yaml, const std::string& folder, std::vector<std::string>* lines) {
  const Log log([&](LogLevel, const std::string& line) {
    if (lines != nullptr) lines->push_back(line);
  });
  return build_twin(settings_from_yaml(yaml), folder, yaml, log);
}

::testing::AssertionResult says(const std::string& sentence, const std::vector<std::string>& pieces) {
  for (const std::string& piece : pieces) {
    if (sentence.find(piece) == std::string::npos) {
      return ::testing::AssertionFailure() << "'" << piece << "' is not said in: " << sentence;
    }
  }
  return ::testing::AssertionSuccess();
}

std::string source_folder() {
  const char* folder = std::getenv("DVINIS_SOURCE_DIR");
  return folder != nullptr ? folder : ".";
}

}  // namespace dvinis::test
