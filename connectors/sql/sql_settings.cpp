// connectors/sql/sql_settings.cpp - the settings, each held against what drivers make of it.
#include "connectors/sql/sql_settings.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "connectors/sdk/host_lookup.hpp"
#include "gateway/formats/text/encoding.hpp"
#include "gateway/formats/text/lower_case.hpp"

namespace caseway {

const std::string SqlSettings::kSchema =
    R"({"type":"object","additionalProperties":false,"required":["driver","table","key"],"properties":{
"driver":{"type":"string","minLength":1,"description":"the ODBC driver, as `odbcinst -q -d` names it","examples":["PostgreSQL Unicode"]},
"server":{"type":"string","description":"host, or the folder of a socket of PostgreSQL; absent for a file"},
"port":{"type":"integer","minimum":1,"maximum":65535,"default":5432,"description":"of the server"},
"database":{"type":"string","description":"its name on the server"},
"file":{"type":"string","description":"the database where it is a file (SQLite): absolute, in a folder that is open to connectors"},
"user":{"type":"string","description":"a user of our own, with no more rights than README.md says"},
"password":{"format":"secret","description":"of that user"},
"options":{"type":"object","additionalProperties":{"type":"string"},
  "description":"words of the driver: SSLmode, Encrypt, TDS_Version, ClientCharset, Charset, Protocol; secrets belong into password"},
"authorities_file":{"type":"string",
  "description":"PostgreSQL: PEM file of the authorities that its server's certificate may come from; absent: ~/.postgresql/root.crt",
  "examples":["/etc/caseway/housing-db-ca.pem"]},
"proxy":{"type":"object","description":"not taken: the drivers dial by themselves and know no proxy; see README.md"},
"limits":{"type":"object","additionalProperties":false,"description":"of what the database is asked","properties":{
  "statements_per_second":{"type":"number","minimum":0,"maximum":1000,"default":0,"description":"0: as fast as it goes"},
  "rows_per_second":{"type":"number","minimum":0,"maximum":1000000,"default":0,"description":"0: as fast as it goes"}}},
"schema":{"type":"string","default":"","description":"of the table; absent: where the driver looks first"},
"table":{"type":"string","minLength":1,"description":"table or view","examples":["case_apply"]},
"key":{"type":"array","items":{"type":"string"},"minItems":1,"maxItems":8,"description":"columns that together name a row"},
"columns":{"type":"array","items":{"type":"string"},"description":"those to read; absent: all"},
"flag":{"type":"object","additionalProperties":false,"required":["column"],
  "description":"a shared table (前置库): rows are read where the flag says so, and marked when they are durable","properties":{
  "column":{"type":"string","minLength":1,"description":"of the flag"},
  "unread":{"type":"string","default":"0","description":"its value in rows to be read"},
  "null_is_unread":{"type":"boolean","default":true,"description":"NULL means unread, too"},
  "done":{"type":"string","default":"1","description":"the value that we set"}}},
"watermark":{"type":"object","additionalProperties":false,"required":["column"],
  "description":"a table that is only read: rows whose time or number of change is higher than what was seen","properties":{
  "column":{"type":"string","minLength":1,"description":"of the time or number; it grows with each change of a row"},
  "overlap":{"type":"integer","minimum":0,"maximum":10000000,"default":300,
    "description":"seconds (units, of numbers) that are looked at again, for what was committed late"}}},
"count":{"type":"boolean","default":true,"description":"ask for the number of rows at the begin of each pass"},
"nulls":{"type":"string","enum":["null","absent"],"default":"null","description":"how NULL stands in the document"},
"text_encoding":{"type":"string",
  "description":"of texts whose bytes the database does not know to be GBK: gb18030, utf-8; absent: the driver knows"},
"login_seconds":{"type":"integer","minimum":1,"maximum":300,"default":10,"description":"to connect"},
"query_seconds":{"type":"integer","minimum":1,"maximum":3600,"default":30,"description":"for one statement"},
"cell_bytes":{"type":"integer","minimum":1024,"maximum":67108864,"default":4194304,"description":"largest value"}}})";

