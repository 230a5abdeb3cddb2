// tests/unit/settings/settings_test.cpp - settings against a schema: each mistake with its place, all of them at once;
// defaults, secrets, the sample and the table.
#include <boost/test/unit_test.hpp>

#include "gateway/formats/register/connector_document.hpp"
#include "gateway/formats/settings/check_settings.hpp"
#include "gateway/formats/settings/secret_signs.hpp"
#include "gateway/formats/settings/settings_text.hpp"

using namespace caseway;

namespace {

constexpr const char* kSchema = R"({
 "type":"object","required":["host","port","login"],
 "definitions":{"share":{"type":"number","minimum":0,"exclusiveMinimum":true,"maximum":1}},
 "properties":{
  "host":{"type":"string","title":"Host","minLength":3,"maxLength":20,"pattern":"^[a-z.]+$","examples":["sftp.example"]},
  "port":{"type":"integer","minimum":1,"maximum":65535,"default":22,"title":"Port"},
  "login":{"type":"object","required":["user","password"],"properties":{
    "user":{"type":"string","examples":["caseway"]},
    "password":{"type":"string","format":"secret","title":"Password"}}},
  "mode":{"type":"string","enum":["flag","watermark"],"default":"flag","description":"How new rows are known | told"},
  "share":{"$ref":"#/definitions/share"},
  "strict":{"type":"boolean","default":true},
  "columns":{"type":"array","minItems":1,"maxItems":3,"uniqueItems":true,"items":{"type":"string"}},
  "headers":{"type":"object","additionalProperties":{"type":"string"}},
  "free":{"type":"object","additionalProperties":true},
  "retry":{"oneOf":[{"type":"object","required":["times"],"properties":{"times":{"type":"integer"}}},
                    {"type":"string","enum":["never"]}]}}})";

constexpr const char* kLogin = "login: {user: u, password: {secret: \"store:pw\"}}\n";

SettingNode schema() {
    auto node = readSettingsSchema(kSchema);
    BOOST_REQUIRE(node.ok());
    return std::move(*node);
}

YamlNode yaml(const std::string& text) {
    std::vector<YamlMistake> mistakes;
    YamlFile file = readYaml(text, mistakes);
    BOOST_REQUIRE(mistakes.empty());
    return std::move(file.root);
}

/// "code where" of each mistake.
std::vector<std::string> mistakesOf(const std::string& text) {
    std::vector<std::string> told;
    for (const Refusal& mistake : checkSettings(schema(), yaml(text), "f.yaml", 1)) {
        BOOST_TEST(!mistake.hint.empty(), mistake.where);
        told.push_back(mistake.code + " " + mistake.where);
    }
    return told;
}

struct SettingCase {
    const char* text;  ///< after host, port and login
    std::vector<std::string> mistakes;
};

