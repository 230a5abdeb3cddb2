// connectors/sql/sql_way.cpp - the connection string. Drivers disagree about braces (SQLite's knows none, FreeTDS ends
// a value at `};`), so the settings hold no character that could end a value; braces are for what is left.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "connectors/sdk/faults.hpp"
#include "connectors/sdk/host_lookup.hpp"
#include "connectors/sql/connection_guard.hpp"
#include "connectors/sql/sql_settings.hpp"
#include "gateway/formats/text/lower_case.hpp"

namespace caseway {
namespace {

/// ODBC counts the string in a SQLSMALLINT.
constexpr std::size_t kMostBytes = 30'000;

/// `name=value;`: in braces where the value has characters that ODBC knows.
std::string word(const std::string& name, const std::string& value) {
    if (value.find_first_of("[](),?*=!@; ") == std::string::npos) return name + "=" + value + ";";
    return name + "={" + value + "};";
}

/// Neither what ends a value nor a control character.
void mustBePlain(const std::string& path, const char* never, const char* where) {
    const auto isControl = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
    if (path.find_first_of(never) != std::string::npos || std::any_of(path.begin(), path.end(), isControl))
        throw configFault("bad_setting", where, fmt::format("the real path has one of `{}`", never),
                          "rename what bears it");
}

std::string folderOf(const SqlSettings& settings, const ConnectorSurroundings& surroundings) {
    std::error_code error;
    const std::filesystem::path real = std::filesystem::canonical(settings.server, error);
    if (surroundings.allow_folder) surroundings.allow_folder(error ? settings.server : real.string());
    if (error || !std::filesystem::is_directory(real, error))
        throw configFault("database_not_found", settings.server, "there is no such folder", "check `server`");
    mustBePlain(real.string(), SqlSettings::kNeverInHosts, "/server");
    return real.string();
}

/// An empty file is a database without tables.
bool isOfOtherForm(const std::filesystem::path& file) {
    constexpr std::string_view kBegin("SQLite format 3\0", 16);
    std::string begin(kBegin.size(), '\0');
    std::ifstream stream(file, std::ios::binary);
    stream.read(begin.data(), static_cast<std::streamsize>(begin.size()));
    return stream.gcount() != 0 && begin != kBegin;  // one that cannot be read is the driver's to tell
}

/// SQLite finds its journal by the file's name: under a second name it would not see one that must be rolled back.
std::string fileWords(const SqlSettings& settings, const ConnectorSurroundings& surroundings) {
    std::error_code error;
    const std::filesystem::path real = std::filesystem::canonical(settings.file, error);
    const std::filesystem::path asked = error ? std::filesystem::path(settings.file) : real;
    if (surroundings.allow_folder) surroundings.allow_folder(asked.parent_path().string());
    if (error || !std::filesystem::is_regular_file(real, error))
        throw configFault("database_not_found", settings.file, "there is no such file", "check `file`");
    mustBePlain(real.string(), ";{}", "/file");
    if (std::filesystem::hard_link_count(real, error) != 1 || error)
        throw configFault("bad_setting", "/file", "the file has a second name (hard link)",
                          "let the department write into the file that we read");
    if (settings.flag && real != std::filesystem::path(settings.file).lexically_normal())
        throw configFault("bad_setting", "/file", "`flag` writes, and the file is reached through a link",
                          "give its real path: " + real.string());
    if (isOfOtherForm(real))
        throw configFault("database_not_found", settings.file, "it is no database of SQLite",
                          "check `file`; one that is encrypted is not read");
    return "Database=" + real.string() + ";NoCreat=1;StepAPI=1;Timeout=5000;";
}

bool isLoopback(const std::string& address) {
    return address.starts_with("127.") || address == "::1";
}

/// Of `options`, in lower case; empty: nothing is said.
std::string givenMode(const SqlSettings& settings) {
    for (const auto& [name, value] : settings.options)
        if (lowerCase(name) == "sslmode") return lowerCase(value);
    return {};
}

/// What somebody on the line to a server at `address` could do.
std::string exposureOf(const SqlSettings& settings, const std::string& address) {
    if (isLoopback(address)) return {};
    if (settings.family != SqlDriver::Postgres)
        return "TLS is this driver's affair and not known here: see its manual and `options`";
    const std::string mode = givenMode(settings);
    if (mode.empty() || mode == "verify-full") return {};
    if (mode == "verify-ca") return "SSLmode verify-ca: any server that this authority certified may pretend to be it";
    if (mode == "require") return "SSLmode require: encrypted, but anybody may pretend to be the server and read on";
    return "SSLmode " + mode + ": password and rows may go over the line unencrypted";
}

/// libpq's own default asks for TLS and takes whatever comes: to another machine only what is verified is good.
std::string tlsWords(const SqlSettings& settings, const std::string& address) {
    return isLoopback(address) || !givenMode(settings).empty() ? "" : word("SSLmode", "verify-full");
}

/// libpq's words that the driver has none for.
std::string libpqWords(const SqlSettings& settings, const std::string& address,
                       const ConnectorSurroundings& surroundings) {
    std::string words = "hostaddr=" + address;
    if (settings.authorities_file.empty()) return words;
    std::error_code error;
    const std::filesystem::path real = std::filesystem::canonical(settings.authorities_file, error);
    if (surroundings.allow_folder)
        surroundings.allow_folder(
            (error ? std::filesystem::path(settings.authorities_file) : real).parent_path().string());
    if (error || !std::filesystem::is_regular_file(real, error))
        throw configFault("bad_setting", "/authorities_file", "there is no such file", "check the path");
    mustBePlain(real.string(), " ,;{}='\"\\", "/authorities_file");
    return words + " sslrootcert=" + real.string();
}

/// The driver dials by itself: it gets the address that was asked for, so that the name cannot lead elsewhere
/// meanwhile.
std::string serverWords(const SqlSettings& settings, const ConnectorSurroundings& surroundings, std::string& exposed,
                        DriverLine::Peer& peer) {
    std::string words = word("Port", std::to_string(settings.port)) + word("Database", settings.database);
    if (settings.server.starts_with("/")) {
        const std::string folder = folderOf(settings, surroundings);
        peer = {fmt::format("{}/.s.PGSQL.{}", folder, settings.port), 0};
        return words + word("Server", folder);
    }
    const std::string address = lookUpAllowed(settings.server, settings.port, surroundings).front();
    exposed = exposureOf(settings, address);
    peer = {address, settings.port};
    if (settings.family == SqlDriver::Postgres)  // the name stays for the certificate
        return words + word("Server", settings.server) + tlsWords(settings, address) +
               word("pqopt", libpqWords(settings, address, surroundings));
    return words + word("Server", address);
}

}  // namespace

OdbcConnection::Way SqlSettings::way(const ConnectorSurroundings& surroundings) const {
    const std::vector<std::string> drivers = OdbcConnection::drivers();
    if (std::find(drivers.begin(), drivers.end(), driver) == drivers.end()) {
        throw configFault(
            "driver_missing", driver, fmt::format("installed are: {}", fmt::join(drivers, ", ")),
            "install its package, or give the name of another that `odbcinst -q -d` lists, such as SQLite3");
    }
    OdbcConnection::Way way;
    way.where = where();
    way.family = family;
    way.text = "DRIVER={" + driver + "};";
    way.text += family == SqlDriver::Sqlite ? fileWords(*this, surroundings)
                                            : serverWords(*this, surroundings, way.exposed, way.peer);
    if (!user.empty()) way.text += word("UID", user) + word("PWD", password);
    if (family == SqlDriver::Postgres) {
        way.text += "BoolsAsChar=0;UseDeclareFetch=1;Fetch=25;";  // not the whole result at once
        if (!text_encoding.empty()) way.text += "ConnSettings={SET client_encoding TO SQL_ASCII};";
    }
    way.text += wordsAgainstFiles(family);
    for (const auto& [name, value] : options) way.text += word(name, value);
    if (way.text.size() > kMostBytes)
        throw configFault("bad_setting", "/options", "the settings are too long for one connection string",
                          "give each option once; shorten them");
    way.login_time = login_time;
    way.query_time = query_time;
    way.texts = text_encoding.empty() ? SqlTexts::Unicode : SqlTexts::Raw;
    way.cell_bytes = cell_bytes;
    way.read_only = !flag.has_value();
    return way;
}

}  // namespace caseway
