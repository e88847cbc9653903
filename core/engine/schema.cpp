#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/engine/simulation.hpp"

namespace dvinis {

namespace {

std::vector<std::string> provided_names(const std::vector<std::unique_ptr<Model>>& models) {
  std::vector<std::string> names;
  for (const auto& model : models) {
    for (const FieldInfo& field : model->info().provides) names.push_back(field.name);
  }
  return names;
}

bool holds(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// "; did you mean 'water_depth'?" where a candidate is near, else the list of all candidates.
std::string way_out(const std::string& name, const std::vector<std::string>& candidates) {
  const std::string near = did_you_mean(name, candidates);
  if (!near.empty()) return fmt::format("; did you mean '{}'?", near);
  if (candidates.empty()) return "; the models of this scenario provide no fields";
  return fmt::format("; the models of this scenario provide {}", fmt::join(candidates, ", "));
}

void refuse_unknown(const std::vector<std::unique_ptr<Model>>& models, const std::vector<std::string>& wanted,
                    const std::vector<std::string>& provided) {
  for (const std::string& name : wanted) {
    if (holds(provided, name)) continue;
    throw ScenarioError(fmt::format("outputs: no model of this scenario provides the field '{}'{}", name,
                                    way_out(name, provided)));
  }
  for (const auto& model : models) {
    for (const std::string& need : model->info().needs) {
      if (holds(provided, need)) continue;
      throw ScenarioError(
          fmt::format("models.{}: needs the field '{}', which no model of this scenario provides{}; add a "
                      "model that does",
                      model->info().name, need, way_out(need, provided)));
    }
  }
}

void add_fields(Schema& schema, const ModelInfo& info, const std::vector<std::string>& asked) {
  for (const FieldInfo& field : info.provides) {
    if (field.optional && !holds(asked, field.name)) continue;
    if (const FieldHandle other = schema.find_field(field.name)) {
      throw ScenarioError(
          fmt::format("models.{}: provides the field '{}', which belongs to the model '{}' already; leave "
                      "one of the two out",
                      info.name, field.name, schema.field_owner[static_cast<std::size_t>(other.index)]));
    }
    schema.fields.push_back(field);
    schema.field_owner.push_back(info.name);
  }
}

void add_tables_and_scalars(Schema& schema, const ModelInfo& info) {
  for (const TableInfo& table : info.tables) {
    if (schema.find_table(table.name)) {
      throw ScenarioError(
          fmt::format("models.{}: provides the table '{}', which belongs to another model already; leave one "
                      "of the two out",
                      info.name, table.name));
    }
    schema.tables.push_back(table);
  }
  for (const std::string& scalar : info.scalars) {
    expects(!schema.find_scalar(scalar), "scalar names prefixed by their model, each declared once");
    schema.scalars.push_back(scalar);
  }
}

}  // namespace

Schema make_schema(const std::vector<std::unique_ptr<Model>>& models,
                   const std::vector<std::string>& wanted) {
  refuse_unknown(models, wanted, provided_names(models));
  std::vector<std::string> asked = wanted;
  for (const auto& model : models) {
    const std::vector<std::string>& needs = model->info().needs;
    asked.insert(asked.end(), needs.begin(), needs.end());
  }
  Schema schema;
  for (const auto& model : models) {
    add_fields(schema, model->info(), asked);
    add_tables_and_scalars(schema, model->info());
  }
  return schema;
}

}  // namespace dvinis
