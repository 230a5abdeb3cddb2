// gateway/cli/message_find.hpp - the messages that a person names, for the commands `message show` and `replay`.
#pragma once

#include <string>
#include <vector>

#include "gateway/cli/command.hpp"
#include "gateway/ports/store.hpp"

namespace caseway {

inline constexpr std::string_view kNoId = "-";
/// Its id; kNoId where neither row nor leaf has one.
std::string idOf(StoreReader& reader, const MessageRow& row);

/// By log index ("12") or by message id. Ids belong to their senders, and a refusal may repeat one: all that bear it,
/// newest first, at most 10; of `system` only, where it is given.
std::vector<MessageRow> findMessages(StoreReader& reader, const std::string& text, const std::string& system);

/// The one that is meant. Nothing, and the exit code is set, where there is none or several: the candidates are said
/// then.
std::optional<MessageRow> theMessage(const std::vector<MessageRow>& found, const std::string& id,
                                     CommandContext& context);

}  // namespace caseway
