// gateway/adapters/sqlite/state_functions.cpp - the head of a state of format 1: mark, department, systems. Frozen with
// the schema that it reads: what the record stage writes later is no concern of this file. Held together with it by
// tests/support/state_format_1.hpp.
#include "gateway/adapters/sqlite/state_functions.hpp"

#include <memory>
#include <optional>
#include <string>

#include "gateway/adapters/sqlite/body_codec.hpp"

namespace caseway {
namespace {

constexpr std::string_view kFormat1Mark = "CR\x01";

/// Takes from the front of `rest`; a short text yields nothing more.
std::uint64_t takeNumber(std::string_view& rest) {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 63 && !rest.empty(); shift += 7) {
        const auto byte = static_cast<std::uint8_t>(rest.front());
        rest.remove_prefix(1);
        value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
        if (byte < 0x80) break;
    }
    return value;
}

std::string_view takeCounted(std::string_view& rest) {
    const std::string_view text = rest.substr(0, takeNumber(rest));
    rest.remove_prefix(text.size());
    return text;
}

std::string_view bytesOfArgument(sqlite3_value* value) {
    const void* data = sqlite3_value_blob(value);
    return {static_cast<const char*>(data), static_cast<std::size_t>(sqlite3_value_bytes(value))};
}

/// The state behind its mark, in `body`; nothing for an alias.
std::optional<std::string_view> stateIn(sqlite3_context* context, sqlite3_value* stored, std::string& body) {
    body = static_cast<BodyCodec*>(sqlite3_user_data(context))->decode(bytesOfArgument(stored));
    if (!body.starts_with(kFormat1Mark)) return std::nullopt;
    return std::string_view(body).substr(kFormat1Mark.size());
}

void department(sqlite3_context* context, int, sqlite3_value** arguments) {
    std::string body;
    auto state = stateIn(context, arguments[0], body);
    const std::string_view code = state ? takeCounted(*state) : std::string_view();
    sqlite3_result_text(context, code.empty() ? "" : code.data(), static_cast<int>(code.size()), SQLITE_TRANSIENT);
}

void byWindow(sqlite3_context* context, int, sqlite3_value** arguments) {
    std::string body;
    auto state = stateIn(context, arguments[0], body);
    int by_window = 0;
    if (state) {
        takeCounted(*state);
        for (std::uint64_t systems = takeNumber(*state); systems != 0 && !state->empty(); --systems) {
            const bool is_owner = takeCounted(*state) == bytesOfArgument(arguments[1]);
            const bool of_department = takeNumber(*state) == 1;
            if (is_owner && !of_department) by_window = 1;
        }
    }
    sqlite3_result_int(context, by_window);
}

/// A fault may not pass through SQLite.
template <void (*Function)(sqlite3_context*, int, sqlite3_value**)>
void guarded(sqlite3_context* context, int count, sqlite3_value** arguments) {
    try {
        Function(context, count, arguments);
    } catch (const std::exception& error) {
        sqlite3_result_error(context, error.what(), -1);
    }
}

/// Each function keeps one codec for all rows.
template <void (*Function)(sqlite3_context*, int, sqlite3_value**)>
void add(SqliteConnection& connection, const char* name, int arguments) {
    constexpr int kFlags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY;
    auto codec = std::make_unique<BodyCodec>(0);
    sqlite3_create_function_v2(connection.raw(), name, arguments, kFlags, codec.release(), guarded<Function>, nullptr,
                               nullptr,
                               [](void* owned) { std::default_delete<BodyCodec>()(static_cast<BodyCodec*>(owned)); });
}

}  // namespace

void addStateFunctions(SqliteConnection& connection) {
    add<department>(connection, "stateDepartment", 1);
    add<byWindow>(connection, "stateByWindow", 2);
}

}  // namespace caseway
