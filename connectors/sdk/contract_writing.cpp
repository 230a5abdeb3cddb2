// connectors/sdk/contract_writing.cpp - promises about write().
#include <fmt/format.h>

#include "connectors/sdk/contract_session.hpp"

namespace caseway::contract {
namespace {

void needSink(const Session& session) {
    if (!session.subject.type.spec().writes) throw NotTried("this type does not write");
    if (session.subject.items.empty()) throw NotTried("no items to write were given");
}

void mustAnswerEach(const std::vector<WriteAnswer>& answers, std::size_t items) {
    if (answers.size() != items) throw Broken(fmt::format("{} items, {} answers", items, answers.size()));
    for (const WriteAnswer& answer : answers) {
        const bool bad = answer.outcome == WriteOutcome::Refused || answer.outcome == WriteOutcome::Retry;
        if (bad && answer.reason.empty()) throw Broken("an item was not written, and no reason says why");
    }
}

void mustBeThere(const std::vector<WriteAnswer>& answers, const char* when) {
    for (std::size_t i = 0; i < answers.size(); ++i)
        if (answers[i].outcome != WriteOutcome::Written && answers[i].outcome != WriteOutcome::Same)
            throw Broken(fmt::format("item {}, {}, was not written: {}", i + 1, when, answers[i].reason));
}

std::string eachItemIsAnswered(const Session& session) {
    needSink(session);
    const auto connector = session.open();
    if (!connector->write({}).empty()) throw Broken("no items, but answers");
    const std::vector<WriteAnswer> answers = connector->write(session.subject.items);
    mustAnswerEach(answers, session.subject.items.size());
    mustBeThere(answers, "sent for the first time");
    return fmt::format("{} items written", answers.size());
}

std::string sendingAgainIsHarmless(const Session& session) {
    needSink(session);
    const auto connector = session.open();
    mustBeThere(connector->write(session.subject.items), "sent for the first time");
    const std::string before = session.subject.other_side != nullptr ? session.subject.other_side->state() : "";
    for (const bool fresh : {false, true}) {
        const auto other = session.open();
        const std::vector<WriteAnswer> answers = (fresh ? *other : *connector).write(session.subject.items);
        mustAnswerEach(answers, session.subject.items.size());
        mustBeThere(answers, "sent again");
    }
    if (session.subject.other_side != nullptr && session.subject.other_side->state() != before)
        throw Broken("the same items, sent again, changed the other side");
    return fmt::format("{} items sent three times", session.subject.items.size());
}

std::string writingIsAFaultWhereItIsNotDone(const Session& session) {
    if (session.subject.type.spec().writes) throw NotTried("this type writes");
    try {
        session.open()->write({{"key", "bytes"}});
    } catch (const ConnectorFault& fault) {
        if (fault.kind() == ConnectorFaultKind::Transient) throw Broken("transient, so it would be tried for ever");
        return describe(fault);
    }
    throw Broken("write() of a type that does not write came back without a fault");
}

}  // namespace

std::vector<Promise> writingPromises() {
    return {
        {"write answers each item, in order", "one WriteAnswer an item; where it was not written, a reason",
         eachItemIsAnswered},
        {"the same items sent again are harmless", "find the item by its key on the other side before it is written",
         sendingAgainIsHarmless},
        {"write of a type that does not write is a fault", "throw ConnectorFault{Config or System}",
         writingIsAFaultWhereItIsNotDone},
    };
}

}  // namespace caseway::contract
