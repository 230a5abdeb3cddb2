// gateway/daemon/operating_log.cpp - JSON lines through Poco's logger.
#include "gateway/daemon/operating_log.hpp"

#include <Poco/AutoPtr.h>
#include <Poco/ConsoleChannel.h>
#include <Poco/Logger.h>

#include <iostream>

#include "gateway/base/time.hpp"
#include "gateway/formats/json/document.hpp"
#include "gateway/formats/text/said_text.hpp"
#include "gateway/ports/clock.hpp"

namespace caseway {
namespace {

constexpr std::size_t kLoggedBytes = 8192;  ///< of one member

void write(Poco::Message::Priority priority, std::string_view level, std::string_view event,
           std::initializer_list<LogMember> members) {
    Poco::Logger& logger = Poco::Logger::root();
    if (!logger.is(priority)) return;
    std::string line =
        R"({"time":")" + toRfc3339(SystemClock().now()) + R"(","level":")" + std::string(level) + R"(","event":)";
    appendJsonString(event, line);
    for (const auto& [name, value] : members) {
        if (value.empty()) continue;
        line += ',';
        appendJsonString(name, line);
        line += ':';
        appendJsonString(saidText(value, kLoggedBytes), line);  // some of it was said by others
    }
    logger.log(Poco::Message("caseway", line + "}", priority));
}

}  // namespace

void openOperatingLog(const std::string& level) {
    Poco::Logger& logger = Poco::Logger::root();
    logger.setChannel(Poco::AutoPtr<Poco::Channel>(new Poco::ConsoleChannel(std::cerr)));
    logger.setLevel(level);
}

bool logsInformation() {
    return Poco::Logger::root().information();
}
void logInformation(std::string_view event, std::initializer_list<LogMember> members) {
    write(Poco::Message::PRIO_INFORMATION, "information", event, members);
}
void logWarning(std::string_view event, std::initializer_list<LogMember> members) {
    write(Poco::Message::PRIO_WARNING, "warning", event, members);
}
void logError(std::string_view event, std::initializer_list<LogMember> members) {
    write(Poco::Message::PRIO_ERROR, "error", event, members);
}

}  // namespace caseway
