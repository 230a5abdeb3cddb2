// tests/test_main.cpp - the entry point of every Boost.Test program here.
#define BOOST_TEST_MODULE caseway
#include <boost/test/unit_test.hpp>

#if defined(__SANITIZE_THREAD__)
/// An exception that a future carries to another thread is freed by whoever drops it last. libstdc++ counts that with
/// atomics that the sanitizer does not see, so it reports the last one.
extern "C" const char* __tsan_default_suppressions() {
    return "race:std::__exception_ptr::exception_ptr::_M_release\n"
           "race:std::runtime_error::~runtime_error\n";
}
#endif
