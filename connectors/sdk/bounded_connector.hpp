// connectors/sdk/bounded_connector.hpp - for connectors whose library may wait for ever and cannot be ended: each call
// is done by a thread of its own, which is left behind where it does not come back; none is begun while one of its key
// waits there.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "gateway/ports/connector.hpp"

namespace caseway {

/// Calls that were left behind and still wait, by what they belong to; several of one key where they were under way
/// beside each other. Callable concurrently.
class HangingCalls {
public:
    bool has(const std::string& key) const;
    void add(const std::string& key);
    void remove(const std::string& key);  ///< one of them

private:
    mutable std::mutex mutex_;
    std::multiset<std::string> keys_;  ///< each as often as calls of it wait
};

struct BoundedOpening {
    /// Makes the connector, in the thread of a call, also anew after one was left behind; what it gets of the
    /// surroundings is taken from it then, but for allow_folder. Nothing else that it refers to may end before the
    /// program.
    std::function<std::unique_ptr<Connector>(const ConnectorSurroundings& surroundings)> open;
    ConnectorSurroundings surroundings;
    std::shared_ptr<HangingCalls> hanging;
    std::string key;    ///< of the settings: a connector that is opened again finds what it left behind
    std::string where;  ///< for faults
    std::chrono::milliseconds open_within{0};  ///< makes it before it is given, in so long; 0: with its first call
    std::chrono::milliseconds grace{2'000};    ///< beyond the deadline, or after the word to stop
    std::function<void()> look = [] {};        ///< some times a second while a call runs: may end what it waits for
    std::function<void()> left = [] {};        ///< a call was left: may end what it waits for, so that its thread ends
};

/// Its calls throw ConnectorFault{Transient, other_side_hangs} once deadline and grace are over, and while a former one
/// still waits. Sinks and surroundings are used from the call's thread, never after the call was left.
std::unique_ptr<Connector> makeBounded(BoundedOpening opening);

}  // namespace caseway
