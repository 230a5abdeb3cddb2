// connectors/sftp/test/contract_test.cpp - the promises of the port against a real OpenSSH server.
#include "connectors/sdk/contract_test.hpp"

#include "connectors/sdk/settings_tree.hpp"
#include "connectors/sdk/test/sample_settings.hpp"
#include "connectors/sftp/sftp.hpp"
#include "connectors/sftp/test/ssh_server.hpp"

using namespace caseway;

namespace {

void checkAgainst(const fixture::SshServer& server, bool keeps) {
    fixture::ExchangeDepartment department(keeps);
    const SftpType type;
    const std::string unknown_server = R"({"host":"127.0.0.1","port":)" + std::to_string(server.port()) +
                                       R"(,"user":"x","password":"x","folder":"/tmp"})";
    checkContract(
        {.type = type,
         .settings = server.settings(department),
         .bad_settings = {{"no host", R"({"user":"x","password":"x","folder":"/tmp"})"},
                          {"neither key nor password", R"({"host":"x","user":"x","folder":"/tmp"})"},
                          {"a host with a path", R"({"host":"x/y","user":"x","password":"x","folder":"/tmp"})"},
                          {"a host with a port", R"({"host":"x:22","user":"x","password":"x","folder":"/tmp"})"},
                          {"a server key of no form",
                           R"({"host":"x","user":"x","password":"x","folder":"/tmp","host_keys":["abc"]})"},
                          {"no server key", unknown_server}},
         .other_side = &department,
         .items = {{"2026-0001", "<a/>"}, {"案件/../1", std::string(100'000, 'b')}}},
        23);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(SftpContract)

BOOST_AUTO_TEST_CASE(the_sample_fits_the_schema_and_can_be_opened) {
    const SftpType type;
    const std::string settings = fixture::sampleSettings("sftp");
    BOOST_CHECK_NO_THROW(SettingsTree::read(settings, type.spec().settings_schema));
    BOOST_CHECK_NO_THROW(type.open(settings, {}));
    BOOST_CHECK_THROW(SettingsTree::read(R"({"no_such_setting":1})", type.spec().settings_schema), ConnectorFault);
}

BOOST_AUTO_TEST_CASE(is_kept_with_an_archive) {
    checkAgainst(fixture::SshServer::shared(), false);
}

BOOST_AUTO_TEST_CASE(is_kept_where_files_stay) {
    checkAgainst(fixture::SshServer::shared(), true);
}

BOOST_AUTO_TEST_CASE(is_kept_on_a_server_without_the_extensions_of_openssh) {
    checkAgainst(fixture::SshServer("-P posix-rename,fsync,hardlink"), false);
}

BOOST_AUTO_TEST_SUITE_END()
