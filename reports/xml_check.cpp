#include "reports/xml_check.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <fstream>

#include "reports/golden.hpp"

namespace dialtone {
namespace {

struct Outcome {
  std::string output;
  int status;
};

Outcome run_xmllint(const std::string& arguments, const std::string& document) {
  const auto file = testing::TempDir() + "dialtone-" + std::to_string(::getpid()) + ".xml";
  std::ofstream(file) << document;
  const auto command = "xmllint --nonet " + arguments + " " + file + " 2>&1";
  Outcome outcome{.output = {}, .status = -1};
  std::FILE* pipe = ::popen(command.c_str(), "r");
  std::array<char, 4096> piece{};
  while (const auto length = std::fread(piece.data(), 1, piece.size(), pipe))
    outcome.output.append(piece.data(), length);
  outcome.status = ::pclose(pipe);
  std::remove(file.c_str());
  return outcome;
}

std::string complaints(const std::string& arguments, const std::string& document) {
  const auto outcome = run_xmllint(arguments, document);
  return outcome.status == 0 ? std::string() : "xmllint: " + outcome.output;
}

}  // namespace

std::string xml_complaints(const std::string& document) { return complaints("--noout", document); }

std::string schema_complaints(const std::string& document, const std::string& schema) {
  return complaints("--noout --schema " + testdata(schema), document);
}

std::string xpath(const std::string& document, const std::string& expression) {
  auto outcome = run_xmllint("--xpath \"" + expression + "\"", document);
  EXPECT_EQ(outcome.status, 0) << expression << ": " << outcome.output;
  if (outcome.output.ends_with('\n')) outcome.output.pop_back();
  return outcome.output;
}

}  // namespace dialtone
