// tests/contract/store/transaction_test.cpp - what is visible to whom, and when.
#include "tests/contract/store/store_places.hpp"

using namespace caseway;
using namespace caseway::fixture;

BOOST_AUTO_TEST_SUITE(StoreTransaction)

STORE_CASE(shows_nothing_to_readers_before_commit) {
    const auto place = placeOf(adapter);
    const auto store = place->open();
    const auto writer = store->beginWrite();
    const CaseId id = writeMessage(*writer, 0);
    writer->putMeta("origin", "here");
    StoreReader& reader = store->reader();
    BOOST_TEST(!reader.message(0));
    BOOST_TEST(!reader.message(systemNamed("housing/permits"), messageIdOf(0)));
    BOOST_TEST(reader.messages({}).empty());
    BOOST_TEST(!reader.envelope(0));
    BOOST_TEST(!reader.outcomeLines(0));
    BOOST_TEST(!reader.caseById(id));
    BOOST_TEST(reader.cases({}).empty());
    BOOST_TEST(reader.changes(0, 10).empty());
    BOOST_TEST(reader.lastChange() == 0U);
    BOOST_TEST(!reader.leaf(0));
    BOOST_TEST(!reader.lastCheckpoint());
    BOOST_TEST(!reader.meta("origin"));
}

STORE_CASE(shows_the_writer_its_own_writes) {
    const auto place = placeOf(adapter);
    const auto store = place->open();
    const auto writer = store->beginWrite();
    const CaseId id = writeMessage(*writer, 0);
    BOOST_TEST(writer->message(0).has_value());
    BOOST_TEST(writer->message(systemNamed("housing/permits"), messageIdOf(0)).has_value());
    BOOST_TEST(writer->caseBySource(systemNamed("housing/permits"), "S-0").value().id == id);
    BOOST_TEST(writer->cases({}).size() == 1U);
    BOOST_TEST(writer->history(id, 10).size() == 1U);
    BOOST_TEST(writer->lastChange() == 1U);
    BOOST_TEST(writer->leaf(0).value() == leafOf(0));
    BOOST_TEST(writer->lastCheckpoint().value().tree_size == 1U);
}

STORE_CASE(shows_everything_to_readers_after_commit) {
    const auto place = placeOf(adapter);
    const auto store = place->open();
    {
        const auto writer = store->beginWrite();
        writeMessage(*writer, 0);
        writeMessage(*writer, 1, "water/meters");
        writer->commit();
    }
    BOOST_TEST(whatIsWrong(store->reader(), 2) == "");
}

STORE_CASE(leaves_nothing_behind_without_commit) {
    const auto place = placeOf(adapter);
    const auto store = place->open();
    {
        const auto writer = store->beginWrite();
        writeMessage(*writer, 0, "never/seen");
        writer->putCertificate(KeyId(digestOf(1)), "der");
    }
    BOOST_TEST(whatIsWrong(store->reader(), 0) == "");
    BOOST_TEST(!store->reader().certificate(KeyId(digestOf(1))));
    const auto writer = store->beginWrite();
    writeMessage(*writer, 0, "never/seen");
    writer->putCertificate(KeyId(digestOf(1)), "der");
    writer->commit();
    BOOST_TEST(whatIsWrong(store->reader(), 1) == "");
    BOOST_TEST(store->reader().message(0).value().sender.value().text() == "never/seen");
    BOOST_TEST(store->reader().certificate(KeyId(digestOf(1))).value() == "der");
}

STORE_CASE(takes_no_row_after_commit) {
    const auto place = placeOf(adapter);
    const auto store = place->open();
    {
        const auto writer = store->beginWrite();
        writer->putMeta("a", "1");
        writer->commit();
        BOOST_TEST((faultOf([&] { writer->putMeta("a", "2"); }) == FaultCode::StoreUnavailable));
    }
    BOOST_TEST(store->reader().meta("a").value() == "1");
}

STORE_CASE(keeps_what_was_there_when_a_later_transaction_is_dropped) {
    const auto place = placeOf(adapter);
    const auto store = place->open();
    CaseRow row = caseRow("S-0");
    {
        const auto writer = store->beginWrite();
        row.id = writeMessage(*writer, 0);
        writer->commit();
    }
    {
        const auto writer = store->beginWrite();
        row.state = "other";
        row.deleted = true;
        writer->putCase(row);
        writer->putMeta("origin", "other");
    }
    BOOST_TEST(store->reader().caseById(row.id).value().state == caseRow("S-0").state);
    BOOST_TEST(!store->reader().meta("origin"));
}

STORE_CASE(takes_again_what_a_rolled_back_transaction_put) {
    const auto place = placeOf(adapter);
    const auto store = place->open();
    const auto put = [&](bool commits) {
        const auto writer = store->beginWrite();
        writer->putCertificate(KeyId(digestOf(1)), "der");
        writer->putMappingVersion(digestOf(2), "files");
        if (commits) writer->commit();
    };
    put(false);
    BOOST_TEST(!store->reader().certificate(KeyId(digestOf(1))));
    put(true);
    BOOST_TEST(store->reader().certificate(KeyId(digestOf(1))).value() == "der");
    BOOST_TEST(store->reader().mappingVersion(digestOf(2)).value() == "files");
    put(true);
    BOOST_TEST(store->reader().certificate(KeyId(digestOf(1))).value() == "der");
}

BOOST_AUTO_TEST_SUITE_END()
