// connectors/sdk/bounded_connector.cpp - a thread a call, and a gate that shuts behind one that was left.
#include "connectors/sdk/bounded_connector.hpp"

#include <condition_variable>
#include <optional>
#include <thread>

#include "connectors/sdk/faults.hpp"

namespace caseway {
namespace {

constexpr std::chrono::milliseconds kLook{50};  ///< for the word to stop

ConnectorFault hangsFault(const std::string& where, const std::string& what) {
    return transientFault("other_side_hangs", where, what,
                          "look at the other side; the call is dropped when it answers, breaks off, or the gateway is "
                          "started anew");
}

/// Between the thread of a call and what belongs to its caller: shut once the caller has gone.
class Gate {
public:
    template <class Work>
    auto through(Work work) {
        const std::lock_guard lock(mutex_);
        if (!open_) throw transientFault("stopping", "", "the call was left", "nothing");
        return work();
    }
    bool isOpen() {
        const std::lock_guard lock(mutex_);
        return open_;
    }
    void shut() {
        const std::lock_guard lock(mutex_);
        open_ = false;
    }

private:
    std::mutex mutex_;
    bool open_ = true;
};

class GatedSink final : public PageSink {
public:
    GatedSink(Gate& gate, PageSink& sink) : gate_(gate), sink_(sink) {}
    void payload(const PayloadHead& head) override {
        gate_.through([&] { sink_.payload(head); });
    }
    void bytes(std::string_view piece) override {
        gate_.through([&] { sink_.bytes(piece); });
    }

private:
    Gate& gate_;
    PageSink& sink_;
};

ConnectorSurroundings gated(const ConnectorSurroundings& given, const std::shared_ptr<Gate>& gate) {
    ConnectorSurroundings out = given;
    if (given.allow_destination)
        out.allow_destination = [gate, ask = given.allow_destination](const std::string& host,
                                                                      const std::string& address, std::uint16_t port) {
            gate->through([&] { ask(host, address, port); });
        };
    if (given.allow_folder)
        out.allow_folder = [gate, ask = given.allow_folder](const std::string& folder) {
            gate->through([] {});
            ask(folder);  // may wait for a network share: not inside the gate, or whoever leaves would wait with it
        };
    out.stopping = [gate, ask = given.stopping] {
        return !gate->isOpen() || (ask && gate->through([&] { return ask(); }));
    };
    return out;
}

/// What a call gives; shared with its thread.
template <class Result>
struct Outcome {
    std::mutex mutex;
    std::condition_variable came;
    std::shared_ptr<Connector> inner;
    std::optional<Result> result;
    std::exception_ptr fault;
    bool is_over = false;
    bool is_left = false;
};

class BoundedConnector final : public Connector {
public:
    explicit BoundedConnector(BoundedOpening opening) : opening_(std::move(opening)) {}
    void openNow();

    std::vector<CheckStep> check() override;
    std::vector<SourceObject> discover() override;
    PageEnd read(const Cursor& from, const PageLimits& limits, PageSink& sink) override;
    void acknowledge(const Cursor& durable) override;
    std::vector<WriteAnswer> write(const std::vector<OutgoingItem>& items) override;

private:
    /// `work(inner, gate)` holds copies, or what it uses through the gate alone.
    template <class Work>
    auto bounded(Work work) {
        return bounded(std::move(work), opening_.surroundings.deadline);
    }
    template <class Work>
    auto bounded(Work work, std::chrono::milliseconds longest);
    bool mustLeave(std::chrono::steady_clock::time_point end,
                   std::optional<std::chrono::steady_clock::time_point>& told);

