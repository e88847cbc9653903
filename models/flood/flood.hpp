#pragma once
/// The flood model: two-dimensional shallow water flow over terrain. Equations and validity: README.md here.

#include <memory>

#include "core/model/model.hpp"

namespace dvinis::flood {

/// Keys of the scenario section `models.flood`.
KeyTable keys();

/// A flood model from its validated section.
std::unique_ptr<Model> make(const Setting& settings);

}  // namespace dvinis::flood
