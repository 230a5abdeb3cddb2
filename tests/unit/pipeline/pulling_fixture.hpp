// tests/unit/pipeline/pulling_fixture.hpp - the pipeline with a source of texts before it: runs over a store in memory.
#pragma once

#include <boost/test/unit_test.hpp>

#include "gateway/formats/run/run_document.hpp"
#include "gateway/formats/text/encoding.hpp"
#include "gateway/pipeline/pulled_pages.hpp"
#include "gateway/sync/sync_run.hpp"
#include "tests/unit/pipeline/pipeline_fixture.hpp"

namespace caseway::test {

constexpr std::string_view kConnector = "housing/permits/outbox";

constexpr std::string_view kNoPayload = "no payload";  ///< in the place of a page's text

/// Pages of JSON texts; the cursor is the number of the next one.
class Pages final : public Connector {
public:
    std::uint64_t counts = 0;               ///< records that it tells of each text
    std::function<void()> between = [] {};  ///< before each page but the first
    bool is_one_page = false;               ///< all of them
    explicit Pages(std::vector<std::string> texts, std::string media_type = "application/json")
        : texts_(std::move(texts)), media_type_(std::move(media_type)) {}
    std::vector<CheckStep> check() override { return {}; }
    std::vector<SourceObject> discover() override { return {}; }
    PageEnd read(const Cursor& from, const PageLimits&, PageSink& sink) override {
        const std::size_t at = from.empty() ? 0 : std::stoul(from);
        if (at == texts_.size()) return {from, true, 0, {}};
        if (at != 0) between();
        const std::size_t end = is_one_page ? texts_.size() : at + 1;
        for (std::size_t i = at; i < end; ++i)
            if (texts_[i] != kNoPayload) {
                sink.payload({"page " + std::to_string(i), media_type_, counts});
                sink.bytes(texts_[i]);
            }
        return {std::to_string(end), end == texts_.size(), counts * (end - at), {}};
    }
    void acknowledge(const Cursor&) override {}
    std::vector<WriteAnswer> write(const std::vector<OutgoingItem>&) override { return {}; }

private:
    std::vector<std::string> texts_;
    std::string media_type_;
};

inline std::string record(std::string_view id, std::string_view status = "10", int version = 1) {
    return R"({"id":")" + std::string(id) + R"(","version":)" + std::to_string(version) + R"(,"status":")" +
           std::string(status) + R"(","applied":"2026-05-01 08:00:00"})";
}
inline std::string pageOf(std::initializer_list<std::string> records) {
    std::string text = "[";
    for (const std::string& one : records) text += (text.size() > 1 ? "," : "") + one;
    return text + "]";
}

struct Pulling : Pipeline {
    explicit Pulling(std::size_t spool_above = 1024 * 1024) : Pipeline(spool_above) {}

    class Spool final : public PulledSpool {
    public:
        explicit Spool(caseway::testing::MemoryBodies& bodies) : bodies_(bodies) {}
        void write(std::string_view bytes) override { text_ += bytes; }
        std::unique_ptr<ByteSource> source() const override { return std::make_unique<MemorySource>(text_); }
        std::string finish(const Sha256& digest, bool is_utf8) override {
            CASEWAY_CHECK(is_utf8 ==
                          isUtf8(text_));  // on threads of the test's, too, which the framework does not know
            bodies_.keep(toHex(digest), text_);
            return toHex(digest);
        }

    private:
        caseway::testing::MemoryBodies& bodies_;
        std::string text_;
    };

    OutcomeBell bell;
    SignatureRule signatures = SignatureRule::IfPresent;
    PulledPages ledger = ledgerWith(compiled(kPermitMapping), std::string(kConnector));

    PulledPages::Parts pagesParts() {
        return {store,
                committer,
                recorder,
                known,
                clock,
                "center/gateway",
                limits,
                [this] { return std::make_unique<Spool>(bodies); },
                [this] {
                    return MessageId::fromBytes({9, next_id++});
                },
                [](const MessageNews&) {},
                [this](LogIndex index, const SystemId& sender) { large->enqueue(index, sender); },
                bell,
                verifier,
                signatures};
    }
    PulledPages ledgerWith(ShelvedMapping mapping, std::string cursor_name) {
        return PulledPages(pagesParts(), "housing.permit", std::move(mapping), std::move(cursor_name));
    }
    Run runWith(Connector& source, RunLedger& into, RunKind kind, RunNo of, const Party& party = housing(),
                std::string_view connector = kConnector) {
        SyncRun::Parts parts{source, into, clock, [](std::chrono::milliseconds) { return true; }};
        parts.retries.attempts = 1;
        RunOrder order{std::string(connector), party.id};
        order.kind = kind;
        order.of = of;
        return SyncRun(std::move(parts)).carryOut(order);
    }
    Run run(std::vector<std::string> texts, const Party& party = housing(), std::string_view connector = kConnector) {
        Pages source(std::move(texts));
        return runWith(source, ledger, RunKind::Next, 0, party, connector);
    }
    Run runMapped(std::string_view yaml, std::vector<std::string> texts) {
        Pages source(std::move(texts));
        PulledPages other = ledgerWith(compiled(yaml), std::string(kConnector));
        return runWith(source, other, RunKind::Next, 0);
    }
};

/// What a run left, without what differs from one run to the next (ids, times, leaves).
inline std::string stateOf(Pulling& p) {
    std::string text;
    for (const CaseRow& row : p.memory.reader().cases({})) {
        text += row.source_case_no + " " + row.status + ":";
        for (const PatchRow& patch : p.memory.reader().history(row.id, 100))
            text += std::string(nameOf(patch.outcome)) + ",";
        text += "\n";
    }
    const auto runs = p.memory.reader().runs("", 0, 10);
    for (const RunRow& row : runs) {
        const std::string body = row.body;
        const auto counts = body.find("\"counts\"");
        text += body.substr(counts, body.find('}') - counts) + (row.ended ? " ended\n" : " open\n");
    }
    return text + p.memory.reader().cursor(kConnector).value_or("none");
}

}  // namespace caseway::test
