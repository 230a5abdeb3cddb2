// connectors/thrift/thrift_type.cpp - the spec of `thrift` and its connectors: each call of the port is one or several
// exchanges over a connection that is kept between them.
#include "connectors/thrift/thrift_type.hpp"

#include <optional>

#include "connectors/sdk/check_run.hpp"
#include "connectors/sdk/wire/masked_answers.hpp"
#include "connectors/sdk/wire/service_calls.hpp"
#include "connectors/thrift/remote_session.hpp"

namespace caseway {
namespace {

constexpr std::size_t kBatchBytes = 8 * 1024 * 1024;  ///< of items in one exchange, where there are several
constexpr std::size_t kBatchItems = 1000;
constexpr std::size_t kItemBytesMax = 16'000'000;  ///< a frame has some more

std::size_t sizeOf(const OutgoingItem& item) {
    return item.key.size() + item.bytes.size();
}

class ThriftConnector final : public Connector {
    /// Runs `work(session)` over the connection that there is, or a new one; one that broke is gone afterwards.
    template <class Work>
    auto inSession(Work work) {
        budget_.emplace(surroundings_);
        if (session_ && session_->isStale()) session_.reset();
        try {
            if (session_)
                session_->begin(*budget_);
            else
                session_ = std::make_unique<RemoteSession>(settings_, surroundings_, *budget_, pace_);
            return work(*session_);
        } catch (const ConnectorFault& fault) {
            if (session_ && session_->isBroken()) session_.reset();
            throw maskedFault(fault, mask_);
        }
    }
    static std::vector<WriteAnswer> writeAll(RemoteSession& session, const std::vector<OutgoingItem>& items) {
        std::vector<WriteAnswer> answers;
        for (std::size_t at = 0; at < items.size();) {
            if (sizeOf(items[at]) > kItemBytesMax) {
                answers.push_back({WriteOutcome::Refused, "larger than 16 MB, which no frame of this contract takes"});
                ++at;
                continue;
            }
            std::size_t end = at + 1;
            for (std::size_t bytes = sizeOf(items[at]); end < items.size() && end - at < kBatchItems; ++end)
                if ((bytes += sizeOf(items[end])) > kBatchBytes) break;
            for (WriteAnswer& one : askWrite(session, &items[at], end - at)) answers.push_back(std::move(one));
            at = end;
        }
        return answers;
    }

public:
    ThriftConnector(RemoteSettings settings, ConnectorSurroundings surroundings)
        : settings_(std::move(settings)),
          surroundings_(std::move(surroundings)),
          mask_(surroundings_.secrets),
          pace_(settings_.calls_per_second) {}

    std::vector<CheckStep> check() override {
        std::vector<CheckStep> theirs;
        CheckRun run;
        run.then("connect to " + settings_.peer.shown(), [&] {
            return inSession([](RemoteSession& session) { return "it says it is " + session.greeting(); });
        });
        run.then("its own check", [&] {
            theirs = inSession([](RemoteSession& session) { return askCheck(session); });
            return std::to_string(theirs.size()) + " steps";
        });
        std::vector<CheckStep> steps = std::move(run).steps();
        steps.insert(steps.end(), theirs.begin(), theirs.end());
        return maskedSteps(std::move(steps), mask_);
    }
    std::vector<SourceObject> discover() override {
        return maskedObjects(inSession([](RemoteSession& session) { return askObjects(session); }), mask_);
    }
    PageEnd read(const Cursor& from, const PageLimits& limits, PageSink& sink) override {
        MaskedHeads masked_sink(mask_, sink);
        return inSession([&](RemoteSession& session) {
            PageEnd end = askPage(session, from, limits, PageParts(settings_.page_bytes, "`page_mib`", masked_sink));
            end.withheld = mask_.masked(end.withheld);
            end.ended_early = mask_.masked(end.ended_early);
            if (mask_.holds(end.next)) session.brokeContract("read", "its cursor holds a secret");
            return end;
        });
    }
    void acknowledge(const Cursor& durable) override {
        inSession([&](RemoteSession& session) {
            tellDurable(session, durable);
            return true;
        });
    }
    std::vector<WriteAnswer> write(const std::vector<OutgoingItem>& items) override {
        return maskedWritten(inSession([&](RemoteSession& session) { return writeAll(session, items); }), mask_);
    }

private:
    const RemoteSettings settings_;
    const ConnectorSurroundings surroundings_;
    const SecretMask mask_;  ///< over all that it says
    RequestPace pace_;
    std::optional<CallBudget> budget_;
    std::unique_ptr<RemoteSession> session_;
};

class ThriftType final : public ConnectorType {
public:
    const ConnectorSpec& spec() const override { return spec_; }
    std::unique_ptr<Connector> open(const std::string& settings,
                                    const ConnectorSurroundings& surroundings) const override {
        return std::make_unique<ThriftConnector>(readRemoteSettings(settings), surroundings);
    }

private:
    const ConnectorSpec spec_{
        "thrift", "1.0.0", "A department's own server of the connector contract, over Thrift and TLS",
        true,     true,    remoteSettingsSchema()};
};

}  // namespace

std::unique_ptr<ConnectorType> makeThriftType() {
    return std::make_unique<ThriftType>();
}

}  // namespace caseway
