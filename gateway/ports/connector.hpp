// gateway/ports/connector.hpp - how the gateway exchanges with one system: few calls, each of which may fail in one of
// three ways. Compiled-in connectors implement it, and so does the stand-in for one that runs in a process of its own.
// After Airbyte's spec/check/discover/read/write; what is read is acknowledged once it is durable, as in Benthos.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/domain/answer_head.hpp"
#include "gateway/domain/waiting_files.hpp"

namespace caseway {

/// Who has to act when a call failed.
enum class ConnectorFaultKind {
    Config,     ///< the department or the administrator: settings, credentials, rights; trying again is of no use
    Transient,  ///< nobody: the other side or the network; the same call may succeed later
    System      ///< the connector's author: it broke the contract, crashed or ran out of its limits
};
constexpr std::string_view nameOf(ConnectorFaultKind kind) {
    return kind == ConnectorFaultKind::Config      ? "config"
           : kind == ConnectorFaultKind::Transient ? "transient"
                                                   : "system";
}

/// Thrown by every call below. Texts bear no secret and no personal data: values are masked where they are made.
class ConnectorFault : public std::runtime_error {
public:
    struct Parts {
        std::string code;       ///< stable, snake_case; listed in docs/errors.md, a plug-in's own begin with `plugin_`
        std::string where{};    ///< a JSON pointer into the settings, a file, a table, a host; may be empty
        std::string message{};  ///< what was found, what was expected
        std::string next_step{};                            ///< what to do about it
        std::optional<std::chrono::seconds> retry_after{};  ///< transient: what the other side asked for
    };
    ConnectorFault(ConnectorFaultKind kind, Parts parts)
        : std::runtime_error(parts.code + ": " + parts.message), kind_(kind), parts_(std::move(parts)) {}
    ConnectorFaultKind kind() const { return kind_; }
    const Parts& parts() const { return parts_; }

private:
    ConnectorFaultKind kind_;
    Parts parts_;
};

/// What a type of connector is, before any settings: the same for every system that uses it.
struct ConnectorSpec {
    std::string type;     ///< `sftp`; the name of its folder
    std::string version;  ///< of the connector, `1.2.0`
    std::string title;    ///< one line for people
    bool reads = false;   ///< a source: read() and acknowledge()
    bool writes = false;  ///< a sink: write()
    /// JSON Schema (draft 4's words) of the settings: one object. A member with `"format":"secret"` holds a reference
    /// (`{"secret":"file:NAME"}`, `env:NAME` or `store:NAME`), never the secret. `title`, `description`, `default` and
    /// `examples` make the documents, the form and the sample.
    std::string settings_schema;
};

/// One step of check(), in the order in which they were done; the first bad one ends the check.
struct CheckStep {
    std::string name;  ///< `resolve sftp.example`, `log in as caseway`, `list /out`
    bool good = false;
    std::string detail{};     ///< what was seen
    std::string next_step{};  ///< where bad: what to do
};

/// Something that can be read from the other side: a table, a folder, an endpoint.
struct SourceObject {
    std::string name;
    std::string media_type{};
    std::optional<std::uint64_t> records{};  ///< the source's own count, where it has one
    std::vector<std::string> fields{};       ///< names as found, for drift; may be empty
};

/// Where reading stands: opaque to the gateway, at most kCursorBytesMax, empty for "from the beginning". Two reads from
/// one cursor give the same records, or newer states of them: so nothing is skipped when a page is read twice.
using Cursor = std::string;
inline constexpr std::size_t kCursorBytesMax = 64 * 1024;

/// The most that a source can be said to have: what a number of a canonical JSON document holds exactly (RFC 8785).
/// More is no count: in a leaf it would stand as another number than the one that was counted.
inline constexpr std::uint64_t kCountMost = std::uint64_t{1} << 53;

/// A document as the department wrote it; a mapping makes records of it.
struct PayloadHead {
    std::string name;        ///< of the file, the request or the rows: for the log and for refusals; no personal data
    std::string media_type;  ///< `application/xml`, `application/json`
    std::uint64_t records = 0;  ///< that the connector counted in it; 0 where it does not look inside
    /// Where the HTTP answer whose whole content it is bears a signature over that: as signedHeadOf() gives it.
    std::optional<AnswerHead> answer{};
};

/// Takes the payloads of a page, in order: head, bytes in any pieces, head, bytes … Throws what stops the reading.
class PageSink {
public:
    virtual ~PageSink() = default;
    virtual void payload(const PayloadHead& head) = 0;
    virtual void bytes(std::string_view piece) = 0;
};

struct PageLimits {
    std::uint32_t records = 1000;            ///< about so many; a file that is one page may have more
    std::uint64_t bytes = 16 * 1024 * 1024;  ///< about so many; see records
    /// A reconciliation asks: what does not come counts as gone. Rows that move while pages are read are to be noticed
    /// then, also where that costs requests and a usual run would find them the next time. Plug-ins are not told.
    bool judges_absence = false;
};

/// What read() says of the page that it gave.
struct PageEnd {
    Cursor next;                                  ///< where the next read begins, once this page is durable
    bool last = false;                            ///< the source has no more for now
    std::uint64_t records = 0;                    ///< the sum over the payloads
    std::optional<std::uint64_t> source_total{};  ///< of the whole set, where the source tells
    /// What the source has and does not give, in a line (`2 files wait for their marker`); empty: nothing that is known
    /// of. A reconciliation marks no case as vanished beside it.
    std::string withheld{};
    /// The source ended before what it had told: both numbers, in a line. With `last`, and `next` is where this pass
    /// began: what came is taken, and the pass is read again instead of going on behind what is missing.
    std::string ended_early{};
    /// By how much the source's clock is ahead of ours (negative: behind), where its answers bear one.
    std::optional<std::chrono::seconds> clock_ahead{};
    std::optional<WaitingFiles> waiting{};  ///< of those that it does not give, where it reads files
    /// Those that lie in its error folder since former runs, until somebody takes them out of there.
    std::optional<WaitingFiles> aside{};
    /// What its owner should know of it, in a line; nothing is held up for it. Empty: nothing.
    std::string note{};
    /// With `last`: why the source's own count, against which the pass was to be held, is not known; in a line.
    std::string uncounted{};
};

/// One record or change on its way to the other side.
struct OutgoingItem {
    std::string key;    ///< the same item has the same key when it is sent again
    std::string bytes;  ///< in the form that the connector's mapping back gives
};
enum class WriteOutcome { Written, Same, Refused, Retry };
struct WriteAnswer {
    WriteOutcome outcome = WriteOutcome::Retry;
    std::string reason{};  ///< where refused or to be tried again; masked
};

/// One configured exchange with one system. Called by one thread at a time; every call ends within its deadline.
class Connector {
public:
    virtual ~Connector() = default;
    /// Reaches the other side as read() and write() would, and changes nothing there.
    virtual std::vector<CheckStep> check() = 0;
    /// At most 1,000.
    virtual std::vector<SourceObject> discover() = 0;
    /// One page from `from` on. An empty page with `last` is the usual answer when there is nothing new.
    virtual PageEnd read(const Cursor& from, const PageLimits& limits, PageSink& sink) = 0;
    /// What was read before `durable` is committed here: files may be archived, flags set. Called again after a crash:
    /// doing it twice does no harm.
    virtual void acknowledge(const Cursor& durable) = 0;
    /// One answer for each item, in order.
    virtual std::vector<WriteAnswer> write(const std::vector<OutgoingItem>& items) = 0;
};

/// What the gateway gives to a connector besides its settings. Copied freely.
struct ConnectorSurroundings {
    /// May this address be talked to? Asked for each address that a name gave, after each redirect; `host` is the name
    /// as configured or as redirected to, `address` numeric. Refuses by throwing ConnectorFault{Config,
    /// destination_not_allowed}.
    std::function<void(const std::string& host, const std::string& address, std::uint16_t port)> allow_destination;
    /// Is this folder open? May wait, and be left behind. Throws ConnectorFault{Config, folder_not_allowed}.
    std::function<void(const std::string& folder)> allow_folder;
    std::chrono::milliseconds deadline{60'000};  ///< of one call
    std::vector<std::string> secrets{};          ///< that stand in the settings: to be kept out of a plug-in's words
    std::function<bool()> stopping = [] { return false; };  ///< the gateway stops or the run was cancelled: end soon
};

/// A type of connector: makes connectors from settings that fit its schema.
class ConnectorType {
public:
    virtual ~ConnectorType() = default;
    virtual const ConnectorSpec& spec() const = 0;
    /// A digest, in hex, of what it is made of now, where that can change under its version: the files of a plug-in.
    /// Empty: compiled in. Throws ConnectorFault{Config, connector_folder_unsafe}.
    virtual std::string contentDigest() const { return {}; }
    /// `settings`: JSON that fits the schema, defaults filled in, secrets resolved to their texts (the member with
    /// `"format":"secret"` is a string now). Opens nothing yet. Throws ConnectorFault{Config} for what no schema can
    /// say.
    virtual std::unique_ptr<Connector> open(const std::string& settings,
                                            const ConnectorSurroundings& surroundings) const = 0;
};

}  // namespace caseway
