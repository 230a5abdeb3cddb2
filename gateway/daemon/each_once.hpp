// gateway/daemon/each_once.hpp - a file of properties in which no key stands twice.
#pragma once

#include <Poco/FileStream.h>
#include <Poco/Util/PropertyFileConfiguration.h>

#include <set>
#include <string>
#include <string_view>

namespace caseway {

/// Of a key that stands twice Poco keeps the last value: a list that is written a line each would lose all others.
class EachOnce final : public Poco::Util::PropertyFileConfiguration {
public:
    std::string twice;  ///< the first such key

    /// As `load`, but a byte order mark, as Windows editors write one, is no part of the first key. Throws as it does.
    void loadFile(const std::string& path) {
        Poco::FileInputStream file(path);
        char first[3] = {};
        file.read(first, sizeof first);
        const bool has_mark = std::string_view(first, static_cast<std::size_t>(file.gcount())) == "\xEF\xBB\xBF";
        file.clear();
        if (!has_mark) file.seekg(0);
        load(file);
    }

protected:
    void setRaw(const std::string& key, const std::string& value) override {
        if (!seen_.insert(key).second && twice.empty()) twice = key;
        PropertyFileConfiguration::setRaw(key, value);
    }

private:
    std::set<std::string> seen_;
};

}  // namespace caseway
