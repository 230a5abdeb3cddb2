// connectors/sdk/wire/masked_connector.cpp - call by call.
#include "connectors/sdk/wire/masked_connector.hpp"

#include "connectors/sdk/wire/masked_answers.hpp"

namespace caseway {
namespace {

class MaskedConnector final : public Connector {
    template <class Call>
    auto masked(Call call) {
        try {
            return call();
        } catch (const ConnectorFault& fault) {
            throw maskedFault(fault, mask_);
        }
    }

public:
    MaskedConnector(std::unique_ptr<Connector> connector, SecretMask mask)
        : connector_(std::move(connector)), mask_(std::move(mask)) {}

    std::vector<CheckStep> check() override {
        return maskedSteps(masked([&] { return connector_->check(); }), mask_);
    }
    std::vector<SourceObject> discover() override {
        return maskedObjects(masked([&] { return connector_->discover(); }), mask_);
    }
    PageEnd read(const Cursor& from, const PageLimits& limits, PageSink& sink) override {
        MaskedHeads heads(mask_, sink);
        PageEnd end = masked([&] { return connector_->read(from, limits, heads); });
        for (std::string* const text : {&end.withheld, &end.ended_early}) *text = mask_.masked(*text);
        return end;
    }
    void acknowledge(const Cursor& durable) override {
        masked([&] { connector_->acknowledge(durable); });
    }
    std::vector<WriteAnswer> write(const std::vector<OutgoingItem>& items) override {
        return maskedWritten(masked([&] { return connector_->write(items); }), mask_);
    }

private:
    std::unique_ptr<Connector> connector_;
    const SecretMask mask_;
};

}  // namespace

std::unique_ptr<Connector> makeMasked(std::unique_ptr<Connector> connector, SecretMask mask) {
    return std::make_unique<MaskedConnector>(std::move(connector), std::move(mask));
}

}  // namespace caseway
