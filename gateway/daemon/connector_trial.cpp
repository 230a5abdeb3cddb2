// gateway/daemon/connector_trial.cpp - one test, from the files to the report.
#include "gateway/daemon/connector_trial.hpp"

#include <fmt/format.h>

#include <charconv>

#include "gateway/daemon/connector_judge.hpp"
#include "gateway/daemon/mapping_folder.hpp"
#include "gateway/daemon/open_connector.hpp"
#include "gateway/daemon/trial_report.hpp"
#include "gateway/formats/envelope/media_type.hpp"
#include "gateway/formats/register/read_register.hpp"
#include "gateway/normalize/mapping_loader.hpp"

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
    std::vector<TrialPayload> payloads;

private:
    std::size_t size_ = 0;
};

Result<const RegisteredConnector*> connectorOf(const RegisterContent& content, const std::string& text) {
    const auto name = ConnectorName::parse(text);
    const auto system = name ? content.systems.find(name->system) : content.systems.end();
    if (system != content.systems.end()) {
        const auto found = system->second.connectors.find(name->name);
        if (found != system->second.connectors.end()) return &found->second;
    }
    return Refusal{"connector_unknown",      "connector", text, "a registered connector, DEPARTMENT/SYSTEM/NAME",
                   "caseway connector list", {}};
}

Result<std::shared_ptr<const Mapping>> compiled(const std::string& yaml, const std::string& name) {
    auto spec = loadMappingSpec(yaml, name);
    auto mapping = spec ? Mapping::compile(std::move(*spec))
                        : Result<std::shared_ptr<const Mapping>, std::vector<MappingMistake>>(spec.error());
    if (mapping) return std::move(*mapping);
    return refusalOf(mapping.error());
}

struct Tally {
    std::uint64_t mapped = 0, refused = 0;
};

/// Why what was seen is not enough to go live; empty: it is.
std::string whyNot(const TrialRequest& request, const std::vector<TrialPayload>& payloads, const Tally& tally) {
    if (payloads.empty())
        return "there was nothing to read: put a sample document there, so that something is seen to work";
    if (tally.mapped == 0) return "no record could be mapped";
    if (tally.refused == 0 || request.accept_refusals) return {};
    return fmt::format(
        "{} of {} records were refused: correct the mapping or the data, or take it so with --accept-refusals",
        tally.refused, tally.refused + tally.mapped);
}

}  // namespace

Result<TrialRequest> TrialRequest::read(const std::string& connector, const std::string& records,
                                        const std::string& accept_refusals) {
    TrialRequest request{connector};
    request.accept_refusals = accept_refusals == "true";
    if (records.empty()) return request;
    const auto [end, error] = std::from_chars(records.data(), records.data() + records.size(), request.records);
    if (error == std::errc() && end == records.data() + records.size() && request.records >= 1 &&
        request.records <= 1000)
        return request;
    return Refusal{"trial_records_bad", "records", records, "a whole number from 1 to 1000", "leave it out: 20", {}};
}

Result<TrialReport> ConnectorTrial::run(const FileTree& tree, const ConnectorWorld& world,
                                        const TrialRequest& request) const {
    const auto content = readRegister(tree);
    if (!content) return content.error();
    const auto connector = connectorOf(*content, request.connector);
    if (!connector) return connector.error();
    const auto candidate = candidateOf(**connector, world);
    if (!candidate) return candidate.error();
    auto mistakes = judgeConnectorFile(parts_.types, candidate->file, candidate->text, request.connector);
    if (!mistakes.empty()) return joined(std::move(mistakes));
    const ConnectorHead& head = candidate->document.head;
    const bool is_pull = head.direction == ExchangeDirection::Pull;
    std::shared_ptr<const Mapping> mapping;
    if (is_pull) {
        auto made = compiled(candidate->mapping, head.mapping);
        if (!made) return made.error();
        mapping = std::move(*made);
    }
    const InstalledType& type = *parts_.types.find(head.type);
    TrialText text(request.connector, candidate->file, candidate->digest);
    TrialReport report;
    report.digest = candidate->digest;
    KeptPage page;
    Tally tally;
    std::string why;
    try {
        const auto made = openConnector(type, candidate->document.settings,
                                        {parts_.settings, std::string((*connector)->name.system.department()),
                                         head.limits.deadline, parts_.stopping});
        if (!made) return made.error();
        const std::unique_ptr<Connector>& opened = *made;
        const std::vector<CheckStep> steps = opened->check();
        text.steps(steps);
        for (const CheckStep& step : steps)
            if (!step.good && why.empty()) why = "the step '" + step.name + "' failed";
        if (why.empty() && is_pull) {
            const PageLimits limits{std::min(request.records, head.limits.page_records), head.limits.page_bytes};
            text.page(opened->read({}, limits, page));
        }
    } catch (const ConnectorFault& fault) {
        text.fault(fault);
        why = "the connector failed: " + fault.parts().code;
    }
    for (const TrialPayload& payload : page.payloads) {
        if (parts_.stopping && parts_.stopping()) why = "the gateway stops";
        if (!why.empty()) break;
        const DryMapping dry = mapDry(*mapping, payload.bytes, parts_.settings.limits, request.records,
                                      charsetOf(payload.head.media_type));
        tally.mapped += dry.mapped;
        tally.refused += dry.refused;
        text.payload(payload, &dry);
    }
    if (why.empty() && is_pull) why = whyNot(request, page.payloads, tally);
    report.good = why.empty();
    report.refused = tally.refused;
    report.json = text.finish(page.payloads.size(), tally.mapped, tally.refused, why);
    return report;
}

}  // namespace caseway
