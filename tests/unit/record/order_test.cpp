// tests/unit/record/order_test.cpp - whatever the order of arrival, and however often a message comes, the case ends in
// the same bytes. Random records of several systems; the seed of a failure is printed. CASEWAY_SEEDS draws more.
#include <algorithm>
#include <map>
#include <random>

#include "exchange.hpp"
#include "gateway/record/state_codec.hpp"
#include "gateway/record/stored_state.hpp"
#include "tests/support/seeds.hpp"

using namespace caseway;
using caseway::test::seedsOr;

namespace {

using Random = std::mt19937_64;

std::uint64_t upTo(Random& random, std::uint64_t most) {
    return random() % (most + 1);
}

/// Of few days; the same instant is written in several ways.
std::string dayTime(Random& random) {
    static const std::string kTimes[] = {"T10:00:00+08:00", "T02:00:00+00:00", "T10:00:00.000001+08:00"};
    return "2026-05-0" + std::to_string(1 + upTo(random, 3)) + kTimes[upTo(random, 2)];
}

void member(std::string_view name, const std::string& json, std::string& out) {
    if (out.back() != '{') out += ',';
    out += '"' + std::string(name) + "\":" + json;
}

std::string quoted(const std::string& text) {
    return '"' + text + '"';
}

/// A value out of few, so that equal and contradicting ones both come up often.
std::string letter(Random& random) {
    return quoted(std::string(1, static_cast<char>('a' + upTo(random, 2))));
}

std::string randomStep(Random& random) {
    std::string step = "{";
    if (upTo(random, 1) == 0) member("seq", std::to_string(1 + upTo(random, 2)), step);
    if (upTo(random, 2) != 0) member("step_name", letter(random), step);
    if (upTo(random, 2) != 0) member("start_time", quoted(dayTime(random)), step);
    if (upTo(random, 1) == 0) member("opinion", letter(random), step);
    if (upTo(random, 3) == 0) member("handler_no", letter(random), step);
    return step + '}';
}

std::string randomMaterial(Random& random) {
    std::string material = "{";
    if (upTo(random, 2) == 0) member("seq", std::to_string(1 + upTo(random, 2)), material);
    if (upTo(random, 3) != 0) member("name", letter(random), material);
    if (upTo(random, 1) == 0) member("copies", std::to_string(upTo(random, 2)), material);
    return material + '}';
}

std::string randomCorrection(Random& random) {
    std::string correction = "{";
    if (upTo(random, 1) == 0) member("due_days", std::to_string(upTo(random, 2)), correction);
    if (upTo(random, 2) == 0) member("material_list", "[" + letter(random) + "," + letter(random) + "]", correction);
    if (upTo(random, 2) != 0) member("notify_time", quoted(dayTime(random)), correction);
    if (upTo(random, 1) == 0) member("reason", letter(random), correction);
    if (upTo(random, 2) == 0) member("seq", std::to_string(1 + upTo(random, 1)), correction);
    if (upTo(random, 3) == 0) member("supplied_time", quoted(dayTime(random)), correction);
    return correction + '}';
}

std::string randomDelivery(Random& random) {
    std::string delivery = "{";
    if (upTo(random, 2) == 0) member("seq", std::to_string(1 + upTo(random, 1)), delivery);
    if (upTo(random, 1) == 0) member("taker_name", letter(random), delivery);
    if (upTo(random, 2) != 0) member("time", quoted(dayTime(random)), delivery);
    if (upTo(random, 2) != 0) member("way", upTo(random, 1) == 0 ? "\"1\"" : "\"2\"", delivery);
    return delivery + '}';
}

std::string randomFee(Random& random) {
    std::string fee = "{";
    if (upTo(random, 1) == 0) member("amount", upTo(random, 1) == 0 ? "\"1\"" : "\"1.00\"", fee);
    if (upTo(random, 2) != 0) member("pay_no", letter(random), fee);
    if (upTo(random, 2) == 0) member("seq", std::to_string(1 + upTo(random, 1)), fee);
    return fee + '}';
}

std::string randomSuspension(Random& random) {
    std::string suspension = "{";
    if (upTo(random, 2) == 0) member("end_time", quoted(dayTime(random)), suspension);
    if (upTo(random, 2) != 0) member("kind", upTo(random, 1) == 0 ? "\"01\"" : "\"99\"", suspension);
    if (upTo(random, 1) == 0) member("reason", letter(random), suspension);
    if (upTo(random, 2) == 0) member("seq", std::to_string(1 + upTo(random, 1)), suspension);
    if (upTo(random, 2) != 0) member("start_time", quoted(dayTime(random)), suspension);
    return suspension + '}';
}

/// A field may be stated, cleared, or neither.
template <class State>
void stateOrClear(std::string_view name, Random& random, std::vector<std::string>& cleared, State state) {
    const std::uint64_t drawn = upTo(random, 5);
    if (drawn == 0) cleared.emplace_back(name);
    if (drawn > 2) state();
}

template <class Make>
void list(std::string_view name, Random& random, Make make, std::string& out) {
    std::string items = "[";
    for (std::uint64_t count = upTo(random, 3); count != 0; --count) {
        const std::string item = make(random);
        if (item != "{}") items += (items.size() > 1 ? "," : "") + item;
    }
    if (items.size() > 1) member(name, items + ']', out);
}

/// `number`: the case_no, quoted; empty where the record names none.
std::string randomPatch(Random& random, const std::string& source_case_no, const std::string& number,
                        bool for_housing) {
    std::string patch = "{";
    std::vector<std::string> cleared;
    stateOrClear("window_no", random, cleared, [&] { member("window_no", letter(random), patch); });
    if (upTo(random, 4) == 0) cleared.emplace_back("extra.note");
    if (!number.empty()) member("case_no", number, patch);
    member("source_case_no", quoted(source_case_no), patch);
    if (for_housing) member("dept_code", quoted(std::string(kHousing)), patch);
    if (upTo(random, 2) == 0) member("data_version", std::to_string(1 + upTo(random, 2)), patch);
    if (upTo(random, 3) == 0) member("operation", upTo(random, 1) == 0 ? "\"D\"" : "\"U\"", patch);
    stateOrClear("apply_time", random, cleared, [&] { member("apply_time", quoted(dayTime(random)), patch); });
    stateOrClear("case_title", random, cleared, [&] { member("case_title", letter(random), patch); });
    if (upTo(random, 1) == 0) member("status", upTo(random, 1) == 0 ? "\"10\"" : "\"20\"", patch);
    stateOrClear("result.reason", random, cleared,
                 [&] { member("result", "{\"reason\":" + letter(random) + "}", patch); });
    if (upTo(random, 3) == 0) member("extra", "{\"floor\":" + std::to_string(upTo(random, 2)) + "}", patch);
    const std::size_t before_steps = patch.size();
    list("steps", random, randomStep, patch);
    if (patch.size() != before_steps && upTo(random, 2) == 0) {  // of its first item
        const std::size_t end = patch.find('}', before_steps);
        if (patch.substr(before_steps, end - before_steps).find("opinion") == std::string::npos)
            cleared.emplace_back("steps.0.opinion");
    }
    list("materials", random, randomMaterial, patch);
    if (upTo(random, 1) == 0) list("corrections", random, randomCorrection, patch);
    if (upTo(random, 1) == 0) list("suspensions", random, randomSuspension, patch);
    if (upTo(random, 2) == 0) list("deliveries", random, randomDelivery, patch);
    if (upTo(random, 2) == 0) list("fees", random, randomFee, patch);
    std::string names;
    for (const std::string& name : cleared) names += (names.empty() ? "" : ",") + quoted(name);
    if (!names.empty()) patch.insert(1, "\"$cleared\":[" + names + (patch.size() > 1 ? "]," : "]"));
    return patch + '}';
}

/// One system, sometimes with the number; or three systems of two departments that all name the number, the owner's
/// first: it may be the window.
std::vector<Sending> randomSendings(Random& random, bool several_systems) {
    static const std::string kSystems[] = {"housing/permits", "housing/archive", "center/window"};
    static const std::string kSources[] = {"A1", "R9", "W5"};
    std::vector<Sending> sendings;
    const std::uint64_t count = 2 + upTo(random, 6);
    for (std::uint64_t i = 0; i < count; ++i) {
        Sending sending;
        const std::size_t who = !several_systems ? 0 : i != 0 ? upTo(random, 2) : upTo(random, 1) * 2;
        sending.from = kSystems[who];
        sending.message = 1 + i;
        sending.sent_at = "2026-05-05T09:0" + std::to_string(upTo(random, 3)) + ":00+08:00";
        if (!sendings.empty() && sendings.back().from == sending.from && upTo(random, 3) == 0) {  // one message's next
            sending.message = sendings.back().message;
            sending.sent_at = sendings.back().sent_at;
            sending.record = sendings.back().record + 1;
        }
        sending.patch = randomPatch(random, kSources[who], several_systems || upTo(random, 1) == 0 ? "\"X-1\"" : "",
                                    several_systems && i == 0);
        sendings.push_back(std::move(sending));
    }
    return sendings;
}

struct Ending {
    std::string case_no, record, view, state;
    bool deleted = false;
    std::string department;
    bool by_window = false;
    bool operator==(const Ending&) const = default;
};

Ending endingOf(Exchange& exchange, const CaseRow& row) {
    Ending ending;
    const CaseView view = viewOf(exchange.store, row, exchange.recorder.numbers(), Show::Unmasked);
    ending.case_no = view.case_no;
    ending.record = view.record;
    appendViewJson(view, ending.view);
    // That it comes from one record is told only where it was noticed.
    CaseState state;
    loadState(exchange.store, row, state);
    encodeWhole(state, ending.state);
    ending.deleted = row.deleted;
    ending.department = row.department;
    ending.by_window = row.by_window;
    BOOST_TEST(row.department == view.owner_department);
    return ending;
}

/// Of each case, by its number.
std::map<std::string, Ending> endingsOf(const std::vector<Sending>& sendings) {
    Exchange exchange;
    for (const Sending& sending : sendings) {
        const RecordResult result = exchange.send(sending);
        BOOST_TEST_REQUIRE((result.outcome != RecordOutcome::Refused), (result.refusal ? result.refusal->code : ""));
    }
    std::map<std::string, Ending> endings;
    for (CaseId id = 1; id <= static_cast<CaseId>(exchange.store.rows.size()); ++id) {
        const CaseRow row = exchange.store.caseById(id).value();
        if (isAlias(row)) continue;
        Ending ending = endingOf(exchange, row);
        endings.insert_or_assign(ending.case_no, std::move(ending));
    }
    return endings;
}

/// Of the one case that there may be.
Ending endingOf(const std::vector<Sending>& sendings) {
    const auto endings = endingsOf(sendings);
    BOOST_TEST_REQUIRE(endings.size() == 1U);
    return endings.begin()->second;
}

bool saysDelete(const Sending& sending) {
    return sending.patch.find("\"operation\":\"D\"") != std::string::npos;
}

/// The owner, the first, said D; or where the window owns it, a system of the department did.
bool mayHaveDeleted(const std::vector<Sending>& sendings) {
    const std::string& owner = sendings.front().from;
    const bool department_spoke = std::any_of(sendings.begin(), sendings.end(),
                                              [](const Sending& one) { return one.from.starts_with("housing/"); });
    return std::any_of(sendings.begin(), sendings.end(), [&](const Sending& one) {
        const bool counts = owner == "center/window" && department_spoke ? one.from != owner : one.from == owner;
        return counts && saysDelete(one);
    });
}

void checkAllOrders(bool several_systems) {
    const std::uint64_t seeds = seedsOr(1500);
    BOOST_TEST_MESSAGE("seeds 1 to " << seeds);
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        Random random(seed);
        std::vector<Sending> sendings = randomSendings(random, several_systems);
        const Ending expected = endingOf(sendings);
        for (int shuffle = 0; shuffle < 6; ++shuffle) {
            // Where several systems write, the owner is whoever created the case: that record stays the first.
            std::shuffle(sendings.begin() + (several_systems ? 1 : 0), sendings.end(), random);
            std::vector<Sending> arriving = sendings;
            arriving.push_back(sendings[upTo(random, sendings.size() - 1)]);
            const Ending ending = endingOf(arriving);
            BOOST_TEST_REQUIRE((ending == expected),
                               "seed " << seed << "\n  " << expected.view << "\n  " << ending.view);
            if (several_systems) BOOST_TEST_REQUIRE((!ending.deleted || mayHaveDeleted(sendings)), "seed " << seed);
        }
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(OrderOfArrival)

BOOST_AUTO_TEST_CASE(of_one_system_does_not_matter) {
    checkAllOrders(false);
}

BOOST_AUTO_TEST_CASE(of_several_systems_does_not_matter_once_the_case_has_its_owner) {
    checkAllOrders(true);
}

BOOST_AUTO_TEST_CASE(of_an_unnumbered_case_and_the_number_from_another_system_does_not_matter) {
    std::vector<Sending> sendings;
    sendings.push_back({.message = 1, .patch = R"({"source_case_no":"A1","window_no":"7","status":"10"})"});
    sendings.push_back(
        {.from = "housing/archive", .message = 2, .patch = R"({"case_no":"X-1","source_case_no":"R9","status":"20"})"});
    sendings.push_back({.message = 3, .patch = R"({"case_no":"X-1","source_case_no":"A1"})"});
    std::vector<int> order = {0, 1, 2};
    do {
        std::vector<Sending> arriving;
        for (const int at : order) arriving.push_back(sendings[static_cast<std::size_t>(at)]);
        const Ending ending = endingOf(arriving);
        BOOST_TEST(ending.case_no == "X-1");
        BOOST_TEST(ending.record.find("\"window_no\":\"7\"") != std::string::npos);
    } while (std::next_permutation(order.begin(), order.end()));
}

BOOST_AUTO_TEST_CASE(of_one_source_number_for_several_numbered_cases_does_not_matter) {
    for (std::uint64_t seed = 1, seeds = seedsOr(300); seed <= seeds; ++seed) {
        Random random(seed);
        std::vector<Sending> sendings;
        for (std::uint64_t i = 0; i < 7; ++i) {
            const std::string number = upTo(random, 1) == 0 ? "\"X-1\"" : "\"X-2\"";
            sendings.push_back({.message = 1 + i, .patch = randomPatch(random, "A1", number, false)});
        }
        const auto expected = endingsOf(sendings);
        for (int shuffle = 0; shuffle < 6; ++shuffle) {
            std::shuffle(sendings.begin(), sendings.end(), random);
            BOOST_TEST_REQUIRE((endingsOf(sendings) == expected), "seed " << seed);
        }
    }
}

BOOST_AUTO_TEST_CASE(of_repeated_messages_writes_nothing_the_second_time) {
    for (std::uint64_t seed = 1, seeds = seedsOr(200); seed <= seeds; ++seed) {
        Random random(seed);
        const std::vector<Sending> sendings = randomSendings(random, true);
        Exchange exchange;
        for (const Sending& sending : sendings) exchange.send(sending);
        const std::size_t writes = exchange.store.case_writes, feed = exchange.store.feed.size();
        for (const Sending& sending : sendings) {
            const RecordOutcome outcome = exchange.send(sending).outcome;
            BOOST_TEST_REQUIRE((outcome == RecordOutcome::Same || outcome == RecordOutcome::Stale), "seed " << seed);
        }
        BOOST_TEST_REQUIRE(exchange.store.case_writes == writes, "seed " << seed);
        BOOST_TEST_REQUIRE(exchange.store.feed.size() == feed, "seed " << seed);
    }
}

BOOST_AUTO_TEST_SUITE_END()
