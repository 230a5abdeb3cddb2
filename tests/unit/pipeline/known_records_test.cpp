// tests/unit/pipeline/known_records_test.cpp - nights on which records are known by their bytes leave what nights leave
// on which all are read: the same rows, leaves and outcome lines, whatever the department changed between.
#include <boost/test/unit_test.hpp>

#include <random>

#include "tests/support/seeds.hpp"
#include "tests/unit/pipeline/nights_fixture.hpp"

using namespace caseway;
using namespace caseway::test;

namespace {

struct Case {
    int id = 0;
    int version = 1;
    int shape = 0;
};

std::string textOf(const Case& one) {
    const std::string id = "c" + std::to_string(one.id), version = std::to_string(one.version);
    const std::string inner = "<p:Id>" + id + "</p:Id><p:Version>" + version + "</p:Version>";
    switch (one.shape) {
        case 0:
            return "<p:Case status=\"10\">" + inner + "<p:Name>\xE5\xBC\xA0 " + version + "</p:Name></p:Case>";
        case 1:
            return "<p:Case\n status='20'>\r\n" + inner +
                   "<!-- <p:Case/> --><p:Name><![CDATA[</p:Case>]]></p:Name>"
                   "<p:Applied>2026-05-01 08:00:00</p:Applied></p:Case >";
        case 2:  // refused: no number
            return "<p:Case status=\"10\">\n\n<p:Version>" + version + "</p:Version></p:Case>";
        case 3:  // left out
            return "<p:Case status=\"10\"><p:Kind>note</p:Kind>" + inner + "</p:Case>";
        case 4:  // one in another
            return "<p:Case status=\"10\">" + inner + "<p:Case status=\"30\"><p:Id>" + id +
                   "-in</p:Id><p:Version>1</p:Version></p:Case></p:Case>";
        case 5:
            return "<q:Case xmlns:q=\"urn:permits\" status=\"40\"><q:Id>" + id + "</q:Id><q:Version>" + version +
                   "</q:Version></q:Case>";
        case 6:
            return "<p:Case/>";
        default:
            return "<p:Case status=\"10\">" + inner + "<p:Applied>2999-01-01 00:00:00</p:Applied></p:Case>";
    }
}

std::string payloadOf(const std::vector<Case>& cases, std::mt19937& random, int header) {
    constexpr std::string_view kBetween[] = {"",     "\n",       "  \r\n\t",         "<!-- \n -->",
                                             "text", "<?pi\n?>", "<Other>\n</Other>"};
    std::string text = header % 3 == 1 ? "\xEF\xBB\xBF" : "";
    text += header % 2 == 0 ? "<?xml version=\"1.0\"?>\n" : "";
    text += "<Cases xmlns:p=\"urn:permits\"" + std::string(header == 3 ? " day=\"2\"" : "") + "><Part>";
    for (std::size_t i = 0; i < cases.size(); ++i) {
        text += kBetween[random() % 20 < 7 ? random() % 7 : 1];
        text += textOf(cases[i]);
        if (i % 40 == 39) text += "</Part>\n<Part>";
    }
    return text + "</Part></Cases>";
}

void change(std::vector<Case>& cases, std::mt19937& random, unsigned most) {
    for (unsigned edits = random() % most; edits > 0 && !cases.empty(); --edits) {
        const auto at = static_cast<std::ptrdiff_t>(random() % cases.size());
        const auto place = cases.begin() + at;
        const Case copy = *place;
        switch (random() % 6) {
            case 0:
            case 1:
                ++place->version;
                break;
            case 2:
                cases.insert(place, {static_cast<int>(1000 + random() % 1000), 1, static_cast<int>(random() % 8)});
                break;
            case 3:
                cases.erase(place, place + std::min<std::ptrdiff_t>(cases.end() - place, 1 + random() % 5));
                break;
            case 4:
                cases.insert(
                    random() % 2 == 0 ? place : cases.begin() + static_cast<std::ptrdiff_t>(random() % cases.size()),
                    copy);
                break;
            default:
                std::iter_swap(place, cases.begin() + static_cast<std::ptrdiff_t>(random() % cases.size()));
        }
    }
}

void nightsOf(unsigned seed, Nights& n, std::size_t least = 30, unsigned most_edits = 12) {
    std::mt19937 random(seed);
    std::vector<Case> cases;
    const std::size_t count = least + random() % 200;
    for (std::size_t i = 0; i < count; ++i)
        cases.push_back(
            {static_cast<int>(i), 1, random() % 5 == 0 ? static_cast<int>(random() % 8) : static_cast<int>(i % 2)});
    n.night(payloadOf(cases, random, 0));
    for (int night = 1; night < 4; ++night) {
        change(cases, random, most_edits);
        std::vector<Case> others(cases.begin(), cases.begin() + static_cast<std::ptrdiff_t>(cases.size() / 5));
        if (random() % 2 == 0) n.night(payloadOf(others, random, 2), "housing/permits/other");
        n.night(payloadOf(cases, random, static_cast<int>(random() % 4)) + (random() % 8 == 0 ? "<" : ""));
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(KnownRecordsOfNights)

BOOST_AUTO_TEST_CASE(what_is_known_leaves_what_is_read) {
    std::uint64_t passed_over = 0;
    for (unsigned seed = 1; seed <= 12; ++seed) {
        Nights with(true, kXmlMapping), without(false, kXmlMapping);
        nightsOf(seed, with);
        nightsOf(seed, without);
        passed_over += with.large->passedOver();
        BOOST_TEST(without.large->passedOver() == 0U);
        const std::string ours = evidenceOf(with), theirs = evidenceOf(without);
        BOOST_REQUIRE_MESSAGE(ours == theirs, "seed " << seed << "\n"
                                                      << ours.substr(0, 20000) << "\n---\n"
                                                      << theirs.substr(0, 20000));
        BOOST_TEST(with.verdict() == "good");
    }
    BOOST_TEST(passed_over > 1000U);
}

/// Cases are written in one slice and said again in the same, in the next and in later ones.
BOOST_AUTO_TEST_CASE(what_is_known_leaves_what_is_read_over_many_slices) {
    for (unsigned seed = 1, seeds = kIsSanitized ? 1 : 4; seed <= seeds; ++seed) {
        Nights with(true, kXmlMapping), without(false, kXmlMapping);
        nightsOf(seed, with, 3000, 400);
        nightsOf(seed, without, 3000, 400);
        BOOST_TEST(with.large->passedOver() > 2000U);
        BOOST_REQUIRE_MESSAGE(evidenceOf(with) == evidenceOf(without), "seed " << seed);
        BOOST_TEST(with.verdict() == "good");
    }
}

/// The first slices are read in full and change cases of which the next ones know what they said last night.
BOOST_AUTO_TEST_CASE(what_changed_before_it_is_said_again_is_no_repetition) {
    std::vector<Case> last;
    for (int i = 0; i < 800; ++i) last.push_back({i, 1, i % 2});
    for (const std::size_t changed : {64UL, 100UL, 128UL, 200UL}) {
        Nights with(true, kXmlMapping), without(false, kXmlMapping);
        for (Nights* const n : {&with, &without}) {
            std::mt19937 random(7);
            std::vector<Case> cases = last;
            n->night(payloadOf(cases, random, 0));
            for (std::size_t i = 0; i < changed; ++i)
                cases.insert(cases.begin(), {static_cast<int>(i * 3), 2, static_cast<int>(i % 3 == 0 ? 5 : i % 2)});
            n->night(payloadOf(cases, random, 0));
        }
        BOOST_TEST(with.large->passedOver() > 500U);
        BOOST_REQUIRE_MESSAGE(evidenceOf(with) == evidenceOf(without), changed << " changed");
        BOOST_TEST(with.verdict() == "good");
    }
}

BOOST_AUTO_TEST_CASE(the_same_payload_again_is_known_but_for_its_first_record) {
    Nights n(true, kXmlMapping);
    std::mt19937 random(7);
    std::vector<Case> cases;
    for (int i = 0; i < 1000; ++i) cases.push_back({i, 1, i % 2});
    std::string text = "<Cases xmlns:p=\"urn:permits\">";
    for (const Case& one : cases) text += textOf(one) + "\n";
    text += "</Cases>";
    n.night(text);
    const Run run = n.night(text);
    BOOST_TEST(run.counts.records.same == 1000U);
    BOOST_TEST(n.large->passedOver() == 999U);
    n.large->stop();
    BOOST_TEST(n.memory.tables().known_parts.rows().begin()->first.first > 0U);  // the first night's are gone
    BOOST_TEST(n.verdict() == "good");
}

BOOST_AUTO_TEST_CASE(other_rules_know_nothing) {
    Nights n(true, kXmlMapping);
    std::string text = "<Cases xmlns:p=\"urn:permits\">";
    for (int i = 0; i < 50; ++i) text += textOf({i, 1, 0});
    text += "</Cases>";
    n.night(text);
    std::string other(kXmlMapping);
    other.replace(other.find("p:Name"), 6, "p:Nick");
    n.mapping = compiled(other);
    n.mappings.replace({{"housing.permit", n.mapping}});
    const Run run = n.night(text);
    BOOST_TEST(n.large->passedOver() == 0U);
    BOOST_TEST(run.counts.records.total() == 50U);
}

BOOST_AUTO_TEST_SUITE_END()
