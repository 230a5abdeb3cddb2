// tests/unit/log/verifier_test.cpp - the verifier over logs that somebody tampered with: in the store, and in an
// exported bundle.
#include "tests/unit/log/verifier_fixture.hpp"

using namespace caseway;
using namespace caseway::testing;

BOOST_AUTO_TEST_SUITE(LogVerifier)

BOOST_AUTO_TEST_CASE(finds_nothing_in_a_good_log_and_says_what_it_checked) {
    LogFixture f;
    fill(f);
    for (const VerifyReport& report : {verifyStore(f), verifyBundle(f, exported(f)), verifyStore(f, {}, 50)}) {
        BOOST_TEST(report.good(), told(report));
        BOOST_TEST(report.entries == 600U);
        BOOST_TEST(report.heads == 5U);
        BOOST_TEST(report.envelopes == 600U);
        BOOST_TEST(report.signatures == 600U);
        BOOST_TEST(report.outcome_sets == 600U);
        BOOST_TEST(report.tree_size == 600U);
        BOOST_TEST(report.origin == kOrigin);
    }
    LogFixture empty;
    BOOST_TEST(verifyStore(empty).good());
    BOOST_TEST(verifyBundle(empty, exported(empty)).good());
}

BOOST_AUTO_TEST_CASE(finds_every_change_of_a_stored_row) {
    struct Case {
        const char* name;
        std::function<void(MemoryTables&)> tamper;
        const char* what;
        const char* where;
    };
    const auto otherCounts = [](std::string leaf) { return leaf.replace(leaf.find("\"new\":1"), 7, "\"new\":2"); };
    const Case cases[] = {
        {"leaf changed, canonical", [&](MemoryTables& t) { t.leaves.rows()[100] = otherCounts(t.leaves.rows()[100]); },
         "tile_differs", "tile 0/0, leaf 100"},
        {"leaf changed, root", [&](MemoryTables& t) { t.leaves.rows()[550] = otherCounts(t.leaves.rows()[550]); },
         "root_differs", "checkpoint 600"},
        {"leaf changed, counts", [&](MemoryTables& t) { t.leaves.rows()[550] = otherCounts(t.leaves.rows()[550]); },
         "counts_differ", "leaf 550"},
        {"leaf not canonical", [](MemoryTables& t) { t.leaves.rows()[7] += " "; }, "leaf_not_canonical", "leaf 7"},
        {"leaf not a leaf", [](MemoryTables& t) { t.leaves.rows()[7] = "{\"x\":1}"; }, "malformed_leaf", "leaf 7"},
        {"leaf deleted", [](MemoryTables& t) { t.leaves.rows().erase(42); }, "leaf_missing", "leaf 42"},
        {"last leaf deleted", [](MemoryTables& t) { t.leaves.rows().erase(599); }, "leaf_missing", "leaf 599"},
        {"leaves swapped", [](MemoryTables& t) { std::swap(t.leaves.rows()[10], t.leaves.rows()[11]); }, "tile_differs",
         "tile 0/0, leaf 10"},
        {"leaves swapped, envelope", [](MemoryTables& t) { std::swap(t.leaves.rows()[10], t.leaves.rows()[11]); },
         "envelope_changed", "leaf 11"},
        {"leaf behind the head", [](MemoryTables& t) { t.leaves.rows()[600] = t.leaves.rows()[1]; }, "leaf_not_sealed",
         "leaf 600"},
        {"leaf twice", [](MemoryTables& t) { t.leaves.rows()[31] = t.leaves.rows()[30]; }, "message_id_repeated",
         "leaf 31"},
        {"envelope changed", [](MemoryTables& t) { t.envelopes.rows()[3].head += "x"; }, "envelope_changed", "leaf 3"},
        {"envelope changed, payload", [](MemoryTables& t) { t.envelopes.rows()[3].head += "x"; }, "payload_differs",
         "leaf 3"},
        {"envelope unsigned",
         [](MemoryTables& t) { t.envelopes.rows()[3].head[60] = 'X', t.envelopes.rows()[3].head[0] = 'z'; },
         "signature_refused", "leaf 3"},
        {"envelope deleted", [](MemoryTables& t) { t.envelopes.rows().erase(3); }, "envelope_missing", "leaf 3"},
        {"outcome changed",
         [](MemoryTables& t) {
             t.outcome_lines.rows()[{9, 0}][20] ^= 1;
         },
         "outcomes_changed", "leaf 9"},
        {"outcomes deleted",
         [](MemoryTables& t) {
             t.outcome_lines.rows().erase({9, 0});
         },
         "outcomes_missing", "leaf 9"},
        {"certificate changed", [](MemoryTables& t) { t.certificates.rows().begin()->second += "x"; },
         "certificate_changed", "leaf 0"},
        {"certificate deleted", [](MemoryTables& t) { t.certificates.rows().clear(); }, "certificate_missing",
         "leaf 599"},
        {"row changed", [](MemoryTables& t) { t.messages.rows()[5].outcome = MessageOutcome::Refused; }, "row_differs",
         "leaf 5"},
        {"row counts changed", [](MemoryTables& t) { ++t.messages.rows()[5].counts.fresh; }, "row_differs", "leaf 5"},
        {"row answer changed", [](MemoryTables& t) { t.messages.rows()[5].answer += " "; }, "row_differs", "leaf 5"},
        {"row mapping changed", [](MemoryTables& t) { t.messages.rows()[5].mapping = "x"; }, "row_differs", "leaf 5"},
        {"row content changed", [](MemoryTables& t) { t.messages.rows()[5].content_digest.bytes[0] ^= 1; },
         "row_differs", "leaf 5"},
        {"row id taken", [](MemoryTables& t) { t.messages.rows()[5].message_id.reset(); }, "row_differs", "leaf 5"},
        {"row binding changed", [](MemoryTables& t) { t.messages.rows()[5].binding = Binding::Xml; }, "row_differs",
         "leaf 5"},
        {"row with an end", [](MemoryTables& t) { t.messages.rows()[5].outcome_index = 6; }, "row_differs", "leaf 5"},
        {"row with a size", [](MemoryTables& t) { t.messages.rows()[5].tree_size = 6; }, "row_differs", "leaf 5"},
        {"row added", [](MemoryTables& t) { t.messages.rows()[700] = t.messages.rows()[5]; }, "row_added",
         "message 700"},
        {"envelope added", [](MemoryTables& t) { t.envelopes.rows()[700] = t.envelopes.rows()[5]; }, "row_added",
         "envelope 700"},
        {"outcomes added",
         [](MemoryTables& t) {
             t.outcome_lines.rows()[{700, 0}] = "x";
         },
         "row_added", "outcome_part 700/0"},
        {"leaf added", [](MemoryTables& t) { t.leaves.rows()[700] = t.leaves.rows()[5]; }, "row_added", "leaf 700"},
        {"tile added",
         [](MemoryTables& t) {
             t.tiles.rows()[{0, 2}] = t.tiles.rows()[{0, 1}];
         },
         "row_added", "tile 0/2"},
        {"tile of another level added",
         [](MemoryTables& t) {
             t.tiles.rows()[{1, 0}] = t.tiles.rows()[{0, 1}];
         },
         "row_added", "tile 1/0"},
        {"head of nothing",
         [](MemoryTables& t) {
             t.checkpoints.rows()[0] = {0, "x"};
         },
         "row_added", "checkpoint 0"},
        {"certificate added", [](MemoryTables& t) { t.certificates.rows()[KeyId(Sha256{})] = "x"; }, "row_added",
         "certificate 0000000000000000000000000000000000000000000000000000000000000000"},
        {"mapping changed", [](MemoryTables& t) { t.mapping_versions.rows().begin()->second += "x"; },
         "mapping_changed", "leaf 0"},
        {"mapping deleted", [](MemoryTables& t) { t.mapping_versions.rows().clear(); }, "mapping_missing", "leaf 0"},
        {"mapping added", [](MemoryTables& t) { t.mapping_versions.rows()[Sha256{}] = "x"; }, "row_added",
         "mapping_version 0000000000000000000000000000000000000000000000000000000000000000"},
        {"progress added", [](MemoryTables& t) { t.large.rows()[3].index = 3; }, "row_added", "large 3"},
        {"origin changed", [](MemoryTables& t) { t.meta.rows()[std::string(kLogOriginMeta)] += "x"; }, "origin_differs",
         "meta log_origin"},
        {"restore begun", [](MemoryTables& t) { t.meta.rows()[std::string(kRestoredHeadMeta)] = "x"; },
         "restore_unfinished", "meta restored_head"},
        {"row deleted", [](MemoryTables& t) { t.messages.rows().erase(5); }, "row_missing", "leaf 5"},
        {"tile changed",
         [](MemoryTables& t) {
             t.tiles.rows()[{0, 1}][32 * 5] ^= 1;
         },
         "tile_differs", "tile 0/1, leaf 261"},
        {"tile deleted",
         [](MemoryTables& t) {
             t.tiles.rows().erase({0, 1});
         },
         "tile_missing", "tile 0/1"},
        {"head of a wild size",
         [](MemoryTables& t) {
             t.checkpoints.rows()[1ULL << 52] = {1ULL << 52, "x"};
         },
         "source_malformed", "leaf 600"},
        {"head changed", [](MemoryTables& t) { t.checkpoints.rows()[100].note[25] ^= 1; }, "checkpoint_not_signed",
         "checkpoint 100"},
        {"head broken", [](MemoryTables& t) { t.checkpoints.rows()[100].note = "x"; }, "checkpoint_malformed",
         "checkpoint 100"},
        {"heads swapped",
         [](MemoryTables& t) { std::swap(t.checkpoints.rows()[1].note, t.checkpoints.rows()[100].note); },
         "checkpoint_misplaced", "checkpoint 1"},
        {"last heads deleted", [](MemoryTables& t) { t.checkpoints.rows().erase(600); }, "leaf_not_sealed", "leaf 301"},
    };
    for (const Case& c : cases) {
        LogFixture f;
        fill(f);
        c.tamper(f.store.tables());
        const VerifyReport report = verifyStore(f);
        BOOST_TEST(has(report, c.what, c.where), c.name << ":\n" << told(report).substr(0, 1500));
    }
}

