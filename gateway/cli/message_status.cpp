// gateway/cli/message_status.cpp - `caseway message status`: what became of a message, asked by its sender with a
// signed reading, as of one that was answered 202.
#include <fmt/format.h>

#include <iostream>

#include "gateway/base/fault.hpp"
#include "gateway/base/ids.hpp"
#include "gateway/cli/message_answer.hpp"
#include "gateway/cli/message_send.hpp"
#include "gateway/cli/sender_key.hpp"
#include "gateway/formats/envelope/http_envelope.hpp"
#include "gateway/ports/clock.hpp"

namespace caseway {
namespace {

struct StatusArguments {
    std::string id, url, key, certificate, ca, log_key;
};

void status(const StatusArguments& arguments, CommandContext& context) {
    const auto id = MessageId::parse(arguments.id);
    if (!id) throw CLI::ValidationError("ID", "a message id (UUID)");
    mustBeGateway(arguments.url);
    const SenderKey reader = readSenderKey(arguments.key, arguments.certificate);
    HttpRequest request{"GET", "/v1/messages/" + id->text(), {}};
    signHttpRead(request, SystemClock().now(), reader.key, reader.certificate->id());
    std::vector<std::pair<std::string, std::string>> fields;
    for (const HttpField& field : request.fields) fields.emplace_back(field.name, field.value);
    const HttpTarget gateway{arguments.url, arguments.ca, {}, {}};
    const HttpReply reply = exchange(gateway, request.method, request.target, fields);
    std::cout << reply.body << std::endl;
    sayAnswer(reply, id->text());
    if (isTaken(reply)) checkReceipt(reply, {*id, {}, {}, {}}, gateway, arguments.log_key);
    context.exit_code = isTakenWhole(reply) ? kDone : kRefused;
}

}  // namespace

void addMessageStatus(CLI::App& group, CommandContext& context) {
    const auto arguments = std::make_shared<StatusArguments>();
    CLI::App* command = group.add_subcommand("status", "ask a gateway what became of a message that you sent");
    command->add_option("ID", arguments->id, "message id")->required();
    command->add_option("--url", arguments->url, "the gateway: https://HOST:PORT")->required();
    command->add_option("--key", arguments->key, "private key, PEM")->required()->check(CLI::ExistingFile);
    command->add_option("--cert", arguments->certificate, "its registered certificate, PEM")
        ->required()
        ->check(CLI::ExistingFile);
    command->add_option("--ca", arguments->ca, "certificate of the gateway or its CA, PEM")->check(CLI::ExistingFile);
    command
        ->add_option("--log-key", arguments->log_key,
                     "public key of the gateway's log: verifies the receipt; the last head seen is kept in FILE.head")
        ->check(CLI::ExistingFile);
    addCommonOptions(*command, context,
                     "  caseway message status 0190a2b4-0000-7000-8000-000000000001 --url https://gateway:8443 --ca "
                     "server.pem --key permits.key --cert permits.pem");
    command->callback([arguments, &context] { status(*arguments, context); });
}

}  // namespace caseway
