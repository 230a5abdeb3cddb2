// tests/unit/pipeline/settled_before_test.cpp - what was found of known records before the writer had them holds as
// long as nobody can have changed it.
#include "gateway/pipeline/settled_before.hpp"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

using namespace caseway;

namespace {

/// Two slices, the first of which settles cases 10 to 20, then 5, and writes 40 otherwise.
struct Slices {
    const char* what;
    std::uint64_t former;  ///< number of the first slice's transaction
    bool is_former_alone;
    std::uint64_t number;  ///< of the second's
    bool is_alone;
    std::optional<std::uint64_t> seen;  ///< the last that had ended when the second was looked at
    bool holds, holds_of_former;        ///< of case 50; of 15 and 40
};

std::ostream& operator<<(std::ostream& out, const Slices& one) {
    return out << one.what;
}

constexpr Slices kSlices[] = {
    {"seen before the first was written", 7, true, 8, true, 6, true, false},
    {"seen after the first was written", 7, true, 8, true, 7, true, true},
    {"not looked at", 7, true, 8, true, std::nullopt, false, false},
    {"with others in one transaction", 7, true, 8, false, 6, false, false},
    {"the first with others in one transaction", 7, false, 8, true, 6, false, false},
    {"the first with others, but before the look", 7, false, 8, true, 7, true, true},
    {"others between the two slices", 7, true, 9, true, 6, false, false},
    {"others between the look and the slice", 7, true, 9, true, 7, false, false},
    {"others before the first, behind the look", 8, true, 9, true, 6, false, false},
    {"others before the look", 7, true, 10, true, 9, true, true},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(FoundBeforeTheWriter)

BOOST_DATA_TEST_CASE(holds_where_nobody_else_wrote, boost::unit_test::data::make(kSlices), one) {
    SettledBefore settled;
    settled.begin(one.former, one.is_former_alone, one.former - 1, true);
    settled.settled(10);
    settled.settled(20);
    settled.settled(5);  // out of order
    settled.written(40);
    settled.committed();
    settled.begin(one.number, one.is_alone, one.seen, true);
    BOOST_TEST(settled.holds(50) == one.holds);
    for (const CaseId id : {5, 10, 15, 20, 40}) BOOST_TEST(settled.holds(id) == one.holds_of_former);
}

BOOST_AUTO_TEST_CASE(ends_where_the_slice_itself_writes) {
    SettledBefore settled;
    settled.begin(1, true, 0, true);
    settled.settled(5);
    settled.written(9);
    BOOST_TEST(!settled.holds(5));
    BOOST_TEST(!settled.holds(4));
    BOOST_TEST(settled.holds(6));
    BOOST_TEST(!settled.holds(9));
    BOOST_TEST(settled.holds(10));
}

/// A slice that was given up is begun once more.
BOOST_AUTO_TEST_CASE(forgets_what_was_not_committed) {
    SettledBefore settled;
    settled.begin(1, true, 0, true);
    settled.written(9);
    settled.begin(2, true, 1, true);
    BOOST_TEST(settled.holds(9));
}

/// Nobody notes what a slice writes in which nothing is known.
BOOST_AUTO_TEST_CASE(does_not_hold_beside_a_slice_that_does_not_tell) {
    SettledBefore settled;
    settled.begin(7, true, std::nullopt, false);
    settled.committed();
    settled.begin(8, true, 6, true);
    BOOST_TEST(!settled.holds(50));
    settled.begin(8, true, 7, true);
    BOOST_TEST(settled.holds(50));
}

BOOST_AUTO_TEST_CASE(is_undisturbed_behind_its_own_slice) {
    SettledBefore settled;
    settled.begin(7, true, std::nullopt, false);
    BOOST_TEST(settled.isUndisturbed());
    settled.committed();
    settled.begin(8, true, std::nullopt, false);
    BOOST_TEST(settled.isUndisturbed());
    settled.begin(9, true, std::nullopt, false);  // tried again, or others wrote
    BOOST_TEST(!settled.isUndisturbed());
    settled.committed();
    settled.begin(10, false, std::nullopt, false);
    BOOST_TEST(!settled.isUndisturbed());
}

BOOST_AUTO_TEST_SUITE_END()
