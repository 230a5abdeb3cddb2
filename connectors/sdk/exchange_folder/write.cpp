// connectors/sdk/exchange_folder/write.cpp - an item is a file, named after its key, and then its marker.
#include <fmt/format.h>

#include "connectors/sdk/exchange_folder/exchange_folder.hpp"
#include "connectors/sdk/exchange_folder/name_pattern.hpp"
#include "connectors/sdk/faults.hpp"
#include "gateway/formats/crypto/digest.hpp"

namespace caseway {
namespace {

constexpr std::size_t kKeyBytesMost = 100;

/// The key where it is a plain name, else 32 hex digits of its SHA-256: a key decides over no path.
std::string nameOf(const std::string& key) {
    constexpr std::string_view kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
    const bool plain = !key.empty() && key.size() <= kKeyBytesMost && key.front() != '.' &&
                       key.find_first_not_of(kPlain) == std::string::npos;
    return plain ? key : toHex(ByteView(sha256(key)).first(16));
}

}  // namespace

std::vector<WriteAnswer> ExchangeFolder::write(const std::vector<OutgoingItem>& items) {
    if (settings_.out.empty()) throw notDone("no folder to write is set", "set out_folder");
    std::vector<WriteAnswer> answers;
    if (items.empty()) return answers;
    const CallBudget budget = begin();
    for (const OutgoingItem& item : items) {
        if (budget.stopping() || budget.passed()) {
            answers.push_back({WriteOutcome::Retry, "the call had to end before this item"});
            continue;
        }
        answers.push_back(writeOne(item));
    }
    return answers;
}

WriteAnswer ExchangeFolder::writeOne(const OutgoingItem& item) {
    const std::string name = nameOf(item.key) + settings_.out_suffix;
    WriteAnswer answer{WriteOutcome::Written};
    if (!files_->create(Place::Out, name, item.bytes)) {
        const std::unique_ptr<FileReader> there = files_->open(Place::Out, name);
        std::string_view rest = item.bytes;
        bool same = there != nullptr && there->entry().bytes == item.bytes.size();
        while (same) {
            const std::string_view piece = there->next();
            if (piece.empty()) break;
            same = rest.starts_with(piece);
            if (same) rest.remove_prefix(piece.size());
        }
        if (!same || !rest.empty())
            return {WriteOutcome::Refused, fmt::format("`{}` lies there already with another content", name)};
        answer.outcome = WriteOutcome::Same;
    }
    if (!settings_.out_marker.empty()) files_->create(Place::Out, markerOf(name, settings_.out_marker), "");
    return answer;
}

}  // namespace caseway
