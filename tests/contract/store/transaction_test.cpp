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

STORE_CASE(shows_the_writer_a_new_case_by_each_way_alone) {
    const SystemId owner = systemNamed("housing/permits");
    const auto place = placeOf(adapter);
    const auto store = place->open();
    using Seen = bool (*)(StoreWriter&, const SystemId&, CaseId);
    const std::vector<std::pair<const char*, Seen>> ways = {
        {"by id", [](StoreWriter& writer, const SystemId&, CaseId id) { return writer.caseById(id).has_value(); }},
        {"by number",
         [](StoreWriter& writer, const SystemId&, CaseId id) { return writer.caseByNo("GIVEN-1").value().id == id; }},
        {"by source number", [](StoreWriter& writer, const SystemId& owner,
                                CaseId id) { return writer.caseBySource(owner, "S-1").value().id == id; }},
        {"in a listing", [](StoreWriter& writer, const SystemId&, CaseId) { return writer.cases({}).size() == 1; }},
        {"among keys",
         [](StoreWriter& writer, const SystemId& owner, CaseId) { return writer.caseKeys(owner, {}, 9).size() == 1; }},
        {"in its history",
         [](StoreWriter& writer, const SystemId&, CaseId id) { return writer.history(id, 9).size() == 1; }},
        {"by its record", [](StoreWriter& writer, const SystemId&, CaseId) { return writer.patch(0, 1).has_value(); }},
        {"with its repetition",
         [](StoreWriter& writer, const SystemId&, CaseId id) {
             return writer.caseById(id).value().repeated == Repeat{{5, 2}, second(1), second(2), messageIdOf(5)};
         }},
        {"when it is replaced",
         [](StoreWriter& writer, const SystemId&, CaseId id) {
             CaseRow row = caseRow("S-1");
             row.id = id;
             row.status = "decided";
             writer.putCase(row);
             return writer.caseById(id).value().status == "decided";
         }},
    };
    for (const auto& [way, isSeen] : ways) {
        const auto writer = store->beginWrite();  // goes without a commit: the next one begins with nothing
        BOOST_TEST(!writer->caseBySource(owner, "S-0"), way);
        CaseRow row = caseRow("S-1");
        row.case_no = "GIVEN-1";
        row.stated_by = RecordKey{0, 1};
        const CaseId id = writer->putCase(row);
        writer->putPatch({0, 1, id, RecordOutcome::New, "{}"});
        writer->putRepeat(id, {{5, 2}, second(1), second(2), messageIdOf(5)});
        BOOST_TEST(isSeen(*writer, owner, id), way);
    }
}

STORE_CASE(takes_more_rows_in_a_transaction_than_it_gathers) {
    constexpr std::uint64_t kRows = 3000;
    const SystemId owner = systemNamed("housing/permits");
    const auto place = placeOf(adapter);
    const auto store = place->open();
    const auto numberOf = [](std::uint64_t i) { return "S-" + std::to_string(10'000 + i); };
    const auto textOf = [](std::uint64_t i) { return std::string(i % 7 * 100, 'x') + std::to_string(i); };
    std::vector<CaseId> ids;
    {
        const auto writer = store->beginWrite();
        for (std::uint64_t i = 0; i < kRows; ++i) {
            CaseRow row = caseRow(numberOf(i));
            row.stated_by = RecordKey{1, i};
            row.state = textOf(i);
            ids.push_back(writer->putCase(row));
            writer->putPatch({1, i, ids.back(), RecordOutcome::New, textOf(i)});
            writer->putRepeat(ids.back(), {{2, i}, second(2), second(1), messageIdOf(i)});
        }
        writer->commit();
    }
    StoreReader& reader = store->reader();
    for (std::uint64_t i = 0; i < kRows; ++i) {
        const auto row = reader.caseBySource(owner, numberOf(i));
        BOOST_REQUIRE((row && row->id == ids[i] && row->state == textOf(i)));
        BOOST_REQUIRE((row->repeated == Repeat{{2, i}, second(2), second(1), messageIdOf(i)}));
        const auto history = reader.history(ids[i], 2);
        BOOST_REQUIRE((history.size() == 1 && history[0].record == i && history[0].patch == textOf(i)));
    }
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
