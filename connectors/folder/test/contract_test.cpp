// connectors/folder/test/contract_test.cpp - the promises of the port, with an archive and without.
#include "connectors/sdk/contract_test.hpp"

#include "connectors/folder/folder.hpp"
#include "connectors/sdk/settings_tree.hpp"
#include "connectors/sdk/test/exchange_department.hpp"
#include "connectors/sdk/test/sample_settings.hpp"

using namespace caseway;

namespace {

ContractSubject subjectOf(const FolderType& type, fixture::ExchangeDepartment& department) {
    return {.type = type,
            .settings = department.settings(),
            .bad_settings = {{"no folder at all", "{}"},
                             {"a folder that is not there", R"({"folder":"/no/such/folder"})"},
                             {"a path that goes up", R"({"folder":"/srv/../etc"})"},
                             {"a path that is not absolute", R"({"folder":"srv"})"},
                             {"a marker without its form", R"({"folder":"/tmp","marker":".ok"})"},
                             {"the archive in the folder itself", R"({"folder":"/tmp","archive":"/tmp/"})"},
                             {"an unknown order", R"({"folder":"/tmp","order":"size"})"}},
            .other_side = &department,
            .items = {{"2026-0001", "<a/>"}, {"案件/../1", "<b/>"}, {"..", "<c/>"}}};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(FolderContract)

BOOST_AUTO_TEST_CASE(the_sample_fits_the_schema_and_can_be_opened) {
    const FolderType type;
    const std::string settings = fixture::sampleSettings("folder");
    BOOST_CHECK_NO_THROW(SettingsTree::read(settings, type.spec().settings_schema));
    BOOST_CHECK_NO_THROW(type.open(settings, {}));
    BOOST_CHECK_THROW(SettingsTree::read(R"({"no_such_setting":1})", type.spec().settings_schema), ConnectorFault);
}

BOOST_AUTO_TEST_CASE(is_kept_with_an_archive) {
    fixture::ExchangeDepartment department;
    const FolderType type;
    checkContract(subjectOf(type, department), 23);
}

BOOST_AUTO_TEST_CASE(is_kept_where_files_stay) {
    fixture::ExchangeDepartment department(true);
    const FolderType type;
    checkContract(subjectOf(type, department), 23);
}

BOOST_AUTO_TEST_SUITE_END()