namespace {

/// Words of drivers that say how, never what to load or where to write (LoadExt, Debug, CommLog, ConnSettings …).
constexpr const char* kOptions[] = {"sslmode", "encrypt", "tds_version", "clientcharset", "charset", "protocol"};

bool isClean(const std::string& text) {
    return text.size() <= 4096 && std::none_of(text.begin(), text.end(), [](char c) {
               return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
           });
}

/// Refuses what could end a value in a connection string, whatever the driver knows of braces.
void mustBeValue(const SettingsTree& given, const char* name, const std::string& value, const char* never) {
    if (value.find_first_of(never) != std::string::npos)
        given.refuse(name, fmt::format("it has one of {}", never), "take one without: drivers end values there");
}

/// Driver and destination belong together: a driver of files would take the name of a database for a path.
SqlDriver readDriver(const SettingsTree& given, const SqlSettings& settings) {
    if (settings.driver.find_first_of("/\\;{}=") != std::string::npos)
        given.refuse("driver", "a path is not taken", "give the name of an installed driver: odbcinst -q -d");
    const auto family = driverOf(settings.driver);
    if (!family)
        given.refuse("driver", "this driver is not known here",
                     fmt::format("install it under a name that begins with that of its product: {}", kKnownDrivers));
    if (*family == SqlDriver::Sqlite && !(settings.server.empty() && settings.database.empty()))
        given.refuse(settings.server.empty() ? "database" : "server", "SQLite's driver opens files alone",
                     "give `file`, or the driver of a server");
    if (*family != SqlDriver::Sqlite && !settings.file.empty())
        given.refuse("file", "this driver opens no files", "give `server` and `database`, or SQLite's driver");
    if (settings.server.empty() == settings.file.empty())
        given.refuse("server", "give either a server or a file", "see README.md");
    return *family;
}

/// Handed to libpq as a word of its own, where blanks and quotes mean something.
void mustBeAuthorities(const SettingsTree& given, const SqlSettings& settings) {
    const std::string& file = settings.authorities_file;
    if (file.empty()) return;
    if (settings.family != SqlDriver::Postgres)
        given.refuse("authorities_file", "only PostgreSQL's driver takes it",
                     "say it in the driver's own configuration");
    if (!file.starts_with("/") || file.find_first_of(" ,;{}='\"\\") != std::string::npos)
        given.refuse("authorities_file", "it is no whole path without blanks and quotes", "begin it with /");
}

void mustBeDestination(const SettingsTree& given, const SqlSettings& settings) {
    if (!settings.file.empty() && !settings.file.starts_with("/"))
        given.refuse("file", "it is not absolute", "begin it with /");
    if (settings.server.find_first_of(SqlSettings::kNeverInHosts) != std::string::npos)
        given.refuse("server", "it is no single host or folder", "give one name or address, or a path without blanks");
    const bool is_folder = settings.server.starts_with("/");
    if (is_folder && settings.family != SqlDriver::Postgres)
        given.refuse("server", "only PostgreSQL is reached by the folder of a socket", "give one name or address");
    if (!is_folder && settings.server.find_first_of("/\\@'\"") != std::string::npos)
        given.refuse("server", "it is no single host", "give one name or address");
    if (!is_folder && bearsPort(settings.server))
        given.refuse("server", "it has a port behind it", "write the name alone; the port stands in port");
}

}  // namespace

SqlSettings SqlSettings::read(const SettingsTree& given) {
    SqlSettings settings;
    if (given.has("proxy"))
        given.refuse("proxy", "the drivers of ODBC dial by themselves and know no proxy",
                     "take it out, and let the gateway reach the database; or give `server` and `port` of a machine "
                     "that hands connections on to it");
    for (const auto& [name, member] :
         std::initializer_list<std::pair<const char*, std::string*>>{{"driver", &settings.driver},
                                                                     {"server", &settings.server},
                                                                     {"database", &settings.database},
                                                                     {"user", &settings.user},
                                                                     {"password", &settings.password},
                                                                     {"file", &settings.file},
                                                                     {"authorities_file", &settings.authorities_file},
                                                                     {"schema", &settings.table.schema},
                                                                     {"table", &settings.table.name},
                                                                     {"text_encoding", &settings.text_encoding}}) {
        *member = given.text(name);
        if (!isClean(*member)) given.refuse(name, "it has control characters or is too long", "correct it");
    }
    settings.port = static_cast<std::uint16_t>(given.number("port"));
    settings.family = readDriver(given, settings);
    mustBeDestination(given, settings);
    mustBeValue(given, "user", settings.user, ";{}");
    mustBeValue(given, "database", settings.database, ";{}=");
    mustBeValue(given, "password", settings.password, settings.family == SqlDriver::Postgres ? "{}" : ";{}");
    mustBeAuthorities(given, settings);
    const SettingsTree limits = given.in("limits");
    settings.statements_per_second = limits.decimal("statements_per_second");
    settings.rows_per_second = limits.decimal("rows_per_second");
    const SettingsTree options = given.in("options");
    for (const std::string& name : options.names()) {
        if (std::find(std::begin(kOptions), std::end(kOptions), lowerCase(name)) == std::end(kOptions))
            options.refuse(name, "this word of the driver is not taken", "only those that README.md names");
        if (!isClean(options.text(name))) options.refuse(name, "it has control characters", "correct it");
        mustBeValue(options, name.c_str(), options.text(name), ";{}");
        settings.options.emplace_back(name, options.text(name));
    }
    settings.key = given.texts("key");
    settings.columns = given.texts("columns");
    if (given.has("flag") == given.has("watermark"))
        given.refuse("flag", "give either `flag` or `watermark`",
                     "`flag` marks rows, `watermark` only reads: see README.md");
    if (given.has("flag")) {
        const SettingsTree flag = given.in("flag");
        settings.flag =
            SqlFlag{flag.text("column"), flag.text("unread"), flag.text("done"), flag.flag("null_is_unread")};
        if (settings.flag->unread == settings.flag->done)
            flag.refuse("done", "unread and done are the same value", "give two");
    } else {
        const SettingsTree watermark = given.in("watermark");
        settings.watermark = SqlWatermark{watermark.text("column"), watermark.number("overlap")};
    }
    if (!settings.text_encoding.empty()) {
        const std::string label = canonicalEncoding(settings.text_encoding);
        if (label != "GB18030" && label != "UTF-8" && label != "BIG5")
            given.refuse("text_encoding", "this encoding is not known here", "gb18030, utf-8 or big5");
        settings.text_encoding = label;
    }
    settings.count = given.flag("count");
    settings.nulls_absent = given.text("nulls") == "absent";
    settings.login_time = std::chrono::seconds(given.number("login_seconds"));
    settings.query_time = std::chrono::seconds(given.number("query_seconds"));
    settings.cell_bytes = static_cast<std::uint64_t>(given.number("cell_bytes"));
    return settings;
}

}  // namespace caseway
