// tests/fuzz/mapping_run_fuzz.cpp - any bytes as a payload of one XML and one JSON mapping that use every way of
// evaluation; the streaming and the evaluating form of a mapping must hand over the same records. The first byte
// chooses the format.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "gateway/normalize/mapping.hpp"
#include "gateway/normalize/plan.hpp"

namespace {
using namespace caseway;

FieldSpec field(const char* extra, const char* expression) {
    FieldSpec spec;
    spec.extra_name = extra;
    spec.expression = expression;
    return spec;
}

std::shared_ptr<const Mapping> mappingOf(bool xml, bool evaluate_all) {
    KindSpec kind;
    kind.records = xml ? "//r" : "$.r[*]";
    FieldSpec number;
    number.field = fieldNamed("source_case_no");
    number.constant = "N";
    kind.fields = {number,
                   field("a", xml ? "a/b" : "a.b"),
                   field("b", xml ? "a[2]/@k" : "a[1]"),
                   field("c", xml ? "*/text()" : "a[*].c"),
                   field("d", xml ? "count(.//a)" : "@..d"),
                   field("e", ".")};
    if (!xml) kind.fields.pop_back();
    MappingSpec spec;
    spec.name = "fuzz";
    spec.format = xml ? SourceFormat::Xml : SourceFormat::Json;
    spec.kinds.push_back(std::move(kind));
    auto mapping = Mapping::compile(std::move(spec), CompileOptions{evaluate_all});
    if (!mapping) std::abort();
    return *mapping;
}

class Lines final : public RecordSink {
public:
    bool record(const CasePatch& patch) override {
        lines.emplace_back();
        appendJson(patch, lines.back());
        return true;
    }
    bool refused(const Refusal& refusal) override {
        lines.push_back("! " + refusal.code);
        return true;
    }
    std::vector<std::string> lines;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const std::shared_ptr<const Mapping> kMappings[2][2] = {{mappingOf(false, false), mappingOf(false, true)},
                                                                   {mappingOf(true, false), mappingOf(true, true)}};
    if (size == 0) return 0;
    const std::string_view payload(reinterpret_cast<const char*>(data) + 1, size - 1);
    const auto& pair = kMappings[data[0] & 1];
    Limits limits;
    limits.depth = 50;
    Lines streamed;
    Lines evaluated;
    MemorySource first(payload);
    MemorySource second(payload);
    const auto report = pair[0]->run(first, limits, streamed);
    const auto other = pair[1]->run(second, limits, evaluated);
    if (report.ok() != other.ok()) std::abort();
    if (report.ok() && streamed.lines != evaluated.lines) std::abort();
    return 0;
}
