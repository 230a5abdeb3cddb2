// tests/contract/store/rows_test.cpp - every row comes back as it was given; what must be unique is.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>

#include "gateway/ports/store_snapshot.hpp"
#include "tests/contract/store/store_places.hpp"

using namespace caseway;
using namespace caseway::fixture;

namespace {

/// Whether `action` ends its process as a bug of the caller.
template <class Action>
bool endsTheProcess(Action&& action) {
    const pid_t child = ::fork();
    if (child == 0) {
        ::signal(SIGABRT, SIG_DFL);
        if (std::freopen("/dev/null", "w", stderr) == nullptr) ::_exit(1);
        action();
        ::_exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

std::string manyBytes(std::size_t count, std::uint32_t seed) {
    std::string bytes(count, '\0');
    for (char& byte : bytes) byte = static_cast<char>((seed = seed * 1664525 + 1013904223) >> 24);
    return bytes;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(StoreRows)

STORE_CASE(gives_a_message_back_whole) {
    const auto place = placeOf(adapter);
    const auto store = place->open();
    MessageRow row = messageRow(0);
    row.binding = Binding::Http;
    row.origin = Origin::Pulled;
    row.outcome = MessageOutcome::Partial;
    row.refusal_code = "case_not_owned";
    row.counts = {1, 2, 3, 4, 5};
    row.outcome_index = 9;
    row.answer = std::string(5000, 'x');
    written(*store, [&](StoreWriter& writer) { writer.putMessage(row); });
    const MessageRow got = store->reader().message(*row.sender, *row.message_id).value();
    BOOST_TEST(got.index == row.index);
    BOOST_TEST((got.sender == row.sender && got.message_id == row.message_id));
    BOOST_TEST((got.binding == row.binding && got.origin == row.origin && got.outcome == row.outcome));
    BOOST_TEST((got.content_digest == row.content_digest));
    BOOST_TEST(got.mapping == row.mapping);
    BOOST_TEST(got.refusal_code == row.refusal_code);
    BOOST_TEST((got.counts == row.counts));
    BOOST_TEST((got.received_at == row.received_at));
    BOOST_TEST(got.tree_size == row.tree_size);
    BOOST_TEST((got.outcome_index == row.outcome_index));
    BOOST_TEST(got.answer == row.answer);
}

STORE_CASE(keeps_messages_that_nobody_authenticated) {
    const auto place = placeOf(adapter);
    const auto store = place->open();
    written(*store, [](StoreWriter& writer) {
        for (LogIndex index = 0; index < 2; ++index) {
            MessageRow row = messageRow(index);
            row.sender.reset();
            row.message_id.reset();
            writer.putMessage(row);
        }
    });
    BOOST_TEST(store->reader().messages({}).size() == 2U);
    BOOST_TEST(!store->reader().message(1).value().sender);
}

STORE_CASE(tells_one_message_id_of_two_senders_apart) {
    const auto place = placeOf(adapter);
    const auto store = place->open();
    written(*store, [](StoreWriter& writer) {
        MessageRow row = messageRow(0);
        writer.putMessage(row);
        row.index = 1;
        row.sender = systemNamed("water/meters");
        writer.putMessage(row);
    });
    BOOST_TEST(store->reader().message(systemNamed("water/meters"), messageIdOf(0)).value().index == 1U);
    BOOST_TEST(store->reader().message(systemNamed("housing/permits"), messageIdOf(0)).value().index == 0U);
    BOOST_TEST(!store->reader().message(systemNamed("trade/shops"), messageIdOf(0)));
}

STORE_CASE(finds_the_newest_message_that_was_refused_under_an_id) {
    const auto place = placeOf(adapter);
    const auto store = place->open();
    const SystemId permits = systemNamed("housing/permits"), water = systemNamed("water/meters");
    written(*store, [&](StoreWriter& writer) {
        for (LogIndex index = 0; index < 3; ++index) {
            MessageRow row = messageRow(index);
            row.sender = index == 2 ? water : permits;
            row.message_id.reset();
            writer.putMessage(row);
            writer.putRefusedId(*row.sender, messageIdOf(7), index);
            BOOST_TEST(writer.refusedMessage(*row.sender, messageIdOf(7)).value().index == index);
        }
    });
    BOOST_TEST(store->reader().refusedMessage(permits, messageIdOf(7)).value().index == 1U);
    BOOST_TEST(store->reader().refusedMessage(water, messageIdOf(7)).value().index == 2U);
    BOOST_TEST(!store->reader().refusedMessage(permits, messageIdOf(8)));
    BOOST_TEST(!store->reader().message(permits, messageIdOf(7)));
}

STORE_CASE(updates_a_message_by_its_index) {
    const auto place = placeOf(adapter);
    const auto store = place->open();
    MessageRow row = messageRow(4);
    row.outcome = MessageOutcome::Received;
    written(*store, [&](StoreWriter& writer) { writer.putMessage(row); });
    row.outcome = MessageOutcome::Accepted;
    row.counts.fresh = 70;
    row.outcome_index = 5;
    row.tree_size = 6;
    row.answer = "done";
    written(*store, [&](StoreWriter& writer) { writer.updateMessage(row); });
    const MessageRow got = store->reader().message(4).value();
    BOOST_TEST((got.outcome == MessageOutcome::Accepted && got.counts.fresh == 70 && got.outcome_index == 5U));
    BOOST_TEST((got.tree_size == 6 && got.answer == "done"));
}

STORE_CASE(gives_bodies_back_byte_for_byte) {
    const auto place = placeOf(adapter);
    const auto store = place->open();
    const std::vector<std::string> heads = {"",
                                            std::string(1, '\0'),
                                            std::string("a\0b", 3),
                                            std::string(100'000, 'a'),
                                            manyBytes(2'400, 1),
                                            manyBytes(3'000'000, 2),
                                            "\xEF\xBB\xBF\xFF"};
    written(*store, [&](StoreWriter& writer) {
        for (LogIndex index = 0; index < heads.size(); ++index) {
            writer.putEnvelope(index, {heads[index], index == 1 ? "ab/file" : ""});
            writer.putLeaf(index, leafOf(index));
            writer.putPatch({index, 7, 0, RecordOutcome::Refused, heads[index]});
        }
    });
    for (LogIndex index = 0; index < heads.size(); ++index) {
        BOOST_TEST((store->reader().envelope(index).value().head == heads[index]));
        BOOST_TEST((store->reader().patch(index, 7).value().patch == heads[index]));
    }
    BOOST_TEST(store->reader().envelope(1).value().body_file == "ab/file");
    BOOST_TEST(store->reader().envelope(0).value().body_file == "");
    BOOST_TEST(store->reader().namesBodyFile("ab/file"));
}

STORE_CASE(appends_outcome_lines) {
    const auto place = placeOf(adapter);
    const auto store = place->open();
    written(*store, [](StoreWriter& writer) {
        writer.putOutcomeLines(3, "other\n");
        writer.putOutcomeLines(4, "one\n");
        writer.putOutcomeLines(4, "two\n");
    });
    written(*store, [](StoreWriter& writer) { writer.putOutcomeLines(4, "three\n"); });
    BOOST_TEST(store->reader().outcomeLines(4).value() == "one\ntwo\nthree\n");
    BOOST_TEST(!store->reader().outcomeLines(5));
    std::string pieces;
    std::uint64_t part = 0;
    while (const auto piece = store->reader().nextOutcomePart(4, part)) pieces += *piece;
    BOOST_TEST(pieces == "one\ntwo\nthree\n");
    part = 0;
    BOOST_TEST(!store->reader().nextOutcomePart(5, part));
}

STORE_CASE(walks_the_keys_of_a_table_page_by_page) {
    const auto place = placeOf(adapter);
    const auto store = place->open();
    written(*store, [](StoreWriter& writer) {
        for (const LogIndex index : {0, 1, 7})
            for (const std::uint64_t record : {1, 3}) writer.putPatch({index, record, 9, RecordOutcome::Same, "{}"});
    });
    const auto snapshot = store->snapshot();
    std::vector<StoredKey> all, page;
    while (
        !(page = snapshot->keys(StoreTable::Patch, all.empty() ? std::nullopt : std::optional(all.back()), 4)).empty())
        all.insert(all.end(), page.begin(), page.end());
    const std::vector<StoredKey> expected{{0, 1}, {0, 3}, {1, 1}, {1, 3}, {7, 1}, {7, 3}};
    BOOST_TEST((all == expected));
    BOOST_TEST(snapshot->keys(StoreTable::Change, std::nullopt, 4).empty());
    const auto rest = snapshot->historyAfter(9, 1, 1, 2);
    BOOST_REQUIRE(rest.size() == 2U);
    BOOST_TEST((rest[0].index == 1 && rest[0].record == 3 && rest[1].index == 7 && rest[1].record == 1));
    BOOST_TEST(snapshot->damage().empty());
}

STORE_CASE(finds_a_case_by_each_of_its_names) {
    const auto place = placeOf(adapter);
    const auto store = place->open();
    CaseRow given = caseRow("S-1");
    given.case_no = "GIVEN-1";
    given.last_change = 17;
    written(*store, [&](StoreWriter& writer) {
        given.id = writer.putCase(given);
        writer.putCase(caseRow("S-1"));
        writer.putCase(caseRow("S-1", "water/meters"));
    });
    StoreReader& reader = store->reader();
    BOOST_TEST(given.id >= 1);
    BOOST_TEST(reader.caseByNo("GIVEN-1").value().id == given.id);
    BOOST_TEST(!reader.caseByNo(""));
    BOOST_TEST(!reader.caseByNo("S-1"));
    BOOST_TEST(reader.caseBySource(systemNamed("housing/permits"), "S-1").value().id == given.id);
    BOOST_TEST(reader.caseBySource(systemNamed("water/meters"), "S-1").value().id == given.id + 2);
    BOOST_TEST(!reader.caseBySource(systemNamed("trade/shops"), "S-1"));
    BOOST_TEST(!reader.caseById(99));
    BOOST_TEST(store->snapshot()->lastChangeOf(given.id).value() == 17U);
    BOOST_TEST(!store->snapshot()->lastChangeOf(99));
}

STORE_CASE(replaces_a_case_whole) {
    const auto place = placeOf(adapter);
    const auto store = place->open();
    CaseRow row = caseRow("S-1");
    written(*store, [&](StoreWriter& writer) { row.id = writer.putCase(row); });
    row.case_no = "GIVEN-2";
    row.source_case_no = "S-2";
    row.state = std::string(4000, 's');
    row.status = "done";
    row.deleted = true;
    row.changed_at = second(60);
    row.last_change = 12;
    row.department = "another";
    row.by_window = true;
    written(*store, [&](StoreWriter& writer) { BOOST_TEST(writer.putCase(row) == row.id); });
    const CaseRow got = store->reader().caseByNo("GIVEN-2").value();
    BOOST_TEST((got.id == row.id && got.owner == row.owner && got.source_case_no == "S-2" && got.state == row.state));
    BOOST_TEST((got.status == "done" && got.deleted && got.changed_at == second(60) && got.last_change == 12));
    BOOST_TEST((got.department == "another" && got.by_window));
    BOOST_TEST(!store->reader().caseBySource(row.owner, "S-1"));
}

STORE_CASE(keeps_the_log_and_what_it_refers_to) {
    const auto place = placeOf(adapter);
    const auto store = place->open();
    const std::string hashes = manyBytes(8192, 5);
    written(*store, [&](StoreWriter& writer) {
        writer.putTile(0, 3, hashes);
        writer.putTile(1, 0, "level 1");
        writer.putMappingVersion(digestOf(1), "files");
        writer.putMappingVersion(digestOf(1), "files");
        writer.putCertificate(KeyId(digestOf(2)), "der");
        writer.putCertificate(KeyId(digestOf(2)), "der");
        writer.putMeta("origin", "a");
        writer.putMeta("origin", "b");
        for (const std::uint64_t size : {1U, 4U, 9U}) writer.putCheckpoint({size, "note " + std::to_string(size)});
    });
    StoreReader& reader = store->reader();
    BOOST_TEST((reader.tile(0, 3).value() == hashes));
    BOOST_TEST(reader.tile(1, 0).value() == "level 1");
    BOOST_TEST(!reader.tile(0, 0));
    BOOST_TEST(reader.mappingVersion(digestOf(1)).value() == "files");
    BOOST_TEST(!reader.mappingVersion(digestOf(9)));
    BOOST_TEST(reader.certificate(KeyId(digestOf(2))).value() == "der");
    BOOST_TEST(reader.meta("origin").value() == "b");
    BOOST_TEST(!reader.meta("nothing"));
    BOOST_TEST(reader.lastCheckpoint().value().note == "note 9");
    BOOST_TEST(reader.checkpoint(4).value().note == "note 4");
    BOOST_TEST(!reader.checkpoint(5));
    const auto page = reader.checkpoints(1, 1);
    BOOST_TEST((page.size() == 1 && page[0].tree_size == 4));
}

STORE_CASE(keeps_large_messages_until_they_are_removed) {
    const auto place = placeOf(adapter);
    const auto store = place->open();
    written(*store, [](StoreWriter& writer) {
        writer.putLarge({7, 1, {}, "a"});
        writer.putLarge({3, 1, {}, "b"});
        writer.putLarge({7, 500, {1, 2, 3, 4, 5}, "c"});
    });
    const auto rows = store->reader().unfinishedLarge();
    BOOST_REQUIRE(rows.size() == 2U);
    BOOST_TEST((rows[0].index == 3 && rows[1].index == 7 && rows[1].next_record == 500 && rows[1].carried == "c"));
    BOOST_TEST((rows[1].counts == RecordCounts{1, 2, 3, 4, 5}));
    written(*store, [](StoreWriter& writer) { writer.removeLarge(7); });
    BOOST_TEST(store->reader().unfinishedLarge().size() == 1U);
}

STORE_CASE(ends_the_process_on_a_bug_of_the_caller) {
    const std::vector<std::pair<const char*, void (*)(StoreWriter&)>> bugs = {
        {"the same message id of the same sender",
         [](StoreWriter& writer) {
             writer.putMessage(messageRow(0));
             MessageRow row = messageRow(0);
             row.index = 1;
             writer.putMessage(row);
         }},
        {"a given case number twice",
         [](StoreWriter& writer) {
             CaseRow row = caseRow("S-1");
             row.case_no = "GIVEN-1";
             writer.putCase(row);
             writer.putCase(row);
         }},
        {"a leaf that leaves a gap", [](StoreWriter& writer) { writer.putLeaf(1, "{}"); }},
        {"a leaf twice",
         [](StoreWriter& writer) {
             writer.putLeaf(0, "{}");
             writer.putLeaf(0, "{}");
         }},
        {"a change that leaves a gap",
         [](StoreWriter& writer) {
             writer.putChange({2, 1, 0, 1});
         }},
        {"two heads of one size",
         [](StoreWriter& writer) {
             writer.putCheckpoint({1, "a"});
             writer.putCheckpoint({1, "b"});
         }},
        {"an update of a message that is not there", [](StoreWriter& writer) { writer.updateMessage(messageRow(5)); }},
    };
    for (const auto& [what, bug] : bugs) {
        const auto place = placeOf(adapter);
        const auto whole = [&, call = bug] {
            const auto store = place->open();
            const auto writer = store->beginWrite();
            call(*writer);
            writer->commit();  // at the latest
        };
        BOOST_TEST(endsTheProcess(whole), what);
    }
}

STORE_CASE(notes_of_known_records_come_back_piece_by_piece_until_they_are_removed) {
    const auto place = placeOf(adapter);
    {
        const auto store = place->open();
        written(*store, [](StoreWriter& writer) {
            for (const char* piece : {"a", "b"}) writer.putKnownPart(7, piece);
            writer.putKnownPart(8, std::string_view("c\0d", 3));
        });
        written(*store, [](StoreWriter& writer) { writer.putKnownPart(7, "e"); });
    }
    const auto store = place->open();
    const auto piecesOf = [&](LogIndex index) {
        std::vector<std::string> pieces;
        std::uint64_t part = 0;
        while (auto piece = store->reader().nextKnownPart(index, part)) pieces.push_back(*piece);
        return pieces;
    };
    BOOST_TEST(piecesOf(7) == (std::vector<std::string>{"a", "b", "e"}));
    BOOST_TEST(piecesOf(8) == (std::vector<std::string>{std::string("c\0d", 3)}));
    BOOST_TEST(piecesOf(9).empty());
    written(*store, [](StoreWriter& writer) { BOOST_TEST(writer.removeKnownParts(7, 2) == 2U); });
    BOOST_TEST(piecesOf(7) == (std::vector<std::string>{"e"}));
    { BOOST_TEST(store->beginWrite()->removeKnownParts(7, 5) == 1U); }  // not committed
    written(*store, [](StoreWriter& writer) { BOOST_TEST(writer.removeKnownParts(7, 5) == 1U); });
    written(*store, [](StoreWriter& writer) { BOOST_TEST(writer.removeKnownParts(7, 5) == 0U); });
    BOOST_TEST(piecesOf(7).empty());
    BOOST_TEST(piecesOf(8).size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
