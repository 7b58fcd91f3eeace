#include "harness/model/reference.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "harness/model/capability.hpp"
#include "harness/model/utf8.hpp"

namespace dialtone {
namespace {

constexpr std::size_t kColumns = 100;
constexpr std::size_t kIndent = 4;

std::size_t characters(std::string_view text) {
  return text.size() - static_cast<std::size_t>(std::ranges::count_if(text, is_utf8_continuation));
}

/// Appends `text`, broken at spaces, to a line that is `begun` characters long; lines after the
/// first are indented by `indent`. Ends with LF.
void append_wrapped(std::string& out, std::string_view text, std::size_t begun,
                    std::size_t indent) {
  auto column = begun;
  for (bool first = true; !text.empty(); first = false) {
    const auto word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    if (!first && column + 1 + characters(word) > kColumns) {
      out += '\n' + std::string(indent, ' ');
      column = indent;
    } else if (!first) {
      out += ' ';
      ++column;
    }
    out += word;
    column += characters(word);
  }
  out += '\n';
}

/// What it takes: "a duration with its unit, such as "200ms"", "one of: a, b".
std::string type_of(const Field& field) {
  const auto words = fmt::format("{}", fmt::join(field.choices, ", "));
  if (field.type == FieldType::kChoice) return fmt::format("one of: {}", words);
  if (field.type == FieldType::kChoices) return fmt::format("one of these, or a list: {}", words);
  return std::string(describe(field.type));
}

std::size_t widest_name(std::span<const Field> fields) {
  std::size_t width = std::string_view("example").size();
  for (const auto& field : fields) width = std::max(width, field.name.size());
  return width;
}

void append_row(std::string& out, std::string_view name, std::string_view text, std::size_t width) {
  const auto indent = kIndent + width + 2;
  out += fmt::format("{:{}}{:{}}  ", "", kIndent, name, width);
  append_wrapped(out, text, indent, indent);
}

void append_fields(std::string& out, std::span<const Field> fields, std::size_t width) {
  for (const auto& field : fields) {
    const auto text =
        fmt::format("{} ({}{})", field.summary, field.required ? "required; " : "", type_of(field));
    append_row(out, field.name, text, width);
  }
}

std::string needs_of(const StepSpec& spec) {
  const auto* capability = find_capability(spec.needs);
  if (capability == nullptr) return std::string(spec.needs);
  return fmt::format("'{}': the target {}", capability->name, capability->summary);
}

void append_verb(std::string& out, const StepSpec& spec) {
  const auto width = widest_name(spec.fields);
  out += fmt::format("{}\n{:{}}", spec.verb, "", kIndent);
  append_wrapped(out, spec.summary, kIndent, kIndent);
  append_fields(out, spec.fields, width);
  if (!spec.needs.empty()) append_row(out, "needs", needs_of(spec), width);
  // In one piece, so that it can be copied.
  out += fmt::format("{:{}}{:{}}  {}\n\n", "", kIndent, "example", width, spec.example);
}

/// As the cell of a table.
std::string cell(std::string_view text) {
  std::string escaped;
  for (const char letter : text) {
    if (letter == '|') escaped += '\\';
    escaped += letter;
  }
  return escaped;
}

/// The main argument's type, then the names of the options.
std::string fields_cell(const StepSpec& spec) {
  if (spec.fields.empty()) return {};
  auto text = type_of(spec.fields.front());
  for (const auto& field : spec.fields.subspan(1)) {
    text += fmt::format("{} `{}`{}", &field == &spec.fields[1] ? ";" : ",", field.name,
                        field.required ? " (required)" : "");
  }
  return text;
}

}  // namespace

std::string step_reference_text(std::span<const StepSpec* const> steps) {
  std::string out;
  for (const auto* spec : steps) append_verb(out, *spec);
  out += "Every step takes also:\n";
  append_fields(out, common_fields(), widest_name(common_fields()));
  return out;
}

std::string step_reference_markdown(std::span<const StepSpec* const> steps) {
  std::string out = "| verb | what it does | fields |\n|---|---|---|\n";
  for (const auto* spec : steps) {
    out += fmt::format("| `{}` | {} | {} |\n", spec->verb, cell(spec->summary),
                       cell(fields_cell(*spec)));
  }
  return out;
}

}  // namespace dialtone
