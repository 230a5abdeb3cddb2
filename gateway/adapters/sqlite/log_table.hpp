// gateway/adapters/sqlite/log_table.hpp - statements over the log (leaf, tile, checkpoint) and over what it refers to
// (certificate, mapping_version, large, meta) of one connection.
#pragma once

#include "gateway/adapters/sqlite/body_codec.hpp"
#include "gateway/adapters/sqlite/connection.hpp"
#include "gateway/adapters/sqlite/remembered_keys.hpp"
#include "gateway/adapters/sqlite/statement.hpp"
#include "gateway/ports/store.hpp"

namespace caseway {

class LogReads {
public:
    LogReads(SqliteConnection& connection, BodyCodec& codec);
    std::optional<std::string> leaf(LogIndex index);
    std::optional<std::string> tile(std::uint32_t level, std::uint64_t n);
    std::optional<CheckpointRow> lastCheckpoint();
    std::optional<CheckpointRow> checkpoint(std::uint64_t tree_size);
    std::vector<CheckpointRow> checkpoints(std::uint64_t after_size, std::size_t limit);
    std::optional<std::string> certificate(const KeyId& id);
    std::optional<std::string> mappingVersion(const Sha256& id);
    std::vector<LargeRow> unfinishedLarge();
    std::optional<std::string> meta(std::string_view name);
    /// Number of leaves.
    std::uint64_t size();

private:
    BodyCodec& codec_;
    SqliteStatement leaf_, tile_, last_checkpoint_, checkpoint_, checkpoints_, certificate_, mapping_version_, large_,
        meta_, size_;
};

class LogWrites {
public:
    LogWrites(SqliteConnection& connection, BodyCodec& codec);
    void putLeaf(LogIndex index, std::string_view leaf);
    void putTile(std::uint32_t level, std::uint64_t n, std::string_view hashes);
    void putCheckpoint(const CheckpointRow& row);
    void putCertificate(const KeyId& id, std::string_view der);
    void putMappingVersion(const Sha256& id, std::string_view files);
    void putLarge(const LargeRow& row);
    void removeLarge(LogIndex index);
    void putMeta(std::string_view name, std::string_view value);
    /// To be called after a commit, and after a rollback.
    void keepAdditions();
    void forgetAdditions();

private:
    BodyCodec& codec_;
    SqliteStatement put_leaf_, put_tile_, put_checkpoint_, put_certificate_, put_mapping_version_, put_large_,
        remove_large_, put_meta_;
    RememberedKeys certificates_, mapping_versions_;
};

}  // namespace caseway
