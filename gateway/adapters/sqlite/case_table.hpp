// gateway/adapters/sqlite/case_table.hpp - statements over case_record, patch and change of one connection.
#pragma once

#include "gateway/adapters/sqlite/body_codec.hpp"
#include "gateway/adapters/sqlite/statement.hpp"
#include "gateway/adapters/sqlite/system_dictionary.hpp"
#include "gateway/ports/store.hpp"

namespace caseway {

class CaseReads {
public:
    CaseReads(SqliteConnection& connection, SystemDictionary& systems, BodyCodec& codec);
    std::optional<CaseRow> byId(CaseId id);
    std::optional<CaseRow> byNo(std::string_view case_no);
    std::optional<CaseRow> bySource(const SystemId& owner, std::string_view source_case_no);
    /// Several statements: the caller holds one read transaction around it.
    std::vector<CaseRow> list(const CaseFilter& filter);
    std::vector<PatchRow> history(CaseId id, std::size_t limit);
    std::vector<ChangeRow> changes(ChangeNo after, std::size_t limit);
    std::optional<PatchRow> patch(LogIndex index, std::uint64_t record);
    ChangeNo lastChange();

private:
    CaseRow row(const Cursor& cursor);
    PatchRow patchRow(const Cursor& cursor);
    std::vector<CaseRow> listOfDepartments(const CaseFilter& filter);
    void addPage(SqliteStatement& statement, std::optional<std::int64_t> owner, const CaseFilter& filter,
                 std::vector<CaseRow>& rows);

    SystemDictionary& systems_;
    BodyCodec& codec_;
    SqliteStatement by_id_, by_no_, by_source_, list_all_, list_owner_, list_source_;
    SqliteStatement history_, changes_, patch_, last_change_;
};

class CaseWrites {
public:
    CaseWrites(SqliteConnection& connection, SystemDictionary& systems, BodyCodec& codec);
    CaseId put(const CaseRow& row);
    void putPatch(const PatchRow& row);
    void putChange(const ChangeRow& row);

private:
    sqlite3* database_;
    SystemDictionary& systems_;
    BodyCodec& codec_;
    SqliteStatement insert_, update_, replace_, put_patch_, put_change_;
};

}  // namespace caseway
