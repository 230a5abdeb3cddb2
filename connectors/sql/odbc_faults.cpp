// connectors/sql/odbc_faults.cpp - SQLSTATEs, those of ODBC and those that PostgreSQL hands through.
#include "connectors/sql/odbc_faults.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "connectors/sdk/faults.hpp"
#include "gateway/base/mask.hpp"

namespace caseway {
namespace {

bool isOneOf(std::string_view state, std::initializer_list<std::string_view> states) {
    return std::find(states.begin(), states.end(), state) != states.end();
}

}  // namespace

ConnectorFault faultOfOdbc(SQLSMALLINT handle_type, SQLHANDLE handle, const std::string& where) {
    SQLCHAR state_text[6] = {};
    SQLCHAR text[1024] = {};
    SQLINTEGER number = 0;
    SQLSMALLINT size = 0;
    SQLGetDiagRec(handle_type, handle, 1, state_text, &number, text, sizeof text, &size);
    const std::string state(reinterpret_cast<const char*>(state_text));
    std::string words(reinterpret_cast<const char*>(text));
    std::replace_if(
        words.begin(), words.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
    const std::string seen = fmt::format("{} {}", state, withNamesMasked(words));
    const auto says = [&](std::string_view part) { return words.find(part) != std::string::npos; };

    if (isOneOf(state, {"IM002", "IM003", "IM004", "01000"}))
        return configFault(
            "driver_missing", where, seen,
            "install the driver's package; or name another in `driver` that `odbcinst -q -d` lists, such as SQLite3");
    if (says("unsafe use of") || says("functions prohibited in"))
        return configFault(
            "file_reaches_outside", where, seen,
            "ask the department for a table whose views, triggers, indexes and checks call no such function");
    if (says("certificate verify failed") || says("does not match host name") || says("root certificate file"))
        return configFault("certificate_not_trusted", where, seen,
                           "give its authority in `authorities_file`, and the name of its certificate in `server`");
    if (says("does not support SSL"))
        return configFault("tls_failed", where, seen,
                           "let the department switch TLS on; where the line is protected otherwise, say so: "
                           "`options: {SSLmode: disable}`");
    if (state.starts_with("28") || says("authentication failed") || says("no password supplied") ||
        says("no pg_hba.conf entry"))
        return configFault("access_refused", where, seen,
                           "check `user` and `password`, and from where that user may connect");
    if (state == "42501" || says("permission denied"))
        return configFault(
            "access_refused", where, seen,
            "ask the department for the right that is missing: SELECT; with `flag` UPDATE of its column");
    if (says("does not exist") && state.starts_with("08"))
        return configFault("table_not_found", where, seen, "check `database`");
    if (isOneOf(state, {"42S02", "42P01"}) || says("no such table"))  // SQLite has no state of its own for it
        return configFault("table_not_found", where, seen, "check `schema` and `table`");
    if (isOneOf(state, {"42S22", "42703"}) || says("no such column"))
        return configFault("column_not_found", where, seen, "compare the settings with the table's columns");
    if (isOneOf(state, {"HYT00", "HYT01", "57014"}))
        return transientFault(
            "timed_out", where, seen,
            "an index over the key (or the watermark and the key) makes pages fast; see `query_seconds`");
    if (state.starts_with("40") || isOneOf(state, {"55P03", "HY008"}) || says("database is locked"))
        return transientFault("database_busy", where, seen, "nothing, unless it lasts: somebody holds the rows");
    if (state.starts_with("08") || state.starts_with("57") || isOneOf(state, {"HY000"}))
        return transientFault("database_failed", where, seen,
                              "if it lasts, show it to the department's database administrator");
    if (state.starts_with("25"))
        return configFault("access_refused", where, seen, "the database lets nobody write here");
    if (isOneOf(state, {"22021", "22P05"}))
        return configFault(
            "statement_refused", where, seen,
            "the database keeps texts in another encoding than it says: take the ANSI driver in `driver`, "
            "and `text_encoding: gb18030`");
    if (state.starts_with("42") || state.starts_with("22"))
        return configFault("statement_refused", where, seen,
                           "check the values in `flag` and `watermark` against the columns' types");
    return transientFault("database_failed", where, seen,
                          "if it lasts, show it to the department's database administrator");
}

}  // namespace caseway
