// gateway/adapters/sqlite/log_table.cpp - see the header; columns in the order of schema.cpp.
#include "gateway/adapters/sqlite/log_table.hpp"

#include <algorithm>

#include "gateway/adapters/sqlite/packed_key.hpp"

namespace caseway {
namespace {

std::optional<std::string> firstText(Cursor cursor) {
    if (!cursor.step()) return std::nullopt;
    return cursor.text(0);
}

std::optional<CheckpointRow> firstCheckpoint(Cursor cursor) {
    if (!cursor.step()) return std::nullopt;
    return CheckpointRow{cursor.number(0), cursor.text(1)};
}

std::uint64_t asKey(std::uint64_t number) {
    return std::min<std::uint64_t>(number, INT64_MAX);
}

}  // namespace

LogReads::LogReads(SqliteConnection& connection, BodyCodec& codec)
    : codec_(codec),
      leaf_(connection.raw(), "SELECT leaf FROM leaf WHERE log_index = ?1"),
      tile_(connection.raw(), "SELECT hashes FROM tile WHERE key = ?1"),
      last_checkpoint_(connection.raw(), "SELECT tree_size, note FROM checkpoint ORDER BY tree_size DESC LIMIT 1"),
      checkpoint_(connection.raw(), "SELECT tree_size, note FROM checkpoint WHERE tree_size = ?1"),
      checkpoints_(connection.raw(),
                   "SELECT tree_size, note FROM checkpoint WHERE tree_size > ?1 ORDER BY tree_size LIMIT ?2"),
      certificate_(connection.raw(), "SELECT der FROM certificate WHERE key_id = ?1"),
      mapping_version_(connection.raw(), "SELECT files FROM mapping_version WHERE id = ?1"),
      large_(connection.raw(),
             "SELECT log_index, next_record, fresh, changed, same, stale, refused, carried FROM large"
             " ORDER BY log_index"),
      meta_(connection.raw(), "SELECT value FROM meta WHERE name = ?1"),
      size_(connection.raw(), "SELECT max(log_index) FROM leaf") {}

std::optional<std::string> LogReads::leaf(LogIndex index) {
    return firstText(leaf_.query(asKey(index)));
}

std::optional<std::string> LogReads::tile(std::uint32_t level, std::uint64_t n) {
    if (level >= 64 || n >= 1ULL << 48) return std::nullopt;
    return firstText(tile_.query(tileKey(level, n)));
}

std::optional<CheckpointRow> LogReads::lastCheckpoint() {
    return firstCheckpoint(last_checkpoint_.query());
}

std::optional<CheckpointRow> LogReads::checkpoint(std::uint64_t tree_size) {
    return firstCheckpoint(checkpoint_.query(asKey(tree_size)));
}

std::vector<CheckpointRow> LogReads::checkpoints(std::uint64_t after_size, std::size_t limit) {
    std::vector<CheckpointRow> rows;
    Cursor cursor = checkpoints_.query(asKey(after_size), static_cast<std::uint64_t>(limit));
    while (cursor.step()) rows.push_back({cursor.number(0), cursor.text(1)});
    return rows;
}

std::optional<std::string> LogReads::certificate(const KeyId& id) {
    return firstText(certificate_.query(ByteView(id.digest())));
}

std::optional<std::string> LogReads::mappingVersion(const Sha256& id) {
    Cursor cursor = mapping_version_.query(ByteView(id));
    if (!cursor.step()) return std::nullopt;
    return codec_.decode(cursor.bytes(0));
}

std::vector<LargeRow> LogReads::unfinishedLarge() {
    std::vector<LargeRow> rows;
    Cursor cursor = large_.query();
    while (cursor.step()) {
        LargeRow row;
        row.index = cursor.number(0);
        row.next_record = cursor.number(1);
        row.counts = {cursor.number(2), cursor.number(3), cursor.number(4), cursor.number(5), cursor.number(6)};
        row.carried = codec_.decode(cursor.bytes(7));
        rows.push_back(std::move(row));
    }
    return rows;
}

std::optional<std::string> LogReads::meta(std::string_view name) {
    return firstText(meta_.query(name));
}

std::uint64_t LogReads::size() {
    Cursor cursor = size_.query();
    return cursor.step() && !cursor.isNull(0) ? cursor.number(0) + 1 : 0;
}

LogWrites::LogWrites(SqliteConnection& connection, BodyCodec& codec)
    : codec_(codec),
      put_leaf_(connection.raw(), "INSERT INTO leaf(log_index, leaf) VALUES (?1, ?2)"),
      put_tile_(connection.raw(), "INSERT INTO tile(key, hashes) VALUES (?1, ?2)"),
      put_checkpoint_(connection.raw(), "INSERT INTO checkpoint(tree_size, note) VALUES (?1, ?2)"),
      put_certificate_(connection.raw(), "INSERT INTO certificate(key_id, der) VALUES (?1, ?2) ON CONFLICT DO NOTHING"),
      put_mapping_version_(connection.raw(),
                           "INSERT INTO mapping_version(id, files) VALUES (?1, ?2) ON CONFLICT DO NOTHING"),
      put_large_(connection.raw(),
                 "INSERT OR REPLACE INTO large(log_index, next_record, fresh, changed, same, stale, refused, carried)"
                 " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"),
      remove_large_(connection.raw(), "DELETE FROM large WHERE log_index = ?1"),
      put_meta_(connection.raw(), "INSERT OR REPLACE INTO meta(name, value) VALUES (?1, ?2)") {}

void LogWrites::putLeaf(LogIndex index, std::string_view leaf) {
    put_leaf_.run(index, bytesOf(leaf));
}

void LogWrites::putTile(std::uint32_t level, std::uint64_t n, std::string_view hashes) {
    put_tile_.run(tileKey(level, n), bytesOf(hashes));
}

void LogWrites::putCheckpoint(const CheckpointRow& row) {
    put_checkpoint_.run(row.tree_size, bytesOf(row.note));
}

void LogWrites::putCertificate(const KeyId& id, std::string_view der) {
    if (certificates_.contains(id.digest())) return;
    put_certificate_.run(ByteView(id.digest()), bytesOf(der));
    certificates_.add(id.digest());
}

void LogWrites::putMappingVersion(const Sha256& id, std::string_view files) {
    if (mapping_versions_.contains(id)) return;
    put_mapping_version_.run(ByteView(id), codec_.encode(files));
    mapping_versions_.add(id);
}

void LogWrites::putLarge(const LargeRow& row) {
    const RecordCounts& counts = row.counts;
    put_large_.run(row.index, row.next_record, counts.fresh, counts.changed, counts.same, counts.stale, counts.refused,
                   codec_.encode(row.carried));
}

void LogWrites::removeLarge(LogIndex index) {
    remove_large_.run(index);
}

void LogWrites::putMeta(std::string_view name, std::string_view value) {
    put_meta_.run(name, bytesOf(value));
}

void LogWrites::keepAdditions() {
    certificates_.keepAdditions();
    mapping_versions_.keepAdditions();
}

void LogWrites::forgetAdditions() {
    certificates_.forgetAdditions();
    mapping_versions_.forgetAdditions();
}

}  // namespace caseway
