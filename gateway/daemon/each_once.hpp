// gateway/daemon/each_once.hpp - a file of properties in which no key stands twice.
#pragma once

#include <Poco/Util/PropertyFileConfiguration.h>

#include <set>
#include <string>

namespace caseway {

/// Of a key that stands twice Poco keeps the last value: a list that is written a line each would lose all others.
class EachOnce final : public Poco::Util::PropertyFileConfiguration {
public:
    std::string twice;  ///< the first such key

protected:
    void setRaw(const std::string& key, const std::string& value) override {
        if (!seen_.insert(key).second && twice.empty()) twice = key;
        PropertyFileConfiguration::setRaw(key, value);
    }

private:
    std::set<std::string> seen_;
};

}  // namespace caseway
