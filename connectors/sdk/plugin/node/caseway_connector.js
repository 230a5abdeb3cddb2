// connectors/sdk/plugin/node/caseway_connector.js - makes a plug-in of a class in Node: the contract of connector.thrift, served on the
// two descriptors that the gateway gives. Copied into each plug-in, with the generated folder caseway_protocol beside it.
'use strict';
const dns = require('dns');
const fs = require('fs');
const net = require('net');
const path = require('path');
const thrift = require('thrift');
const Int64 = require('node-int64');
const ConnectorPlugin = require('./caseway_protocol/ConnectorPlugin');
const Gateway = require('./caseway_protocol/Gateway');
const types = require('./caseway_protocol/connector_types');

const CALLS = 3;
const QUESTIONS = 4;
const PART_BYTES = 8 * 1024 * 1024; // of payload in one answer
const PROTOCOL = 1;
const OUTCOMES = { written: 1, same: 2, refused: 3, retry: 4 };

// Throw what these make. Texts bear no secret and no personal data.
const fault = (kind) => (code, message, where = '', nextStep = '', retryAfter = undefined) =>
  new types.Fault({ kind, code, message, where, next_step: nextStep, retry_after_seconds: retryAfter });
const Fault = { config: fault(1), transient: fault(2), system: fault(3) };

// What a plug-in fills in; each may be async. See connectors/sdk/plugin/python/caseway_connector.py for the promises.
class Connector {
  constructor(settings, gateway) {
    this.settings = settings;
    this.gateway = gateway;
  }
  async check() { return []; } // [{name, good, detail, next_step}]
  async discover() { return []; } // [{name, media_type}]
  async read(cursor, records, size) { throw Fault.config('not_a_source', 'this connector does not read'); } // {payloads: [{name, media_type, data, records}], next, last, total?, withheld?, ended_early?}
  async acknowledge(cursor) {}
  async write(items) { throw Fault.config('not_a_sink', 'this connector does not write'); } // [{key, bytes}] -> [{outcome, reason}]
}

// Frames of one socket as calls of `onFrame(transport)`. Thrift's own receiver handles a frame byte by byte: too slow for large ones.
function onFrames(socket, onFrame) {
  let [pieces, size] = [[], 0];
  socket.on('data', (data) => {
    pieces.push(data);
    size += data.length;
    while (size >= 4) {
      if (pieces[0].length < 4) pieces = [Buffer.concat(pieces)];
      const whole = 4 + pieces[0].readUInt32BE(0);
      if (size < whole) return;
      const all = pieces.length === 1 ? pieces[0] : Buffer.concat(pieces);
      pieces = all.length > whole ? [all.subarray(whole)] : [];
      size -= whole;
      onFrame(new thrift.TFramedTransport(all.subarray(4, whole)));
    }
  });
}
const sending = (socket) => new thrift.TFramedTransport(undefined, (bytes) => socket.write(bytes));

// What a plug-in may ask while it answers a call.
class GatewaySide {
  constructor(socket) {
    this.deadline = Date.now();
    this.client = new Gateway.Client(sending(socket), thrift.TBinaryProtocol);
    onFrames(socket, (transport) => {
      const input = new thrift.TBinaryProtocol(transport);
      const { fname, mtype, rseqid } = input.readMessageBegin();
      this.client[`recv_${fname}`](input, mtype, rseqid);
    });
  }
  // Before each connection, with the numeric address. Throws the gateway's refusal: let it through.
  allowDestination(host, address, port) { return this.client.allow_destination(host, address, port); }
  allowFolder(folder) { return this.client.allow_folder(folder); }
  stopping() { return this.client.stopping(); }
  millisecondsLeft() { return Math.max(1, this.deadline - Date.now()); }
  // The address to connect to: the first of the host, once the gateway allowed all of them.
  async resolve(host, port) {
    const plain = host.replace(/^\[|\]$/g, '');
    let found = [{ address: plain, family: net.isIP(plain) }];
    if (!net.isIP(plain)) {
      found = await dns.promises.lookup(plain, { all: true }).catch(() => {
        throw Fault.transient('name_not_found', 'no address for the host', host, "check the name, and the machine's name servers");
      });
    }
    for (const { address } of found) await this.allowDestination(host, address, port);
    return found[0];
  }
}

function settingsObject(text) {
  let given = null;
  try { given = JSON.parse(text); } catch { /* told below */ }
  if (given === null || typeof given !== 'object' || Array.isArray(given)) throw Fault.config('bad_setting', 'the settings are no JSON object', '', 'a JSON object that fits settings.schema.json');
  return given;
}

