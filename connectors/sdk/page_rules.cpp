// connectors/sdk/page_rules.cpp - the settings of paging and of since.
#include <fmt/format.h>

#include "connectors/sdk/page_walk.hpp"

namespace caseway {

std::string PageRules::settingsMembers(bool with_link) {
    return R"("paging":{"type":"object","additionalProperties":false,"description":"how the set is cut into pages","properties":{
  "style":{"type":"string","enum":["none","page","offset","cursor")" +
           std::string(with_link ? R"(,"link")" : "") + R"(],"default":"none",
    "description":"none: one answer is all; page: numbers; offset: records before; cursor: a text that the answer before gave)" +
           std::string(with_link ? "; link: RFC 8288, rel=next" : "") + R"("},
  "first":{"type":"integer","minimum":0,"maximum":1,"default":1,"description":"number of the first page"},
  "size":{"type":"integer","minimum":0,"maximum":10000,"default":0,"description":"records asked for; 0: not asked"},
  "next":{"type":"string","description":"of cursor: where the next one stands","examples":["$.next"]},
  "most_pages":{"type":"integer","minimum":1,"maximum":10000000,"default":100000,"description":"more of them are a mistake"})" +
           std::string(with_link ? R"(,
  "parameter":{"type":"string","default":"page","description":"name of the parameter of page, offset or cursor"},
  "size_parameter":{"type":"string","default":"size","description":"name of the parameter of the size"})"
                                 : "") +
           R"(}},
"since":{"type":"object","additionalProperties":false,"description":"absent: each pass reads the whole set","properties":{
  "member":{"type":"string","minLength":1,"description":"the time of change in a record","examples":["$.update_time"]},
  "form":{"type":"string","default":"%Y-%m-%d %H:%M:%S","description":"of that time, as strftime writes it; or epoch_s, epoch_ms"},
  "offset":{"type":"string","default":"+08:00","description":"the zone of times that do not name one"},
  "overlap_seconds":{"type":"integer","minimum":0,"maximum":604800,"default":60,"description":"read again, for what was stored late"},
  "sorted":{"type":"boolean","default":false,"description":"the source gives records in the order of that time"},
  "first":{"type":"string","description":"sent when reading begins; absent: nothing is sent"})" +
           std::string(with_link ? R"(,
  "parameter":{"type":"string","default":"since","description":"name of the parameter"})"
                                 : "") +
           R"(},"required":["member"]})";
}

PageRules PageRules::read(const SettingsTree& settings) {
    const SettingsTree paging = settings.in("paging"), since = settings.in("since");
    PageRules rules;
    const std::string style = paging.text("style");
    rules.style = style == "page"     ? PageStyle::Page
                  : style == "offset" ? PageStyle::Offset
                  : style == "cursor" ? PageStyle::Token
                  : style == "link"   ? PageStyle::Link
                                      : PageStyle::None;
    rules.first = paging.number("first");
    rules.size = static_cast<std::uint64_t>(paging.number("size"));
    rules.most_pages = static_cast<std::uint64_t>(paging.number("most_pages"));
    rules.next = paging.text("next");
    if (rules.style == PageStyle::Token && rules.next.empty())
        paging.refuse("next", "it is missing for pages by cursor", "say where an answer has the next cursor");
    rules.is_counted = settings.has("total");
    if (!settings.has("since")) return rules;
    rules.has_since = true;
    rules.time = since.text("member");
    rules.form = TimeText::make(since.text("form"), since.text("offset"));
    if (!rules.form)
        since.refuse("form", "form and offset do not make a whole time", "for example %Y-%m-%d %H:%M:%S and +08:00");
    rules.overlap_ms = since.number("overlap_seconds") * 1000;
    rules.sorted = since.flag("sorted");
    rules.since_first = since.text("first");
    return rules;
}

}  // namespace caseway