BOOST_AUTO_TEST_CASE(any_bit_of_any_leaf_is_noticed) {
    const unsigned seed = std::random_device()();
    BOOST_TEST_MESSAGE("seed " << seed);
    std::mt19937 random(seed);
    for (int round = 0; round < 60; ++round) {
        LogFixture f;
        f.commit(1 + random() % 20);
        f.commit(1 + random() % 20);
        auto& leaf = f.store.tables().leaves.rows()[random() % f.log->size()];
        leaf[random() % leaf.size()] ^= static_cast<char>(1U << random() % 8);
        BOOST_TEST(!verifyStore(f).good());
    }
}

BOOST_AUTO_TEST_CASE(a_cut_off_end_shows_only_against_a_head_kept_outside) {
    LogFixture f;
    f.commit(50);
    f.commit(50);
    const auto held = openHeldHead(f.log->checkpoint(), f.key());
    const auto receipt = openHeldHead(f.log->receiptFor(80), f.key());
    BOOST_REQUIRE((held.ok() && receipt.ok()));
    BOOST_TEST(verifyStore(f, *held).good());
    BOOST_TEST(verifyStore(f, *receipt).good());
    auto& tables = f.store.tables();
    for (LogIndex i = 50; i < 100; ++i)
        tables.leaves.rows().erase(i), tables.messages.rows().erase(i), tables.envelopes.rows().erase(i),
            tables.outcome_lines.rows().erase({i, 0});
    tables.checkpoints.rows().erase(100);
    BOOST_TEST(verifyStore(f).good());  // the documents say so
    BOOST_TEST(has(verifyStore(f, *held), "log_truncated", "checkpoint 100"));
    BOOST_TEST(has(verifyStore(f, *receipt), "log_truncated", "checkpoint 100"));
    BOOST_TEST(has(verifyBundle(f, exported(f), *held), "log_truncated"));
}

