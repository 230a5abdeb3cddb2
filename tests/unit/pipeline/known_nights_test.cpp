// tests/unit/pipeline/known_nights_test.cpp - what comes between two nights with the same records, or goes wrong in the
// second: encodings, interruptions, other messages, grants, damaged notes, payloads that do not end well. All of it
// leaves what it leaves where nothing is known.
#include <boost/test/unit_test.hpp>

#include "tests/unit/pipeline/nights_fixture.hpp"

using namespace caseway;
using namespace caseway::test;

namespace {

constexpr std::size_t kRecords = 800;
constexpr std::size_t kCutOff = 6000,
                      kCutAt =
                          400'000;  ///< records, and bytes of them before the cut: the parser takes 64 KiB at a time

std::string recordOf(std::size_t id, std::string_view name = "a name", int status = 10) {
    return "<p:Case status=\"" + std::to_string(status) + "\"><p:Id>n" + std::to_string(id) +
           "</p:Id>\n<p:Version>1</p:Version><p:Name>" + std::string(name) + "</p:Name></p:Case>\n";
}

std::string payloadOf(std::size_t records, std::string_view name = "a name", std::string_view before = {},
                      std::string_view after = "</Cases>") {
    std::string text = std::string(before) + "<Cases xmlns:p=\"urn:permits\">\n";
    for (std::size_t i = 0; i < records; ++i) text += recordOf(i, name);
    return text + std::string(after);
}

/// Two gateways see the same nights, and only the first knows records: what they leave is the same.
template <class Story>
std::uint64_t sameWithAndWithout(Story story) {
    Nights with(true, kXmlMapping), without(false, kXmlMapping);
    story(with);
    story(without);
    const std::string ours = evidenceOf(with), theirs = evidenceOf(without);
    BOOST_TEST((ours == theirs), ours.substr(0, 5000) << "\n---\n" << theirs.substr(0, 5000));
    BOOST_TEST(with.verdict() == "good");
    BOOST_TEST(without.large->passedOver() == 0U);
    return with.large->passedOver();
}

void anHourLater(Nights& n) {
    n.clock.set(n.clock.now() + std::chrono::hours(1));
}

/// Of the records of one message that was signed and pushed.
void push(Nights& n, std::string_view json) {
    anHourLater(n);
    n.mappings.replace({{"housing.permit", compiled(kPermitMapping)}});
    MessageHeader header = n.header();
    header.sent_at = n.clock.now();
    BOOST_TEST(n.take(header, json).status == 200);
    n.mappings.replace({{"housing.permit", n.mapping}});
    anHourLater(n);
}

/// Flips one bit of each piece of the last notes, or of one piece; begins to count anew.
void damageNotes(Nights& n, std::optional<std::uint64_t> piece) {
    n.large->stop();
    auto& pieces = n.memory.tables().known_parts.rows();
    const LogIndex last = pieces.rbegin()->first.first;
    std::uint64_t struck = 0;
    for (auto& [key, notes] : pieces) {
        if (key.first != last || (piece && key.second != *piece)) continue;
        notes[notes.size() / 2] = static_cast<char>(notes[notes.size() / 2] ^ 1);
        ++struck;
    }
    BOOST_TEST((piece ? struck == 1 : struck > 2));
    n.start(true);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(KnownNights)

BOOST_AUTO_TEST_CASE(bytes_of_other_encodings_are_known_as_their_text) {
    const std::pair<std::string_view, std::string_view> cases[] = {
        {"<?xml version=\"1.0\" encoding=\"GB18030\"?>\n", "\xD5\xC5\xC8\xFD"},
        {"\xEF\xBB\xBF<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", "\xE5\xBC\xA0\xE4\xB8\x89"},
        {"\xEF\xBB\xBF", "\xE5\xBC\xA0\xE4\xB8\x89"},
    };
    for (const auto& one : cases) {
        const std::string_view before = one.first, name = one.second;
        const std::uint64_t passed_over = sameWithAndWithout([&](Nights& n) {
            for (int night = 0; night < 2; ++night) n.night(payloadOf(200, name, before));
            BOOST_TEST(n.memory.tables().patches.rows().begin()->second.patch.find("\xE5\xBC\xA0\xE4\xB8\x89") !=
                       std::string::npos);
        });
        BOOST_TEST(passed_over == 199U);
    }
    // One department, one night in each: the text is the same, and so are its records.
    BOOST_TEST(sameWithAndWithout([&](Nights& n) {
                   for (const auto& [before, name] : cases) n.night(payloadOf(200, name, before));
               }) == 2 * 199U);
}

BOOST_AUTO_TEST_CASE(a_night_that_is_cut_off_in_the_middle_goes_on_with_what_it_knows) {
    std::uint64_t passed_over = sameWithAndWithout([](Nights& n) {
        n.night(payloadOf(kCutOff));
        n.breaks_at = kCutAt;
        n.breaks = 1;
        std::string second = payloadOf(kCutOff);
        second.replace(second.find("a name", kCutAt / 2), 6, "b name");
        BOOST_TEST(n.night(second).counts.records.changed == 1U);
        BOOST_TEST(n.breaks == 0);
        BOOST_TEST(n.night(second).counts.records.same == kCutOff);  // by the notes of a night in two parts
    });
    BOOST_TEST(passed_over <= kCutOff - 2 + kCutOff - 1);
    BOOST_TEST(passed_over >= kCutOff - 3 + kCutOff - 2);  // one may be read again where it was cut off
}

/// Notes are made with a secret that a night which begins again must not make anew.
BOOST_AUTO_TEST_CASE(a_first_night_that_is_cut_off_is_known_whole_in_the_next) {
    const std::uint64_t passed_over = sameWithAndWithout([](Nights& n) {
        n.breaks_at = kCutAt;
        n.breaks = 1;
        n.night(payloadOf(kCutOff));
        BOOST_TEST(n.breaks == 0);
        BOOST_TEST(n.night(payloadOf(kCutOff)).counts.records.same == kCutOff);
    });
    BOOST_TEST(passed_over >= kCutOff - 3);
}

BOOST_AUTO_TEST_CASE(what_vanished_and_is_known_again_is_marked_no_more) {
    for (const bool knows : {true, false}) {
        Nights n(knows, kXmlMapping);
        n.night(payloadOf(200));
        n.large->stop();  // it may still take back notes
        {
            const auto writer = n.memory.beginWrite();
            for (const auto& [id, row] : n.memory.tables().cases.rows()) writer->putVanished({id, 1, Instant{}});
            writer->commit();
        }
        n.start(knows);
        BOOST_REQUIRE(n.memory.reader().vanishedAfter(0, 1000).size() == 200U);
        BOOST_TEST(n.night(payloadOf(200)).counts.records.same == 200U);
        BOOST_TEST(n.memory.reader().vanishedAfter(0, 1000).empty());
    }
}

BOOST_AUTO_TEST_CASE(what_was_pushed_between_is_not_overlooked) {
    const std::pair<std::string_view, std::uint64_t> cases[] = {
        {R"([{"id":"n7","version":1,"status":"20"}])", 200},             // older than the first night
        {R"([{"id":"n7","version":2,"status":"20"}])", 199},             // newer than the second
        {R"([{"id":"n7","no":"B-7","version":2,"status":"10"}])", 199},  // says more
        {R"([{"id":"n7","version":2,"status":"10","applied":"2026-05-01 08:00:00"}])", 199},
        {R"([{"id":"other","version":1,"status":"20"}])", 200},
    };
    for (const auto& one : cases) {
        const std::string_view json = one.first;
        const std::uint64_t same = one.second;
        const std::uint64_t passed_over = sameWithAndWithout([&](Nights& n) {
            n.night(payloadOf(200));
            push(n, json);
            BOOST_TEST_INFO(json);
            BOOST_TEST(n.night(payloadOf(200)).counts.records.same == same);
            anHourLater(n);
            n.night(payloadOf(200));
        });
        BOOST_TEST(passed_over == 2 * 199U);
    }
}

BOOST_AUTO_TEST_CASE(a_department_that_may_no_longer_write_its_cases_is_refused_them) {
    BOOST_TEST(sameWithAndWithout([](Nights& n) {
                   n.night(payloadOf(200));
                   auto& department = n.known.ring->systems[housing().id].department_code;
                   const std::string before = std::exchange(department, "11520103009423114G");
                   anHourLater(n);
                   BOOST_TEST(n.night(payloadOf(200)).counts.records.refused == 200U);
                   department = before;
                   anHourLater(n);
                   BOOST_TEST(n.night(payloadOf(200)).counts.records.same == 200U);
               }) == 199U);  // what was refused is not noted
}

BOOST_AUTO_TEST_CASE(another_mapping_reads_everything_and_so_does_the_former_one_again) {
    std::string other(kXmlMapping);
    other.replace(other.find("p:Name"), 6, "p:Id");
    BOOST_TEST(sameWithAndWithout([&](Nights& n) {
                   const ShelvedMapping former = n.mapping;
                   for (const ShelvedMapping& mapping : {former, compiled(other), former, former}) {
                       n.mapping = mapping;
                       n.mappings.replace({{"housing.permit", mapping}});
                       n.night(payloadOf(200));
                       anHourLater(n);
                   }
                   const std::string& name = n.memory.tables().patches.rows().rbegin()->second.patch;
                   BOOST_TEST(name.find("a name") != std::string::npos);
               }) == 199U);
}

BOOST_AUTO_TEST_CASE(damaged_notes_cost_a_nights_parsing_and_nothing_else) {
    Nights n(true, kXmlMapping);
    n.night(payloadOf(kRecords));
    damageNotes(n, std::nullopt);
    BOOST_TEST(n.night(payloadOf(kRecords)).counts.records.same == kRecords);
    BOOST_TEST(n.large->passedOver() == 0U);
    damageNotes(n, 1);
    BOOST_TEST(n.night(payloadOf(kRecords)).counts.records.same == kRecords);
    BOOST_TEST(n.large->passedOver() > 0U);
    BOOST_TEST(n.large->passedOver() < kRecords - 1);
    n.large->stop();
    BOOST_TEST(n.verdict() == "good");
}

BOOST_AUTO_TEST_CASE(payloads_that_end_badly_are_refused_at_the_same_line) {
    const std::string_view ends[] = {"<!DOCTYPE x>",
                                     "<p:Case",
                                     "</p:Case>",
                                     "&nothing;",
                                     "\n\n</Cases><Cases/>",
                                     "\xFF</Cases>",
                                     "",
                                     "<p:Case>",
                                     "<p:Id>\n<</p:Id>",
                                     "</Cases>\n<!DOCTYPE Cases []>",
                                     "<a b='1' b='2'/></Cases>"};
    for (const std::string_view end : ends) {
        const std::uint64_t passed_over = sameWithAndWithout([&](Nights& n) {
            n.night(payloadOf(200));
            n.night(payloadOf(200, "a name", {}, end));
            const std::string& answer = n.memory.tables().messages.rows().rbegin()->second.answer;
            if (!end.starts_with('\xFF'))
                BOOST_TEST(answer.find("line 40") != std::string::npos, end << ": " << answer);
            n.night(payloadOf(200));
        });
        if (!end.starts_with('\xFF')) BOOST_TEST(passed_over == 2 * 199U, end);
    }
}

BOOST_AUTO_TEST_SUITE_END()