// The generated service, on a Connector. Each takes as many arguments as the contract says: the generated code counts them.
class Service {
  constructor(make, spec, gateway) {
    Object.assign(this, { make, spec, gateway, connector: null, parts: [], end: null });
  }
  hello(protocol) { return new types.Hello({ protocol: PROTOCOL, type: this.spec.connector, version: this.spec.version }); }
  async open(settings, deadline) { this.connector = await this.run(deadline, () => this.make(settingsObject(settings), this.gateway)); }
  async check(deadline) { return (await this.run(deadline, () => this.connector.check())).map((one) => new types.CheckStep(one)); }
  async discover(deadline) { return (await this.run(deadline, () => this.connector.discover())).map((one) => new types.SourceObject(one)); }
  async read(cursor, limits, deadline) {
    const page = await this.run(deadline, () => this.connector.read(cursor, limits.records, Number(limits.bytes)));
    this.parts = page.payloads.flatMap((one) => this.pieces(one));
    const records = page.payloads.reduce((sum, one) => sum + (one.records || 0), 0);
    this.end = new types.PageEnd({ next_cursor: page.next, last: page.last, records: new Int64(records), withheld: page.withheld, ended_early: page.ended_early });
    if (page.total !== undefined) this.end.source_total = new Int64(page.total);
    return this.more(deadline);
  }
  more(deadline) {
    let [taken, size] = [0, 0];
    while (taken < this.parts.length && (taken === 0 || size + this.parts[taken].bytes.length <= PART_BYTES)) size += this.parts[taken++].bytes.length;
    const payloads = this.parts.splice(0, taken);
    return new types.PagePart(this.parts.length ? { payloads } : { payloads, page_end: this.end });
  }
  async acknowledge(cursor, deadline) { await this.run(deadline, () => this.connector.acknowledge(cursor)); }
  async write(items, deadline) {
    const answers = await this.run(deadline, () => this.connector.write(items.map((one) => ({ key: one.key, bytes: one.bytes }))));
    return answers.map((one) => new types.WriteAnswer({ outcome: OUTCOMES[one.outcome], reason: one.reason || '' }));
  }
  pieces({ name, media_type, data, records = 0 }) {
    const first = new types.Payload({ name, media_type, records: new Int64(records), bytes: data.subarray(0, PART_BYTES) });
    const pieces = [first];
    for (let at = PART_BYTES; at < data.length; at += PART_BYTES) pieces.push(new types.Payload({ bytes: data.subarray(at, at + PART_BYTES) }));
    return pieces;
  }
  async run(deadline, call) {
    this.gateway.deadline = Date.now() + Number(deadline);
    try {
      return await call();
    } catch (error) {
      if (error instanceof types.Fault) throw error;
      const place = /([^/\s(]+:\d+):\d+\)?$/m.exec(error && error.stack || ''); // only where it happened: its text may hold data
      throw Fault.system('unexpected_error', error && error.constructor ? error.constructor.name : 'error', place ? place[1] : '', 'tell its author');
    }
  }
}

// The plain keys of its manifest.yaml.
function manifest(folder) {
  const text = fs.readFileSync(path.join(folder, 'manifest.yaml'), 'utf8');
  return Object.fromEntries([...text.matchAll(/^(\w+):[ ]*([^\n#]*?)[ ]*(?:#.*)?$/gm)].map((one) => [one[1], one[2]]));
}

// Answers the gateway until it closes the socket. `Class`: a Connector.
function serve(Class) {
  let given = false;
  try { given = fs.fstatSync(CALLS).isSocket(); } catch { /* not given */ }
  if (!given) {
    console.error('this is a plug-in of Caseway: the gateway starts it; try `caseway connector verify DIR`');
    process.exit(1);
  }
  const socket = new net.Socket({ fd: CALLS });
  const questions = new net.Socket({ fd: QUESTIONS });
  socket.on('end', () => process.exit(0));
  socket.on('error', () => process.exit(0));
  questions.on('error', () => process.exit(0));
  const service = new Service((settings, gateway) => new Class(settings, gateway), manifest(path.dirname(require.main.filename)), new GatewaySide(questions));
  const processor = new ConnectorPlugin.Processor(service);
  onFrames(socket, (transport) => processor.process(new thrift.TBinaryProtocol(transport), new thrift.TBinaryProtocol(sending(socket))));
}

module.exports = { Connector, Fault, serve };
