// gateway/daemon/trial_report.cpp - JSON of a test.
#include "gateway/daemon/trial_report.hpp"

#include <fmt/format.h>

#include "gateway/base/byte_source.hpp"
#include "gateway/daemon/masked_json.hpp"
#include "gateway/domain/next_steps.hpp"
#include "gateway/formats/json/document.hpp"
#include "gateway/formats/text/encoding.hpp"
#include "gateway/formats/text/said_text.hpp"
#include "gateway/formats/text/utf8.hpp"
#include "gateway/pipeline/taken_answer.hpp"
#include "gateway/record/masking.hpp"
#include "gateway/record/patch_json.hpp"

namespace caseway {
namespace {

constexpr std::size_t kExcerptBytes = 2000;

void member(std::string_view name, std::string_view value, std::string& out) {
    if (out.back() != '{') out += ',';
    appendJsonString(name, out);
    out += ':';
    appendJsonString(value, out);
}

/// The first kExcerptBytes in UTF-8, or fewer; nothing where the encoding is none that is taken.
std::optional<std::string> beginningOf(const std::string& bytes) {
    MemorySource source(bytes);
    const auto found = findEncoding(source, declaredInXml(std::string_view(bytes).substr(0, kExcerptBytes)));
    if (!found) return std::nullopt;
    const auto decoded = decodeToUtf8(source, *found);
    std::string text(kExcerptBytes, '\0');
    std::size_t count = 0;
    for (std::size_t more = 1; more != 0 && count < text.size(); count += more)
        more = decoded->read(std::span(text).subspan(count));
    text.resize(utf8Prefix(std::string_view(text).substr(0, count)).valid);
    return text;
}

/// The beginning as text; of bytes that are none only how many there are.
std::string excerptOf(const std::string& bytes, bool unmasked, const WrittenNames& written) {
    const auto text = beginningOf(bytes);
    if (!text) return fmt::format("({} bytes, neither UTF-8 nor the encoding that they declare)", bytes.size());
    return unmasked ? *text : maskedSample(*text, written);
}

Refusal maskedRefusal(Refusal refusal, const SecretMask& mask) {
    for (std::string* const said : {&refusal.where, &refusal.value, &refusal.rule, &refusal.hint})
        *said = mask.masked(*said);
    for (Refusal& other : refusal.also) other = maskedRefusal(std::move(other), mask);
    return refusal;
}

class DrySink final : public RecordSink {
public:
    DrySink(DryMapping& dry, TrialShown shown, const RecordJudge& judge) : dry_(dry), shown_(shown), judge_(judge) {}
    bool showsCodes() const override { return true; }
    bool record(const CasePatch& patch) override {
        if (auto refusal = judge_(patch)) {
            numberRecord(*refusal, dry_.mapped + dry_.refused + 1);
            return refused(*refusal);
        }
        ++dry_.mapped;
        if (dry_.records.size() >= shown_.most) return true;
        std::string& text = dry_.records.emplace_back();
        if (shown_.unmasked) return appendHistoryJson(patch, text), true;
        CasePatch shown;
        shown.copyFrom(patch);
        maskPersonal(shown);
        appendHistoryJson(shown, text);
        return true;
    }
    bool refused(const Refusal& refusal) override {
        ++dry_.refused;
        forEachMistake(refusal, [this](const Refusal& one) {
            if (dry_.refusals.size() < shown_.most) dry_.refusals.push_back(one);
        });
        return true;
    }

private:
    DryMapping& dry_;
    TrialShown shown_;
    const RecordJudge& judge_;
};

}  // namespace

DryMapping mapDry(const Mapping& mapping, const TrialPayload& payload, const BorneVerdict& verdict,
                  const Limits& limits, TrialShown shown, const RecordJudge& judge) {
    DryMapping dry;
    dry.signature = verdict.form;
    if (verdict.content) dry.verified = verdict.content->certificate->id();
    MemorySource source(payload.bytes);
    DrySink sink(dry, shown, judge);
    const auto report = mapPulled(mapping, verdict, source, payload.head.media_type, limits, sink);
    if (!report) {
        dry.records.clear();
        dry.mapped = 0;
        ++dry.refused;
        dry.refusals.push_back(report.error());
    }
    return dry;
}

TrialText::TrialText(std::string_view connector, std::string_view file, std::string_view digest)
    : connector_(connector), out_("{") {
    member("connector", connector, out_);
    member("file", file, out_);
    member("digest", digest, out_);
}

std::string TrialText::named(std::string_view step) const {
    return saidText(namedStep(step, connector_, 0));
}

void TrialText::steps(const std::vector<CheckStep>& steps) {
    out_ += ",\"steps\":[";
    for (const CheckStep& step : steps) {
        if (out_.back() != '[') out_ += ',';
        out_ += '{';
        member("name", saidText(step.name), out_);
        out_ += fmt::format(",\"good\":{}", step.good);
        if (!step.detail.empty()) member("detail", saidText(step.detail), out_);
        if (!step.next_step.empty()) member("hint", named(step.next_step), out_);
        out_ += '}';
    }
    out_ += ']';
}

void TrialText::fault(const ConnectorFault& fault, std::string_view place) {
    out_ += ",\"fault\":{";
    member("kind", nameOf(fault.kind()), out_);
    member("code", saidText(fault.parts().code), out_);
    member("where", saidText(fault.parts().where), out_);
    if (!place.empty()) member("setting", place, out_);
    member("rule", saidText(fault.parts().message), out_);
    member("hint", named(fault.parts().next_step), out_);
    out_ += '}';
}

void TrialText::payload(const TrialPayload& payload, const DryMapping& dry, bool unmasked) {
    std::string& out = payloads_;
    if (!out.empty()) out += ',';
    out += '{';
    member("name", payload.head.name, out);
    member("media_type", payload.head.media_type, out);
    out += fmt::format(",\"bytes\":{}", payload.bytes.size());
    member("begins", mask_.masked(excerptOf(payload.bytes, unmasked, names_)), out);
    if (dry.signature != SignatureForm::None) {
        out += ",\"signature\":{";
        member("form", nameOf(dry.signature), out);
        if (dry.verified) member("certificate", dry.verified->text(), out);
        out += fmt::format(",\"verified\":{}}}", dry.verified.has_value());
    }
    out += fmt::format(",\"mapped\":{},\"refused\":{},\"records\":[", dry.mapped, dry.refused);
    for (const std::string& record : dry.records) {
        if (out.back() != '[') out += ',';
        out += maskedJson(record, mask_);
    }
    out += "],\"refusals\":[";
    for (const Refusal& refusal : dry.refusals) {
        if (out.back() != '[') out += ',';
        appendRefusal(maskedRefusal(refusal, mask_), out);
    }
    out += ']';
    out += '}';
}

void TrialText::page(const PageEnd& end) {
    out_ += fmt::format(",\"last\":{},\"source_records\":{}", end.last, end.records);
    if (end.source_total) out_ += fmt::format(",\"source_total\":{}", *end.source_total);
}

std::string TrialText::finish(std::uint64_t read, std::uint64_t mapped, std::uint64_t refused, std::string_view why) {
    out_ += fmt::format(",\"payloads\":[{}],\"counts\":{{\"documents\":{},\"mapped\":{},\"refused\":{}}},\"good\":{}",
                        payloads_, read, mapped, refused, why.empty());
    if (!why.empty()) member("why", namedStep(why, connector_, 0), out_);
    return std::move(out_) + "}";
}

}  // namespace caseway
