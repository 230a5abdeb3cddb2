// gateway/normalize/mapping.cpp - the door: which encoding, which pass, whole or streaming.
#include "gateway/normalize/mapping.hpp"

#include <fmt/format.h>

#include <set>

#include "gateway/base/too_deep.hpp"
#include "gateway/formats/text/encoding.hpp"
#include "gateway/formats/text/first_sign.hpp"
#include "gateway/formats/text/said_text.hpp"
#include "gateway/normalize/empty_set.hpp"
#include "gateway/normalize/json_pass.hpp"
#include "gateway/normalize/plan.hpp"
#include "gateway/normalize/plan_compiler.hpp"
#include "gateway/normalize/xml_pass.hpp"

namespace caseway {
namespace {

constexpr std::size_t kMostExpressionBytes = 500;  ///< of the expressions that a refusal names

/// Ends the stream where a mapping may not keep more.
class BoundedSource final : public ByteSource {
public:
    BoundedSource(ByteSource& source, std::size_t most) : source_(source), left_(most) {}
    std::size_t read(std::span<char> buffer) override {
        const std::size_t count = source_.read(buffer);
        if (count <= left_) {
            left_ -= count;
            return count;
        }
        exceeded_ = true;
        return 0;
    }
    void rewind() override { source_.rewind(); }
    bool exceeded() const { return exceeded_; }

private:
    ByteSource& source_;
    std::size_t left_;
    bool exceeded_ = false;
};

Refusal tooLargeFor(std::string rule) {
    return {
        "too_large_for_mapping",
        {},
        {},
        std::move(rule) + ", since the mapping looks at the whole document",
        "use expressions inside the record (`caseway mapping check` tells which do not stream), send smaller payloads, "
        "or raise limits.whole_document_bytes"};
}

Refusal tooLarge(const Limits& limits) {
    return tooLargeFor(fmt::format("at most {} bytes (limits.whole_document_bytes)", limits.whole_document_bytes));
}

/// `most_bytes`: of its tree; a document of many small values grows the most.
Refusal tooManyValues(std::size_t most_bytes) {
    return tooLargeFor(
        fmt::format("fewer elements or values: at most {} bytes in memory (a multiple of limits.whole_document_bytes)",
                    most_bytes));
}

/// What a pass says when it ends, whole or not.
template <class Pass>
void note(const Pass& pass, PayloadReport& report) {
    report.found = pass.found();
    report.records = pass.builder().records();
    report.passed_over = pass.builder().passedOver();
    report.unwanted = pass.builder().unwanted();
    report.mapped_by_kind = pass.builder().mappedByKind();
    report.stopped = pass.builder().stopped();
    if constexpr (requires { pass.missed(); })
        if (report.found == 0) report.missed = pass.missed();
}

std::string shownNamespace(const std::string& uri) {
    constexpr std::size_t kShown = 200;
    return uri.empty() ? "no namespace" : fmt::format("the namespace \"{}\"", saidText(uri, kShown));
}

/// What to write where an element is there, but in another namespace than the mapping says.
std::string hintOf(const NamespaceMissed& missed) {
    const std::string there = fmt::format("`{}` is there, in {}; the mapping looks for it in {}: ", missed.element,
                                          shownNamespace(missed.there), shownNamespace(missed.wanted));
    if (missed.there.empty()) return there + fmt::format("write `{}` without a prefix", missed.element);
    if (!missed.wanted.empty()) return there + "correct it in `namespaces` of `source`";
    return there + fmt::format(
                       "write `namespaces: {{x: {}}}` into `source`, and `x:` before each element that stands "
                       "there: `x:{}`",
                       shownNamespace(missed.there).substr(std::string_view("the namespace ").size()), missed.element);
}

/// A payload without one record is no success: nobody would learn that `records` looks in the wrong place, or that a
/// page of an error came. One of nothing but records that the mapping names as unwanted is.
Result<PayloadReport> withRecords(const MappingSpec& spec, PayloadReport report) {
    if (report.records != 0 || report.stopped) return report;
    if (report.passed_over != 0 && report.passed_over == report.unwanted) return report;
    if (report.passed_over != 0)
        return Refusal{"records_not_found",
                       "when",
                       {},
                       fmt::format("at least one record that `when` takes: {} found, none taken", report.passed_over),
                       "send records of the kinds that the mapping takes, or correct its `when`; what may come alone: "
                       "a kind with a `when` of its own and `pass_over: true`"};
    std::string expressions;
    std::set<std::string_view> told;
    for (const KindSpec& kind : spec.kinds) {
        if (!told.insert(kind.records).second) continue;  // kinds often share the place of their records
        if (!expressions.empty()) expressions += ", ";
        expressions += fmt::format("`{}`", kind.records.empty() ? "the whole" : kind.records);
        if (expressions.size() > kMostExpressionBytes) break;
    }
    return Refusal{
        "records_not_found",
        "records",
        {},
        fmt::format("at least one record: {} found nothing", expressions),
        report.missed ? hintOf(*report.missed) : "check how the payload is built, and `records` of the mapping"};
}

/// Builds a document of its own out of events.
class TreeCopy final : public XmlHandler {
public:
    explicit TreeCopy(std::size_t most_bytes) : builder_(most_bytes) {}
    void begin(XmlNames&) override {}
    bool start(const XmlStart& start) override { return keep(builder_.start(start)); }
    bool text(std::string_view piece) override { return keep(builder_.text(piece)); }
    bool end() override {
        builder_.end();
        return true;
    }
    const XmlDocument& document() const { return builder_.document(); }
    bool full() const { return full_; }

private:
    bool keep(bool fits) {
        full_ = full_ || !fits;
        return fits;
    }
    XmlTreeBuilder builder_;
    bool full_ = false;
};

Result<Done> walkWhole(const Mapping::Plan& plan, const TreeCopy& copy, const Limits& limits, RecordSink& sink,
                       PayloadReport& report) {
    XmlPass pass(plan, limits, sink, &copy.document());
    if (auto found = pass.findRecords(); !found) return found;
    walkXml(copy.document(), *copy.document().root(), pass);
    note(pass, report);
    return Done{};
}

std::size_t treeBytes(const Limits& limits) {
    return limits.whole_document_bytes * 8;
}

Result<Done> runXmlStream(const Mapping::Plan& plan, ByteSource& utf8, const Limits& limits, RecordSink& sink,
                          PayloadReport& report) {
    if (!plan.whole_document) {
        XmlPass pass(plan, limits, sink, nullptr);
        auto done = readXml(utf8, limits.depth, pass, pass.bytes());
        note(pass, report);
        return done;
    }
    BoundedSource bounded(utf8, limits.whole_document_bytes);
    TreeCopy copy(treeBytes(limits));
    auto done = readXml(bounded, limits.depth, copy);
    if (bounded.exceeded()) return tooLarge(limits);
    if (copy.full()) return tooManyValues(treeBytes(limits));
    if (!done) return done;
    return walkWhole(plan, copy, limits, sink, report);
}

JsonLimits jsonLimits(const Limits& limits) {
    JsonLimits json;
    json.depth = limits.depth;
    return json;
}

/// Six times what may come: records of ordinary members take up to five, and a list of digits would take fifty.
std::size_t jsonTreeBytes(const Limits& limits) {
    constexpr std::size_t kAlways = 64 * 1024;
    return std::max(kAlways, limits.whole_document_bytes * 6);
}

template <class Input>
Result<Done> streamJson(const Mapping::Plan& plan, Input& input, const Limits& limits, RecordSink& sink,
                        PayloadReport& report) {
    JsonPass pass(plan, limits, sink, nullptr);
    auto done = readJson(input, jsonLimits(limits), pass);
    note(pass, report);
    return done;
}

Result<Done> runJsonWhole(const Mapping::Plan& plan, std::string_view json, const Limits& limits, RecordSink& sink,
                          PayloadReport& report) {
    if (json.size() > limits.whole_document_bytes) return tooLarge(limits);
    JsonTree tree;
    {
        JsonTreeBuilder builder(tree, jsonTreeBytes(limits));
        auto read = readJson(json, jsonLimits(limits), builder);
        if (builder.tooLarge()) return tooManyValues(jsonTreeBytes(limits));
        if (!read) return read;
    }
    JsonPass pass(plan, limits, sink, tree.root());
    auto done = pass.runWhole();
    note(pass, report);
    return done;
}

Result<Done> runJsonStream(const Mapping::Plan& plan, ByteSource& utf8, const Limits& limits, RecordSink& sink,
                           PayloadReport& report) {
    if (!plan.whole_document) return streamJson(plan, utf8, limits, sink, report);
    BoundedSource bounded(utf8, limits.whole_document_bytes);
    std::string json;
    std::vector<char> piece(64 * 1024);
    for (std::size_t got = 0; (got = bounded.read(piece)) != 0;) json.append(piece.data(), got);
    if (bounded.exceeded()) return tooLarge(limits);
    return runJsonWhole(plan, json, limits, sink, report);
}

}  // namespace

Mapping::Mapping(std::unique_ptr<Plan> plan) : plan_(std::move(plan)) {}
Mapping::~Mapping() = default;

Result<std::shared_ptr<const Mapping>, std::vector<MappingMistake>> Mapping::compile(MappingSpec spec) {
    return compile(std::move(spec), CompileOptions{});
}

Result<std::shared_ptr<const Mapping>, std::vector<MappingMistake>> Mapping::compile(MappingSpec spec,
                                                                                     const CompileOptions& options) {
    auto plan = PlanCompiler(std::move(spec), options).run();
    if (!plan) return std::move(plan).error();
    return std::shared_ptr<const Mapping>(new Mapping(std::move(*plan)));
}

/// The refusal of a payload; of one without a byte, or in the other language, what that usually means.
static Refusal asRefused(Refusal refusal, ByteSource& payload) {
    char first[256];
    payload.rewind();
    const std::size_t size = payload.read({first, sizeof first});
    const std::string_view text = fromFirstSign({first, size});
    if (size == 0)
        refusal.hint = "0 bytes: did the export fail?";
    else if (refusal.code == "malformed_xml" && (text.starts_with('{') || text.starts_with('[')))
        refusal.hint =
            "it begins as JSON, and this mapping reads XML: name the mapping of this payload, or another file";
    else if (refusal.code == "malformed_json" && text.starts_with('<'))
        refusal.hint =
            "it begins as XML, and this mapping reads JSON: name the mapping of this payload, or another file";
    return withDepthSetting(std::move(refusal));
}

const MappingSpec& Mapping::spec() const {
    return plan_->spec;
}
std::vector<ExpressionReport> Mapping::expressions() const {
    return plan_->reports;
}

Result<PayloadReport> Mapping::run(ByteSource& payload, const Limits& limits, RecordSink& sink,
                                   std::string_view charset, EmptySet empty) const {
    std::string declared;
    if (plan_->spec.format == SourceFormat::Xml) {
        char first[256];
        std::size_t filled = 0;
        for (std::size_t got = 0;
             filled < sizeof first && (got = payload.read({first + filled, sizeof first - filled})) != 0;) {
            filled += got;
        }
        payload.rewind();
        declared = declaredInXml({first, filled});
    }
    if (declared.empty()) declared = charset;
    const auto found = findEncoding(payload, declared);
    if (!found) return found.error();
    PayloadReport report;
    report.encoding = found->label;
    report.declared_encoding = found->declared;
    report.encoding_differs = found->differs;
    const auto utf8 = decodeToUtf8(payload, *found);
    auto done = plan_->spec.format == SourceFormat::Xml ? runXmlStream(*plan_, *utf8, limits, sink, report)
                                                        : runJsonStream(*plan_, *utf8, limits, sink, report);
    if (utf8->failedAt() != std::string::npos) {
        return Refusal{"wrong_encoding", fmt::format("byte {}", utf8->failedAt()), {}, "bytes of " + found->label, {}};
    }
    if (!done) return asRefused(done.error(), payload);
    if (report.found == 0 && !report.stopped && empty == EmptySet::Taken) {
        payload.rewind();
        const auto again = decodeToUtf8(payload, *found);
        if (isEmptySet(*plan_, *again, limits)) return report;
    }
    return withRecords(plan_->spec, std::move(report));
}

Result<PayloadReport> Mapping::run(const XmlDocument& document, const XmlNode& body, const Limits& limits,
                                   RecordSink& sink) const {
    CASEWAY_CHECK(plan_->spec.format == SourceFormat::Xml);
    PayloadReport report;
    report.encoding = document.encoding();
    report.declared_encoding = document.declaredEncoding();
    if (!plan_->whole_document) {
        XmlPass pass(*plan_, limits, sink, nullptr);
        walkXml(document, body, pass);
        note(pass, report);
        return withRecords(plan_->spec, std::move(report));
    }
    TreeCopy copy(treeBytes(limits));
    walkXml(document, body, copy);
    if (copy.full()) return tooManyValues(treeBytes(limits));
    if (auto done = walkWhole(*plan_, copy, limits, sink, report); !done) return done.error();
    return withRecords(plan_->spec, std::move(report));
}

Result<PayloadReport> Mapping::runJson(std::string_view json, const Limits& limits, RecordSink& sink) const {
    CASEWAY_CHECK(plan_->spec.format == SourceFormat::Json);
    PayloadReport report;
    report.encoding = "UTF-8";
    auto done = plan_->whole_document ? runJsonWhole(*plan_, json, limits, sink, report)
                                      : streamJson(*plan_, json, limits, sink, report);
    if (!done) return done.error();
    return withRecords(plan_->spec, std::move(report));
}

}  // namespace caseway