const SettingCase kCases[] = {
    {"", {}},
    {"prot: 22\n", {"setting_unknown f.yaml:4 /settings/prot"}},
    {"mode: flg\n", {"setting_not_good f.yaml:4 /settings/mode"}},
    {"share: 0\n", {"setting_not_good f.yaml:4 /settings/share"}},
    {"share: 1.5\n", {"setting_not_good f.yaml:4 /settings/share"}},
    {"share: 0.5\n", {}},
    {"share: .5\n", {"setting_not_good f.yaml:4 /settings/share"}},
    {"strict: yes\n", {"setting_not_good f.yaml:4 /settings/strict"}},
    {"columns: []\n", {"setting_not_good f.yaml:4 /settings/columns"}},
    {"columns: [a, b, a, c]\n",
     {"setting_not_good f.yaml:4 /settings/columns", "setting_not_good f.yaml:4 /settings/columns"}},
    {"columns:\n  - a\n  - {b: c}\n", {"setting_not_good f.yaml:6 /settings/columns/1"}},
    {"headers: {a~/b: [x]}\n", {"setting_not_good f.yaml:4 /settings/headers/a~0~1b"}},
    {"headers: {X-Api-Key: SeCrEt0001}\n", {"secret_literal f.yaml:4 /settings/headers/X-Api-Key"}},
    {"headers:\n  a: b\n  Authorization: \"Basic dTpw\"\n",
     {"secret_literal f.yaml:6 /settings/headers/Authorization"}},
    {"headers: {Pwd: {secret: \"store:pw\"}}\n", {"secret_literal f.yaml:4 /settings/headers/Pwd"}},
    {"headers: {a: Bearer abcdefgh}\n", {"secret_literal f.yaml:4 /settings/headers/a"}},
    {"headers: {a: \"https://h/?page=1&access_token=x\"}\n", {"secret_literal f.yaml:4 /settings/headers/a"}},
    {"free: {a: 1, b: [x, {c: d}]}\n", {}},
    {"free: {password: 123456}\n", {"secret_literal f.yaml:4 /settings/free/password"}},
    {"free: {a: [{b: {token: x}}]}\n", {"secret_literal f.yaml:4 /settings/free/a/0/b/token"}},
    {"free:\n  a: [\"https://u:p@h/\"]\n", {"secret_literal f.yaml:5 /settings/free/a/0"}},
    {"retry: never\n", {}},
    {"retry: {times: 3}\n", {}},
    {"retry: {times: x}\n", {"setting_not_good f.yaml:4 /settings/retry/times"}},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(SettingsOfConnectors)

BOOST_AUTO_TEST_CASE(are_held_against_the_schema) {
    const std::string good = std::string("host: sftp.example\nport: 22\n") + kLogin;
    for (const SettingCase& one : kCases) BOOST_TEST((mistakesOf(good + one.text) == one.mistakes), one.text);
}

BOOST_AUTO_TEST_CASE(tell_all_mistakes_at_once_and_no_secret) {
    const std::string text =
        "host: \"13800138000x\"\nport: \"22\"\nlogin: {usr: u, password: hunter2hunter2}\nmode: watrmark\nshare: x\n";
    const auto mistakes = checkSettings(schema(), yaml(text), "f.yaml", 1);
    BOOST_TEST(mistakes.size() == 7U);
    for (const Refusal& mistake : mistakes) {
        const std::string all = mistake.where + mistake.value + mistake.rule + mistake.hint;
        BOOST_TEST(all.find("hunter2") == std::string::npos);
        BOOST_TEST(all.find("13800138000") == std::string::npos);
    }
    const auto hint = [&](std::size_t at) { return mistakes.at(at).hint; };
    BOOST_TEST(hint(1) == "write it without quotes");
    BOOST_TEST(mistakes.at(2).code == "setting_unknown");
    BOOST_TEST(hint(2) == "did you mean 'user'?");
    BOOST_TEST(mistakes.at(3).code == "secret_literal");
    BOOST_TEST(mistakes.at(4).code == "setting_missing");
    BOOST_TEST(hint(5) == "did you mean 'watermark'?");
}

BOOST_AUTO_TEST_CASE(that_are_not_there_are_told_by_their_names) {
    BOOST_TEST((mistakesOf("login:\n") == std::vector<std::string>{"setting_missing f.yaml:1 /settings/login/user",
                                                                   "setting_missing f.yaml:1 /settings/login/password",
                                                                   "setting_missing f.yaml:1 /settings/host"}));
    BOOST_TEST((mistakesOf("login: x\nhost: sftp.example\n") ==
                std::vector<std::string>{"setting_not_good f.yaml:1 /settings/login"}));
}

BOOST_AUTO_TEST_CASE(bear_no_secret_in_the_midst_of_a_text) {
    for (const char* text :
         {"https://u:p@host/x",
          "https://u@host",
          "https://u:p/w@host/",
          "sftp://u:p@host",
          "u:p@proxy.example:3128",
          "Driver=x;Pwd=hunter2;",
          "Password = hunter2",
          "x?token=abc",
          "https://h/?access_token=abc",
          "https://h/a?b=c&X-Api-Key=d",
          "https://h/?access%5Ftoken=abc",
          "https://h/?a[password]=x",
          "https://h/#sig=x",
          "https://h/?口令=x",
          "Bearer abcdefgh",
          "<q><password>hunter2</password></q>",
          "<q 密码='x'/>",
          "<w:Password Type=\"a#b\">\n x</w:Password>",
          "<a:b c:appSecret = \"x\">{{d}}</a:b>",
          "-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n-----BEGIN EC PRIVATE KEY-----\nMA==\n"})
        BOOST_TEST(bearsSecret(text), text);
    for (const char* text : {"https://host/x@y:1",
                             "https://host:8443/x@y",
                             "https://[::1]:8443/x@y",
                             "/srv/a:b@c",
                             "Driver=x;Pwd={};",
                             "SELECT a FROM t WHERE token = ? AND password = 1",
                             "Uid=caseway",
                             "-----BEGIN CERTIFICATE-----\nMA==\n",
                             "<q><password>{{password}}</password><password/><token> </token></q>",
                             "<a xmlns:key=\"urn:x\" token=\"{{token}}\"/>",
                             "tokens",
                             "sftp://u@host",
                             "https://h/?keyword=x",
                             "https://h/?token=",
                             "$[?@.key=='a']",
                             "$[?(@.key=='a' && @.b==1)]",
                             "2026-01-01T00:00:00",
                             "<a><b>{{token}}</b></a>",
                             "https://h/?token={{token}}",
                             "bearer",
                             "mailto:desk@county.example",
                             "urn:x@host"})
        BOOST_TEST(!bearsSecret(text), text);
    const std::string text = std::string("host: sftp.example\n") + kLogin + "headers: {a: \"http://u:p@h/\"}\n";
    BOOST_TEST((mistakesOf(text) == std::vector<std::string>{"secret_literal f.yaml:3 /settings/headers/a"}));
}

BOOST_AUTO_TEST_CASE(name_secrets_by_their_names) {
    for (const char* name :
         {"Authorization", "proxy-authorization", "Cookie", "X-Api-Key", "apikey", "APP_KEY", "X-Access-Token",
          "client_secret", "pass-word", "Password", "passwd_md5", "keyword_key", "Pwd", "pass", "口令", "db.password"})
        BOOST_TEST(namesSecret(name), name);
    for (const char* name :
         {"X-Dept", "Accept-Language", "X-Keywords", "author", "passport", "spin", "page", "SSLmode"})
        BOOST_TEST(!namesSecret(name), name);
}

BOOST_AUTO_TEST_CASE(say_how_a_secret_is_given) {
    const std::string good = std::string("host: sftp.example\nport: 22\n") + kLogin;
    const auto hint = checkSettings(schema(), yaml(good + "headers: {token: hunter2}\n"), "f.yaml", 1).at(0).hint;
    BOOST_TEST(hint.find("caseway secret set DEPARTMENT/NAME") != std::string::npos, hint);
    BOOST_TEST(hint.find("login.password") != std::string::npos, hint);
    BOOST_TEST(hint.find("hunter2") == std::string::npos, hint);
}

BOOST_AUTO_TEST_CASE(reach_the_connector_with_defaults_and_secrets) {
    const YamlNode given = yaml(std::string("host: sftp.example\ncolumns: [\"01\", on]\nretry: {times: 3}\n") + kLogin);
    BOOST_TEST(checkSettings(schema(), given, "f.yaml", 1).empty());
    const auto json = settingsJson(schema(), given, [](const SecretReference& reference) -> Result<std::string> {
        return "the \"secret\" of " + reference.text();
    });
    BOOST_REQUIRE(json.ok());
    BOOST_TEST(
        *json ==
        R"({"host":"sftp.example","columns":["01","on"],"retry":{"times":3},)"
        R"("login":{"user":"u","password":"the \"secret\" of store:pw"},"port":22,"mode":"flag","strict":true})");
    const auto none = settingsJson(schema(), given, [](const SecretReference&) -> Result<std::string> {
        return Refusal{"secret_unknown", "secret", "pw", "", "", {}};
    });
    BOOST_TEST(none.error().code == "secret_unknown");
}

