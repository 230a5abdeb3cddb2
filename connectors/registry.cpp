// connectors/registry.cpp - a line a connector.
#include "connectors/registry.hpp"

#include "connectors/folder/folder.hpp"
#include "connectors/http/http_type.hpp"
#include "connectors/sftp/sftp.hpp"
#include "connectors/soap/soap_type.hpp"
#include "connectors/sql/sql_type.hpp"
#include "connectors/thrift/thrift_type.hpp"

namespace caseway {

std::vector<std::unique_ptr<ConnectorType>> compiledInConnectors() {
    std::vector<std::unique_ptr<ConnectorType>> types;
    types.push_back(std::make_unique<FolderType>());
    types.push_back(makeHttpType());
    types.push_back(std::make_unique<SftpType>());
    types.push_back(makeSoapType());
    types.push_back(makeSqlType());
    types.push_back(makeThriftType());
    return types;
}

}  // namespace caseway
