// gateway/daemon/connector_trial.cpp - one test, from the files to the report.
#include "gateway/daemon/connector_trial.hpp"

#include <fmt/format.h>

#include <charconv>

#include "gateway/daemon/connector_judge.hpp"
#include "gateway/daemon/mapping_folder.hpp"
#include "gateway/daemon/open_connector.hpp"
#include "gateway/daemon/recorder_settings.hpp"
#include "gateway/daemon/setting_place.hpp"
#include "gateway/daemon/trial_report.hpp"
#include "gateway/daemon/trial_signatures.hpp"
#include "gateway/formats/register/read_register.hpp"
#include "gateway/formats/text/said_text.hpp"
#include "gateway/normalize/mapping_loader.hpp"
#include "gateway/pipeline/kept_payloads.hpp"
#include "gateway/record/recorder.hpp"
#include "gateway/register/connector_view.hpp"
#include "gateway/register/near_registered.hpp"

namespace caseway {
namespace {

/// Keeps a page in memory, up to a size.
class KeptPage final : public PageSink {
public:
    void payload(const PayloadHead& head) override { payloads.push_back({head, {}}); }
    void bytes(std::string_view piece) override {
        size_ += piece.size();
        if (size_ > kTrialBytesMax || payloads.empty())
            throw ConnectorFault(ConnectorFaultKind::Config,
                                 {"trial_page_too_large",
                                  "",
                                  "one page has more than 32 MiB",
                                  "set limits.page_bytes lower, or put a small document there for the test",
                                  {}});
        payloads.back().bytes += piece;
    }
    std::size_t size() const { return size_; }
    std::vector<TrialPayload> payloads;

private:
    std::size_t size_ = 0;
};

Result<const RegisteredConnector*> connectorOf(const RegisterContent& content, const std::string& text) {
    if (const RegisteredConnector* const found = connectorNamed(content, text)) return found;
    return unknownConnector(content, text, "a registered connector, DEPARTMENT/SYSTEM/NAME");
}

Result<std::shared_ptr<const Mapping>> compiled(const std::string& yaml, const std::string& name) {
    auto spec = loadMappingSpec(yaml, name);
    auto mapping = spec ? Mapping::compile(std::move(*spec))
                        : Result<std::shared_ptr<const Mapping>, std::vector<MappingMistake>>(spec.error());
    if (mapping) return std::move(*mapping);
    return refusalOf(mapping.error());
}

template <class Number>
bool readNumber(std::string_view text, Number& number) {
    const char* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, number);
    return read.ec == std::errc() && read.ptr == end;
}

Refusal runUnknown(const std::string& run, const std::string& connector) {
    return {"run_unknown", "run", run, "a run of this connector", "caseway sync history " + connector, {}};
}

struct Tally {
    std::uint64_t mapped = 0, refused = 0;
};

/// Why what was seen is not enough to go live; empty: it is.
/// `withheld`: what the source has and does not give.
std::string whyNot(const TrialRequest& request, const std::vector<TrialPayload>& payloads, const Tally& tally,
                   const std::string& withheld) {
    if (payloads.empty() && request.run != 0)
        return fmt::format(
            "run {} kept nothing that this mapping has not refused already: mend the mapping, and put it in place "
            "with caseway mapping add DIR",
            request.run);
    if (payloads.empty() && !withheld.empty())
        return fmt::format("nothing of what lies there can be read yet: {}", saidText(withheld));
    if (payloads.empty())
        return "there was nothing to read: put a sample document there, so that something is seen to work; or, where a "
               "run "
               "refused some: caseway connector test NAME --run RUN tries what it kept";
    if (tally.mapped == 0) return "no record could be mapped";
    if (tally.refused == 0 || request.accept_refusals) return {};
    return fmt::format(
        "{} of {} records were refused: correct the mapping or the data, or take it so with --accept-refusals",
        tally.refused, tally.refused + tally.mapped);
}

/// Page after page of what a former run kept and could not take, until there is enough to look at.
PageEnd readKept(KeptPayloads& kept, const TrialRequest& request, KeptPage& page) {
    PageEnd end{{}, false, 0, {}};
    while (!end.last && page.payloads.size() < request.records && page.size() < kTrialBytesKept)
        end = kept.read(end.next, {}, page);
    return end;
}

}  // namespace

