// connectors/sdk/contract_acknowledging.cpp - promises about acknowledge() and about what changes between two readings.
#include <fmt/format.h>

#include <algorithm>

#include "connectors/sdk/contract_session.hpp"

namespace caseway::contract {
namespace {

constexpr PageLimits kSmall{.records = 1, .bytes = 1};

/// Reads to the end, acknowledging each page; gives where that is.
Cursor readToTheEnd(const Session& session) {
    const auto connector = session.open();
    return readAll(*connector, "", true).back().end.next;
}

std::string nothingIsReadTwice(const Session& session) {
    session.needSource();
    session.freshSet(5);
    const auto connector = session.open();
    const std::vector<SeenPage> pages = readAll(*connector, "", true, kSmall);
    std::vector<SeenPayload> payloads = payloadsOf(pages);
    if (payloads.empty()) throw NotTried("the source has nothing to read");
    if (std::adjacent_find(payloads.begin(), payloads.end()) != payloads.end())
        throw Broken("one payload came twice in one reading");
    for (const bool fresh : {false, true}) {
        const auto other = session.open();
        const SeenPage after = readPage(fresh ? *other : *connector, pages.back().end.next);
        if (after.fault) throw Broken("reading on after the last page: " + describe(*after.fault));
        if (!after.payloads.empty())
            throw Broken(fmt::format("after all was acknowledged, {} came again", describe(after.payloads)));
        if (!after.end.last) throw Broken("an empty page at the end does not call itself the last");
    }
    return describe(payloads) + ", each once";
}

std::string acknowledgingTwiceIsHarmless(const Session& session) {
    session.needSource();
    session.freshSet(5);
    const auto connector = session.open();
    const std::vector<SeenPage> pages = readAll(*connector, "", false, kSmall);
    connector->acknowledge("");  // nothing was read before the beginning
    for (const SeenPage& page : pages) connector->acknowledge(page.end.next);
    const std::string before = session.subject.other_side != nullptr ? session.subject.other_side->state() : "";
    connector->acknowledge(pages.back().end.next);
    session.open()->acknowledge(pages.back().end.next);
    for (const SeenPage& page : pages) session.open()->acknowledge(page.end.next);  // late ones, after a restore
    if (session.subject.other_side != nullptr && session.subject.other_side->state() != before)
        throw Broken("acknowledging again changed the other side");
    const SeenPage after = readPage(*connector, pages.back().end.next);
    if (after.fault || !after.payloads.empty()) throw Broken("after acknowledging twice, reading on is not empty");
    return fmt::format("{} pages acknowledged twice and by fresh connectors", pages.size());
}

std::string onlyWhatWasReadIsAcknowledged(const Session& session) {
    session.needSource();
    session.otherSide().fill(5);
    const auto connector = session.open();
    const std::vector<SeenPage> pages = readAll(*connector, "", false, kSmall);
    if (pages.size() < 2) throw NotTried("the whole set is one page");
    std::vector<SeenPayload> expected = payloadsOf({pages.begin() + 1, pages.end()});
    session.open()->acknowledge(pages.front().end.next);
    const std::vector<SeenPayload> rest = payloadsOf(readAll(*session.open(), pages.front().end.next, false, kSmall));
    if (rest != expected)
        throw Broken(fmt::format("after the first page was acknowledged, {} are left of {}", describe(rest),
                                 describe(expected)));
    return describe(rest) + " after the first page";
}

std::string whatComesLaterIsRead(const Session& session) {
    session.needSource();
    OtherSide& other = session.otherSide();
    other.fill(3);
    const Cursor end = readToTheEnd(session);
    other.add();
    const std::vector<SeenPage> later = readAll(*session.open(), end, true);
    const std::vector<SeenPayload> payloads = payloadsOf(later);
    if (payloads.size() != 1) throw Broken(fmt::format("one record came later, and {} were read", describe(payloads)));
    return describe(payloads);
}

std::string whatChangesIsReadAgain(const Session& session) {
    session.needSource();
    OtherSide& other = session.otherSide();
    other.fill(3);
    const Cursor end = readToTheEnd(session);
    if (!other.change()) throw NotTried("this kind of source does not tell changes");
    const std::vector<SeenPayload> payloads = payloadsOf(readAll(*session.open(), end, true));
    if (payloads.size() != 1) throw Broken(fmt::format("one record changed, and {} were read", describe(payloads)));
    return describe(payloads);
}

std::string whatDisappearsDoesNotHoldTheRest(const Session& session) {
    session.needSource();
    OtherSide& other = session.otherSide();
    other.fill(5);
    const auto connector = session.open();
    const SeenPage first = readPage(*connector, "", kSmall);
    if (first.fault) throw Broken("the first page failed: " + describe(*first.fault));
    if (first.end.last) throw NotTried("the whole set is one page");
    if (!other.removeUnread()) throw NotTried("nothing disappears at this kind of source");
    const std::vector<SeenPayload> rest = payloadsOf(readAll(*connector, first.end.next, true, kSmall));
    if (rest.empty()) throw Broken("a record disappeared, and nothing more was read");
    return describe(rest) + " after one disappeared";
}

std::string anEmptySourceIsNoFault(const Session& session) {
    session.needSource();
    session.otherSide().fill(0);
    const SeenPage page = readPage(*session.open(), "");
    if (page.fault) throw Broken("an empty source: " + describe(*page.fault));
    if (!page.end.last || !page.payloads.empty()) throw Broken("an empty source gives no empty last page");
    return "an empty last page";
}

}  // namespace

std::vector<Promise> acknowledgingPromises() {
    return {
        {"an empty source gives an empty last page", "nothing new is the usual case, not a fault",
         anEmptySourceIsNoFault},
        {"only what was read before the cursor is acknowledged",
         "acknowledge() acts on what stands in its cursor, no more", onlyWhatWasReadIsAcknowledged},
        {"what comes later is read from where reading stood", "do not end the cursor beyond what was seen",
         whatComesLaterIsRead},
        {"what changes is read again", "the cursor must tell a new state of a record from the one that was read",
         whatChangesIsReadAgain},
        {"what disappears in the middle does not hold the rest", "skip what is gone; it will not come back",
         whatDisappearsDoesNotHoldTheRest},
        {"acknowledging twice, or late, is harmless",
         "what is done already is no fault; the gateway repeats it after a crash", acknowledgingTwiceIsHarmless},
        {"after acknowledging nothing is read twice", "the cursor of the last page is behind everything that was given",
         nothingIsReadTwice},
    };
}

}  // namespace caseway::contract
