// tests/e2e/thrift/thrift_client.cpp - a department's system in C++: Thrift's own TLS socket, framed transport and
// client. usage: thrift_client PORT CA CERT KEY CONTENT_TYPE < MESSAGE      prints the answer's JSON, then the first
// changes
#include <exchange_thrift/Exchange.h>
#include <thrift/protocol/TBinaryProtocol.h>
#include <thrift/transport/TBufferTransports.h>
#include <thrift/transport/TSSLSocket.h>

#include <iostream>
#include <iterator>

using namespace apache::thrift;

int main(int argc, char** argv) try {
    if (argc != 6) {
        std::cerr << "usage: thrift_client PORT CA CERT KEY CONTENT_TYPE < MESSAGE\n";
        return 2;
    }
    transport::TSSLSocketFactory factory;
    factory.loadTrustedCertificates(argv[2]);
    factory.loadCertificate(argv[3]);
    factory.loadPrivateKey(argv[4]);
    factory.authenticate(true);
    const auto frames =
        std::make_shared<transport::TFramedTransport>(factory.createSocket("127.0.0.1", std::stoi(argv[1])));
    caseway::exchange::ExchangeClient client(std::make_shared<protocol::TBinaryProtocol>(frames));
    frames->open();
    const std::string message((std::istreambuf_iterator<char>(std::cin)), std::istreambuf_iterator<char>());
    try {
        caseway::exchange::Taken taken;
        client.submit(taken, argv[5], message, {});
        std::cout << taken.json << "\n";
    } catch (const caseway::exchange::Problem& problem) {
        std::cerr << problem.status << " " << problem.code << ": " << problem.hint << "\n";
        return 1;
    }
    std::string changes;
    client.changes(changes, 0, 1000);
    std::cout << changes << "\n";
    return 0;
} catch (const TException& error) {
    std::cerr << error.what() << "\n";
    return 1;
}
