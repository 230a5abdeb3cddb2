// tests/unit/pipeline/large_documents_test.cpp - large documents of the XML binding wait for each other and keep nobody
// else.
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <future>

#include "tests/unit/pipeline/pipeline_fixture.hpp"

using namespace caseway;
using namespace caseway::test;

namespace {

constexpr std::string_view kOne = R"([{"no":"A-1","id":"1","status":"10","applied":"2026-05-01 08:00:00"}])";
const HttpRequest kDocument{"POST", "/v1/messages", {{"Content-Type", "application/xml"}}};

/// Signed by nobody.
std::string large() {
    return "<a>" + std::string(300 * 1024, ' ') + "</a>";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(LargeDocuments)

/// Several of them, each a second of work, would stand before every small message.
BOOST_AUTO_TEST_CASE(a_large_document_keeps_nobody_who_brings_one) {
    Pipeline pipeline;
    constexpr std::size_t kCount = 3;
    std::promise<void> goes_on;
    const std::shared_future<void> held = goes_on.get_future().share();
    std::promise<int> answered[kCount];
    auto brought = std::async(std::launch::async, [&] {
        for (std::promise<int>& one : answered)
            pipeline.exchange.take(kDocument, large(), [&one, held](const Answer& answer) {
                held.wait();
                one.set_value(answer.status);
            });
    });
    const bool is_free = brought.wait_for(std::chrono::minutes(1)) == std::future_status::ready;
    if (is_free) BOOST_TEST(pipeline.take(pipeline.header(), kOne).status == 200);  // beside them
    goes_on.set_value();
    BOOST_TEST(is_free);
    for (std::promise<int>& one : answered) BOOST_TEST(one.get_future().get() == 400);
}

BOOST_AUTO_TEST_CASE(a_large_document_is_evidence_of_who_opened_the_connection) {
    Pipeline pipeline;
    std::promise<Answer> answered;
    {
        const std::string der = housing().certificate->der();  // gone before the answer may be there
        pipeline.exchange.take(kDocument, large(), [&](Answer answer) { answered.set_value(std::move(answer)); },
                               {&der});
    }
    const Answer answer = answered.get_future().get();
    BOOST_TEST(answer.status == 400);
    BOOST_TEST((answer.body.find(R"("receipt":{)") != std::string::npos), answer.body);
}

/// A lane that is busy with a first document, and what becomes of those behind it.
struct BusyLane {
    BusyLane() {
        give("first", 1, [this] {
            begun.set_value();
            goes_on.get_future().wait();
        });
        begun.get_future().wait();
    }
    void give(
        const std::string& from, std::size_t bytes, std::function<void()> before = [] {}) {
        lane.submit({from, bytes, [this, from, before = std::move(before)] { before(), told += from + " "; },
                     [this, from] { turned_away += from + " "; }});
    }
    /// Which were read, in their order. Each round lets every address have a turn before its own.
    std::string read() {
        for (int round = 0; round < 5; ++round) {
            std::promise<void> done;
            lane.submit({"nobody", 0, [&] { done.set_value(); }, [] {}});
            if (round == 0) goes_on.set_value();
            done.get_future().wait();
        }
        return told;
    }
    std::promise<void> begun, goes_on;
    std::string told, turned_away;
    TreeLane lane;  // last: its thread uses what stands above
};

BOOST_AUTO_TEST_CASE(addresses_take_turns) {
    BusyLane busy;
    for (int i = 0; i < 3; ++i) busy.give("a", 1);
    busy.give("b", 1);
    busy.give("b", 1);
    BOOST_TEST(busy.read() == "first a b a b a ");
}

/// They share their memory with every other body.
BOOST_AUTO_TEST_CASE(no_more_of_them_wait_than_have_room) {
    constexpr std::size_t kHalf = TreeLane::kMostWaitingBytes / 2;
    BusyLane busy;
    busy.give("a", 2 * kHalf);
    busy.give("a", 1);
    BOOST_TEST(busy.turned_away == "a ");
    busy.turned_away.clear();
    busy.give("b", 3 * kHalf);  // more than a has
    BOOST_TEST(busy.turned_away == "b ");
    BOOST_TEST(busy.read() == "first a ");
}

BOOST_AUTO_TEST_CASE(who_has_the_most_that_waits_gives_room_to_others) {
    constexpr std::size_t kQuarter = TreeLane::kMostWaitingBytes / 4;
    BusyLane busy;
    for (int i = 0; i < 3; ++i) busy.give("a", kQuarter);
    busy.give("b", kQuarter);
    busy.give("c", 1);
    BOOST_TEST(busy.turned_away == "a ");
    busy.give("c", kQuarter - 1);
    BOOST_TEST(busy.turned_away == "a ");  // there was room
    busy.give("c", kQuarter);              // they would have most of all
    BOOST_TEST(busy.turned_away == "a c ");
    BOOST_TEST(busy.read() == "first a b c a c ");
}

BOOST_AUTO_TEST_CASE(nobody_is_turned_away_in_vain) {
    constexpr std::size_t kEighth = TreeLane::kMostWaitingBytes / 8;
    BusyLane busy;
    for (int i = 0; i < 4; ++i) busy.give("a", kEighth);
    for (int i = 0; i < 4; ++i) busy.give("b", kEighth);
    busy.give("c", 3 * kEighth);  // one of a's gives no room yet, and two and one of b's leave both with less than c
    BOOST_TEST(busy.turned_away == "c ");
    BOOST_TEST(busy.read() == "first a b a b a b a b ");
}

BOOST_AUTO_TEST_CASE(one_address_alone_has_all_the_room_and_a_document_beyond_it_where_nothing_waits) {
    BusyLane busy;
    busy.give("a", 2 * TreeLane::kMostWaitingBytes);
    BOOST_TEST(busy.turned_away.empty());
    busy.give("b", 1);
    BOOST_TEST(busy.turned_away == "a ");
    BOOST_TEST(busy.read() == "first b ");
}

BOOST_AUTO_TEST_CASE(what_waits_when_it_stops_is_neither_read_nor_turned_away) {
    BusyLane busy;
    busy.give("a", 1);
    auto stopped = std::async(std::launch::async, [&] { busy.lane.stop(); });
    while (busy.turned_away.empty()) busy.give("b", 0), std::this_thread::yield();  // until it is over
    busy.goes_on.set_value();
    stopped.get();
    BOOST_TEST(busy.told == "first ");
    BOOST_TEST(busy.turned_away == "b ");
}

BOOST_AUTO_TEST_SUITE_END()