BOOST_AUTO_TEST_CASE(a_log_rewritten_with_its_own_key_shows_against_a_held_head) {
    LogFixture honest, forged;
    honest.commit(30);
    {
        const auto writer = forged.store.beginWrite();
        forged.log->begin();
        for (std::uint64_t i = 0; i < 30; ++i) forged.add(*writer, i == 20 ? 777 : i);
        forged.log->seal(*writer);
        writer->commit();
    }
    BOOST_TEST(verifyStore(forged).good());
    const auto held = openHeldHead(honest.log->checkpoint(), honest.key());
    BOOST_TEST(has(verifyStore(forged, *held), "held_head_differs", "checkpoint 30"));
    const auto receipt = openHeldHead(honest.log->receiptFor(20), honest.key());
    BOOST_TEST(has(verifyStore(forged, *receipt), "held_leaf_differs", "leaf 20"));
}

BOOST_AUTO_TEST_CASE(another_key_and_another_origin_are_told) {
    LogFixture f;
    f.commit(3);
    VerifierOptions options;
    options.keys = {NoteKey(kOrigin, SeedSigner(9).publicKey())};
    StoreSource source(f.store.snapshot(), {});
    BOOST_TEST(has(verifyLog(source, options), "checkpoint_not_signed"));
    options.keys = {NoteKey("other/log", f.signer.publicKey())};
    BOOST_TEST(has(verifyLog(source, options), "origin_differs"));
    options.keys.clear();
    const VerifyReport report = verifyLog(source, options);
    BOOST_TEST(report.good());
    BOOST_TEST(!report.head_signatures_checked);
}

