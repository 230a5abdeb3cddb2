// tests/support/memory_connector.hpp - a type of connector over a list in memory, for tests of what stands around
// connectors: it does as it is told, and remembers what it was given.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/ports/connector.hpp"

namespace caseway::test {

/// What the type does, and what it saw.
struct ListSource {
    std::vector<std::pair<PayloadHead, std::string>> payloads;
    std::vector<CheckStep> steps{{"open", true}};
    std::optional<ConnectorFault> fault;  ///< of read()
    std::function<void()> reads = [] {};  ///< called in read()
    std::vector<std::string> settings;    ///< of each open()
    std::vector<std::string> acknowledged;
    PageLimits limits;
    std::string note;     ///< of each page
    std::string made_of;  ///< the digest of what the type is made of
    bool more = false;    ///< pages without end, each like the others
};

class MemoryConnector final : public Connector {
public:
    MemoryConnector(std::shared_ptr<ListSource> source, ConnectorSurroundings surroundings)
        : source_(std::move(source)), surroundings_(std::move(surroundings)) {}
    std::vector<CheckStep> check() override { return source_->steps; }
    std::vector<SourceObject> discover() override { return {}; }
    PageEnd read(const Cursor& from, const PageLimits& limits, PageSink& sink) override {
        source_->limits = limits;
        source_->reads();
        for (const auto& [head, bytes] : source_->payloads) {
            sink.payload(head);
            sink.bytes(std::string_view(bytes).substr(0, bytes.size() / 2));
            sink.bytes(std::string_view(bytes).substr(bytes.size() / 2));
        }
        if (source_->fault) throw ConnectorFault(*source_->fault);
        const std::uint64_t records = source_->payloads.size();
        if (source_->more) return {from + "n", false, records, {}};
        PageEnd end{"next", true, records, records};
        end.note = source_->note;
        return end;
    }
    void acknowledge(const Cursor& durable) override { source_->acknowledged.push_back(durable); }
    std::vector<WriteAnswer> write(const std::vector<OutgoingItem>& items) override {
        return std::vector<WriteAnswer>(items.size());
    }

private:
    std::shared_ptr<ListSource> source_;
    ConnectorSurroundings surroundings_;
};

class MemoryType final : public ConnectorType {
public:
    explicit MemoryType(std::shared_ptr<ListSource> source) : source_(std::move(source)) {
        spec_ = {
            "memory",
            "1.0.0",
            "A list in memory",
            true,
            false,
            R"({"type":"object","required":["table"],"properties":{"table":{"type":"string","examples":["a"]},)"
            R"("size":{"type":"integer","minimum":1,"default":10},"password":{"type":"string","format":"secret"}}})"};
    }
    const ConnectorSpec& spec() const override { return spec_; }
    std::string contentDigest() const override { return source_->made_of; }
    std::unique_ptr<Connector> open(const std::string& settings,
                                    const ConnectorSurroundings& surroundings) const override {
        source_->settings.push_back(settings);
        return std::make_unique<MemoryConnector>(source_, surroundings);
    }

private:
    std::shared_ptr<ListSource> source_;
    ConnectorSpec spec_;
};

}  // namespace caseway::test
