// connectors/folder/test/folder_fixture.hpp - an exchange folder of a department, and what the connector makes of it.
#pragma once

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <string>
#include <vector>

#include "connectors/folder/folder.hpp"
#include "connectors/sdk/test/exchange_department.hpp"

namespace caseway::fixture {

using Names = std::vector<std::string>;

struct Folder {
    fixture::ExchangeDepartment department;
    std::chrono::system_clock::time_point now = std::chrono::system_clock::now() + std::chrono::hours(1);
    FolderType type{[this] { return now; }};

    std::string out(const std::string& name) const { return department.folder / ("out/" + name); }
    std::unique_ptr<Connector> open(const std::string& more, ConnectorSurroundings surroundings = {}) const {
        return type.open(department.settings(more), surroundings);
    }
    /// Reads all there is; gives the end's cursor.
    static Cursor readAll(Connector& connector, fixture::TextSink& sink, Cursor from = {}) {
        PageEnd end;
        do end = connector.read(from, {}, sink), from = end.next;
        while (!end.last);
        return from;
    }
    /// What the end of a pass says that it did not give.
    static std::string withheldBy(Connector& connector) {
        fixture::TextSink sink;
        PageEnd end;
        for (Cursor from; !end.last; from = end.next) end = connector.read(from, {}, sink);
        return end.withheld;
    }
    static std::vector<std::string> namesRead(Connector& connector, const Cursor& from = {}) {
        fixture::TextSink sink;
        readAll(connector, sink, from);
        return sink.names();
    }
    static std::string codeOf(Connector& connector, const Cursor& from = {}) {
        try {
            fixture::TextSink sink;
            readAll(connector, sink, from);
        } catch (const ConnectorFault& fault) {
            BOOST_TEST_MESSAGE(fault.what());
            return fault.parts().code;
        }
        return "";
    }
};

}  // namespace caseway::fixture
