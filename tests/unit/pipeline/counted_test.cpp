// tests/unit/pipeline/counted_test.cpp - no payload is acknowledged of which a record has no outcome, or one too many.
#include "gateway/pipeline/counted.hpp"

#include <boost/test/unit_test.hpp>

using namespace caseway;

BOOST_AUTO_TEST_SUITE(CountedRecords)

BOOST_AUTO_TEST_CASE(have_an_outcome_each_or_the_payload_is_not_taken) {
    RecordCounts counts;
    for (const RecordOutcome outcome : {RecordOutcome::New, RecordOutcome::Changed, RecordOutcome::Same,
                                        RecordOutcome::Stale, RecordOutcome::Refused})
        counts.add(outcome);
    BOOST_CHECK_NO_THROW(requireAllCounted(5, counts));
    for (const std::uint64_t found : {0, 4, 6})
        BOOST_CHECK_EXCEPTION(requireAllCounted(found, counts), Fault, [](const Fault& fault) {
            return fault.code() == FaultCode::StoreCorrupt && !fault.isTransient();
        });
}

BOOST_AUTO_TEST_SUITE_END()
