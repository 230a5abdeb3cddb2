// tests/unit/log/message_log_test.cpp - the writer's log: commits, receipts, roll-backs, restarts.
#include <boost/test/unit_test.hpp>

#include "gateway/formats/merkle/hash.hpp"
#include "gateway/log/receipt.hpp"
#include "log_fixture.hpp"

using namespace caseway;
using namespace caseway::testing;

BOOST_AUTO_TEST_SUITE(MessageLogSuite)

BOOST_AUTO_TEST_CASE(every_receipt_of_every_commit_verifies_offline_also_later) {
    LogFixture f;
    std::vector<std::pair<LogIndex, std::uint64_t>> given;
    std::vector<std::string> receipts;
    for (const std::uint64_t count : {1U, 3U, 250U, 5U, 600U, 1U, 44U}) {
        const std::uint64_t size = f.commit(count);
        for (std::uint64_t index = size - count; index < size; index += 7) {
            given.emplace_back(index, size);
            receipts.push_back(f.log->receiptFor(index));
            const auto verified = verifyReceipt(receipts.back(), f.key());
            BOOST_REQUIRE_MESSAGE(verified.ok(), receipts.back());
            BOOST_TEST(verified->index == index);
            BOOST_TEST(verified->checkpoint.tree_size == size);
            BOOST_TEST((verified->entry.message_id == idOf(index)));
        }
    }
    auto again = MessageLog::open(f.store.reader(), f.signer, kOrigin);
    for (std::size_t i = 0; i < given.size(); ++i) {
        BOOST_TEST(f.log->receiptFor(given[i].first, given[i].second).value_or("") == receipts[i]);
        BOOST_TEST(again->receiptFor(given[i].first, given[i].second).value_or("") == receipts[i]);
        BOOST_TEST(receiptFromStore(f.store.reader(), given[i].first, given[i].second).value_or("") == receipts[i]);
    }
    BOOST_TEST(!again->receiptFor(3, 2).has_value());
    BOOST_TEST(!again->receiptFor(5000, 904).has_value());
}

BOOST_AUTO_TEST_CASE(a_receipt_with_any_byte_changed_is_refused) {
    LogFixture f;
    f.commit(5);
    const std::string receipt = f.log->receiptFor(3);
    for (std::size_t i = 0; i < receipt.size(); ++i) {
        std::string changed = receipt;
        changed[i] ^= 1;
        BOOST_TEST(!verifyReceipt(changed, f.key()).ok(), "byte " << i);
    }
    BOOST_TEST(verifyReceipt("{\"outcome\":\"accepted\",\"receipt\":" + receipt + "}", f.key()).ok());
    BOOST_TEST(!verifyReceipt(receipt, NoteKey(kOrigin, SeedSigner(8).publicKey())).ok());
}

