// tests/unit/daemon/connector_judge_test.cpp - all mistakes of a connector's file at once: none hides another.
#include "gateway/daemon/connector_judge.hpp"

#include <boost/test/unit_test.hpp>

using namespace caseway;

namespace {

struct JudgeCase {
    const char* text;
    const char* codes;  ///< in the order of the file's parts
};
const JudgeCase kCases[] = {
    {"type: soap\nmapping: a.b\n", "setting_missing setting_missing"},  // no settings at all: by name
    {"type: soap\nmapping: a.b\nsettings: x\n", "setting_not_good"},
    {"type: soap\nmapping: a.b\nsettings: {url: \"https://h/\", request: <a/>, records: /a/b}\nschedule: {cron: \"30 1 "
     "* "
     "* *\", zone: "
     "Nowhere}\n",
     "zone_unknown"},
    {"type: soap\nmapping: a.b\nsettings: {url: \"https://h/\", request: <a/>, records: /a/b}\nschedule: {cron: x, "
     "zone: "
     "Nowhere}\n",
     "cron_invalid zone_unknown"},
    {"type: soap\nmapping: a.b\nsettings: {url: \"https://h/\", request: <a/>, records: /a/b}\nschedule: {zone: "
     "Nowhere, "
     "days: x}\n",
     "connector_not_good schedule_days_invalid zone_unknown"},
    {"type: soap\ndirection: pul\nmapping: a.b\nschedule: {zone: Nowhere}\n",
     "connector_not_good connector_not_good setting_missing setting_missing zone_unknown"},
    // What only the type can say, all of it; what follows from a setting that was refused is no mistake of its own.
    {"type: http\nmapping: a.b\nsettings: {url: \"ftp://h/\", records: \"$[*]\", auth: {kind: basic}, paging: {style: "
     "cursor},\n  since: {form: x, member: $.t}, proxy: {url: nowhere}}\n",
     "bad_setting bad_setting bad_setting bad_setting bad_setting bad_setting"},
    {"type: http\nmapping: a.b\nsettings: {records: \"$[*]\"}\n", "bad_setting"},
    {"type: http\nmapping: a.b\nsettings: {url: \"https://h/\", records: \"$[*]\", auth: {kind: bearer, token: "
     "{secret: "
     "\"store:x\"}}}\n",
     ""},
    // An item of a list is not taken out: those behind it would be told at its place.
    {"type: sftp\nmapping: a.b\nsettings: {host: h, user: u, password: {secret: \"store:x\"}, folder: /a, host_keys: "
     "[bad, \"SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\", bad2]}\n",
     "bad_setting"},
    // What the type says around a place that was told already follows from it.
    {"type: http\nmapping: a.b\nsettings: {url: \"https://h/\", records: \"$[*]\", success: {values: [\"0\"]}}\n",
     "setting_missing"},
    // What does not fit the schema hides nothing that the type has to say of the rest.
    {"type: folder\nmapping: a.b\nsettings: {folder: a, archve: /b, min_age_seconds: x}\n",
     "setting_unknown setting_not_good bad_setting"},
    {"type: folder\nmapping: a.b\nsettings: {folder: a, archive: b}\nschedule: {cron: x}\n",
     "bad_setting bad_setting cron_invalid"},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(ConnectorJudge)

BOOST_AUTO_TEST_CASE(tells_every_mistake_at_once) {
    Settings settings;
    const ConnectorTypes types = installedConnectorTypes(settings);
    for (const JudgeCase& one : kCases) {
        std::string codes;
        for (const Refusal& mistake : judgeConnectorFile(types, "draft.yaml", one.text, "housing/permits/nightly"))
            codes += (codes.empty() ? "" : " ") + mistake.code;
        BOOST_TEST(codes == one.codes, one.text);
    }
}

BOOST_AUTO_TEST_SUITE_END()
