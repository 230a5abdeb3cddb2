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

/// Each with its line, key and value, and what to do: "where 'value'".
struct PlaceCase {
    const char* text;
    std::vector<std::string> places;
};
const PlaceCase kPlaces[] = {
    {"type: foldr\nmapping: a.b\n", {"draft.yaml:1 'foldr'"}},
    {"mapping: a.b\n\ndirection: pul\ntype: folder\nsettings: {folder: /a}\n", {"draft.yaml:3 '*** (3)'"}},
    {"type: folder\nmapping: a.b\nsettings: {folder: /a}\nlimits: 5\n", {"draft.yaml:4"}},
    {"type: folder\nmapping: a.b\nsettings: {folder: /a}\nlimits:\n  # attempts: 6\n", {}},
    {"type: folder\nmapping: a.b\nsettings: {folder: /a}\nlimits:\n  page_records: 0\n", {"draft.yaml:5 '*** (1)'"}},
    {"type: folder\nmapping: a.b\nsettings: {folder: /a}\nschedule:\n  jitter: 10m\n  zone: Asia/Shangai\n  days: x\n"
     "  missed: never\n  cron: 61 1 * * *\n",
     {"draft.yaml:7 /schedule/days 'x'", "draft.yaml:8 /schedule/missed 'never'",
      "draft.yaml:9 /schedule/cron field 1 (minute), column 1 '61'", "draft.yaml:6 /schedule/zone 'Asia/Shangai'"}},
    {"type: folder\nmapping: a.b\nsettings: {folder: /a}\nschedule:\n  cron: 1 1 * *\n  jitter: 10\n",
     {"draft.yaml:6 /schedule/jitter '10'", "draft.yaml:5 /schedule/cron field 5 (day of week) '1 1 * *'"}},
    {"type: folder\nmapping: a.b\nsettings: {folder: /a}\nschedule:\n  cron: 1 1 * * *\n  windows:\n  - 00:00-02:00\n"
     "  - 25:00-02:00\n  blackout: [2026-10-01,\n    2026-13-01]\n  calendar: |\n    holiday 2026-10-01\n    # x\n"
     "    holidy 2026-10-02\n",
     {"draft.yaml:8 /schedule/windows/1 '25:00-02:00'", "draft.yaml:10 /schedule/blackout/1 '2026-13-01'",
      "draft.yaml:14 /schedule/calendar, line 3 'holidy'"}},
    {"type: folder\nmapping: a.b\nsettings: {folder: /a}\nschedule:\n  cron: 1 9 * * *\n  windows: [\"00:00-02:00\"]\n",
     {"draft.yaml:6 /schedule/windows '1 9 * * *'"}},
};

/// Signs that look like those of YAML: the words are those of mappings. Nothing that stands behind one is shown.
const char* const kWideColons[] = {
    "type：folder\ndirection: pull\nmapping: a.b\n",
    "type: folder\nmapping: a.b\nsettings:\n  folder：hunter2\n",
    "type: folder\nmapping: a.b\nsettings:\n  folder: /a\n  archive：hunter2\n",
    "type: folder\nmapping: a.b\nsettings:\n  folder: /a\nschedule:\n  cron：hunter2\n",
    "type: folder\nmapping: a.b\nsettings:\n  folder: /a\nschedule：\n  cron: 1 1 * * *\n",
    "type: folder\nmapping: a.b\nsettings:\n  folder: /a\nlimits: {page_records：hunter2}\n",
    "type：hunter2\n",
    "type: http\nmapping: a.b\nsettings:\n  url: https://h/\n  records: $[*]\n  parameters: {code：hunter2}\n",
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

BOOST_AUTO_TEST_CASE(tells_the_line_of_each_mistake_with_its_key_and_value) {
    Settings settings;
    const ConnectorTypes types = installedConnectorTypes(settings);
    for (const PlaceCase& one : kPlaces) {
        std::vector<std::string> places;
        for (const Refusal& mistake : judgeConnectorFile(types, "draft.yaml", one.text, "housing/permits/nightly")) {
            places.push_back(mistake.where + (mistake.value.empty() ? "" : " '" + mistake.value + "'"));
            BOOST_TEST(!mistake.hint.empty(), mistake.where);
        }
        BOOST_TEST(places == one.places, boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(tells_what_else_is_wrong_where_colons_are_full_width) {
    Settings settings;
    const ConnectorTypes types = installedConnectorTypes(settings);
    std::vector<std::string> places;
    for (const Refusal& mistake : judgeConnectorFile(types, "draft.yaml",
                                                     "type: folder\nmapping： x\nsettings:\n  folder：/srv/a\n"
                                                     "  archiv: /srv/b\nschedul: {}\n",
                                                     "housing/permits/nightly"))
        places.push_back(mistake.where + " " + mistake.code);
    BOOST_TEST(places == (std::vector<std::string>{"draft.yaml:2 connector_not_good", "draft.yaml:4 connector_not_good",
                                                   "draft.yaml:6 connector_not_good",
                                                   "draft.yaml:5 /settings/archiv setting_unknown"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(tells_a_full_width_colon_as_mappings_do) {
    Settings settings;
    const ConnectorTypes types = installedConnectorTypes(settings);
    for (const char* const text : kWideColons) {
        const auto mistakes = judgeConnectorFile(types, "draft.yaml", text, "housing/permits/nightly");
        BOOST_TEST(!mistakes.empty(), text);
        bool is_told = false;
        for (const Refusal& one : mistakes) {
            is_told = is_told || one.hint.find("full-width (全角冒号 ：): type : and a space") != std::string::npos;
            for (const std::string& said : {one.where, one.value, one.rule, one.hint})
                BOOST_TEST(said.find("hunter2") == std::string::npos, said);
        }
        BOOST_TEST(is_told, text);
    }
}

BOOST_AUTO_TEST_SUITE_END()
