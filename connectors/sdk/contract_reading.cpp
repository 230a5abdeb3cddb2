// connectors/sdk/contract_reading.cpp - promises about read() that leave the other side as it is.
#include <fmt/format.h>

#include <algorithm>

#include "connectors/sdk/contract_session.hpp"

namespace caseway::contract {
namespace {

constexpr PageLimits kSmall{.records = 1, .bytes = 1};

/// What there is, read by a fresh connector from the beginning; throws NotTried where that is less than `least` pages'
/// worth.
std::vector<SeenPage> pagesThere(const Session& session, const PageLimits& limits = {}) {
    const auto connector = session.open();
    return readAll(*connector, "", false, limits);
}

std::string readingEnds(const Session& session) {
    session.needSource();
    session.someSet(5);
    const std::vector<SeenPage> pages = pagesThere(session);
    const std::vector<SeenPayload> payloads = payloadsOf(pages);
    if (payloads.empty() && session.subject.other_side != nullptr)
        throw Broken("the other side has records, but reading from the beginning gave none");
    if (payloads.empty()) throw NotTried("the source has nothing to read");
    return fmt::format("{} pages: {}", pages.size(), describe(payloads));
}

std::string readingTwiceGivesTheSame(const Session& session) {
    session.needSource();
    session.someSet(5);
    const auto connector = session.open();
    const std::vector<SeenPage> pages = readAll(*connector, "", false, kSmall);
    Cursor from;
    for (std::size_t i = 0; i < pages.size(); ++i) {
        const SeenPage again = readPage(*connector, from, kSmall);
        if (again.fault) throw Broken(fmt::format("page {}, read again: {}", i + 1, describe(*again.fault)));
        if (again.payloads != pages[i].payloads || again.end.records != pages[i].end.records)
            throw Broken(fmt::format("page {}, read again, has {}; it had {}", i + 1, describe(again.payloads),
                                     describe(pages[i].payloads)));
        from = pages[i].end.next;
    }
    return fmt::format("{} pages read twice", pages.size());
}

std::string limitsAreRoughlyKept(const Session& session) {
    session.needSource();
    session.someSet(5);
    const std::vector<SeenPayload> large = payloadsOf(pagesThere(session));
    const std::vector<SeenPage> small = pagesThere(session, kSmall);
    for (const SeenPage& page : small)
        if (page.payloads.size() > 1)
            throw Broken(fmt::format("asked for 1 record, a page had {}", describe(page.payloads)));
    const std::vector<SeenPayload> all = payloadsOf(small);
    if (recordsOf(all) != recordsOf(large) || (recordsOf(large) == 0 && all != large))
        throw Broken(fmt::format("in small pages {}, in large ones {}", describe(all), describe(large)));
    return fmt::format("{} pages of one payload at most", small.size());
}

std::string unacknowledgedIsReadAgain(const Session& session) {
    session.needSource();
    session.someSet(5);
    const std::vector<SeenPayload> first = payloadsOf(pagesThere(session, kSmall));
    const std::vector<SeenPayload> second = payloadsOf(pagesThere(session, kSmall));
    if (first != second)
        throw Broken(
            fmt::format("first {}, then, though nothing was acknowledged, {}", describe(first), describe(second)));
    return describe(second);
}

std::string aFreshConnectorGoesOn(const Session& session) {
    session.needSource();
    session.someSet(5);
    const std::vector<SeenPayload> all = payloadsOf(pagesThere(session, kSmall));
    std::vector<SeenPayload> seen;
    Cursor from;
    for (std::size_t pages = 0; pages <= all.size() + 1; ++pages) {
        const SeenPage page = readPage(*session.open(), from, kSmall);
        if (page.fault) throw Broken("a fresh connector failed: " + describe(*page.fault));
        seen.insert(seen.end(), page.payloads.begin(), page.payloads.end());
        from = page.end.next;
        if (page.end.last) break;
    }
    std::sort(seen.begin(), seen.end());
    if (seen != all)
        throw Broken(fmt::format("with a fresh connector a page {}, with one {}", describe(seen), describe(all)));
    return describe(seen);
}

std::string rubbishCursorsAreFaults(const Session& session) {
    session.needSource();
    session.someSet(2);
    const std::vector<Cursor> rubbish = {"rubbish",
                                         "{",
                                         "[]",
                                         "null",
                                         "{\"v\":99}",
                                         "{\"v\":\"1\",\"next\":{}}",
                                         std::string("\0\xff\xfe\x01", 4),
                                         "-1:1e999",
                                         Cursor(kCursorBytesMax, 'x'),
                                         Cursor(kCursorBytesMax, '[')};
    for (const Cursor& cursor : rubbish) {
        const SeenPage page = readPage(*session.open(), cursor);
        if (!page.fault) throw Broken(fmt::format("a cursor of rubbish ({} bytes) was taken", cursor.size()));
        if (page.fault->kind() == ConnectorFaultKind::Transient)
            throw Broken("a cursor of rubbish is called transient, so it would be tried for ever: " +
                         describe(*page.fault));
    }
    const auto connector = session.open();
    const SeenPage page = readPage(*connector, "", kSmall);
    if (page.fault) throw Broken("the first page failed: " + describe(*page.fault));
    for (std::size_t cut = 1; cut < page.end.next.size(); cut += 1 + page.end.next.size() / 16)
        readPage(*session.open(), page.end.next.substr(0, cut));  // a page or a fault: it comes back
    return fmt::format("{} kinds of rubbish, and a good cursor cut short", rubbish.size());
}

/// Throws in the middle of what comes.
class StoppingSink final : public PageSink {
public:
    explicit StoppingSink(std::size_t calls) : left_(calls) {}
    void payload(const PayloadHead&) override { count(); }
    void bytes(std::string_view) override { count(); }

private:
    void count() {
        if (left_ == 0) throw SinkStop();
        --left_;
    }
    std::size_t left_;
};

std::string aSinkThatThrowsStopsTheReading(const Session& session) {
    session.needSource();
    session.someSet(5);
    const std::vector<SeenPayload> all = payloadsOf(pagesThere(session));
    if (all.empty()) throw NotTried("the source has nothing to read");
    const std::string before = session.subject.other_side != nullptr ? session.subject.other_side->state() : "";
    std::size_t stopped = 0;
    const auto connector = session.open();
    for (std::size_t calls = 0; calls < 3; ++calls) {
        StoppingSink sink(calls);
        try {
            connector->read("", {}, sink);
            if (calls == 0) throw Broken("the sink threw, and read() went on");
        } catch (const SinkStop&) {
            ++stopped;
        } catch (const ConnectorFault& fault) {
            throw Broken("the sink's own exception did not come through: " + describe(fault));
        }
    }
    if (session.subject.other_side != nullptr && session.subject.other_side->state() != before)
        throw Broken("a reading that was stopped changed the other side");
    const std::vector<SeenPayload> again = payloadsOf(readAll(*connector, "", false));
    if (again != all) throw Broken(fmt::format("after a stop {}, before {}", describe(again), describe(all)));
    return fmt::format("stopped {} times, then read whole", stopped);
}

std::string stoppingIsHonoured(const Session& session) {
    session.needSource();
    session.someSet(5);
    const std::vector<SeenPayload> all = payloadsOf(pagesThere(session));
    if (all.empty()) throw NotTried("the source has nothing to read");
    std::size_t asked = 0;
    ConnectorSurroundings stopping = session.subject.surroundings;
    stopping.stopping = [&] { return ++asked, true; };
    const auto connector = session.subject.type.open(session.subject.settings, stopping);
    SeenPage page;
    try {
        page = readPage(*connector, "");
    } catch (const Broken& broken) {
        throw Broken(
            fmt::format("while stopping: {}; a transient fault ends a reading that got nowhere", broken.what()));
    }
    if (asked == 0) throw Broken("read() never asked whether the gateway stops");
    if (page.fault && page.fault->kind() != ConnectorFaultKind::Transient)
        throw Broken("stopping is nobody's fault, but read() said " + describe(*page.fault));
    if (!page.fault && page.end.last && payloadsOf({page}) != all)
        throw Broken("a page cut short by the stop calls itself the last");
    for (const SeenPayload& payload : page.fault ? std::vector<SeenPayload>{} : page.payloads)
        if (std::find(all.begin(), all.end(), payload) == all.end())
            throw Broken(fmt::format("the payload `{}` was cut short and given as whole", payload.name));
    return page.fault ? describe(*page.fault) : describe(page.payloads);
}

std::string whatIsAbsentIsAFault(const Session& session) {
    if (session.subject.type.spec().reads) throw NotTried("this type reads");
    const SeenPage page = readPage(*session.open(), "");
    if (!page.fault || page.fault->kind() == ConnectorFaultKind::Transient)
        throw Broken("read() of a type that does not read must be a config or system fault");
    return describe(*page.fault);
}

}  // namespace

std::vector<Promise> readingPromises() {
    return {
        {"reading from the beginning comes to a last page, with counts that add up and cursors that go on",
         "see PageEnd: records is the sum over the payloads, next differs from where the page began", readingEnds},
        {"reading again from the same cursor gives the same",
         "read() keeps nothing in memory that the cursor does not say", readingTwiceGivesTheSame},
        {"the limits of a page are roughly kept, and small pages hold what large ones do",
         "end the page after the payload that reaches PageLimits", limitsAreRoughlyKept},
        {"what was not acknowledged is read again", "only acknowledge() may archive, mark or remove",
         unacknowledgedIsReadAgain},
        {"a fresh connector goes on from the cursor of another", "all that reading needs stands in the cursor",
         aFreshConnectorGoesOn},
        {"a cursor of rubbish is a config or system fault", "check version and form of the cursor before it is used",
         rubbishCursorsAreFaults},
        {"a sink that throws stops the reading and leaves the source as it was",
         "let the sink's exception through, release what is open, change nothing", aSinkThatThrowsStopsTheReading},
        {"stopping is honoured",
         "ask stopping() between payloads and pieces; a transient fault ends a reading in the middle",
         stoppingIsHonoured},
        {"read of a type that does not read is a fault", "throw ConnectorFault{Config or System}",
         whatIsAbsentIsAFault},
    };
}

}  // namespace caseway::contract
