// connectors/sdk/test/former_call.hpp - what is said once a call that was left has ended; a minute on, whatever is
// said.
#pragma once

#include <chrono>
#include <string>
#include <thread>

namespace caseway::fixture {

/// `ask` gives `CODE: MESSAGE` of a call.
template <class Ask>
std::string saidAfterFormerCall(Ask ask) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    std::string said = ask();
    while (said.starts_with("other_side_hangs: a former call") && std::chrono::steady_clock::now() < end) {
        std::this_thread::yield();
        said = ask();
    }
    return said;
}

}  // namespace caseway::fixture
