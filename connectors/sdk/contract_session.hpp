// connectors/sdk/contract_session.hpp - what the promises of the contract suite share: a subject, connectors made from
// it, and pages remembered by digest so that sets of any size fit. Private to the suite.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "connectors/sdk/contract_suite.hpp"
#include "gateway/base/fnv.hpp"

namespace caseway::contract {

/// A promise was broken: what was seen.
struct Broken : std::runtime_error {
    using std::runtime_error::runtime_error;
};
/// A promise cannot be tried here: why.
struct NotTried : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// One payload as it came, without its bytes.
struct SeenPayload {
    std::string name;
    std::string media_type;
    std::uint64_t records = 0;
    std::uint64_t bytes = 0;
    std::uint64_t digest = kFnvBasis;  ///< two contents differ, nobody attacks
    auto operator<=>(const SeenPayload&) const = default;
};

/// One page as it came. `fault`: the read ended with it, and `end` says nothing.
struct SeenPage {
    std::vector<SeenPayload> payloads;
    PageEnd end;
    std::optional<ConnectorFault> fault;
};

/// Cuts the reading: throws from the `at`-th call of the sink (0: the first payload).
struct SinkStop : std::runtime_error {
    SinkStop() : std::runtime_error("the sink stops the reading") {}
};
inline constexpr std::size_t kNever = static_cast<std::size_t>(-1);

class Session {
public:
    explicit Session(const ContractSubject& given) : subject(given) {}
    const ContractSubject& subject;

    std::unique_ptr<Connector> open() const { return subject.type.open(subject.settings, subject.surroundings); }
    /// Throws NotTried where the other side is not in the suite's hands.
    OtherSide& otherSide() const;
    /// Fills the other side where it can, else throws NotTried where nothing may be acknowledged.
    void freshSet(std::size_t records) const;
    /// Fills the other side where it can; goes on with what is there where it cannot.
    void someSet(std::size_t records) const;
    void needSource() const;
};

/// One read(); throws Broken where the page breaks what always holds: counts, cursors, the order of the sink's calls.
/// Faults other than ConnectorFault are Broken; a ConnectorFault stands in the page.
SeenPage readPage(Connector& connector, const Cursor& from, const PageLimits& limits = {});
/// Reads until `last`; throws Broken for a fault, a cursor that comes again or no end.
std::vector<SeenPage> readAll(Connector& connector, const Cursor& from, bool acknowledging,
                              const PageLimits& limits = {});
/// Sorted.
std::vector<SeenPayload> payloadsOf(const std::vector<SeenPage>& pages);
std::uint64_t recordsOf(const std::vector<SeenPayload>& payloads);
std::string describe(const std::vector<SeenPayload>& payloads);
std::string describe(const ConnectorFault& fault);

using Hold = std::string (*)(const Session&);  ///< returns what was seen
struct Promise {
    const char* sentence;
    const char* next_step;
    Hold hold;
};
/// Each in the order in which they are tried.
std::vector<Promise> settingsPromises();
std::vector<Promise> readingPromises();
std::vector<Promise> acknowledgingPromises();
std::vector<Promise> writingPromises();

}  // namespace caseway::contract
