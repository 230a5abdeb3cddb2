// tests/test_main.cpp - the entry point of every Boost.Test program here.
#define BOOST_TEST_MODULE caseway
#include <boost/test/unit_test.hpp>
