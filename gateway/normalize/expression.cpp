// gateway/normalize/expression.cpp - from expression texts to simple paths, or to what the evaluators need.
#include "gateway/normalize/expression.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "gateway/formats/xml/xpath.hpp"
#include "gateway/formats/xml/xpath_scan.hpp"

namespace caseway {
namespace {

SimplePath pathOf(const SimpleXPath& simple) {
    SimplePath path;
    path.anywhere = simple.anywhere;
    for (const XPathStep& step : simple.steps) {
        path.steps.push_back(
            {step.any ? PathStep::Test::Any : PathStep::Test::Name, step.uri, step.local, 0, step.position});
    }
    path.leaf = simple.leaf == SimpleXPath::Leaf::Attribute ? SimplePath::Leaf::Attribute
                : simple.leaf == SimpleXPath::Leaf::Text    ? SimplePath::Leaf::Text
                                                            : SimplePath::Leaf::Node;
    path.leaf_uri = simple.leaf_uri;
    path.leaf_name = simple.leaf_local;
    return path;
}

/// Syntax, and what an evaluation on an empty element shows: wrong arity, wrong types. Whether it yields nodes, which
/// no document changes.
Result<bool, XPathError> provenToSelect(const std::string& text, const XmlNamespaceMap& namespaces) {
    XPathSet set(namespaces);
    const auto number = set.add(text);
    if (!number) return number.error();
    static constexpr std::string_view kProbe = "<probe/>";
    const auto probe = parseXml(bytesOf(kProbe), {});
    XPathValue value;
    std::uint64_t operations = 1'000'000;
    if (!set.evaluate(*number, *probe, *probe->root(), value, operations)) {
        return XPathError{"an expression that can be evaluated", "check the number and the types of the arguments"};
    }
    return value.kind == XPathValue::Kind::Nodes;
}

XPathError noElements() {
    return {"an expression that selects elements, not attributes, texts or what a function computes",
            "point it at the elements, as /Package/Case; one value of them belongs in `fields`"};
}

Result<Expression, XPathError> readXPath(const std::string& text, const XmlNamespaceMap& namespaces, std::size_t depth,
                                         bool records) {
    const auto scan = scanXPath(text, namespaces, depth);
    if (!scan) return scan.error();
    const auto selects = provenToSelect(text, namespaces);
    if (!selects) return selects.error();
    if (records && (!*selects || scan->finds_values)) return noElements();
    Expression expression;
    expression.selects = *selects;
    expression.text = text;
    expression.written = text;
    expression.least_depth = scan->least_depth;
    expression.context_free = scan->context_free;
    expression.costly = scan->costly;
    const auto& simple = scan->simple;
    if (simple && (records ? simple->leaf == SimpleXPath::Leaf::Element : !simple->absolute)) {
        expression.simple = pathOf(*simple);
        if (!records || !expression.simple->steps.empty()) return expression;
        expression.simple.reset();
    }
    expression.evaluation = records || scan->leaves_context ? Evaluation::WholeDocument : Evaluation::RecordSubtree;
    return expression;
}

std::optional<SimplePath> pathOf(const JsonPath& query) {
    const auto steps = query.simpleSteps();
    if (!steps) return std::nullopt;
    SimplePath path;
    for (const SimpleStep& step : *steps) {
        if (step.kind == SimpleStep::Kind::Index && (step.index < 0 || step.index > 4096)) return std::nullopt;
        const auto test = step.kind == SimpleStep::Kind::Name    ? PathStep::Test::Name
                          : step.kind == SimpleStep::Kind::Index ? PathStep::Test::Index
                                                                 : PathStep::Test::Any;
        path.steps.push_back({test, {}, step.name, static_cast<std::uint32_t>(step.index), 0});
    }
    return path;
}

std::string pointerOf(const SimplePath& path) {
    std::string pointer;
    for (const PathStep& step : path.steps) {
        if (step.test == PathStep::Test::Any) return {};
        appendPointerToken(step.test == PathStep::Test::Index ? std::to_string(step.index) : step.name, pointer);
    }
    return pointer;
}

/// `a.b`, `.a`, `@.a`, `[0]` as a query over the record; `$…` as it is.
std::string asQuery(const std::string& text) {
    if (text.front() == '$') return text;
    std::string query = "$";
    if (text.front() == '@') return query.append(text, 1);
    if (text.front() != '.' && text.front() != '[') query += '.';
    return query.append(text);
}

/// How a name with signs that only brackets take is written, in YAML too, where what begins with a bracket is a list.
std::string hintOfName(const std::string& written, bool records) {
    const bool is_name = written.find_first_of("$@.[]()*?'\"\\/") == std::string::npos;
    const char* begin = records ? "$" : "@";
    return is_name
               ? fmt::format("write \"{}['{}']\", quotes included", begin, written)
               : fmt::format("a name with other signs is written ['a name'], and the whole in quotes: \"{}['a name']\"",
                             begin);
}

/// A query breaks in a name, and not in brackets or at a sign that has a meaning there.
bool isInName(const std::string& query, std::size_t at) {
    const auto count = [&](char sign) { return std::count(query.begin(), query.begin() + std::ptrdiff_t(at), sign); };
    constexpr std::string_view kSigns = "$@.[]()*?'\"<>=!&|,";
    return at < query.size() && kSigns.find(query[at]) == kSigns.npos && count('[') == count(']');
}

Result<Expression, XPathError> readJsonPath(const std::string& text, bool records) {
    Expression expression;
    expression.text = asQuery(text);
    expression.written = text;
    expression.on_document = records || text.front() == '$';
    expression.context_free = expression.on_document;
    auto query = JsonPath::compile(expression.text);
    if (!query) {
        const std::size_t at = query.error().at;
        const std::string breaks = fmt::format("it breaks at byte {} of {}", at, expression.text);
        return XPathError{"a query of RFC 9535: " + query.error().rule,
                          isInName(expression.text, at) ? breaks + "; " + hintOfName(text, records) : breaks};
    }
    if (const auto pattern = query->brokenPattern(); pattern && JsonPath::isPattern(*pattern))
        return XPathError{fmt::format("'{}' is larger than a pattern of match() and search() can be", *pattern),
                          "at most 1000 repetitions (`{1,1000}`, all of those inside each other together), and no more "
                          "than a few thousand characters; length(…) tells how long a text is"};
    else if (pattern)
        return XPathError{fmt::format("'{}' is no pattern of match() and search(): it never matches", *pattern),
                          "they take I-Regexp (RFC 9485): no \\d, \\w and \\s, but [0-9], \\p{L}, [ \\t]"};
    if (records || !expression.on_document) expression.simple = pathOf(*query);
    if (expression.simple && !records) expression.pointer = pointerOf(*expression.simple);
    if (!expression.simple) {
        const bool needs_document = expression.on_document || query->filtersAskRoot();
        expression.evaluation = needs_document ? Evaluation::WholeDocument : Evaluation::RecordSubtree;
    }
    if (query->searchesInFilters()) expression.costly = "a filter searches again for every node that it looks at";
    expression.json = std::move(*query);
    return expression;
}

/// What an expression shows that was meant for the other format, or quoted by a word processor.
Result<Expression, XPathError> withHint(Result<Expression, XPathError> read, SourceFormat format,
                                        const std::string& text) {
    if (read) return read;
    const bool is_json = format == SourceFormat::Json;
    if (text.find("“") != std::string::npos || text.find("”") != std::string::npos)
        return XPathError{read.error().rule, "“ and ” are no quotes: leave them out, or type \" or '"};
    if (is_json && text.starts_with('/'))
        return XPathError{read.error().rule,
                          "this is a path of XML: in JSON `$.list[*]` for records, `data.name` in one"};
    if (!is_json && text.starts_with('$'))
        return XPathError{read.error().rule,
                          "this is a path of JSON: in XML `/Package/Case` for records, `Data/Name` in one"};
    return read;
}

}  // namespace

Result<Expression, XPathError> readExpression(SourceFormat format, const std::string& text,
                                              const XmlNamespaceMap& namespaces, std::size_t depth) {
    if (text.empty()) return XPathError{"an expression", "write where the value stands"};
    return withHint(format == SourceFormat::Xml ? readXPath(text, namespaces, depth, false) : readJsonPath(text, false),
                    format, text);
}

Result<Expression, XPathError> readRecords(SourceFormat format, const std::string& text,
                                           const XmlNamespaceMap& namespaces) {
    if (format == SourceFormat::Json) return withHint(readJsonPath(text.empty() ? "$" : text, true), format, text);
    return withHint(readXPath(text.empty() || text == "." || text == "/" ? "/*" : text, namespaces, 0, true), format,
                    text);
}

}  // namespace caseway
