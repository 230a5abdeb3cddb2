// gateway/daemon/notices.cpp - see the header.
#include "gateway/daemon/notices.hpp"

#include "gateway/daemon/operating_log.hpp"

namespace caseway {

void logNotices(const Settings& settings) {
    for (const Refusal& notice : settings.notices)
        logWarning("configuration", {{"code", notice.code},
                                     {"where", notice.where},
                                     {"value", notice.value},
                                     {"rule", notice.rule},
                                     {"hint", notice.hint}});
}

}  // namespace caseway
