// gateway/cli/message_send.hpp - what `caseway message send` needs to know, and the sending.
#pragma once

#include <string>

#include "gateway/cli/command.hpp"

namespace caseway {

struct SendArguments {
    std::string file, url, key, certificate, sender, receiver, mapping, message_id, sent_at, ca, log_key;
    std::string binding = "xml";
    bool brief = false;
};

/// Signs, sends, prints the answer (JSON on stdout; one line on stderr where `brief`), verifies the receipt where a log
/// key is given. Returns the exit code. Throws Fault.
int sendMessage(const SendArguments& arguments);

/// Without white space at its end.
std::string trimmed(std::string text);

}  // namespace caseway
