// gateway/log/table_checks.cpp - everything in the store that hangs on a leaf.
#include "gateway/log/table_checks.hpp"

#include <algorithm>

#include "gateway/base/fault.hpp"
#include "gateway/formats/crypto/digest.hpp"
#include "gateway/formats/merkle/tiles.hpp"
#include "gateway/log/message_log.hpp"
#include "gateway/log/message_row_checks.hpp"
#include "gateway/log/outcome_lines.hpp"
#include "gateway/log/outcome_parts.hpp"

namespace caseway {
namespace {

constexpr std::size_t kPage = 1000;
constexpr std::string_view kAdded = "no leaf of the log stands for it: somebody wrote it into the database";

}  // namespace

TableChecks::TableChecks(StoreSnapshot& store, Findings& findings)
    : store_(store),
      findings_(findings),
      runs_(store, findings),
      leaves_(store, StoreTable::Leaf, "leaf", findings),
      messages_(store, StoreTable::Message, "message", findings),
      envelopes_(store, StoreTable::Envelope, "envelope", findings),
      outcome_parts_(store, StoreTable::OutcomePart, "outcome_part", findings) {}

void TableChecks::entry(LogIndex index, const LogEntry* entry) {
    leaves_.takes({index, 0});
    if (entry == nullptr) {  // whatever hangs on it hangs on nothing: the leaf has its finding
        messages_.takesAll(index, true);
        envelopes_.takesAll(index, true);
        outcome_parts_.takesAll(index, true);
        return;
    }
    const bool is_message = entry->type == EntryType::Message || entry->type == EntryType::Received;
    messages_.takesAll(index, is_message || entry->type == EntryType::Refusal);
    envelopes_.takesAll(index, entry->envelope_digest.has_value());
    outcome_parts_.takesAll(index, is_message);
    runs_.entry(index, *entry);
    if (entry->certificate) certificates_.insert(*entry->certificate);
    if (entry->sender) systems_.insert(*entry->sender);
    if (entry->mapping_version && mappings_.insert(*entry->mapping_version).second)
        archived(index, *entry->mapping_version);
}

void TableChecks::archived(LogIndex index, const Sha256& version) {
    const std::string where = "leaf " + std::to_string(index);
    std::optional<std::string> files;
    try {
        files = store_.mappingVersion(version);
    } catch (const Fault& fault) {
        if (fault.code() != FaultCode::StoreCorrupt) throw;
        files.emplace();
    }
    if (!files)
        findings_.add("mapping_missing", where, toHex(version), "none",
                      "without the mapping nobody can read the message as it was read");
    else if (const Sha256 found = sha256(*files); found != version)
        findings_.add("mapping_changed", where, toHex(version), toHex(found),
                      "the archived mapping is not the one that was used: compare with a backup");
}

void TableChecks::finish(std::uint64_t leaves, const std::string& origin, const std::map<LogIndex, OpenMessage>& open) {
    for (KeyWalk* walk : {&leaves_, &messages_, &envelopes_, &outcome_parts_}) walk->finish();
    checkArchives();
    checkSystems();
    checkHeads(leaves);
    checkLarge(open);
    runs_.finish();
    checkMeta(origin);
    checkDamage();
}

void TableChecks::checkArchives() {
    for (const Sha256& id : store_.certificateIds())
        if (certificates_.find(KeyId(id)) == certificates_.end())
            findings_.add("row_added", "certificate " + toHex(id), "no such row", "a row", kAdded);
    for (const Sha256& id : store_.mappingVersionIds())
        if (mappings_.find(id) == mappings_.end())
            findings_.add("row_added", "mapping_version " + toHex(id), "no such row", "a row", kAdded);
}

void TableChecks::checkSystems() {
    for (const SystemRow& row : store_.systems()) {
        const auto id = SystemId::parse(row.name);
        if (!id || systems_.find(*id) == systems_.end())
            findings_.add("row_added", "system " + row.name.substr(0, 100), "no such row", "a row", kAdded);
        else if (id->department() != row.department)
            findings_.add("system_differs", "system " + row.name, std::string(id->department()),
                          row.department.substr(0, 100), "listings by department show too few or too many cases");
    }
}

void TableChecks::checkHeads(std::uint64_t leaves) {
    const auto strays = [&](StoreTable table, std::string_view name, auto isOurs) {
        std::optional<StoredKey> last;
        for (std::vector<StoredKey> page = store_.keys(table, last, kPage); !page.empty();
             page = store_.keys(table, last, kPage)) {
            for (const StoredKey& key : page)
                if (!isOurs(key))
                    findings_.add("row_added",
                                  std::string(name) + ' ' + std::to_string(static_cast<std::int64_t>(key.first)) +
                                      (table == StoreTable::Tile ? "/" + std::to_string(key.second) : ""),
                                  "no such row", "a row", kAdded);
            last = page.back();
        }
    };
    strays(StoreTable::Tile, "tile",
           [&](const StoredKey& key) { return key.first < 7 && key.second < leaves >> (8 * (key.first + 1)); });
    // Heads of a positive size are read with the log, in their order.
    strays(StoreTable::Checkpoint, "checkpoint",
           [](const StoredKey& key) { return key.first != 0 && static_cast<std::int64_t>(key.first) > 0; });
}

void TableChecks::checkLarge(const std::map<LogIndex, OpenMessage>& open) {
    std::set<LogIndex> waiting;
    std::vector<LargeRow> rows;
    try {
        rows = store_.unfinishedLarge();
    } catch (const Fault& fault) {
        if (fault.code() != FaultCode::StoreCorrupt) throw;
        findings_.add("large_differs", "large", "rows that can be read", fault.what(), "compare with a backup");
        return;
    }
    for (const LargeRow& row : rows) {
        const std::string where = "large " + std::to_string(row.index);
        if (open.find(row.index) == open.end()) {
            findings_.add("row_added", where, "no such row", "a row", kAdded);
            continue;
        }
        waiting.insert(row.index);
        OutcomeLinesReader reader;
        OutcomeParts lines(store_, row.index);
        std::array<char, 64 * 1024> buffer;
        while (const std::size_t count = lines.read(buffer)) reader.add({buffer.data(), count});
        const auto found = reader.finish();
        const std::string begun = OutcomeLines().save();
        const std::string_view saved = row.carried.empty() ? begun : OutcomeLines::savedIn(row.carried);
        if (saved != found.state || row.next_record != found.lines + 1 || row.counts != found.counts)
            findings_.add("large_differs", where,
                          "record " + std::to_string(found.lines + 1) + ", " + countsText(found.counts),
                          "record " + std::to_string(row.next_record) + ", " + countsText(row.counts),
                          "the progress of a large message is not that of its outcome lines");
    }
    for (const auto& [index, message] : open)
        if (waiting.find(index) == waiting.end())
            findings_.add("row_missing", "large " + std::to_string(index), "the progress of a large message", "none",
                          "its records will never be applied: compare with a backup");
}

void TableChecks::checkMeta(const std::string& origin) {
    const std::string stored = store_.meta(kLogOriginMeta).value_or("");
    if (!origin.empty() && stored != origin)
        findings_.add("origin_differs", "meta log_origin", origin, stored.substr(0, 100),
                      "the next head would bear another origin");
    if (!store_.meta(kRestoredHeadMeta).value_or("").empty())
        findings_.add("restore_unfinished", "meta restored_head", "none", "a head",
                      "run `caseway restore` again: the log has not begun its new origin");
}

void TableChecks::checkDamage() {
    constexpr std::string_view kHint = "restore a backup; what is stored here cannot be relied on";
    try {
        for (const std::string& line : store_.damage()) findings_.add("store_damaged", "database", "", line, kHint);
    } catch (const Fault& fault) {
        if (fault.code() != FaultCode::StoreCorrupt) throw;
        findings_.add("store_damaged", "database", "", fault.what(), kHint);
    }
}

}  // namespace caseway
