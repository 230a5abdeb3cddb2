// gateway/ports/store.hpp - what must survive: log, messages, envelopes, cases, changes. One contract suite
// (tests/contract/store) holds every adapter to the promises below. Adapters keep rows; meaning (merging, hashing,
// masking) lives in the stages.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/base/byte_source.hpp"
#include "gateway/base/bytes.hpp"
#include "gateway/base/ids.hpp"
#include "gateway/base/time.hpp"
#include "gateway/domain/message.hpp"
#include "gateway/domain/outcome.hpp"

namespace caseway {

using LogIndex = std::uint64_t;  ///< place of a leaf in the log, from 0
using CaseId = std::int64_t;     ///< internal key of a case, from 1, never shown
using ChangeNo = std::uint64_t;  ///< number of a change in the feed, from 1, without gaps

/// Meta: set by the adapter's restore to the restored log's last head, emptied once a new origin has begun; a gateway
/// does not start while it says something.
constexpr std::string_view kRestoredHeadMeta = "restored_head";

/// What the store knows of a message. `answer` is the JSON of its counts and refusals as it was first answered.
struct MessageRow {
    LogIndex index = 0;              ///< leaf of type message, received or refusal
    std::optional<SystemId> sender;  ///< none: a sampled message that nobody authenticated
    std::optional<MessageId> message_id;
    Binding binding = Binding::Xml;
    Origin origin = Origin::Signed;
    MessageOutcome outcome = MessageOutcome::Accepted;
    Sha256 content_digest;  ///< of header and payload digest: the same message or another content under its id
    std::string mapping;
    std::string refusal_code;  ///< of the whole message
    RecordCounts counts;
    Instant received_at{};
    std::uint64_t tree_size = 0;            ///< of the checkpoint that its receipt shows
    std::optional<LogIndex> outcome_index;  ///< a large message: its leaf of type outcome, once it is there
    std::string answer;
};

/// The bytes that prove a message: as they came, compressed by the adapter; or the name of a file that holds them.
struct EnvelopeRow {
    std::string head;  ///< XML, JSON: the whole envelope. HTTP: signature base, field lines and, if small, the body
    std::string body_file;  ///< spooled bodies: name below the payload folder, durable before this row; else empty
};

/// One record of one message: the key of its history row, where it has one.
struct RecordKey {
    LogIndex index = 0;
    std::uint64_t record = 0;
    bool operator==(const RecordKey&) const = default;
};

/// The newest record that said word for word what an earlier one, which has the history row, had said.
struct Repeat {
    RecordKey record;
    std::optional<Instant> business_time{};  ///< none: that of the record that it repeats, which states its own
    Instant sent_at{};
    MessageId message_id;
    bool operator==(const Repeat&) const = default;
};

struct CaseRow {
    CaseId id = 0;           ///< 0: not stored yet
    SystemId owner;          ///< the system that opened it, fixed when created
    std::string department;  ///< code of the department that owns it, fixed when created; an alias: empty
    bool by_window = false;  ///< `owner` is of another department and opened it on behalf of this one
    std::string case_no;     ///< as a mapping gave it; empty: assigned by the gateway from the id
    std::string source_case_no;
    std::string state;     ///< the merged statements with their provenance; format of the record stage
    std::string status;    ///< for the filter of case list; empty where unknown
    bool deleted = false;  ///< operation D stands
    Instant changed_at{};
    ChangeNo last_change = 0;
    std::optional<RecordKey> stated_by{};  ///< the one record that the whole state comes from; none: several, or older
    std::optional<Repeat> repeated{};      ///< of `stated_by`, its newest repetition; read only: putRepeat() writes it
};

/// One record of one message and what became of it: history, also of the stale and the refused. A record that only
/// repeats another one (Repeat) has none.
struct PatchRow {
    LogIndex index = 0;
    std::uint64_t record = 0;  ///< 1-based ordinal in its payload
    CaseId case_id = 0;        ///< 0: refused before a case was known
    RecordOutcome outcome = RecordOutcome::New;
    std::string patch;  ///< canonical JSON of the record as mapped (compressed by the adapter)
};

struct ChangeRow {
    ChangeNo number = 0;
    CaseId case_id = 0;
    LogIndex index = 0;
    std::uint64_t record = 0;
};

struct CheckpointRow {
    std::uint64_t tree_size = 0;
    std::string note;  ///< the signed note, whole
};

/// A large message that is being applied: where to go on after a crash.
struct LargeRow {
    LogIndex index = 0;
    std::uint64_t next_record = 1;
    RecordCounts counts;
    std::string carried;  ///< state of the applying pipeline (outcome tree, kept refusals); its own format
};

/// Runs and their pages as the sync stage writes them; the port knows their keys only.
struct RunRow {
    std::uint64_t number = 0;  ///< from 1, without gaps; 0: not stored yet
    std::string connector;
    bool ended = false;
    std::string body;
};
struct RunPageRow {
    std::uint64_t run = 0;
    std::uint64_t page = 0;  ///< from 1
    std::string body;
};

/// A case that its department's whole set did not have when a reconciliation looked: beside the case, never in it.
struct VanishedRow {
    CaseId case_id = 0;
    std::uint64_t run = 0;  ///< that marked it
    Instant at{};
};

/// What a listing of one system's cases says of each without reading it.
struct CaseKey {
    std::string source_case_no;
    CaseId id = 0;
};

/// Filters of a case listing. Empty means any. `after` is the id of the last case of the previous page.
struct CaseFilter {
    std::vector<std::string> departments;  ///< codes: cases that belong to one of them; empty: all
    std::string windows_of;  ///< beside `departments`: what windows of this department (`civic`) opened for others
    std::string status;
    std::string source_case_no;
    bool include_deleted = false;
    CaseId after = 0;
    std::size_t limit = 100;
};

struct MessageFilter {
    std::optional<SystemId> sender;
    std::string outcome;                  ///< name of a MessageOutcome
    std::optional<Instant> since, until;  ///< received at or after `since`, before `until`
    std::optional<LogIndex> before;       ///< page key: newest first
    std::size_t limit = 100;
};

/// Reads; one snapshot per call. Callable concurrently on one object. All throw Fault{StoreUnavailable, StoreCorrupt}.
class StoreReader {
public:
    virtual ~StoreReader() = default;
    virtual std::optional<MessageRow> message(const SystemId& sender, const MessageId& id) = 0;
    virtual std::optional<MessageRow> message(LogIndex index) = 0;
    /// The newest of those that were refused and left this id free: putRefusedId().
    virtual std::optional<MessageRow> refusedMessage(const SystemId& sender, const MessageId& id) = 0;
    virtual std::vector<MessageRow> messages(const MessageFilter& filter) = 0;
    virtual std::optional<EnvelopeRow> envelope(LogIndex index) = 0;
    virtual std::optional<std::string> outcomeLines(LogIndex index) = 0;  ///< one canonical JSON line a record
    /// The same lines in the pieces in which they were put: the first piece at or after number `part` (from 0), and
    /// `part` becomes the number behind it. Nothing where there is none left.
    virtual std::optional<std::string> nextOutcomePart(LogIndex index, std::uint64_t& part) = 0;
    /// What is noted of the records of a payload (no evidence), in the pieces in which it was put; as
    /// nextOutcomePart().
    virtual std::optional<std::string> nextKnownPart(LogIndex index, std::uint64_t& part) = 0;
    virtual std::optional<CaseRow> caseById(CaseId id) = 0;
    virtual std::optional<CaseRow> caseByNo(std::string_view case_no) = 0;  ///< given numbers only
    /// The lowest id where a system used one number for several cases.
    virtual std::optional<CaseRow> caseBySource(const SystemId& owner, std::string_view source_case_no) = 0;
    virtual std::vector<CaseRow> cases(const CaseFilter& filter) = 0;  ///< ascending by id
    /// All that a system opened, deleted ones and aliases included, ascending by (source_case_no, id), behind `after`.
    virtual std::vector<CaseKey> caseKeys(const SystemId& owner, const CaseKey& after, std::size_t limit) = 0;
    virtual std::optional<VanishedRow> vanished(CaseId id) = 0;
    virtual std::vector<VanishedRow> vanishedAfter(CaseId after, std::size_t limit) = 0;  ///< ascending by case
    virtual std::vector<PatchRow> history(CaseId id, std::size_t limit) = 0;  ///< ascending by (index, record)
    virtual std::vector<ChangeRow> changes(ChangeNo after, std::size_t limit) = 0;
    virtual std::optional<PatchRow> patch(LogIndex index, std::uint64_t record) = 0;
    virtual std::optional<std::string> leaf(LogIndex index) = 0;
    virtual std::optional<std::string> tile(std::uint32_t level,
                                            std::uint64_t n) = 0;  ///< complete tiles: 256 hashes, 8192 bytes
    virtual std::optional<CheckpointRow> lastCheckpoint() = 0;
    virtual std::optional<CheckpointRow> checkpoint(std::uint64_t tree_size) = 0;
    virtual std::vector<CheckpointRow> checkpoints(std::uint64_t after_size, std::size_t limit) = 0;
    virtual std::optional<std::string> certificate(const KeyId& id) = 0;      ///< DER, once seen signing
    virtual std::optional<std::string> mappingVersion(const Sha256& id) = 0;  ///< the mapping's files, as archived
    virtual std::vector<LargeRow> unfinishedLarge() = 0;
    virtual std::optional<std::string> meta(std::string_view name) = 0;  ///< log origin and the like
    /// Where reading from a connector goes on; nothing where it never began.
    virtual std::optional<std::string> cursor(std::string_view connector) = 0;
    virtual std::optional<RunRow> run(std::uint64_t number) = 0;
    /// Newest first; of one connector, or of all where it is empty; `before` 0: from the last one.
    virtual std::vector<RunRow> runs(std::string_view connector, std::uint64_t before, std::size_t limit) = 0;
    virtual std::vector<RunRow> unfinishedRuns() = 0;
    /// Ascending, behind `after`.
    virtual std::vector<RunPageRow> runPages(std::uint64_t run, std::uint64_t after, std::size_t limit) = 0;
    /// What the morning report remembers under this name; no evidence.
    virtual std::optional<std::string> reportNote(std::string_view name) = 0;
    virtual ChangeNo lastChange() = 0;
    /// Whether an envelope names this file below the payload folder. An adapter that cannot tell says yes: the file is
    /// kept.
    virtual bool namesBodyFile(std::string_view) { return true; }
};

/// One write transaction: sees its own writes; nothing is visible to readers before commit(). Not callable
/// concurrently. Destroyed without commit(): nothing happened.
class StoreWriter : public StoreReader {
public:
    virtual void putMessage(
        const MessageRow& row) = 0;  ///< insert; a second (sender, message_id) is a bug of the caller
    /// The id that a refused message bore and did not keep; its row is there already.
    virtual void putRefusedId(const SystemId& sender, const MessageId& id, LogIndex index) = 0;
    virtual void updateMessage(
        const MessageRow& row) = 0;  ///< outcome, counts, answer, outcome_index, tree_size by index
    virtual void putEnvelope(LogIndex index, const EnvelopeRow& row) = 0;
    virtual void putOutcomeLines(LogIndex index,
                                 std::string_view lines) = 0;               ///< insert, or append for a large message
    virtual void putKnownPart(LogIndex index, std::string_view notes) = 0;  ///< behind those that are there
    /// The first `most` pieces of this message; returns how many there were.
    virtual std::size_t removeKnownParts(LogIndex index, std::size_t most) = 0;
    virtual CaseId putCase(const CaseRow& row) = 0;        ///< insert where id is 0, else replace; returns the id
    virtual void putVanished(const VanishedRow& row) = 0;  ///< insert; nothing where the case is marked already
    virtual void removeVanished(CaseId id) = 0;            ///< nothing where it is not marked
    virtual void putPatch(const PatchRow& row) = 0;
    /// Of the record that this case's row comes from (`stated_by`, which must be there): insert or replace. Once the
    /// row comes from another one, the record keeps the repetition.
    virtual void putRepeat(CaseId id, const Repeat& row) = 0;
    virtual void putChange(const ChangeRow& row) = 0;                 ///< number must be lastChange() + 1
    virtual void putLeaf(LogIndex index, std::string_view leaf) = 0;  ///< index must be the next one
    virtual void putTile(std::uint32_t level, std::uint64_t n, std::string_view hashes) = 0;
    virtual void putCheckpoint(const CheckpointRow& row) = 0;
    virtual void putCertificate(const KeyId& id, std::string_view der) = 0;  ///< nothing where it is there already
    virtual void putMappingVersion(const Sha256& id, std::string_view files) = 0;
    virtual void putLarge(const LargeRow& row) = 0;  ///< insert or replace
    virtual void removeLarge(LogIndex index) = 0;
    virtual void putCursor(std::string_view connector, std::string_view cursor) = 0;
    virtual std::uint64_t putRun(const RunRow& row) = 0;  ///< insert where number is 0, else replace; returns it
    virtual void putRunPage(const RunPageRow& row) = 0;   ///< insert or replace
    virtual void putReportNote(std::string_view name, std::string_view body) = 0;  ///< insert or replace
    virtual void putMeta(std::string_view name, std::string_view value) = 0;
    /// Durable on return. Throws Fault{StoreUnavailable}: nothing was written. Fault{StoreCommitUnknown}: stop, reopen,
    /// read the head.
    virtual void commit() = 0;
};

class StoreSnapshot;

class Store {
public:
    virtual ~Store() = default;
    /// Waits for the one writer. Throws Fault{StoreUnavailable} when it cannot have it in a second.
    virtual std::unique_ptr<StoreWriter> beginWrite() = 0;
    virtual StoreReader& reader() = 0;
    /// Everything as it is now, whatever is written meanwhile (store_snapshot.hpp).
    virtual std::unique_ptr<StoreSnapshot> snapshot() = 0;
    /// A consistent copy of everything while the gateway runs; `file` must not exist. Durable on return.
    virtual void backupTo(const std::string& file) = 0;
};

}  // namespace caseway
