// docs/formats/exchange.thrift - the exchange for systems that speak Thrift: the same messages, answers and rights as over HTTPS.
//
// Wire: TBinaryProtocol (strict) in TFramedTransport over TLS, at the address of `listen.thrift`. The client shows a certificate that is
// registered for its system. What each call means, limits and examples: docs/formats/thrift.md.
namespace cpp caseway.exchange
namespace py caseway_exchange
namespace java caseway.exchange
namespace js caseway.exchange

/** One field of the HTTP binding, such as `Signature`, `Content-Digest`, `Caseway-Message-Id`. */
struct Field {
  1: required string name
  2: required string value
}

/** What POST /v1/messages answers with 200 or 202. */
struct Taken {
  1: required i32 status   // 200: taken; 202: received, being applied: get_message() tells the outcome
  2: required string json  // docs/formats/answers.md, "200 and 202"; holds the receipt: keep it as it came
}

/** Everything else: a refusal, or "not now". */
exception Problem {
  1: required i32 status  // as over HTTPS: 400, 401, 403, 404, 409, 413, 415, 422, 429, 500, 503
  2: required string code  // stable, docs/errors.md; decide by it
  3: required string json  // docs/formats/answers.md, "Problems"; with the receipt where the refusal stands in the log
  4: optional string hint  // the next step, for people
  5: optional i32 retry_after_seconds  // send the very same again then
}

service Exchange {
  /**
   * One signed message, in any of the three bindings. `content_type` and `message`: what would be Content-Type and body of POST /v1/messages.
   * `fields`: only in the HTTP binding: its other fields, signed for "@method" POST and "@path" /v1/messages.
   * No answer: send the very same again; it is taken once.
   */
  Taken submit(1: string content_type, 2: binary message, 3: list<Field> fields) throws (1: Problem problem)
  /** The outcome of a message as it stands now: JSON of GET /v1/messages/{id}. */
  string get_message(1: string message_id) throws (1: Problem problem)
  /** One case, with who said what: JSON of GET /v1/cases/{no}. (`case` is a reserved word.) */
  string get_case(1: string case_no) throws (1: Problem problem)
  /** The numbered feed: JSON of GET /v1/changes. `after`: the last number that you have, 0 from the beginning; `limit`: 1 to 1000. */
  string changes(1: i64 after, 2: i32 limit) throws (1: Problem problem)
}
