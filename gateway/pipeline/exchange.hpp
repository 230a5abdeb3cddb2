// gateway/pipeline/exchange.hpp - the one function that calls the stages from top to bottom: a request becomes an
// answer. Runs on a worker up to the writer's queue; the answer comes later, after the commit.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "gateway/pipeline/committer.hpp"
#include "gateway/pipeline/mapping_shelf.hpp"
#include "gateway/pipeline/message_job.hpp"
#include "gateway/pipeline/unauthenticated.hpp"
#include "gateway/verify/verifier.hpp"

namespace caseway {

/// A spooled body: durable already, under this name below the payload folder.
struct SpooledBody {
    std::string file;
    Sha256 digest;
    std::uint64_t bytes = 0;
};

class Exchange {
public:
    struct Parts {
        const Verifier& verifier;
        const Register& known;
        const MappingShelf& mappings;
        Committer& committer;
        Recorder& recorder;
        Unauthenticated& unauthenticated;
        const Clock& clock;
        Limits limits;
        NewsSink news;
        std::function<void(LogIndex)> received;  ///< a large message has its leaf: apply it
    };
    explicit Exchange(Parts parts) : parts_(std::move(parts)) {}

    /// A message whose body is in memory. Callable concurrently; `answer` is called once, perhaps on another thread.
    void take(const HttpRequest& request, std::string body, AnswerSink answer) const;
    /// A message in the HTTP binding whose body was spooled.
    void take(const HttpRequest& request, const SpooledBody& body, AnswerSink answer) const;

    /// A message that was refused by its head, before its body was read: counted, sampled, never answered here.
    void noteUnread(Binding binding, const Refusal& refusal) const;

private:
    void reject(RejectedMessage rejected, Binding binding, std::string envelope, AnswerSink answer) const;
    void prepareAndSubmit(VerifiedMessage verified, EnvelopeRow envelope, bool is_large, AnswerSink answer) const;
    void submit(PreparedMessage message, MessageJob::Mode mode, AnswerSink answer) const;

    Parts parts_;
};

/// Why a payload under a Content-Encoding cannot be mapped; nothing where it can. Asked before a large one is received.
std::optional<Refusal> refuseEncoded(const SignedPayload& payload);

/// Sends a verified payload through a mapping; the records go to `sink`. Refusals: wrong_payload_format, and those of
/// Mapping::run.
Result<PayloadReport> mapPayload(const Mapping& mapping, const SignedPayload& payload, const Limits& limits,
                                 RecordSink& sink);

}  // namespace caseway
