// connectors/sdk/contract_test.hpp - the contract suite inside a Boost.Test program: one line a connector.
#pragma once

#include <boost/test/unit_test.hpp>

#include "connectors/sdk/contract_suite.hpp"

namespace caseway {

/// Each promise is a check of its own; `least` of them must have been tried, so that a suite which skips fails.
inline void checkContract(const ContractSubject& subject, std::size_t least) {
    std::size_t tried = 0;
    for (const PromiseResult& result : holdToContract(subject)) {
        BOOST_TEST_MESSAGE(nameOf(result.state) << ": " << result.promise << " (" << result.seen << ")");
        BOOST_TEST(result.ok(), result.promise << ": broken: " << result.seen << "; look at: " << result.next_step);
        if (result.state != PromiseResult::State::NotTried) ++tried;
    }
    BOOST_TEST(tried >= least, "only " << tried << " promises were tried, " << least << " expected");
}

}  // namespace caseway
