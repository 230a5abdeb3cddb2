// gateway/ports/run_ledger.hpp - where a run puts what it read: pages become messages, each with its cursor in one
// transaction, and the run's end becomes a leaf. The sync stage runs connectors against it; the pipeline implements it.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/fault.hpp"
#include "gateway/base/refusal.hpp"
#include "gateway/domain/run.hpp"
#include "gateway/ports/connector.hpp"

namespace caseway {

/// What a run hands to what it reads: of payloads that the gateway itself kept it may be told when they were read.
class DatedPageSink : public PageSink {
public:
    /// Of the payload that comes next.
    virtual void readAt(Instant at) = 0;
};

/// One payload while it comes in: in memory while it is small, on disk beyond. Gone where nobody takes it.
class PulledBody {
public:
    virtual ~PulledBody() = default;
    /// Throws Fault{FileUnavailable}.
    virtual void write(std::string_view piece) = 0;
    /// All that came, also behind drop().
    virtual std::uint64_t size() const = 0;
    /// Once everything is written: SHA-256 in hex; empty where it has none.
    virtual std::string identity() { return {}; }
    /// Lets go of its bytes, those that come yet as well: they are counted and hashed, and not kept.
    virtual void drop() = 0;
};

struct PulledPayload {
    PayloadHead head;
    std::unique_ptr<PulledBody> body;
    std::optional<Instant> read_at{};  ///< when that was earlier: it counts as of then
    std::optional<Refusal> parked{};   ///< it could not be applied: kept with this reason, not mapped
    /// The most that one may have, where it has more: its body was dropped, and it is refused by its size and digest.
    std::optional<std::uint64_t> too_large_for{};
    bool is_wanted = true;  ///< false: it was compared, and there is nothing to take of it
};

/// One payload of a page is to blame: the others may be taken without it. What the store says of it stands in what().
class PayloadFault : public Fault {
public:
    PayloadFault(const Fault& fault, std::size_t part) : Fault(fault), part_(part) {}
    std::size_t part() const { return part_; }

private:
    std::size_t part_;
};

struct PulledPage {
    std::uint64_t number = 0;  ///< in its run, from 1
    std::vector<PulledPayload> payloads;
    Cursor from{};  ///< where it was read
    Cursor next;    ///< where reading goes on behind it
    std::optional<std::uint64_t> source_says{};
    std::string withheld{};  ///< as PageEnd has it
    bool ends_pass = false;  ///< the set ended early behind it: what comes next is read from its begin

    bool hasParked() const {
        return std::any_of(payloads.begin(), payloads.end(), [](const auto& one) { return one.parked.has_value(); });
    }
};

/// What became of a page, or of all pages of a run.
struct PageTaken {
    RunCounts counts;
    std::vector<std::uint64_t> messages;
    std::optional<Reconciliation> compared{};  ///< of the run so far, where it compares
    /// recount(): records of which the mapping makes nothing on purpose; nothing where that is not known.
    std::optional<std::uint64_t> passed_over{};
};

using RefusalCodes = std::map<std::string, std::uint64_t, std::less<>>;  ///< records to each code

/// What settle() may ask, and how it waits.
struct Patience {
    std::function<bool()> halted;  ///< the process stops, or the run was cancelled
    /// Waits before the next attempt, after a fault that may pass; false: there is none. Throws what ends the run.
    std::function<bool(unsigned attempt, const Fault& why)> again = [](unsigned, const Fault&) { return false; };
};

/// Of one run, on one thread; several runs at once have one each. All throw Fault as a Store does: after
/// StoreUnavailable the same call may be made again, nothing was written.
class RunLedger {
public:
    virtual ~RunLedger() = default;
    virtual Cursor cursorOf(const std::string& connector) = 0;
    /// A run of this connector that has begun and not ended.
    virtual std::optional<Run> unfinished(const std::string& connector) = 0;
    /// Its number is given. Also for a resumed run (it has one).
    virtual Run begin(Run run) = 0;
    virtual std::unique_ptr<PulledBody> newBody() = 0;
    /// Payloads, cursor and page in one transaction. `page` is unchanged where it throws. Throws PayloadFault where one
    /// payload alone keeps the page out, whatever is tried: take it again with that one parked.
    virtual PageTaken take(const Run& run, PulledPage& page) = 0;
    /// Does with one payload what take() would do with it, and leaves nothing behind: for one that may have killed the
    /// process. Whatever else goes wrong with it is said by take().
    virtual void rehearse(const Run& run, const PulledPage& page, std::size_t part) {
        static_cast<void>(run), static_cast<void>(page), static_cast<void>(part);
    }
    /// All pages so far, once their large payloads are applied; nothing where `stopping` said so before. An empty
    /// `stopping`: without those that still wait.
    virtual std::optional<PageTaken> recount(const Run& run, const std::function<bool()>& stopping) = 0;
    /// What the records that were refused were refused for, of as many as are looked at.
    virtual RefusalCodes refusalCodes(const Run& run) {
        static_cast<void>(run);
        return {};
    }
    /// The newest time that our books bear, where they have one.
    virtual std::optional<Instant> newestTime() { return std::nullopt; }
    /// A reconciliation whose source was read to its end and whose repairs are applied: what is missing there, the
    /// marks, the report. `run` gets its result, and a state and a trouble where nothing may be marked. False where
    /// `halted` said so before: what is marked by then goes with the run's end. Other runs have nothing to settle.
    virtual bool settle(Run& run, const Patience& patience) {
        static_cast<void>(run), static_cast<void>(patience);
        return true;
    }
    /// The run's leaf and its last row; its log_index is set.
    virtual Run end(Run run) = 0;
};

}  // namespace caseway
