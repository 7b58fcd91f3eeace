#include "harness/cli/roff.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace dialtone {
namespace {

constexpr std::size_t kColumns = 80;

/// mandoc counts a character that is not ASCII as it writes it: "\\[u4F60]".
std::size_t columns(std::string_view text) {
  std::size_t count = 0;
  for (const char letter : text) {
    const auto octet = static_cast<unsigned char>(letter);
    if (octet < 0x80) ++count;
    if (octet >= 0xc0) count += 8;
  }
  return count;
}

std::string upper(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](unsigned char letter) {
    return static_cast<char>(std::toupper(letter));
  });
  return out;
}

/// As an argument of a macro.
std::string quoted(std::string_view text) {
  std::string out;
  for (const char letter : roff_text(text)) {
    if (letter == '"') {
      out += "\\(dq";
    } else {
      out += letter;
    }
  }
  return '"' + out + '"';
}

}  // namespace

std::string roff_text(std::string_view text) {
  std::string out;
  bool begins = true;
  for (const char letter : text) {
    if (begins && (letter == '.' || letter == '\'')) out += "\\&";
    switch (letter) {
      case '\\': out += "\\e"; break;
      case '-': out += "\\-"; break;
      case '\'': out += "\\(aq"; break;
      case '`': out += "\\(ga"; break;
      case '^': out += "\\(ha"; break;
      case '~': out += "\\(ti"; break;
      default: out += letter;
    }
    begins = letter == '\n';
  }
  return out;
}

Roff::Roff(const Title& title) {
  out_ = fmt::format(".TH {} {} {} {} {}\n", quoted(upper(title.name)), title.section, title.date,
                     quoted(title.source), quoted("Dialtone"));
  section("NAME");
  out_ += fmt::format("{} \\- {}\n", roff_text(title.name), roff_text(title.summary));
}

/// In lines that an editor shows whole; roff fills them anew.
void Roff::filled(std::string_view text) {
  std::size_t column = 0;
  while (!text.empty()) {
    const auto word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    if (word.empty()) continue;
    auto escaped = roff_text(word);
    if (column > 0 && column + 1 + columns(escaped) > kColumns) {
      out_ += '\n';
      column = 0;
    }
    if (column > 0) {
      out_ += ' ';
      // It begins no line.
      if (escaped.starts_with("\\&")) escaped.erase(0, 2);
      ++column;
    }
    out_ += escaped;
    column += columns(escaped);
  }
  out_ += '\n';
}

void Roff::section(std::string_view heading) {
  out_ += fmt::format(".SH {}\n", quoted(upper(heading)));
}

void Roff::subsection(std::string_view heading) {
  out_ += fmt::format(".SS {}\n", quoted(heading));
}

void Roff::paragraph(std::string_view text) {
  begin_paragraph();
  filled(text);
}

/// None is begun behind a heading: that has done it.
void Roff::begin_paragraph() {
  if (const auto last = out_.rfind('\n', out_.size() - 2); !out_.substr(last + 1).starts_with(".S"))
    out_ += ".PP\n";
}

void Roff::entry(std::string_view term, std::string_view rest, std::string_view text) {
  out_ += fmt::format(".TP\n\\fB{}\\fR{}\n", roff_text(term), roff_text(rest));
  if (!text.empty()) filled(text);
}

void Roff::literal(std::string_view lines) {
  begin_paragraph();
  out_ += ".RS 4\n.nf\n";
  out_ += roff_text(lines) + '\n';
  out_ += ".fi\n.RE\n";
}

}  // namespace dialtone
