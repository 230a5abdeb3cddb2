// tests/unit/daemon/passed_notes_test.cpp - times that were passed over while the store took nothing: they are in its
// notes once it does, in their order and with their reason.
#include <boost/test/unit_test.hpp>

#include "gateway/daemon/passed_notes.hpp"

using namespace caseway;

namespace {

constexpr const char* kOne = "housing/permits/one";
constexpr const char* kTwo = "housing/permits/two";

struct Notes {
    std::map<std::string, std::string> kept;
    bool refuses = false;
    std::vector<std::string> told;
    PassedNotes notes;

    explicit Notes(std::chrono::milliseconds after_failure = std::chrono::milliseconds(0))
        : notes({[this](const std::string& name) -> std::optional<std::string> {
                     const auto found = kept.find(name);
                     return found == kept.end() ? std::nullopt : std::optional(found->second);
                 },
                 [this](const std::string& name, const std::string& body) {
                     if (refuses) throw std::runtime_error("disk full");
                     kept[name] = body;
                 },
                 [this](const std::string& connector, const std::string& fault) {
                     told.push_back(connector + " " + fault);
                 },
                 after_failure}) {}
    void add(const char* connector, PassedOver why, int day) {
        const std::chrono::sys_seconds due(std::chrono::sys_days{std::chrono::year(2026) / 5 / day});
        notes.add({connector, why, 1, due, due});
    }
    std::string of(const char* connector) const {
        const auto found = kept.find(passedNoteOf(connector));
        return found == kept.end() ? "" : found->second;
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(NotesOfPassedTimes)

BOOST_AUTO_TEST_CASE(are_kept_at_once) {
    Notes n;
    n.add(kOne, PassedOver::Circuit, 4);
    n.add(kOne, PassedOver::Window, 5);
    BOOST_TEST(n.of(kOne) ==
               "circuit_open 1 2026-05-04T00:00:00Z 2026-05-04T00:00:00Z\n"
               "window_closed 1 2026-05-05T00:00:00Z 2026-05-05T00:00:00Z\n");
    BOOST_TEST(n.told.empty());
}

BOOST_AUTO_TEST_CASE(that_the_store_refuses_are_told_once_and_kept_when_it_takes_them) {
    Notes n;
    n.add(kOne, PassedOver::Circuit, 3);
    n.refuses = true;
    n.add(kOne, PassedOver::Window, 4);
    n.add(kTwo, PassedOver::NoSlot, 4);
    n.notes.settle();
    BOOST_TEST(n.told == std::vector<std::string>{std::string(kOne) + " disk full"}, boost::test_tools::per_element());
    n.refuses = false;
    n.notes.settle();
    BOOST_TEST(n.of(kOne) ==
               "circuit_open 1 2026-05-03T00:00:00Z 2026-05-03T00:00:00Z\n"
               "window_closed 1 2026-05-04T00:00:00Z 2026-05-04T00:00:00Z\n");
    BOOST_TEST(n.of(kTwo) == "no_free_slot 1 2026-05-04T00:00:00Z 2026-05-04T00:00:00Z\n");
    const auto kept = n.kept;
    n.notes.settle();
    BOOST_TEST((n.kept == kept));  // none twice
    n.refuses = true;
    n.add(kTwo, PassedOver::NoSlot, 5);
    BOOST_TEST(n.told.size() == 2U);  // it is another time that it refuses
}

BOOST_AUTO_TEST_CASE(are_not_tried_each_second_and_a_last_time_where_the_process_stops) {
    Notes n(std::chrono::hours(1));
    n.refuses = true;
    n.add(kOne, PassedOver::Window, 4);
    n.refuses = false;
    n.notes.settle();
    n.add(kOne, PassedOver::Window, 5);
    BOOST_TEST(n.kept.empty());
    n.notes.settleNow();
    BOOST_TEST(PassedTimes::read(n.of(kOne)).spans().size() == 2U);
}

BOOST_AUTO_TEST_SUITE_END()
