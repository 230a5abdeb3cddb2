// connectors/sdk/connector.thrift - the plug-in contract: what a connector that runs in a process of its own answers, and
// what it may ask. The meaning of each call is that of gateway/ports/connector.hpp.
//
// Wire: TBinaryProtocol (strict) in TFramedTransport. The gateway starts the plug-in with two connected Unix stream sockets:
//   descriptor 3  the plug-in serves ConnectorPlugin; one call at a time; end of file means: end now
//   descriptor 4  the plug-in may call Gateway on it while it answers a call, and only then
// A department's own server offers the same ConnectorPlugin on a port, over TLS (connectors/thrift): what holds for the process then
// holds for a connection, and there is no Gateway to ask.
// What a plug-in prints (1 and 2) goes to the gateway's operating log, a bounded tail of it: never print a payload or a secret.
namespace cpp caseway.plugin
namespace py caseway_protocol
namespace js caseway

/** Grows with every change that an older side would misunderstand; new optional fields do not change it. */
const i32 PROTOCOL = 1

/** Who has to act. */
enum FaultKind {
  CONFIG = 1,     // the department or the administrator: settings, credentials, rights
  TRANSIENT = 2,  // nobody: the other side or the network; the same call may succeed later
  SYSTEM = 3      // the connector's author
}

/** The one exception. Texts are UTF-8, at most 1,000 bytes each, and bear no secret and no personal data. */
exception Fault {
  1: required FaultKind kind
  2: required string code         // snake_case, at most 60 characters; shown as `plugin_` (of a server: `remote_`) + code where it does not begin so
  3: optional string where        // a JSON pointer into the settings, a file, a table, a host
  4: required string message      // what was found, what was expected
  5: optional string next_step
  6: optional i32 retry_after_seconds
}

struct Hello {
  1: required i32 protocol  // the highest that the plug-in speaks
  2: required string type     // as in manifest.yaml
  3: required string version  // as in manifest.yaml
}

struct CheckStep {
  1: required string name
  2: required bool good
  3: optional string detail
  4: optional string next_step
}

struct SourceObject {
  1: required string name
  2: optional string media_type
  3: optional i64 records
  4: optional list<string> fields
}

struct PageLimits {
  1: required i32 records
  2: required i64 bytes
}

/** A document, or a further piece of the last one of the part before: then `name` is not set. */
struct Payload {
  1: optional string name
  2: optional string media_type
  3: optional i64 records
  4: required binary bytes
}

struct PageEnd {
  1: required binary next_cursor  // at most 64 KiB
  2: required bool last
  3: required i64 records
  4: optional i64 source_total
  5: optional string withheld     // what the source has and does not give, in a line: a reconciliation marks nothing beside it
  // The source ended before what it had told: both numbers, in a line, on the last page alone. `next_cursor` is then where this pass began:
  // what came is taken, the run is not complete, and the next one reads the pass again. Gateways before 0.1.0 pass it over.
  6: optional string ended_early
}

/** A page in pieces, so that no answer is larger than 16,000,000 bytes: while `page_end` is not set, the gateway asks for more. */
struct PagePart {
  1: required list<Payload> payloads
  2: optional PageEnd page_end
}

struct OutgoingItem {
  1: required string key
  2: required binary bytes
}

enum WriteOutcome { WRITTEN = 1, SAME = 2, REFUSED = 3, RETRY = 4 }

struct WriteAnswer {
  1: required WriteOutcome outcome
  2: optional string reason
}

/**
 * Served by the plug-in. `deadline_ms`: from now; a call that is not answered by then ends the process.
 * The order is hello, open, then the others as often as the gateway likes.
 */
service ConnectorPlugin {
  Hello hello(1: i32 protocol)
  /** Once. `settings`: JSON that fits settings.schema.json, defaults filled in, secrets as their texts. Reaches nothing yet. */
  void open(1: string settings, 2: i64 deadline_ms) throws (1: Fault fault)
  list<CheckStep> check(1: i64 deadline_ms) throws (1: Fault fault)
  list<SourceObject> discover(1: i64 deadline_ms) throws (1: Fault fault)
  PagePart read(1: binary cursor, 2: PageLimits limits, 3: i64 deadline_ms) throws (1: Fault fault)
  /** The next part of the page that read() began. */
  PagePart more(1: i64 deadline_ms) throws (1: Fault fault)
  void acknowledge(1: binary durable, 2: i64 deadline_ms) throws (1: Fault fault)
  list<WriteAnswer> write(1: list<OutgoingItem> items, 2: i64 deadline_ms) throws (1: Fault fault)
}

/** Answered by the gateway, while one of the calls above runs. */
service Gateway {
  /** Ask before each connection, with the numeric address, also after a redirect: a refusal is passed on as it is. */
  void allow_destination(1: string host, 2: string address, 3: i32 port) throws (1: Fault fault)
  /** Ask before a folder of the settings is opened. */
  void allow_folder(1: string folder) throws (1: Fault fault)
  /** True: the run was cancelled or the gateway stops; end the call soon. Ask between pages of the other side. */
  bool stopping()
}
