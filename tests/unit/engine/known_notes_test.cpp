// tests/unit/engine/known_notes_test.cpp - notes of known records come back as they were, or not at all; and the place
// in them is found again behind records that changed, came or went.
#include <boost/test/unit_test.hpp>

#include "gateway/formats/crypto/digest.hpp"
#include "gateway/normalize/known_notes.hpp"
#include "gateway/normalize/known_records.hpp"

using namespace caseway;

namespace {

KnownRecord recordOf(std::uint8_t number) {
    KnownRecord record;
    record.mark.digest.fill(number);
    record.mark.bytes = 100U + number;
    record.text_index = 7;
    record.text_record = number;
    record.case_id = number;
    return record;
}

const Sha256 kSeal = sha256("seal");

std::string pieceOf(const std::vector<KnownRecord>& records) {
    KnownNotes notes;
    for (const KnownRecord& record : records) notes.add(record);
    return notes.take(kSeal);
}

/// What comes, one letter a record: 'k' known and passed over, 'r' read.
std::string seen(const std::string& before, const std::string& now) {
    std::vector<std::string> pieces;
    for (const char one : before) pieces.push_back(pieceOf({recordOf(static_cast<std::uint8_t>(one))}));
    std::size_t next = 0;
    KnownRecords known(
        [&]() -> std::optional<std::string> {
            return next == pieces.size() ? std::nullopt : std::optional(pieces[next++]);
        },
        {}, kSeal);
    std::string what;
    for (const char one : now) {
        const RecordMark mark = recordOf(static_cast<std::uint8_t>(one)).mark;
        const std::size_t wanted = known.looksAhead();
        const auto found = wanted == 0 || what.empty() ? std::nullopt : known.match(wanted, [&](std::uint64_t bytes) {
            return bytes == mark.bytes ? mark.digest : KnownRecords::Digest{};
        });
        if (found) BOOST_TEST(found->case_id == one);
        if (!found) known.parsed(&mark.digest);
        what += found ? 'k' : 'r';
    }
    return what;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(NotesOfKnownRecords)

BOOST_AUTO_TEST_CASE(notes_come_back_as_they_were) {
    std::vector<KnownRecord> records;
    for (std::uint8_t i = 1; i < 100; ++i) records.push_back(recordOf(i));
    records[3].text_index = 1ULL << 40;
    records[4].mark.found = 3;
    records[5].case_id = 1LL << 50;
    records[6].has_time = true;
    records[7].mark.bytes = 1U << 20;
    records[8].text_record = 1;
    const std::string piece = pieceOf(records);
    std::vector<KnownRecord> found = {recordOf(200)};
    BOOST_TEST(readKnownNotes(piece, kSeal, found));
    found.erase(found.begin());
    BOOST_TEST((found == records));
}

BOOST_AUTO_TEST_CASE(damaged_notes_tell_nothing) {
    const std::string piece = pieceOf({recordOf(1), recordOf(2)});
    std::vector<KnownRecord> found;
    for (std::size_t i = 0; i < piece.size(); ++i) {
        std::string damaged = piece;
        damaged[i] = static_cast<char>(damaged[i] ^ 4);
        BOOST_TEST(!readKnownNotes(damaged, kSeal, found));
        BOOST_TEST(!readKnownNotes(piece.substr(0, i), kSeal, found));
    }
    BOOST_TEST(found.empty());
}

BOOST_AUTO_TEST_CASE(notes_of_another_key_tell_nothing) {
    const std::string piece = pieceOf({recordOf(1), recordOf(2)});
    std::vector<KnownRecord> found;
    BOOST_TEST(!readKnownNotes(piece, {}, found));
    const std::string entries = piece.substr(17);  // a sum that needs no key, as of format 1
    BOOST_TEST(!readKnownNotes(piece[0] + std::string(textOf(ByteView(sha256(entries)))).substr(0, 16) + entries, kSeal,
                               found));
    BOOST_TEST(found.empty());
    BOOST_TEST(readKnownNotes(piece, kSeal, found));
}

BOOST_AUTO_TEST_CASE(the_place_is_found_again) {
    const std::pair<std::string, std::string> cases[] = {
        {"abcdefgh", "rkkkkkkk"},    // the first is always read
        {"abXdefgh", "rkrkkkkk"},    // changed
        {"abXYZfgh", "rkrrrkkk"},    //
        {"abXcdefgh", "rkrkkkkkk"},  // inserted
        {"abXYcdefgh", "rkrrkkkkkk"},
        {"abdefgh", "rkrkkkk"},  // gone
        {"abgh", "rkrk"},
        {"abbcdefgh", "rkrkkkkkk"},  // twice
        {"acbdefgh", "rrrkkkkk"},    // changed places
        {"hgfedcba", "rrrrrrrr"},
        {"XYZ", "rrr"},
    };
    for (const auto& [now, expected] : cases)
        BOOST_TEST(seen("abcdefgh", now) == expected, now << " " << seen("abcdefgh", now));
    BOOST_TEST(seen("", "abc") == "rrr");
}

BOOST_AUTO_TEST_SUITE_END()
