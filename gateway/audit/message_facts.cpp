// gateway/audit/message_facts.cpp - leaves, read again.
#include "gateway/audit/message_facts.hpp"

#include "gateway/log/leaf.hpp"

namespace caseway {
namespace {

constexpr std::size_t kKept = 1000;

std::optional<MessageFacts> factsOf(const std::optional<std::string>& leaf) {
    const auto entry = leaf ? parseLeaf(*leaf) : Result<LogEntry>(Refusal{});
    if (!entry || (entry->type != EntryType::Message && entry->type != EntryType::Received)) return std::nullopt;
    if (!entry->sender || !entry->message_id || !entry->sent_at) return std::nullopt;
    MessageFacts facts;
    facts.sender.id = *entry->sender;
    facts.sender.department_code = entry->department;
    facts.message_id = *entry->message_id;
    facts.sent_at = *entry->sent_at;
    facts.received_at = entry->received_at;
    return facts;
}

}  // namespace

const MessageFacts* MessageFactsReader::of(LogIndex index) {
    auto known = known_.find(index);
    if (known == known_.end()) {
        if (known_.size() == kKept) known_.clear();
        known = known_.emplace(index, factsOf(store_.leaf(index))).first;
    }
    return known->second ? &*known->second : nullptr;
}

}  // namespace caseway
