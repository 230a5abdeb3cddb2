// tests/unit/engine/mapping_cases.hpp - a small language for tests of the engine: specs from a few words, results as
// lines.
#pragma once

#include <boost/test/unit_test.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/normalize/mapping.hpp"
#include "gateway/normalize/plan.hpp"

namespace caseway::cases {

/// "extra.NAME" or a dotted field name.
inline FieldSpec field(const std::string& name, const std::string& expression) {
    FieldSpec spec;
    if (name.starts_with("extra.")) {
        spec.extra_name = name.substr(6);
    } else {
        spec.field = fieldNamed(name);
        BOOST_REQUIRE_MESSAGE(spec.field.has_value(), "no field " + name);
    }
    spec.expression = expression;
    return spec;
}

inline FieldSpec constant(const std::string& name, const std::string& value) {
    FieldSpec spec = field(name, {});
    spec.constant = value;
    return spec;
}

inline ConditionSpec when(const std::string& expression, std::vector<std::string> one_of = {}, bool negated = false) {
    ConditionSpec condition;
    condition.expression = expression;
    condition.one_of = std::move(one_of);
    condition.negated = negated;
    return condition;
}

inline MappingSpec spec(SourceFormat format, std::vector<KindSpec> kinds) {
    MappingSpec made;
    made.name = "test";
    made.file = "mapping.yaml";
    made.format = format;
    made.namespaces = {{"p", "urn:p"}, {"q", "urn:q"}};
    made.kinds = std::move(kinds);
    return made;
}

inline std::shared_ptr<const Mapping> compiled(MappingSpec made, bool evaluate_all = false) {
    auto mapping = Mapping::compile(std::move(made), CompileOptions{evaluate_all});
    if (!mapping) {
        for (const MappingMistake& one : mapping.error())
            BOOST_TEST_MESSAGE(one.where + ": " + one.rule + ": " + one.hint);
    }
    BOOST_REQUIRE(mapping.ok());
    return *mapping;
}

/// Every record as its JSON, every refusal as "! code @ where"; "stop" after `most` records.
class Lines final : public RecordSink {
public:
    explicit Lines(std::size_t most = SIZE_MAX) : most_(most) {}
    bool record(const CasePatch& patch) override {
        std::string line;
        appendJson(patch, line);
        lines.push_back(std::move(line));
        return lines.size() < most_;
    }
    bool refused(const Refusal& refusal) override {
        lines.push_back("! " + refusal.code + " @ " + refusal.where);
        forEachMistake(refusal, [this](const Refusal& one) { refusals.push_back(one); });
        return lines.size() < most_;
    }
    std::vector<std::string> lines;
    std::vector<Refusal> refusals;

private:
    std::size_t most_;
};

inline std::vector<std::string> runStream(const Mapping& mapping, std::string_view payload, const Limits& limits = {}) {
    MemorySource source(payload);
    Lines lines;
    const auto report = mapping.run(source, limits, lines);
    if (!report) lines.lines.push_back("!! " + report.error().code + " @ " + report.error().where);
    return lines.lines;
}

inline std::vector<std::string> runTree(const Mapping& mapping, std::string_view payload) {
    Lines lines;
    const auto document = parseXml(bytesOf(payload), {});
    BOOST_REQUIRE(document.ok());
    const auto report = mapping.run(*document, *document->root(), {}, lines);
    if (!report) lines.lines.push_back("!! " + report.error().code + " @ " + report.error().where);
    return lines.lines;
}

}  // namespace caseway::cases
