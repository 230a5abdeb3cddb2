// gateway/log/message_log.cpp - the one writer's side of the log: open, append, seal, roll back.
#include "gateway/log/message_log.hpp"

#include "gateway/base/check.hpp"
#include "gateway/base/fault.hpp"
#include "gateway/formats/json/document.hpp"
#include "gateway/formats/merkle/hash.hpp"
#include "gateway/log/leaf.hpp"

namespace caseway {
namespace {

[[noreturn]] void corrupt(const std::string& what) {
    throw Fault(FaultCode::StoreCorrupt, what, "stop, then run: caseway log verify");
}

}  // namespace

MerkleTree treeFromStore(StoreReader& reader, std::uint64_t tree_size) {
    return MerkleTree::restore(
        tree_size, [source = &reader](std::uint32_t level, std::uint64_t n) { return source->tile(level, n); },
        [&reader](std::uint64_t index) {
            const auto leaf = reader.leaf(index);
            if (!leaf) corrupt("leaf " + std::to_string(index) + " is missing");
            return leafHash(*leaf);
        });
}

MessageLog::MessageLog(StoreReader& reader, Signer& signer, std::string origin)
    : reader_(&reader), signer_(signer), origin_(std::move(origin)), tree_(nullptr) {}

std::unique_ptr<MessageLog> MessageLog::open(StoreReader& reader, Signer& signer, std::string origin) {
    if (!isNoteKeyName(origin))
        throw Fault(FaultCode::ConfigurationBad,
                    "log origin \"" + origin + "\" has spaces, '+' or non-ASCII characters");
    std::unique_ptr<MessageLog> log(new MessageLog(reader, signer, std::move(origin)));
    log->load();
    return log;
}

void MessageLog::load() {
    const auto stored_origin = reader_->meta(kLogOriginMeta);
    if (stored_origin && *stored_origin != origin_)
        throw Fault(FaultCode::ConfigurationBad,
                    "the store holds the log of origin " + *stored_origin + ", not of " + origin_,
                    "configure the origin that the store holds; a restore that needs a new one makes it itself");
    Head head = readHead();
    MerkleTree tree = treeFromStore(*reader_, head.checkpoint.tree_size);
    head.edge.emplace(tree.edge());
    if (!head.note.empty() && head.edge->root() != head.checkpoint.root)
        corrupt("the tree of " + std::to_string(head.checkpoint.tree_size) +
                " leaves has not the root of its checkpoint");
    if (reader_->leaf(head.checkpoint.tree_size)) corrupt("there is a leaf behind the last checkpoint");
    tree_ = std::move(tree);
    head_ = kept_head_ = std::move(head);
    kept_origin_ = origin_;
    kept_size_ = tree_.size();
    recent_.clear();
}

MessageLog::Head MessageLog::readHead() const {
    Head head;
    const auto row = reader_->lastCheckpoint();
    if (!row) return head;
    const NoteKey key(origin_, signer_.publicKey());
    auto checkpoint = openCheckpoint(row->note, key);
    if (!checkpoint)
        throw Fault(FaultCode::ConfigurationBad,
                    "the last checkpoint was not signed as " + key.text() + " (" + checkpoint.error().code + ")",
                    checkpoint.error().hint);
    if (checkpoint->tree_size != row->tree_size)
        corrupt("the last checkpoint is stored under another size than it says");
    head.checkpoint = std::move(checkpoint).value();
    head.note = row->note;
    return head;
}

void MessageLog::begin() {
    const std::lock_guard lock(mutex_);
    tree_.settle();
    recent_.clear();
    kept_size_ = tree_.size();
    kept_origin_ = origin_;
    kept_head_ = head_;
}

LogIndex MessageLog::append(StoreWriter& writer, const LogEntry& entry) {
    const std::lock_guard lock(mutex_);
    return appendLocked(writer, entry);
}

LogIndex MessageLog::appendLocked(StoreWriter& writer, const LogEntry& entry) {
    std::string leaf;
    appendLeaf(entry, leaf);
    const LogIndex index = tree_.size();
    writer.putLeaf(index, leaf);
    tree_.append(leafHash(leaf));
    recent_.push_back(std::move(leaf));
    return index;
}

std::uint64_t MessageLog::seal(StoreWriter& writer) {
    const std::lock_guard lock(mutex_);
    const std::uint64_t size = tree_.size();
    if (size == kept_size_) return size;
    tree_.completeTiles(kept_size_, [&writer](std::uint32_t level, std::uint64_t n, std::string_view hashes) {
        writer.putTile(level, n, hashes);
    });
    Head head;
    head.edge.emplace(tree_.edge());
    head.checkpoint = {origin_, size, head.edge->root()};
    const std::string text = checkpointText(head.checkpoint);
    head.note = noteText(text, origin_, noteKeyId(origin_, signer_.publicKey()), signer_.sign(bytesOf(text)));
    writer.putCheckpoint({size, head.note});
    if (kept_size_ == 0 || origin_ != kept_origin_) writer.putMeta(kLogOriginMeta, origin_);
    head_ = std::move(head);
    return size;
}

void MessageLog::rollBack() {
    const std::lock_guard lock(mutex_);
    tree_.truncate(kept_size_);
    recent_.clear();
    origin_ = kept_origin_;
    head_ = kept_head_;
}

void MessageLog::reopen(StoreReader& reader) {
    const std::lock_guard lock(mutex_);
    reader_ = &reader;
    // A new origin may have become durable with the commit whose result was unknown.
    if (const auto origin = reader.meta(kLogOriginMeta)) origin_ = *origin;
    load();
}

LogIndex MessageLog::startOrigin(StoreWriter& writer, const std::string& new_origin, Instant at,
                                 std::string_view reason, const std::optional<FirstNumbers>& first) {
    CASEWAY_CHECK(isNoteKeyName(new_origin));
    const std::lock_guard lock(mutex_);
    CASEWAY_CHECK(new_origin != origin_ && tree_.size() == kept_size_);
    LogEntry entry;
    entry.type = EntryType::Audit;
    entry.received_at = at;
    entry.detail = "{\"event\":\"new_origin\"";
    if (first)
        entry.detail +=
            ",\"first_case\":" + std::to_string(first->new_case) + ",\"first_change\":" + std::to_string(first->change);
    entry.detail += ",\"new_origin\":\"" + new_origin + "\",\"old_origin\":\"" + origin_ + "\",\"old_root\":\"" +
                    toHex(head_.checkpoint.root) + "\",\"old_size\":" + std::to_string(head_.checkpoint.tree_size) +
                    ",\"reason\":";
    appendJsonString(reason.substr(0, 1024), entry.detail);
    entry.detail += '}';
    origin_ = new_origin;
    return appendLocked(writer, entry);
}

std::uint64_t MessageLog::size() const {
    const std::lock_guard lock(mutex_);
    return tree_.size();
}
std::string MessageLog::origin() const {
    const std::lock_guard lock(mutex_);
    return origin_;
}
std::string MessageLog::checkpoint() const {
    const std::lock_guard lock(mutex_);
    return head_.note;
}
std::string MessageLog::verifierKey() const {
    return NoteKey(origin(), signer_.publicKey()).text();
}

}  // namespace caseway
