// gateway/cli/message_find.cpp - a walk over the rows, newest first.
#include "gateway/cli/message_find.hpp"

#include <fmt/format.h>

#include <charconv>

#include "gateway/cli/register_client.hpp"
#include "gateway/log/leaf.hpp"

namespace caseway {
namespace {

constexpr std::size_t kMostFound = 10;

/// Nobody vouches for the id of what nobody authenticated, so no leaf and no row bears it: else a stranger could write
/// under any.
std::string hintOfUnverified(const std::string& id) {
    return fmt::format(
        "`caseway message list` shows what was authenticated; what was refused 401 bears its id only in the gateway's "
        "operating log, where the minute's sample had room for it: journalctl -u caseway -o cat | grep {}; its "
        "claimed_sender, code and log_index stand there",
        id);
}

}  // namespace

std::string idOf(StoreReader& reader, const MessageRow& row) {
    if (row.message_id) return row.message_id->text();
    const auto leaf = reader.leaf(row.index);
    const auto entry = leaf ? parseLeaf(*leaf) : Result<LogEntry>(Refusal{});
    return entry && entry->message_id ? entry->message_id->text() : std::string(kNoId);
}

std::vector<MessageRow> findMessages(StoreReader& reader, const std::string& text, const std::string& system) {
    MessageFilter filter;
    filter.limit = 1000;
    if (!system.empty()) {
        filter.sender = SystemId::parse(system);
        if (!filter.sender) throw CLI::ValidationError("--system", "department/system");
    }
    std::vector<MessageRow> found;
    LogIndex index = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), index);
    if (!text.empty() && end == text.data() + text.size()) {
        if (error != std::errc()) return found;  // a number beyond any leaf
        auto row = reader.message(index);
        if (row && (!filter.sender || row->sender == filter.sender)) found.push_back(std::move(*row));
        return found;
    }
    const auto id = MessageId::parse(text);
    if (!id) throw CLI::ValidationError("ID", "a message id (UUID) or the index of a leaf");
    for (auto rows = reader.messages(filter); !rows.empty() && found.size() < kMostFound;
         rows = reader.messages(filter)) {
        filter.before = rows.back().index;
        for (MessageRow& row : rows)
            if (found.size() < kMostFound && idOf(reader, row) == id->text()) found.push_back(std::move(row));
    }
    return found;
}

std::optional<MessageRow> theMessage(const std::vector<MessageRow>& found, const std::string& id,
                                     CommandContext& context) {
    if (found.size() == 1) return found.front();
    if (found.empty()) {
        sayError("not_found: no message " + id,
                 MessageId::parse(id) ? hintOfUnverified(id) : "`caseway message list` shows what is there");
        context.exit_code = kRefused;
        return std::nullopt;
    }
    std::string candidates;
    for (const MessageRow& row : found)
        candidates += fmt::format("{}{} ({}, {})", candidates.empty() ? "" : "; ", row.index,
                                  row.sender ? row.sender->text() : "sender unknown", nameOf(row.outcome));
    tellRefusal(context, {"message_ambiguous",
                          "message",
                          id,
                          "one message; this id was sent as " + candidates,
                          "name it by its log index, as `" + std::to_string(found.front().index) +
                              "`, or give --system DEPARTMENT/SYSTEM",
                          {}});
    return std::nullopt;
}

}  // namespace caseway