BOOST_AUTO_TEST_CASE(one_signature_serves_a_commit_and_nothing_new_signs_nothing) {
    LogFixture f;
    BOOST_TEST(f.commit(10) == 10U);
    const std::string head = f.log->checkpoint();
    BOOST_TEST(f.commit(0) == 10U);
    BOOST_TEST(f.log->checkpoint() == head);
    BOOST_TEST(f.store.tables().checkpoints.rows().size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_rolled_back_transaction_leaves_no_trace) {
    for (const std::uint64_t before : {0U, 1U, 255U, 256U, 300U, 512U}) {
        LogFixture f, expected;
        if (before != 0) f.commit(before), expected.commit(before);
        const std::string head = f.log->checkpoint();
        for (const bool sealed : {false, true}) {
            const auto writer = f.store.beginWrite();
            f.log->begin();
            for (int i = 0; i < 700; ++i) f.add(*writer, 10'000 + i);
            if (sealed) f.log->seal(*writer);
            f.log->rollBack();
        }
        BOOST_TEST(f.log->size() == before);
        BOOST_TEST(f.log->checkpoint() == head);
        f.commit(300);
        expected.commit(300);
        BOOST_TEST(f.log->checkpoint() == expected.log->checkpoint());
        BOOST_TEST(f.log->receiptFor(before + 299) == expected.log->receiptFor(before + 299));
        BOOST_TEST(MessageLog::open(f.store.reader(), f.signer, kOrigin)->checkpoint() == f.log->checkpoint());
    }
}

BOOST_AUTO_TEST_CASE(a_signer_that_fails_leaves_the_log_as_it_was) {
    LogFixture f;
    f.commit(3);
    {
        const auto writer = f.store.beginWrite();
        f.log->begin();
        f.add(*writer, 100);
        f.signer.fails = true;
        BOOST_CHECK_THROW(f.log->seal(*writer), Fault);
        f.log->rollBack();
    }
    f.signer.fails = false;
    BOOST_TEST(f.commit(1) == 4U);
}

BOOST_AUTO_TEST_CASE(reads_the_head_again_where_a_commit_is_unknown) {
    LogFixture f;
    f.commit(300);
    for (const bool happened : {true, false}) {
        const std::uint64_t before = f.log->size();
        {
            const auto writer = f.store.beginWrite();
            f.log->begin();
            f.add(*writer, before + 1000);
            f.log->seal(*writer);
            if (happened) writer->commit();
        }
        f.log->rollBack();
        f.log->reopen(f.store.reader());
        BOOST_TEST(f.log->size() == before + happened);
        if (happened) BOOST_TEST(verifyReceipt(f.log->receiptFor(before), f.key()).ok());
    }
}

BOOST_AUTO_TEST_CASE(does_not_open_over_a_store_that_does_not_fit) {
    const auto codeOfOpening = [](LogFixture& f, Signer& signer, const char* origin) {
        try {
            MessageLog::open(f.store.reader(), signer, origin);
        } catch (const Fault& fault) {
            return fault.code();
        }
        return FaultCode::NetworkUnavailable;
    };
    LogFixture f;
    f.commit(300);
    SeedSigner other(9);
    BOOST_TEST((codeOfOpening(f, other, kOrigin) == FaultCode::ConfigurationBad));
    BOOST_TEST((codeOfOpening(f, f.signer, "other/log") == FaultCode::ConfigurationBad));
    BOOST_TEST((codeOfOpening(f, f.signer, "a b") == FaultCode::ConfigurationBad));
    f.store.tables().leaves.rows()[299] = "{}";
    BOOST_TEST((codeOfOpening(f, f.signer, kOrigin) == FaultCode::StoreCorrupt));
    f.store.tables().leaves.rows().erase(299);
    BOOST_TEST((codeOfOpening(f, f.signer, kOrigin) == FaultCode::StoreCorrupt));
    LogFixture tiles;
    tiles.commit(300);
    tiles.store.tables().tiles.rows().clear();
    BOOST_TEST((codeOfOpening(tiles, tiles.signer, kOrigin) == FaultCode::StoreCorrupt));
    LogFixture longer;
    longer.commit(3);
    longer.store.tables().leaves.rows()[3] = "{}";
    BOOST_TEST((codeOfOpening(longer, longer.signer, kOrigin) == FaultCode::StoreCorrupt));
}

BOOST_AUTO_TEST_CASE(serves_tiles_and_consistency_of_every_head) {
    LogFixture f;
    f.commit(100);
    const auto old_head = openCheckpoint(f.log->checkpoint(), f.key());
    f.commit(700);
    const auto head = openCheckpoint(f.log->checkpoint(), f.key());
    BOOST_TEST(f.log->tile(0, 3, 800).size() == 32 * 32U);
    BOOST_TEST(f.log->tile(0, 0, 100).size() == 100 * 32U);
    BOOST_TEST(f.log->tile(1, 0, 800).size() == 3 * 32U);
    BOOST_TEST(f.log->tile(0, 4, 800).empty());
    const auto proof = f.log->consistency(100, 800);
    BOOST_REQUIRE(proof);
    BOOST_TEST(verifyConsistency(100, 800, old_head->root, head->root, *proof));
    BOOST_TEST(!f.log->consistency(0, 800).has_value());
    BOOST_TEST(!f.log->consistency(100, 801).has_value());
}

BOOST_AUTO_TEST_CASE(a_new_origin_names_the_old_head) {
    LogFixture f;
    f.commit(20);
    {
        const auto writer = f.store.beginWrite();
        f.log->begin();
        f.log->startOrigin(*writer, "center/gateway/log-2", Instant{}, "restored from the backup of \"Monday\"");
        f.log->rollBack();
    }
    BOOST_TEST(f.log->origin() == kOrigin);
    const auto writer = f.store.beginWrite();
    f.log->begin();
    f.log->startOrigin(*writer, "center/gateway/log-2", Instant{}, "restored from the backup of \"Monday\"");
    f.log->seal(*writer);
    writer->commit();
    BOOST_TEST(openCheckpoint(f.log->checkpoint(), NoteKey("center/gateway/log-2", f.signer.publicKey())).ok());
    BOOST_TEST(f.store.reader().leaf(20).value_or("").find("\"old_origin\":\"center/gateway/log\"") !=
               std::string::npos);
    BOOST_TEST(MessageLog::open(f.store.reader(), f.signer, "center/gateway/log-2")->size() == 21U);
    f.log->reopen(f.store.reader());
    BOOST_TEST(f.log->origin() == "center/gateway/log-2");
}

BOOST_AUTO_TEST_SUITE_END()
