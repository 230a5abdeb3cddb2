// tests/unit/pipeline/reconciling_fixture.hpp - the pipeline with a whole set beside it: reconciliations over a store
// in memory, with hooks where somebody may come between.
#pragma once

#include <boost/test/unit_test.hpp>

#include "gateway/log/leaf.hpp"
#include "gateway/pipeline/kept_payloads.hpp"
#include "gateway/pipeline/reconcile_pages.hpp"
#include "tests/support/memory_keys.hpp"
#include "tests/unit/pipeline/pulling_fixture.hpp"

namespace caseway::test {

struct Reconciling : Pulling {
    using Pulling::Pulling;

    std::function<bool()> running = [] { return true; };  ///< asked now and then; false: the process stops
    std::function<bool()> cancelled = [] { return false; };
    unsigned attempts = 1;
    std::function<std::unique_ptr<KeySet>()> make_keys = [] { return std::make_unique<MemoryKeys>(); };

    Run reconcile(std::vector<std::string> texts, ReconcileOrder order = {Repair::Both, {1000}},
                  std::string_view connector = kConnector) {
        clock.set(clock.now() + std::chrono::minutes(1));
        Pages source(std::move(texts));
        return reconcileWith(source, order, connector);
    }
    Run reconcileWith(Connector& source, ReconcileOrder order = {Repair::Both, {1000}},
                      std::string_view connector = kConnector) {
        ReconcilePages compared({pagesParts(), make_keys, [] { return false; }}, "housing.permit",
                                compiled(kPermitMapping), order);
        SyncRun::Parts parts{source, compared, clock, [this](std::chrono::milliseconds) { return running(); }};
        parts.cancelled = [this] { return cancelled(); };
        parts.retries.attempts = attempts;
        RunOrder what{std::string(connector), housing().id};
        what.kind = RunKind::Reconcile;
        what.reconcile = order;
        const Run run = SyncRun(std::move(parts)).carryOut(what);
        BOOST_TEST(run.reconciliation.value().counts.addUp());
        BOOST_TEST(run.counts.addUp());
        return run;
    }
    /// From where the last one ended.
    Run later(std::vector<std::string> texts) {
        clock.set(clock.now() + std::chrono::minutes(1));
        return run(std::move(texts));
    }
    /// Tries again what was refused in `of`.
    Run retry(const Run& of, std::string_view mapping = kPermitMapping,
              std::chrono::minutes passed = std::chrono::minutes(1)) {
        clock.set(clock.now() + passed);
        ShelvedMapping shelved = compiled(mapping);
        KeptPayloads kept(
            memory.reader(),
            [this](const std::string& name) { return std::make_unique<MemorySource>(bodies.at(name)); }, of.number,
            shelved.mapping->spec().version);
        PulledPages other = ledgerWith(std::move(shelved), std::string(kConnector) + "@retry");
        return runWith(kept, other, RunKind::Retry, of.number);
    }
    /// Of the newest message, or of the nth before it.
    LogEntry leafOf(std::size_t nth = 0) {
        return parseLeaf(memory.reader().leaf(memory.reader().messages({}).at(nth).index).value()).value();
    }
    std::string keyOf(std::size_t nth = 0) {
        const auto key = leafOf(nth).certificate;
        return key ? key->text() : "none";
    }
    std::optional<VanishedRow> markOf(std::string_view id) {
        return memory.reader().vanished(memory.reader().caseBySource(housing().id, id).value().id);
    }
    std::string statusOf(std::string_view id) {
        const auto row = memory.reader().caseBySource(housing().id, id);
        return row ? row->status : "none";
    }
    /// The source was read to its end, and its run waits for what comes of it.
    bool isSettling() {
        const auto open = memory.reader().unfinishedRuns();
        return !open.empty() && open.front().body.find("\"state\":\"done\"") != std::string::npos;
    }
    std::size_t marks() { return memory.reader().vanishedAfter(0, 1000).size(); }
    std::string reportOf(const Run& run) { return memory.reader().envelope(run.log_index.value()).value().head; }
};

inline std::string codeOf(const Run& run) {
    return run.trouble ? run.trouble->code : "none";
}

inline std::string many(int from, int to, int step = 1) {
    std::string text = "[";
    for (int i = from; i != to; i += step) text += (text.size() > 1 ? "," : "") + record("m" + std::to_string(i));
    return text + "]";
}

}  // namespace caseway::test
