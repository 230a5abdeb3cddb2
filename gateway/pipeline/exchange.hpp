// gateway/pipeline/exchange.hpp - the one function that calls the stages from top to bottom: a request becomes an
// answer. Runs on a worker up to the writer's queue; the answer comes later, after the commit.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/pipeline/committer.hpp"
#include "gateway/pipeline/mapping_shelf.hpp"
#include "gateway/pipeline/message_job.hpp"
#include "gateway/pipeline/refused_before.hpp"
#include "gateway/pipeline/tree_lane.hpp"
#include "gateway/pipeline/unauthenticated.hpp"
#include "gateway/verify/verifier.hpp"

namespace caseway {

/// A spooled body: durable already, under this name below the payload folder.
struct SpooledBody {
    std::string file;
    Sha256 digest;
    std::uint64_t bytes = 0;
};

/// Who opened the connection, and what is kept of a request of which no body is: evidence where nobody signed well.
struct ShownClient {
    const std::string* certificate = nullptr;  ///< DER, of the handshake; null: none
    std::string head{};                        ///< request line, content type, length
    std::string address{};                     ///< whose turns a large document takes: the group of its address
};

class Exchange {
public:
    struct Parts {
        const Verifier& verifier;
        const MappingShelf& mappings;
        Committer& committer;
        Recorder& recorder;
        Unauthenticated& unauthenticated;
        const Clock& clock;
        Limits limits;
        NewsSink news;
        std::function<void(LogIndex, const SystemId&)> received;  ///< a large message has its leaf: apply it
        /// Told what was thrown where no request handler is above: beside the workers. May be empty; must not throw.
        std::function<void(std::string_view)> report_fault{};
    };
    explicit Exchange(Parts parts) : parts_(std::move(parts)) {}

    /// What keeps the writer's next batch waiting for a message that is whole but has no worker yet.
    using Announced = std::shared_ptr<Committer::Coming>;
    Announced announce() const { return std::make_shared<Committer::Coming>(parts_.committer); }
    /// A message whose body is in memory. Callable concurrently; `answer` is called once, perhaps on another thread. A
    /// large XML document waits for those before it, without its caller. Where the client's certificate is a registered
    /// system's, what nobody signed well is evidence of that system.
    void take(const HttpRequest& request, std::string body, AnswerSink answer, const ShownClient& client = {},
              Announced announced = nullptr) const;
    /// A message in the HTTP binding whose body was spooled, and its head, verified again behind the body: a
    /// certificate may have been taken out of the register while gigabytes came in.
    void take(Result<VerifiedHead, RejectedMessage> head, const SpooledBody& body, AnswerSink answer,
              ShownClient client = {}) const;
    /// A message in the HTTP binding whose body is not read: its head is refused, or it is too large (`by_size`). A
    /// signed head that verifies is evidence: a refusal leaf with its fields and no payload.
    void refuseUnread(const HttpRequest& request, const std::optional<Refusal>& by_size, AnswerSink answer,
                      ShownClient client = {}) const;
    /// What is refused before anybody asks who signed it: evidence of the client whose certificate opened the
    /// connection. `sent`: its bytes, or what is kept of a request that was not read.
    void refuseShown(RejectedMessage rejected, std::string sent, const std::string& certificate,
                     AnswerSink answer) const;

    /// A message of which not even the head was authenticated: counted, sampled, never answered here.
    void noteUnread(Binding binding, const RejectedMessage& rejected) const;
    /// What waits for its tree is dropped without an answer; nothing is taken any more.
    void stop() { large_trees_.stop(); }

private:
    using Coming = Committer::Coming;
    void takeNow(const HttpRequest& request, Binding binding, std::string body, AnswerSink answer,
                 const std::string* shown, Announced announced) const;
    void reject(RejectedMessage rejected, Binding binding, std::string envelope, AnswerSink answer, Coming coming,
                const std::string* shown = nullptr) const;
    void prepareAndSubmit(VerifiedMessage verified, EnvelopeRow envelope, bool is_large, AnswerSink answer,
                          Coming coming) const;
    void submit(PreparedMessage message, MessageJob::Mode mode, AnswerSink answer, Coming coming) const;

    Parts parts_;
    mutable RefusedBefore refused_before_;  ///< the writer's alone
    mutable TreeLane large_trees_;          ///< last: its thread uses what stands above
};

/// Why a payload under a Content-Encoding cannot be mapped; nothing where it can. Asked before a large one is received.
std::optional<Refusal> refuseEncoded(const SignedPayload& payload);

/// Sends a verified payload through a mapping; the records go to `sink`. Refusals: wrong_payload_format, and those of
/// Mapping::run.
Result<PayloadReport> mapPayload(const Mapping& mapping, const SignedPayload& payload, const Limits& limits,
                                 RecordSink& sink, EmptySet empty = EmptySet::Refused);
/// The same of a stored message, whose body may lie by itself. Of a pulled one an empty set is a success.
Result<PayloadReport> mapStored(const Mapping& mapping, const SignedPayload& payload, ByteSource* body, Origin origin,
                                const Limits& limits, RecordSink& sink);

}  // namespace caseway