BOOST_AUTO_TEST_CASE(a_new_origin_is_good_only_where_its_leaf_names_the_old_head) {
    LogFixture f;
    f.commit(20);
    const auto change = [&](bool announced) {
        const auto writer = f.store.beginWrite();
        f.log->begin();
        if (announced) f.log->startOrigin(*writer, "center/gateway/log-2", Instant{}, "restored");
        if (!announced) f.add(*writer, 100);
        f.log->seal(*writer);
        writer->commit();
    };
    change(true);
    VerifierOptions options;
    options.keys = {NoteKey("center/gateway/log-2", f.signer.publicKey())};
    StoreSource source(f.store.snapshot(), {});
    BOOST_TEST(verifyLog(source, options).good(), told(verifyLog(source, options)));
    auto& leaf = f.store.tables().leaves.rows()[20];
    leaf.replace(leaf.find("\"old_size\":20"), 13, "\"old_size\":19");
    BOOST_TEST(has(verifyLog(source, options), "origin_change_wrong", "leaf 20"));
}

BOOST_AUTO_TEST_CASE(a_log_that_was_restored_without_a_leaf_begins_with_its_new_origin) {
    LogFixture f;
    const auto writer = f.store.beginWrite();
    f.log->begin();
    f.log->startOrigin(*writer, "center/gateway/log-2", Instant{}, "restored");
    f.log->seal(*writer);
    writer->commit();
    VerifierOptions options;
    options.keys = {NoteKey("center/gateway/log-2", f.signer.publicKey())};
    StoreSource source(f.store.snapshot(), {});
    BOOST_TEST(verifyLog(source, options).good(), told(verifyLog(source, options)));
    auto& leaf = f.store.tables().leaves.rows()[0];
    leaf.replace(leaf.find("\"old_size\":0"), 12, "\"old_size\":1");
    BOOST_TEST(has(verifyLog(source, options), "origin_change_wrong", "leaf 0"));
}

BOOST_AUTO_TEST_CASE(a_large_message_is_held_against_its_outcome_leaf) {
    const auto build = [](LogFixture& f, bool right) {
        OutcomeLines lines = LogFixture::linesOf(0);
        LogEntry received = f.entryOf(0, lines);
        received.type = EntryType::Received;
        received.outcome = MessageOutcome::Received;
        received.counts.reset();
        received.outcomes_root.reset();
        LogEntry outcome = f.entryOf(0, lines);
        outcome.type = EntryType::Outcome;
        outcome.received_index = right ? 0 : 5;
        outcome.envelope_digest.reset();
        MessageRow row;
        row.sender = received.sender;
        row.message_id = received.message_id;
        row.binding = Binding::Json;
        row.received_at = received.received_at;
        row.outcome = MessageOutcome::Received;
        f.fillRow(0, row);
        LargeRow progress;
        progress.next_record = 3;
        progress.counts = *outcome.counts;
        progress.carried = "doubled 1, such as a***b (9)\n" + lines.save();
        auto writer = f.store.beginWrite();
        f.log->begin();
        f.log->append(*writer, received);
        writer->putMessage(row);
        writer->putEnvelope(0, {envelopeOf(0), ""});
        writer->putCertificate(*received.certificate, f.certificate);
        writer->putMappingVersion(*received.mapping_version, kMappingFiles);
        writer->putOutcomeLines(0, lines.take());
        writer->putLarge(progress);
        f.log->seal(*writer);
        writer->commit();
        writer.reset();
        BOOST_TEST(verifyStore(f).unfinished == 1U);
        BOOST_TEST(verifyStore(f).good(), told(verifyStore(f)));
        writer = f.store.beginWrite();
        f.log->begin();
        row.outcome_index = f.log->append(*writer, outcome);
        row.outcome = *outcome.outcome;
        row.counts = *outcome.counts;
        writer->updateMessage(row);
        writer->removeLarge(0);
        f.log->seal(*writer);
        writer->commit();
    };
    LogFixture good, bad;
    build(good, true);
    BOOST_TEST(verifyStore(good).good(), told(verifyStore(good)));
    BOOST_TEST(verifyBundle(good, exported(good)).good());
    BOOST_TEST(verifyStore(good).unfinished == 0U);
    build(bad, false);
    BOOST_TEST(has(verifyStore(bad), "outcome_unmatched", "leaf 1"));
}

