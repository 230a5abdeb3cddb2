// tests/bench/mapping/ours.cpp - the engine itself: FILE through a mapping of 15 fields, one canonical JSON record a
// line on standard output. Usage: bench_mapping_ours xml|json FILE [empty]. `empty`: the records are built, but not
// written as JSON.
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>

#include "gateway/normalize/mapping.hpp"

namespace {
using namespace caseway;

FieldSpec field(const char* name, const char* expression) {
    FieldSpec spec;
    spec.field = fieldNamed(name);
    spec.expression = expression;
    return spec;
}
FieldSpec time(const char* name, const char* expression) {
    FieldSpec spec = field(name, expression);
    DateForm form;
    form.pattern = "%Y-%m-%d %H:%M:%S";
    spec.value.time.push_back(form);
    return spec;
}
FieldSpec coded(const char* name, const char* expression, std::vector<std::pair<std::string, std::string>> codes) {
    FieldSpec spec = field(name, expression);
    spec.value.codes = std::move(codes);
    return spec;
}

MappingSpec specOf(bool xml) {
    KindSpec kind;
    kind.records = xml ? "/Cases/Case" : "$.cases[*]";
    kind.fields = {
        field("source_case_no", "Code"),        field("case_title", "Title"),
        field("item_code", "ItemCode"),         field("item_name", "ItemName"),
        field("applicant_name", "Name"),        coded("applicant_type", "Kind", {{"0", "1"}, {"1", "2"}}),
        field("applicant_id_type", "IdType"),   field("applicant_id_no", "IdNo"),
        field("contact_mobile", "Mobile"),      field("address", "Address"),
        time("apply_time", "Applied"),          time("accept.accept_time", "Accepted"),
        field("accept.promise_limit", "Limit"), coded("accept.promise_limit_unit", "Unit", {{"G", "1"}, {"Z", "2"}}),
        field("dept_code", "DeptCode")};
    MappingSpec spec;
    spec.name = "bench";
    spec.file = "bench";
    spec.format = xml ? SourceFormat::Xml : SourceFormat::Json;
    spec.kinds.push_back(std::move(kind));
    return spec;
}

class File final : public ByteSource {
public:
    explicit File(std::FILE* file) : file_(file) {}
    std::size_t read(std::span<char> buffer) override { return std::fread(buffer.data(), 1, buffer.size(), file_); }
    void rewind() override { std::rewind(file_); }

private:
    std::FILE* file_;
};

class Writer final : public RecordSink {
public:
    explicit Writer(bool writes) : writes_(writes) {}
    bool record(const CasePatch& patch) override {
        if (!writes_) return true;
        appendJson(patch, out_);
        out_ += '\n';
        if (out_.size() > 64 * 1024) flush();
        return true;
    }
    bool refused(const Refusal& refusal) override {
        std::fprintf(stderr, "%s %s %s %s\n", refusal.code.c_str(), refusal.where.c_str(), refusal.value.c_str(),
                     refusal.rule.c_str());
        return false;
    }
    void flush() {
        std::fwrite(out_.data(), 1, out_.size(), stdout);
        out_.clear();
    }

private:
    bool writes_;
    std::string out_;
};
}  // namespace

int main(int argc, char** argv) {
    if (argc < 3) return 2;
    const auto mapping = Mapping::compile(specOf(std::strcmp(argv[1], "xml") == 0));
    std::FILE* file = std::fopen(argv[2], "rb");
    if (file == nullptr || !mapping) return 1;
    std::setvbuf(file, nullptr, _IONBF, 0);
    File source(file);
    Writer writer(argc < 4);
    const auto report = (*mapping)->run(source, {}, writer);
    writer.flush();
    if (!report)
        std::fprintf(stderr, "%s %s %s\n", report.error().code.c_str(), report.error().where.c_str(),
                     report.error().rule.c_str());
    return report.ok() ? 0 : 1;
}
