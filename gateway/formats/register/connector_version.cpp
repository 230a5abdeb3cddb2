// gateway/formats/register/connector_version.cpp - the file of a version: the document as it was written, and behind it
// the mark of its test. Where no line can stand behind it (one JSON object, all keys indented), it is written in lines.
#include "gateway/formats/json/document.hpp"
#include "gateway/formats/register/connector_document.hpp"
#include "gateway/formats/register/register_document.hpp"

namespace caseway {
namespace {

using Kind = YamlNode::Kind;

void appendLines(const YamlNode& node, const std::string& indent, std::string& out);

/// Behind its key or its dash.
void appendValue(const YamlNode& node, const std::string& indent, std::string& out) {
    if (node.kind == Kind::Text && node.quoted)
        appendJsonString(node.text, out += ' ');
    else if (node.kind == Kind::Text)
        out += " " + node.text;
    else if (node.kind == Kind::Null)
        out += " null";
    else if (node.members.empty() && node.items.empty())
        out += node.kind == Kind::Map ? " {}" : " []";
    else
        return appendLines(node, indent, out += '\n');
    out += '\n';
}

void appendLines(const YamlNode& node, const std::string& indent, std::string& out) {
    for (const YamlMember& member : node.members) {
        appendJsonString(member.key, out += indent);
        appendValue(member.value, indent + "  ", out += ':');
    }
    for (const YamlNode& item : node.items) {
        out += indent;
        appendValue(item, indent + "  ", out += '-');
    }
}

std::string markYaml(const TestedMark& mark) {
    return "tested:\n  " + yamlLine("type_version", mark.type_version) + "  " + yamlLine("digest", mark.digest) + "  " +
           yamlLine("at", mark.at);
}

YamlNode rootOf(std::string_view yaml) {
    std::vector<YamlMistake> mistakes;
    YamlFile file = readYaml(yaml, mistakes);
    return mistakes.empty() && !file.cut ? std::move(file.root) : YamlNode{};
}

bool takesMark(std::string_view document) {
    return rootOf(std::string(document) + markYaml({})).find("tested") != nullptr;
}

}  // namespace

std::string documentOfVersion(std::string_view document) {
    std::string written(document);
    if (!written.empty() && written.back() != '\n') written += '\n';
    if (takesMark(written)) return written;
    const YamlNode root = rootOf(document);
    if (root.kind != Kind::Map) return written;
    std::string lines;
    appendLines(root, {}, lines);
    const bool says_the_same = textForDigest(rootOf(lines)) == textForDigest(root);
    return says_the_same && takesMark(lines) ? lines : written;
}

std::string versionYaml(std::string_view document, const TestedMark& mark) {
    return documentOfVersion(document) + markYaml(mark);
}

}  // namespace caseway
