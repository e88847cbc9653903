#include "models/flood/flood.hpp"

#include "models/flood/process.hpp"

namespace dvinis::flood {

namespace {

class Flood final : public Model {
 public:
  explicit Flood(Parameters parameters)
      : parameters_(std::move(parameters)), info_(flood_info(parameters_)) {}

  const ModelInfo& info() const override { return info_; }

  std::unique_ptr<Process> bind(const Twin& twin, const Schema& schema) const override {
    if (parameters_.precision == ElementType::float32) {
      return std::make_unique<FloodProcess<float>>(twin, schema, parameters_);
    }
    return std::make_unique<FloodProcess<double>>(twin, schema, parameters_);
  }

 private:
  Parameters parameters_;
  ModelInfo info_;
};

}  // namespace

std::unique_ptr<Model> make(const Setting& settings) {
  return std::make_unique<Flood>(read_parameters(settings));
}

}  // namespace dvinis::flood
