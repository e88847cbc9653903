#include "io/export/gdal_errors.hpp"

#include <cpl_error.h>
#include <cpl_vsi.h>
#include <fmt/format.h>
#include <gdal.h>

#include <cerrno>

namespace dvinis {

namespace {

void CPL_STDCALL keep_first(CPLErr kind, CPLErrorNum, const char* message) {
  if (kind < CE_Failure) return;
  std::string& first = *static_cast<std::string*>(CPLGetErrorHandlerUserData());
  if (first.empty()) first = message;
}

/// GDAL gives words, not numbers; these two name their cause.
int error_number_of(const std::string& message) {
  if (message.find("No space left") != std::string::npos) return ENOSPC;
  if (message.find("File too large") != std::string::npos) return EFBIG;
  return 0;
}

}  // namespace

GdalErrors::GdalErrors() {
  GDALAllRegister();
  CPLPushErrorHandlerEx(keep_first, &first_);
}

GdalErrors::~GdalErrors() { CPLPopErrorHandler(); }

void GdalErrors::expect_none(bool is_good, const AsideFile& file) const {
  if (is_good && first_.empty()) return;
  throw file.error(
      FileTrouble(first_.empty() ? "GDAL failed without a message" : first_, error_number_of(first_)));
}

MemoryFile::MemoryFile() : name_(fmt::format("/vsimem/dvinis-{}", fmt::ptr(this))) {}

MemoryFile::~MemoryFile() { VSIUnlink(name_.c_str()); }

std::string_view MemoryFile::content() const {
  vsi_l_offset length = 0;
  const GByte* bytes = VSIGetMemFileBuffer(name_.c_str(), &length, false);
  return bytes == nullptr ? std::string_view()
                          : std::string_view(reinterpret_cast<const char*>(bytes), length);
}

}  // namespace dvinis
