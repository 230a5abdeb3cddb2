// gateway/daemon/message_ways.cpp - members of the lines.
#include "gateway/daemon/message_ways.hpp"

#include "gateway/base/mask_numbers.hpp"
#include "gateway/daemon/operating_log.hpp"

namespace caseway {

void tellOutcome(const MessageNews& news) {
    const bool is_good = news.status == 200 || news.status == 202;
    const auto& note = news.message.encoding_note;
    const bool has_note = note && !news.duplicate;
    if (is_good && !has_note && !logsInformation()) return;
    const MessageId& named = news.message.header.message_id;
    const std::string id = named == MessageId() ? "" : named.text();  // its header may not be readable
    const std::string index = news.status / 100 == 5 ? "" : std::to_string(news.index);  // then it has no leaf
    const std::string status = std::to_string(news.status);
    // Of what a connection authenticated, but no signature: what it calls itself.
    const auto& claimed_id = news.message.claimed_id;
    const std::string claimed = id.empty() && claimed_id ? claimed_id->text() : std::string();
    const std::initializer_list<LogMember> members = {{"message_id", id},
                                                      {"claimed_message_id", claimed},
                                                      {"sender", news.message.header.sender.text()},
                                                      {"status", status},
                                                      {"code", news.code},
                                                      {"log_index", index}};
    if (has_note)
        logWarning(kEncodingDiffers, {{"message_id", id},
                                      {"sender", news.message.header.sender.text()},
                                      {"declared", note->declared},
                                      {"found", note->found},
                                      {"log_index", index}});
    if (is_good && !logsInformation()) return;
    if (news.status / 100 == 5)
        logError("message", members);
    else if (is_good)
        logInformation("message", members);
    else
        logWarning("message", members);
}

void tellUnauthenticated(const UnauthenticatedNews& news) {
    const std::string status = std::to_string(news.status);
    const std::string sender = news.claimed.sender ? withNumbersMasked(news.claimed.sender->text()) : "";
    const std::string key = news.claimed.key ? news.claimed.key->text() : std::string();
    const std::string id = news.claimed.message_id ? news.claimed.message_id->text() : std::string();
    const std::string index = news.log_index ? std::to_string(*news.log_index) : std::string();
    logWarning("message", {{"status", status},
                           {"code", news.refusal.code},
                           {"where", news.refusal.where},
                           {"claimed_message_id", id},
                           {"claimed_sender", sender},
                           {"claimed_key", key},
                           {"verified", "no"},
                           {"log_index", index}});
}

}  // namespace caseway
