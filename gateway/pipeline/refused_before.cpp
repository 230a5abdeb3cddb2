// gateway/pipeline/refused_before.cpp - see the header.
#include "gateway/pipeline/refused_before.hpp"

#include <algorithm>

#include "gateway/base/bytes.hpp"

namespace caseway {

/// By content where it is known: one content has many envelopes that its signature covers (comments, encodings).
std::string RefusedBefore::keyOf(const PreparedMessage& message, std::string_view code) {
    const Sha256& digest = message.content_digest  ? *message.content_digest
                           : message.signed_digest ? *message.signed_digest
                                                   : message.envelope_digest;
    return std::string(textOf(digest.bytes)) + message.certificate.text() + message.header.sender.text() + ' ' +
           std::string(code);
}

std::optional<LogIndex> RefusedBefore::find(const PreparedMessage& message, std::string_view code) const {
    const auto found = leaves_.find(keyOf(message, code));
    return found == leaves_.end() ? std::nullopt : std::optional(found->second);
}

void RefusedBefore::add(const PreparedMessage& message, std::string_view code, LogIndex index) {
    std::string key = keyOf(message, code);
    if (!leaves_.emplace(key, index).second) return;
    in_order_.push_back(std::move(key));
    if (in_order_.size() <= most_) return;
    leaves_.erase(in_order_.front());
    in_order_.pop_front();
}

void RefusedBefore::remove(const PreparedMessage& message, std::string_view code) {
    const std::string key = keyOf(message, code);
    if (leaves_.erase(key) != 0) in_order_.erase(std::find(in_order_.begin(), in_order_.end(), key));
}

}  // namespace caseway
