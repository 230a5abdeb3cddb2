// tests/unit/base/fault_test.cpp - what a fault tells, with its code and without.
#include "gateway/base/fault.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

using namespace caseway;
namespace data = boost::unit_test::data;

BOOST_AUTO_TEST_SUITE(faults)

BOOST_DATA_TEST_CASE(the_detail_is_the_text_without_the_code,
                     data::make({"cannot write /data/caseway.db", "", "a: b", "store_corrupt: said twice"}), detail) {
    const Fault fault(FaultCode::StoreCorrupt, detail, "run `caseway log verify`");
    BOOST_TEST(fault.detail() == detail);
    BOOST_TEST(std::string(fault.what()) == "store_corrupt: " + std::string(detail));
}

BOOST_AUTO_TEST_SUITE_END()
