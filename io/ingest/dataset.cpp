#include "io/ingest/dataset.hpp"

#include <cpl_conv.h>
#include <cpl_error.h>
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <fmt/format.h>
#include <gdal.h>
#include <ogr_srs_api.h>

#include <algorithm>
#include <filesystem>

#include "core/base/error.hpp"

namespace dvinis {

namespace {

void CPL_STDCALL keep_message(CPLErr level, CPLErrorNum, const char* message) {
  if (level < CE_Warning) return;
  static_cast<GdalMessages*>(CPLGetErrorHandlerUserData())->keep(level >= CE_Failure, message);
}

void set_up_once() {
  static const bool is_done = [] {
    GDALAllRegister();
    OSRSetPROJEnableNetwork(0);
    return true;
  }();
  static_cast<void>(is_done);
}

}  // namespace

GdalMessages::GdalMessages() {
  CPLPushErrorHandlerEx(keep_message, this);
  set_up_once();
}

GdalMessages::~GdalMessages() { CPLPopErrorHandler(); }

void GdalMessages::keep(bool is_failure, const std::string& message) {
  has_failure_ = has_failure_ || is_failure;
  constexpr std::size_t enough = 4;
  if (messages_.size() >= enough) return;
  if (std::find(messages_.begin(), messages_.end(), message) == messages_.end()) messages_.push_back(message);
}

std::string GdalMessages::text() const {
  return messages_.empty() ? "no reason given" : fmt::format("{}", fmt::join(messages_, "; "));
}

Dataset::Dataset(const std::string& path, DatasetKind kind, const std::vector<std::string>& drivers)
    : path_(path) {
  const GdalMessages messages;
  VSIStatBufL status{};
  if (VSIStatL(path.c_str(), &status) != 0) {
    throw DataError(fmt::format("{}: there is no such file; paths count from the scenario's folder", path));
  }
  if (!VSI_ISDIR(status.st_mode) && status.st_size == 0) {
    throw DataError(fmt::format("{}: the file is empty (0 bytes); fetch it again", path));
  }
  CPLStringList allowed;
  for (const std::string& driver : drivers) allowed.AddString(driver.c_str());
  const unsigned flags = kind == DatasetKind::raster ? GDAL_OF_RASTER : GDAL_OF_VECTOR;  // read-only is 0
  handle_ = GDALOpenEx(path.c_str(), flags, drivers.empty() ? nullptr : allowed.List(), nullptr, nullptr);
  if (handle_ == nullptr) {
    throw DataError(
        fmt::format("{}: cannot be read as {}: the file is damaged, truncated or of an unknown format ({})",
                    path, kind == DatasetKind::raster ? "a raster" : "vector data", messages.text()));
  }
  if (!messages.is_empty()) opening_notes_ = messages.text();
}

Dataset::~Dataset() {
  if (handle_ == nullptr) return;
  const GdalMessages messages;
  GDALClose(handle_);
}

std::vector<std::string> Dataset::files() const {
  const GdalMessages messages;
  std::vector<std::string> found;
  char** list = GDALGetFileList(handle_);
  for (char** file = list; file != nullptr && *file != nullptr; ++file) {
    std::error_code problem;
    if (std::filesystem::is_regular_file(*file, problem)) found.emplace_back(*file);
  }
  CSLDestroy(list);
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace dvinis
