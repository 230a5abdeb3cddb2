// gateway/log/id_uniqueness.cpp - digests, sorted once.
#include "gateway/log/id_uniqueness.hpp"

#include <algorithm>
#include <cstring>

#include "gateway/formats/crypto/digest.hpp"

namespace caseway {

void IdUniqueness::add(LogIndex index, const LogEntry& entry) {
    if ((entry.type != EntryType::Message && entry.type != EntryType::Received) || !entry.message_id || !entry.sender)
        return;
    std::string key = entry.sender->text();
    key += '\n';
    key += textOf(entry.message_id->bytes());
    const Sha256 digest = sha256(key);
    std::uint64_t place = 0, value = 0;
    std::memcpy(&place, digest.bytes.data(), sizeof place);
    std::memcpy(&value, digest.bytes.data() + 8, sizeof value);
    if (place % parts_ == part_) seen_.push_back({value, index});
}

void IdUniqueness::report(Findings& findings) {
    std::sort(seen_.begin(), seen_.end(),
              [](const Seen& a, const Seen& b) { return std::pair(a.digest, a.index) < std::pair(b.digest, b.index); });
    for (std::size_t i = 1; i < seen_.size(); ++i)
        if (seen_[i].digest == seen_[i - 1].digest)
            findings.add("message_id_repeated", "leaf " + std::to_string(seen_[i].index),
                         "an id that the sender used once", "the id of leaf " + std::to_string(seen_[i - 1].index),
                         "one message was taken twice");
    seen_.clear();
    seen_.shrink_to_fit();
}

}  // namespace caseway
