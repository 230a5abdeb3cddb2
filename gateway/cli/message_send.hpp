// gateway/cli/message_send.hpp - what `caseway message send` needs to know, and the sending.
#pragma once

#include <string>

#include "gateway/cli/command.hpp"
#include "gateway/formats/merkle/note.hpp"

namespace caseway {

struct SendArguments {
    std::string file, url, key, certificate, sender, receiver, mapping, message_id, sent_at, ca, log_key;
    std::string binding = "xml";
    unsigned seconds = 0;  ///< for the whole exchange; 0: as HttpTarget
    bool brief = false;
};

/// Signs, sends, prints the answer (JSON on stdout; a line on stderr where `brief`, and one more where not all was
/// taken), verifies the receipt where a log key is given. Returns the exit code: 0 where nothing of it was refused.
/// Throws Fault.
int sendMessage(const SendArguments& arguments);

/// `caseway message status`.
void addMessageStatus(CLI::App& group, CommandContext& context);

/// Throws Fault{ConfigurationBad} where `url` is anything but https://HOST:PORT: a path would be signed as another one
/// than is asked for.
void mustBeGateway(const std::string& url);

/// The public key of a log. Throws Fault{ConfigurationBad, FileUnavailable}.
NoteKey logKeyIn(const std::string& file);

/// Without white space at its end.
std::string trimmed(std::string text);

}  // namespace caseway
