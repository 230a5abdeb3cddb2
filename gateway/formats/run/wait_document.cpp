// gateway/formats/run/wait_document.cpp - members in sorted order.
#include "gateway/formats/run/wait_document.hpp"

#include "gateway/formats/run/object_members.hpp"

namespace caseway {

void appendRunWait(const RunWait& wait, std::string& out) {
    Members members(out);
    members.text("code", wait.trouble.code);
    members.text("kind", wait.trouble.kind);
    members.text("message", wait.trouble.message);
    members.text("next_step", wait.trouble.next_step);
    members.text("since", toRfc3339(wait.since));
    members.text("until", toRfc3339(wait.until));
    members.text("where", wait.trouble.where);
    members.close();
}

std::optional<RunWait> readRunWait(const JsonValue& wait) {
    Reading object(&wait);
    RunWait read;
    read.trouble = {object.text("kind"),    object.text("code"),      object.text("where"),
                    object.text("message"), object.text("next_step"), {}};
    read.since = object.instant("since");
    read.until = object.instant("until");
    return object.good() ? std::optional(std::move(read)) : std::nullopt;
}

}  // namespace caseway