    BoundedOpening opening_;
    std::shared_ptr<Gate> gate_;
    std::shared_ptr<Connector> inner_;
};

bool BoundedConnector::mustLeave(std::chrono::steady_clock::time_point end,
                                 std::optional<std::chrono::steady_clock::time_point>& told) {
    const auto now = std::chrono::steady_clock::now();
    if (!told && opening_.surroundings.stopping && opening_.surroundings.stopping()) told = now;
    return now >= end || (told && now >= *told + opening_.grace);
}

template <class Work>
auto BoundedConnector::bounded(Work work, std::chrono::milliseconds longest) {
    using Result = decltype(work(std::declval<Connector&>(), std::declval<Gate&>()));
    if (opening_.hanging->has(opening_.key))
        throw hangsFault(opening_.where, "a former call still waits for its answer, and no other is begun");
    if (!gate_) gate_ = std::make_shared<Gate>();
    const auto outcome = std::make_shared<Outcome<Result>>();
    std::thread([outcome, work, open = opening_.open, surroundings = opening_.surroundings, inner = inner_,
                 gate = gate_, hanging = opening_.hanging, key = opening_.key]() mutable {
        std::optional<Result> result;
        std::exception_ptr fault;
        try {
            if (!inner) inner = open(gated(surroundings, gate));
            result = work(*inner, *gate);
        } catch (...) {
            fault = std::current_exception();
        }
        std::unique_lock lock(outcome->mutex);
        outcome->is_over = true;
        if (!outcome->is_left) {
            outcome->inner = std::move(inner);  // the caller's now
            outcome->result = std::move(result);
            outcome->fault = fault;
            outcome->came.notify_all();
            return;
        }
        lock.unlock();
        inner.reset();  // closes what the other side may hold, too
        hanging->remove(key);
    }).detach();

    const auto end = std::chrono::steady_clock::now() + longest + opening_.grace;
    std::optional<std::chrono::steady_clock::time_point> told;
    std::unique_lock lock(outcome->mutex);
    while (!outcome->is_over) {
        outcome->came.wait_for(lock, kLook);
        opening_.look();
        if (outcome->is_over || !mustLeave(end, told)) continue;
        outcome->is_left = true;
        opening_.hanging->add(opening_.key);
        lock.unlock();
        inner_.reset();
        std::exchange(gate_, nullptr)->shut();
        opening_.left();
        throw hangsFault(opening_.where, "no answer before the deadline, and the call does not end");
    }
    inner_ = std::move(outcome->inner);
    if (outcome->fault) std::rethrow_exception(outcome->fault);
    return std::move(*outcome->result);
}

void BoundedConnector::openNow() {
    bounded([](Connector&, Gate&) { return true; }, opening_.open_within);
}
std::vector<CheckStep> BoundedConnector::check() {
    return bounded([](Connector& inner, Gate&) { return inner.check(); });
}
std::vector<SourceObject> BoundedConnector::discover() {
    return bounded([](Connector& inner, Gate&) { return inner.discover(); });
}
PageEnd BoundedConnector::read(const Cursor& from, const PageLimits& limits, PageSink& sink) {
    return bounded([from, limits, &sink](Connector& inner, Gate& gate) {
        GatedSink gated_sink(gate, sink);
        return inner.read(from, limits, gated_sink);
    });
}
void BoundedConnector::acknowledge(const Cursor& durable) {
    bounded([durable](Connector& inner, Gate&) {
        inner.acknowledge(durable);
        return true;
    });
}
std::vector<WriteAnswer> BoundedConnector::write(const std::vector<OutgoingItem>& items) {
    return bounded([items](Connector& inner, Gate&) { return inner.write(items); });
}

}  // namespace

bool HangingCalls::has(const std::string& key) const {
    const std::lock_guard lock(mutex_);
    return keys_.contains(key);
}
void HangingCalls::add(const std::string& key) {
    const std::lock_guard lock(mutex_);
    keys_.insert(key);
}
void HangingCalls::remove(const std::string& key) {
    const std::lock_guard lock(mutex_);
    if (const auto one = keys_.find(key); one != keys_.end()) keys_.erase(one);
}

std::unique_ptr<Connector> makeBounded(BoundedOpening opening) {
    auto made = std::make_unique<BoundedConnector>(opening);
    if (opening.open_within.count() > 0) made->openNow();
    return made;
}

}  // namespace caseway
