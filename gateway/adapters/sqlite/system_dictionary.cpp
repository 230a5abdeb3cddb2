// gateway/adapters/sqlite/system_dictionary.cpp - see the header.
#include "gateway/adapters/sqlite/system_dictionary.hpp"

#include <fmt/format.h>

namespace caseway {

SystemDictionary::SystemDictionary(SqliteConnection& connection)
    : database_(connection.raw()),
      find_(database_, "SELECT id FROM system WHERE name = ?1"),
      name_(database_, "SELECT name FROM system WHERE id = ?1"),
      add_(database_, "INSERT INTO system(name, department) VALUES (?1, ?2)"),
      of_department_(database_, "SELECT id FROM system WHERE department = ?1 ORDER BY id") {}

std::int64_t SystemDictionary::remember(std::int64_t number, const SystemId& id) {
    numbers_.emplace(id, number);
    names_.emplace(number, id);
    return number;
}

std::optional<std::int64_t> SystemDictionary::find(const SystemId& id) {
    if (const auto known = numbers_.find(id); known != numbers_.end()) return known->second;
    Cursor cursor = find_.query(id.text());
    if (!cursor.step()) return std::nullopt;
    return remember(cursor.integer(0), id);
}

std::int64_t SystemDictionary::findOrAdd(const SystemId& id) {
    if (const auto known = find(id)) return *known;
    added_ = true;
    add_.run(id.text(), id.department());
    return remember(sqlite3_last_insert_rowid(database_), id);
}

const SystemId& SystemDictionary::name(std::int64_t number) {
    if (const auto known = names_.find(number); known != names_.end()) return known->second;
    Cursor cursor = name_.query(number);
    const auto id = cursor.step() ? SystemId::parse(cursor.bytes(0)) : std::nullopt;
    if (!id) throw Fault(FaultCode::StoreCorrupt, fmt::format("no system {}", number), "restore the last backup");
    remember(number, *id);
    return names_.at(number);
}

std::vector<std::int64_t> SystemDictionary::ofDepartment(std::string_view department) {
    std::vector<std::int64_t> numbers;
    Cursor cursor = of_department_.query(department);
    while (cursor.step()) numbers.push_back(cursor.integer(0));
    return numbers;
}

void SystemDictionary::forgetAdditions() {
    if (!added_) return;
    numbers_.clear();
    names_.clear();
    added_ = false;
}

}  // namespace caseway