BOOST_AUTO_TEST_CASE(a_refused_repetition_has_a_row_without_id_and_takes_none) {
    LogFixture f;
    f.commit(1);
    LogEntry entry = f.entryOf(0, {});  // the id of the message that was taken
    entry.type = EntryType::Refusal;
    entry.refusal_code = "id_reused";
    entry.outcome = MessageOutcome::Refused;
    entry.counts.reset();
    entry.outcomes_root.reset();
    const auto writer = f.store.beginWrite();
    f.log->begin();
    MessageRow row;
    row.index = f.log->append(*writer, entry);
    row.sender = entry.sender;
    row.outcome = MessageOutcome::Refused;
    row.refusal_code = entry.refusal_code;
    row.received_at = entry.received_at;
    row.binding = Binding::Json;
    f.fillRow(0, row);
    writer->putMessage(row);
    writer->putEnvelope(row.index, {envelopeOf(0), ""});
    f.log->seal(*writer);
    writer->commit();
    BOOST_TEST(verifyStore(f).good(), told(verifyStore(f)));
    f.store.tables().messages.rows()[1].refusal_code = "other";
    BOOST_TEST(has(verifyStore(f), "row_differs", "leaf 1"));
    f.store.tables().messages.rows()[1].refusal_code = "id_reused";
    f.store.tables().messages.rows()[1].message_id = idOf(0);  // the repetition would be taken for the message
    BOOST_TEST(has(verifyStore(f), "row_differs", "leaf 1"));
}

BOOST_AUTO_TEST_CASE(an_old_log_has_one_finding_that_says_so) {
    LogFixture f;
    f.is_old = true;
    f.commit(3);
    f.is_old = false;
    f.commit(2);
    const VerifyReport report = verifyStore(f);
    BOOST_TEST(report.too_old);
    BOOST_TEST(told(report) ==
               "log_too_old at leaf 0 expected leaves that state `answer` and `sent` found older ones\n");
    BOOST_TEST(verifyBundle(f, exported(f)).findings.count() == 1U);
    f.store.tables().messages.rows()[4].refusal_code = "other";  // newer ones are held against theirs
    BOOST_TEST(has(verifyStore(f), "row_differs", "leaf 4"));
}

BOOST_AUTO_TEST_CASE(findings_are_counted_beyond_those_that_are_kept) {
    LogFixture f;
    f.commit(100);
    f.store.tables().envelopes.rows().clear();
    VerifierOptions options;
    options.findings_kept = 10;
    StoreSource source(f.store.snapshot(), {});
    const VerifyReport report = verifyLog(source, options);
    BOOST_TEST(report.findings.kept().size() == 10U);
    BOOST_TEST(report.findings.count() == 100U);
}

BOOST_AUTO_TEST_CASE(cost_without_signatures_of_messages) {
    LogFixture f;
    constexpr std::uint64_t kEntries = 20'000;
    for (std::uint64_t i = 0; i < kEntries / 100; ++i) f.commit(100);
    VerifierOptions options;
    options.keys = {f.key()};
    StoreSource source(f.store.snapshot(), {});
    const std::clock_t start = std::clock();
    const VerifyReport report = verifyLog(source, options);
    const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    BOOST_TEST(report.good());
    std::printf("verified %llu entries: %.2f s CPU a 100,000, store in memory included\n",
                static_cast<unsigned long long>(report.entries),
                seconds * 100'000 / static_cast<double>(report.entries));
}

BOOST_AUTO_TEST_SUITE_END()
