// connectors/sdk/contract_suite.hpp - the promises of gateway/ports/connector.hpp as a suite that any type of connector
// is held to: in its own tests (contract_test.hpp) and by `caseway connector verify`. Add a promise here when the port
// gets one.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/ports/connector.hpp"

namespace caseway {

/// The department's side, as a test sees it: what the suite needs to make things happen there. A record is whatever the
/// source gives as one: a file, a row, an element of an answer.
class OtherSide {
public:
    virtual ~OtherSide() = default;
    /// Afterwards it holds exactly `records` records, none of which was there before.
    virtual void fill(std::size_t records) = 0;
    /// One more, later than all others.
    virtual void add() = 0;
    /// Gives one record that may have been read another content. False: this kind of source cannot tell that.
    virtual bool change() { return false; }
    /// Takes away one record that was not read yet. False: not at this kind of source.
    virtual bool removeUnread() { return false; }
    /// Equal as long as nothing there was created, changed, moved or removed.
    virtual std::string state() = 0;
};

/// What the suite runs against.
struct ContractSubject {
    const ConnectorType& type;
    std::string settings;  ///< good ones: JSON that fits the schema, secrets as texts
    struct BadSettings {
        std::string what;      ///< `no folder given`
        std::string settings;  ///< open() or check() must call it a config fault
    };
    std::vector<BadSettings> bad_settings{};
    ConnectorSurroundings surroundings{};
    OtherSide* other_side = nullptr;    ///< without it, promises that need it are not tried
    bool may_acknowledge = false;       ///< without other_side: what is read may be acknowledged, for it is a test's
    std::vector<OutgoingItem> items{};  ///< to write, with different keys; empty: writing is not tried
};

struct PromiseResult {
    enum class State { Kept, Broken, NotTried };
    std::string promise;  ///< one sentence, the same in each run
    State state = State::NotTried;
    std::string seen{};       ///< what was seen, or why it was not tried
    std::string next_step{};  ///< where broken: what the connector's author should look at
    bool ok() const { return state != State::Broken; }
};
constexpr std::string_view nameOf(PromiseResult::State state) {
    return state == PromiseResult::State::Kept     ? "kept"
           : state == PromiseResult::State::Broken ? "broken"
                                                   : "not tried";
}

/// Tries every promise, each with a connector of its own, in one fixed order; goes on after a broken one. Each call of
/// the connector must end by itself: one that hangs hangs the suite. Where nothing may be acknowledged, nothing on the
/// other side changes, except by write().
std::vector<PromiseResult> holdToContract(const ContractSubject& subject,
                                          const std::function<void(const PromiseResult&)>& progress = {});

}  // namespace caseway