Result<TrialRequest> TrialRequest::read(const Operation& operation) {
    TrialRequest request{operation.text("connector")};
    request.accept_refusals = operation.text("accept_refusals") == "true";
    request.unmask = operation.text("unmask") == "true";
    request.reason = operation.text("reason");
    const std::string records = operation.text("records"), run = operation.text("run");
    if (!records.empty() && (!readNumber(records, request.records) || request.records < 1 || request.records > 1000))
        return Refusal{"trial_records_bad", "records", records, "a whole number from 1 to 1000",
                       "leave it out: 20",  {}};
    if (!run.empty() && (!readNumber(run, request.run) || request.run == 0)) return runUnknown(run, request.connector);
    return request;
}

Result<TrialReport> ConnectorTrial::run(const FileTree& tree, const ConnectorWorld& world,
                                        const TrialRequest& request) const {
    const auto content = readRegister(tree);
    if (!content) return content.error();
    const auto connector = connectorOf(*content, request.connector);
    if (!connector) return connector.error();
    const RegisteredSystem& system = content->systems.at((*connector)->name.system).system;
    const auto candidate = candidateOf(**connector, world);
    if (!candidate) return candidate.error();
    auto mistakes = judgeConnectorFile(parts_.types, candidate->file, candidate->text, request.connector);
    if (!mistakes.empty()) return joined(std::move(mistakes));
    const ConnectorHead& head = candidate->document.head;
    const bool is_pull = head.direction == ExchangeDirection::Pull;
    if (request.run != 0) {
        const auto row = parts_.reader.run(request.run);
        if (!is_pull || !row || row->connector != request.connector)
            return runUnknown(std::to_string(request.run), request.connector);
    }
    std::shared_ptr<const Mapping> mapping;
    if (is_pull) {
        auto made = compiled(candidate->mapping, head.mapping);
        if (!made) return made.error();
        mapping = std::move(*made);
    }
    const InstalledType& type = *parts_.types.find(head.type);
    TrialText text(request.connector, candidate->file, candidate->digest);
    WrittenNames names;
    addNamesOf(candidate->document.settings, names);
    if (mapping) addNamesOf(mapping->spec(), names);
    text.show(std::move(names));
    TrialReport report;
    report.digest = candidate->digest;
    KeptPage page;
    Tally tally;
    std::string why, withheld;
    try {
        auto made = openConnector(type, candidate->document.settings,
                                  {parts_.settings, std::string((*connector)->name.system.department()),
                                   head.limits.deadline, parts_.stopping});
        if (!made) return made.error();
        const std::unique_ptr<Connector>& opened = made->connector;
        text.hide(made->mask);
        const std::vector<CheckStep> steps = withPlaces(opened->check(), candidate->document.settings, candidate->file);
        text.steps(steps);
        for (const CheckStep& step : steps)
            if (!step.good && why.empty()) why = "the step '" + step.name + "' failed";
        if (why.empty() && request.run != 0) {
            KeptPayloads kept(parts_.reader, parts_.open_body, request.run, mapping->spec().version);
            text.page(readKept(kept, request, page));
        } else if (why.empty() && is_pull) {
            const PageLimits limits{std::min(request.records, head.limits.page_records), head.limits.page_bytes};
            const PageEnd end = opened->read({}, limits, page);
            withheld = made->mask.masked(end.withheld);
            text.page(end);
        }
    } catch (const ConnectorFault& fault) {
        text.fault(fault, placeOfSetting(candidate->document.settings, candidate->file, fault.parts().where));
        why = "the connector failed: " + fault.parts().code;
    }
    Recorder recorder(recorderConfig(parts_.settings));
    const Instant now = SystemClock().now();
    const RecordJudge would_be_taken = [&](const CasePatch& patch) {
        return recorder.judge(parts_.reader, {system, {}, now, now, 0, true}, patch).refusal;
    };
    TrialSignatures signatures(parts_.settings, (*connector)->name.system, head.signature, head.mapping);
    for (const TrialPayload& payload : page.payloads) {
        if (parts_.stopping && parts_.stopping()) why = "the gateway stops";
        if (!why.empty()) break;
        const DryMapping dry = mapDry(*mapping, payload, signatures.of(payload), parts_.settings.limits,
                                      {request.records, request.unmask}, would_be_taken);
        tally.mapped += dry.mapped;
        tally.refused += dry.refused;
        text.payload(payload, dry, request.unmask);
    }
    if (why.empty() && is_pull) why = whyNot(request, page.payloads, tally, withheld);
    report.good = why.empty();
    report.refused = tally.refused;
    report.json = text.finish(page.payloads.size(), tally.mapped, tally.refused, why);
    return report;
}

}  // namespace caseway