BOOST_AUTO_TEST_CASE(take_secrets_by_name_alone) {
    for (const char* good : {"store:pw", "file:sftp.key", "env:CASEWAY_SECRET_A"})
        BOOST_TEST(SecretReference::parse(good)->text() == good);
    for (const char* bad :
         {"pw", "store:", "store:../x", "file:/etc/passwd", "file:a/b", "env:A B", "store:.x", "vault:x", "STORE:x"})
        BOOST_TEST(!SecretReference::parse(bad), bad);
    for (const char* bad :
         {"password: {secret: pw}", "password: {secret: \"store:a\", more: x}", "password: [x]", "password:"}) {
        BOOST_TEST(mistakesOf("host: sftp.example\nlogin:\n  user: u\n  " + std::string(bad) + "\n").size() == 1U, bad);
    }
}

BOOST_AUTO_TEST_CASE(have_a_sample_that_fits_and_a_table) {
    const std::string sample = settingsSample(schema(), 0);
    BOOST_TEST(checkSettings(schema(), yaml(sample), "f.yaml", 1).empty(), sample);
    BOOST_TEST(sample.find("host: \"sftp.example\"\n") != std::string::npos);
    BOOST_TEST(sample.find("# mode: \"flag\"\n") != std::string::npos);
    BOOST_TEST(sample.find("password: {secret: \"store:NAME\"}") != std::string::npos);
    const std::string table = settingsTable(schema());
    BOOST_TEST(table.find("| `login.password` | secret, by name | needed | Password |") != std::string::npos);
    BOOST_TEST(table.find("How new rows are known \\| told |") != std::string::npos);
    const std::string document = connectorSample("sftp", "SFTP", true, settingsSample(schema(), 2));
    BOOST_TEST(readConnectorDocument("sample.yaml", document).ok(), document);
}

BOOST_AUTO_TEST_CASE(of_a_schema_that_is_not_understood_are_nobodys_guess) {
    for (
        const char* bad :
        {"", "[]", R"({"type":"string"})", R"({"type":"object","properties":{"a":{"type":"text"}}})",
         R"({"type":"object","properties":{"a":{"if":{}}}})",
         R"({"type":"object","properties":{"a":{"$ref":"http://x"}}})",
         R"({"type":"object","properties":{"a":{"pattern":"("}}})",
         R"({"type":"object","properties":{"a":{"minLength":-1}}})",
         R"({"type":"object","definitions":{"a":{"$ref":"#/definitions/a"}},"properties":{"a":{"$ref":"#/definitions/a"}}})"})
        BOOST_TEST(readSettingsSchema(bad).error().code == "settings_schema_bad", bad);
}

BOOST_AUTO_TEST_SUITE_END()
