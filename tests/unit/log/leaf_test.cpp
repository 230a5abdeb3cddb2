// tests/unit/log/leaf_test.cpp - leaves and outcome lines: one form, both ways.
#include "gateway/log/leaf.hpp"

#include <boost/test/unit_test.hpp>
#include <ctime>

#include "gateway/formats/json/document.hpp"
#include "gateway/formats/merkle/hash.hpp"
#include "log_fixture.hpp"

using namespace caseway;
using namespace caseway::testing;

namespace {

std::string leafOf(const LogEntry& entry) {
    std::string leaf;
    appendLeaf(entry, leaf);
    return leaf;
}

LogEntry fullEntry() {
    LogFixture fixture;
    return fixture.entryOf(5, LogFixture::linesOf(5));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(Leaf)

BOOST_AUTO_TEST_CASE(comes_back_as_it_was_for_every_type) {
    for (int type = 0; type <= static_cast<int>(EntryType::Aggregate); ++type) {
        LogEntry entry = fullEntry();
        entry.type = static_cast<EntryType>(type);
        if (entry.type == EntryType::Outcome) entry.received_index = 77;
        if (entry.type == EntryType::Refusal) entry.refusal_code = "bad_signature";
        if (entry.type == EntryType::Aggregate) {
            entry = LogEntry{};
            entry.type = EntryType::Aggregate;
            entry.aggregate_count = 12;
        }
        if (entry.type == EntryType::Audit) entry.detail = "{\"a\":[1,\"x\"],\"event\":\"cert_added\"}";
        const std::string leaf = leafOf(entry);
        const auto parsed = parseLeaf(leaf);
        BOOST_REQUIRE_MESSAGE(parsed.ok(), leaf);
        BOOST_TEST(leafOf(*parsed) == leaf);
        BOOST_TEST((parsed->type == entry.type));
        BOOST_TEST((parsed->received_at == entry.received_at));
        BOOST_TEST(parsed->detail == entry.detail);
    }
}

BOOST_AUTO_TEST_CASE(is_canonical_json) {
    LogEntry entry = fullEntry();
    entry.detail = "{\"event\":\"x\"}";
    entry.received_index = 3;
    entry.aggregate_count = 4;
    entry.refusal_code = "x";
    const std::string leaf = leafOf(entry);
    JsonTree tree;
    const auto value = parseJson(leaf, JsonLimits{}, tree);
    BOOST_REQUIRE(value.ok());
    std::string canonical;
    appendCanonical(**value, canonical);
    BOOST_TEST(canonical == leaf);
}

BOOST_AUTO_TEST_CASE(any_other_spelling_is_refused) {
    const std::string leaf = leafOf(fullEntry());
    const auto with = [&](std::string_view from, std::string_view to) {
        std::string changed = leaf;
        const std::size_t at = changed.find(from);
        BOOST_REQUIRE(at != std::string::npos);
        return changed.replace(at, from.size(), to);
    };
    const std::string bad[] = {"",
                               "{}",
                               "[]",
                               "null",
                               leaf + " ",
                               " " + leaf,
                               leaf.substr(1),
                               with("\"v\":1", "\"v\":2"),
                               with("\"v\":1", "\"v\":1.0"),
                               with("\"v\":1", "\"v\":1,\"w\":2"),
                               with("json", "JSON"),
                               with("\"new\":1", "\"new\":01"),
                               with("\"new\":1", "\"new\":-1"),
                               with("\"new\":1,", ""),
                               with("housing", "Housing"),
                               with("housing", "hous\\u0069ng"),
                               with("Z\"", "+00:00\""),
                               with("\"cert\":\"", "\"cert\":\"A"),
                               std::string(5000, '{')};
    for (const std::string& text : bad) {
        const auto parsed = parseLeaf(text);
        BOOST_REQUIRE_MESSAGE(!parsed.ok(), text);
        BOOST_TEST((parsed.error().code == "malformed_leaf" || parsed.error().code == "leaf_not_canonical"));
    }
}

BOOST_AUTO_TEST_CASE(cost_of_writing_one) {
    const LogEntry entry = fullEntry();
    std::string leaf;
    const std::clock_t start = std::clock();
    for (int i = 0; i < 20'000; ++i) leaf.clear(), appendLeaf(entry, leaf);
    const double micros = static_cast<double>(std::clock() - start) * 1e6 / CLOCKS_PER_SEC / 20'000;
    std::printf("leaf of %zu bytes written in %.2f us CPU\n", leaf.size(), micros);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(OutcomeLinesSuite)

BOOST_AUTO_TEST_CASE(their_root_is_the_one_of_the_definition_whatever_the_slices) {
    OutcomeLines lines;
    std::string all;
    const Refusal refusal{"code", "/a/\"b\"", "1***2 (4)", "rule", "hint \n", 3};
    for (std::uint64_t i = 1; i <= 100; ++i) {
        lines.add(i, i == 3 ? RecordOutcome::Refused : RecordOutcome::Same, "N" + std::to_string(i), {},
                  i == 3 ? &refusal : nullptr);
        if (i % 7 == 0) {
            all += lines.take();
            auto loaded = OutcomeLines::load(lines.save());
            BOOST_REQUIRE(loaded);
            lines = std::move(*loaded);
        }
    }
    all += lines.take();
    BOOST_TEST(all.find("{\"case_no\":\"N3\",\"code\":\"code\",\"hint\":\"hint "
                        "\\n\",\"outcome\":\"refused\",\"record\":3,\"rule\":\"rule\",") != std::string::npos);
    CompactTree tree;
    for (std::size_t at = 0; at < all.size();) {
        const std::size_t end = all.find('\n', at);
        tree.append(leafHash(std::string_view(all).substr(at, end - at)));
        at = end + 1;
    }
    BOOST_TEST((tree.root() == lines.root()));
    for (const std::size_t piece : {1U, 3U, 64U, 100'000U}) {
        OutcomeLinesReader reader;
        for (std::size_t at = 0; at < all.size(); at += piece) reader.add(std::string_view(all).substr(at, piece));
        const auto found = reader.finish();
        BOOST_TEST((found.root == lines.root()));
        BOOST_TEST(found.well_formed);
        BOOST_TEST(found.counts.same == 99U);
        BOOST_TEST(found.counts.refused == 1U);
    }
}

BOOST_AUTO_TEST_CASE(a_line_tells_every_mistake_of_its_record_as_far_as_it_may_grow) {
    Refusal refusal{"first", "a, line 3", "x***y (4)", "rule", "hint", 1};
    refusal.also = {{"second", "b, line 4", {}, "rule \"2\"", {}, 1}, {"third", {}, {}, {}, {}, 1}};
    OutcomeLines lines;
    lines.add(1, RecordOutcome::Refused, {}, {}, &refusal);
    const std::string line = lines.take();
    const std::string also = R"_("also":[{"code":"second","rule":"rule \"2\"","where":"b, line 4"},{"code":"third"}])_";
    const std::string first = R"_("code":"first","hint":"hint","outcome":"refused","record":1,"rule":"rule",)_";
    BOOST_TEST(line == "{" + also + "," + first + R"_("value":"x***y (4)","where":"a, line 3"})_" + "\n");
    const auto toldBy = [](std::string_view text, std::size_t most) {
        MemorySource source(text);
        return refusalsIn(source, most);
    };
    const auto told = toldBy(line, 10);
    BOOST_REQUIRE_EQUAL(told.size(), 3U);
    BOOST_TEST((told[1] == refusal.also[0] && told[2] == refusal.also[1]));
    BOOST_TEST(toldBy(line, 2).size() == 2U);
    refusal.also.assign(19, Refusal{"long", std::string(3000, '"'), {}, std::string(1000, 'r'), {}, 1});
    std::string grown;
    appendOutcomeLine(1, RecordOutcome::Refused, {}, {}, &refusal, grown);
    OutcomeLinesReader reader;
    reader.add(grown);
    BOOST_TEST(reader.finish().well_formed);
    BOOST_TEST(toldBy(grown, 100).size() < 20U);
}

BOOST_AUTO_TEST_CASE(lines_that_skip_or_do_not_end_are_not_well_formed) {
    for (const char* text : {"{\"outcome\":\"new\",\"record\":2}\n", "{\"outcome\":\"new\",\"record\":1}", "x\n", "\n",
                             "{\"outcome\":\"gone\",\"record\":1}\n"}) {
        OutcomeLinesReader reader;
        reader.add(text);
        BOOST_TEST(!reader.finish().well_formed, text);
    }
}

BOOST_AUTO_TEST_SUITE_END()
