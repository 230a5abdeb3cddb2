// connectors/sdk/exchange_folder/exchange_settings.cpp - schema and reader side by side: tests hold them together.
#include "connectors/sdk/exchange_folder/exchange_settings.hpp"

#include "connectors/sdk/exchange_folder/file_side.hpp"

namespace caseway {

const char* const kExchangeSchema = R"(
"folder": {"type": "string", "maxLength": 4096, "title": "Folder that is read",
  "description": "Absolute path without links. Not given: nothing is read.", "examples": ["/srv/exchange/housing/out"]},
"archive": {"type": "string", "maxLength": 4096, "title": "Archive folder",
  "description": "Files go here once they are durable in the gateway. Not given: they stay, at most 5,000.",
  "examples": ["/srv/exchange/housing/archive"]},
"error": {"type": "string", "maxLength": 4096, "title": "Error folder",
  "description": "Files that cannot be taken go here, each with a NAME.reason.txt. Not given: a fault names them.",
  "examples": ["/srv/exchange/housing/error"]},
"patterns": {"type": "array", "minItems": 1, "maxItems": 100, "items": {"type": "string", "minLength": 1, "maxLength": 255},
  "default": ["*.xml", "*.json"], "title": "Patterns of names",
  "description": "* and ? over bytes. Names that begin with a dot are never read."},
"marker": {"type": "string", "maxLength": 100, "title": "Ready-marker",
  "description": "A file is ready when this lies beside it: {name}.ok for x.xml.ok, {stem}.ok for x.ok. Not given: when it is old enough.",
  "examples": ["{name}.ok", "{stem}.done"]},
"min_age_seconds": {"type": "integer", "minimum": 0, "maximum": 86400, "default": 30, "title": "Least age",
  "description": "Without a marker: a file that was touched later is left alone, for it may still be growing."},
"order": {"type": "string", "enum": ["name", "time"], "default": "name", "title": "Order",
  "description": "In which order files are read: by the bytes of their names, or the oldest first."},
"max_file_bytes": {"type": "integer", "minimum": 1, "maximum": 1099511627776, "default": 1073741824, "title": "Largest file",
  "description": "A larger one is not taken."},
"media_type": {"type": "string", "maxLength": 100, "title": "Media type",
  "description": "Of all files. Not given: by their ending, .xml or .json."},
"out_folder": {"type": "string", "maxLength": 4096, "title": "Folder that is written",
  "description": "Absolute path without links. Not given: nothing is written.", "examples": ["/srv/exchange/housing/in"]},
"out_suffix": {"type": "string", "maxLength": 20, "default": ".xml", "title": "Ending of what is written",
  "description": "Behind the item's key."},
"out_marker": {"type": "string", "maxLength": 100, "title": "Marker of what is written",
  "description": "An empty file that is made last, named as marker is.", "examples": ["{name}.ok"]}
)";

namespace {

std::string folderOf(FlatSettings& settings, const std::string& name) {
    if (!settings.has(name)) return settings.text(name, "");
    std::string path = settings.text(name);
    if (!path.starts_with('/')) FlatSettings::bad(name, "is no absolute path", "begin it with /");
    if (path.size() > 4096) FlatSettings::bad(name, "is longer than 4,096 bytes", "shorten it");
    while (path.size() > 1 && path.ends_with('/')) path.pop_back();
    for (std::size_t at = 1; at <= path.size();) {
        const std::size_t end = std::min(path.find('/', at), path.size());
        const std::string part = path.substr(at, end - at);
        if (!isEntryName(part)) FlatSettings::bad(name, "has an empty part, or `.` or `..`", "write the plain path");
        at = end + 1;
    }
    return path;
}

std::string markerSetting(FlatSettings& settings, const std::string& name) {
    const std::string marker = settings.text(name, "");
    if (marker.empty()) return marker;
    const bool known = marker.starts_with("{name}") || marker.starts_with("{stem}");
    const std::string rest = known ? marker.substr(6) : "";
    if (!known || rest.size() > 50 || rest.find_first_of("/{}*?") != std::string::npos || (rest.empty()))
        FlatSettings::bad(name, "is not {name} or {stem} with an ending", "write {name}.ok or {stem}.ok");
    return marker;
}

}  // namespace

ConnectorSpec exchangeSpec(const std::string& type, const std::string& title, const std::string& members,
                           const std::string& required) {
    std::string schema = R"({"type":"object","additionalProperties":false,)";
    if (!required.empty()) schema += R"("required":)" + required + ",";
    return {.type = type,
            .version = "1.0.0",
            .title = title,
            .reads = true,
            .writes = true,
            .settings_schema = schema + R"("properties":{)" + members + kExchangeSchema + "}}"};
}

ExchangeSettings readExchangeSettings(FlatSettings& settings) {
    ExchangeSettings read;
    read.folder = folderOf(settings, "folder");
    read.archive = folderOf(settings, "archive");
    read.error = folderOf(settings, "error");
    read.out = folderOf(settings, "out_folder");
    if (read.folder.empty() && read.out.empty())
        FlatSettings::bad("folder", "and out_folder are both missing",
                          "give the folder to read, the one to write, or both");
    for (const auto& [name, path] :
         {std::pair{"archive", read.archive}, {"error", read.error}, {"out_folder", read.out}})
        if (!path.empty() && path == read.folder)
            FlatSettings::bad(name, "is the folder that is read", "give another one");
    read.patterns = settings.texts("patterns", {"*.xml", "*.json"});
    if (read.patterns.empty()) FlatSettings::bad("patterns", "is empty", "give at least one, such as *.xml");
    for (const std::string& pattern : read.patterns)
        if (pattern.size() > 255 || pattern.find('/') != std::string::npos || pattern.starts_with('.'))
            FlatSettings::bad("patterns", "has one that is too long, begins with a dot, or has a /",
                              "give patterns of names");
    read.marker = markerSetting(settings, "marker");
    read.least_age = std::chrono::seconds(settings.number("min_age_seconds", 30, 0, 86400));
    read.by_time = settings.choice("order", "name", {"name", "time"}) == "time";
    read.file_bytes_most = settings.number("max_file_bytes", 1ULL << 30, 1, 1ULL << 40);
    read.media_type = settings.text("media_type", "");
    if (!read.media_type.empty() && read.media_type.find('/') == std::string::npos)
        FlatSettings::bad("media_type", "is no media type", "write application/xml, or leave it out");
    read.out_suffix = settings.text("out_suffix", ".xml");
    if (read.out_suffix.size() > 20 || read.out_suffix.find('/') != std::string::npos)
        FlatSettings::bad("out_suffix", "is longer than 20 bytes, or has a /", "write .xml or .json");
    read.out_marker = markerSetting(settings, "out_marker");
    return read;
}

std::string markerOf(const std::string& name, const std::string& marker) {
    const std::size_t dot = name.rfind('.');
    const std::string stem = dot == std::string::npos || dot == 0 ? name : name.substr(0, dot);
    return (marker.starts_with("{stem}") ? stem : name) + marker.substr(6);
}

}  // namespace caseway
