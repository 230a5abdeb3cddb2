// connectors/json_lines_node/main.js - JSON lines over HTTP: GET url?after=VALUE&limit=N, one object a line, a page a request. The cursor
// is the value of `cursor_member` in the last line of the page. A page is one JSON array of its lines, byte by byte: that is what a mapping
// reads. Lines that are no JSON go beside it by themselves, so that they are kept and refused and hold none of the others.
'use strict';
const fs = require('fs');
const http = require('http');
const https = require('https');
const { Connector, Fault, serve } = require('./caseway_connector');

const ANSWER_BYTES_MAX = 64 * 1024 * 1024;
const BYTE_ORDER_MARK = '\xEF\xBB\xBF';
const utf8 = new TextDecoder('utf-8', { fatal: true });

// A line is held as one character a byte, so that what is not UTF-8 is passed on as it came.
const parsed = (line) => JSON.parse(utf8.decode(Buffer.from(line, 'latin1')));

function isJson(line) {
  try {
    parsed(line);
    return true;
  } catch {
    return false;
  }
}

class JsonLines extends Connector {
  constructor(settings, gateway) {
    super(settings, gateway);
    for (const name of ['url', 'cursor_member']) {
      if (typeof settings[name] !== 'string' || !settings[name]) throw Fault.config('bad_setting', `${name} is needed`, `/${name}`, 'see the README');
    }
    try {
      this.url = new URL(settings.url);
    } catch {
      throw Fault.config('bad_setting', 'not an address', '/url', 'such as https://permits.example/export');
    }
    if (!['http:', 'https:'].includes(this.url.protocol)) throw Fault.config('bad_setting', 'neither http nor https', '/url', 'such as https://permits.example/export');
  }

  async check() {
    const steps = [];
    const port = this.port();
    const { address } = await this.gateway.resolve(this.url.hostname, port);
    steps.push({ name: `resolve ${this.url.hostname}`, good: true, detail: address });
    const lines = await this.get('', 1);
    steps.push({ name: `GET ${this.url.pathname}`, good: true, detail: `${lines.length} lines` });
    return steps;
  }

  async discover() { return [{ name: this.url.pathname, media_type: 'application/json' }]; }

  async read(cursor, records) {
    const after = this.after(cursor);
    const lines = await this.get(after, records);
    if (lines.length === 0) return { payloads: [], next: cursor, last: true };
    const value = this.cursorOf(lines[lines.length - 1], lines.length);
    const payloads = [];
    const give = (name, type, some, data) => {
      if (some.length > 0) payloads.push({ name, media_type: type, data: Buffer.from(data, 'latin1'), records: some.length });
    };
    const good = [], broken = [];
    for (const line of lines) (isJson(line) ? good : broken).push(line);
    give(this.url.pathname, 'application/json', good, `[${good.join(',\n')}]`);
    give(`${this.url.pathname} (no JSON)`, 'application/x-ndjson', broken, broken.join('\n'));
    return { payloads, next: Buffer.from(JSON.stringify({ after: value })), last: lines.length < records };
  }

  after(cursor) {
    if (cursor.length === 0) return '';
    try {
      const { after } = JSON.parse(cursor.toString());
      if (typeof after === 'string') return after;
    } catch { /* told below */ }
    throw Fault.system('bad_cursor', 'the cursor is not one of this connector', '', 'start it from the beginning');
  }

  cursorOf(line, number) {
    let value;
    try {
      value = parsed(line)[this.settings.cursor_member];
    } catch {
      throw Fault.config('not_json_lines', `line ${number} is no JSON object`, this.url.pathname, 'ask the department for one JSON object a line');
    }
    if (!['string', 'number'].includes(typeof value) || String(value).length > 1000) {
      throw Fault.config('cursor_member_missing', `line ${number} has no text or number of this name`, '/cursor_member', 'correct the setting');
    }
    return String(value);
  }

  port() { return Number(this.url.port || (this.url.protocol === 'https:' ? 443 : 80)); }

  // Each line, blank ones left out.
  async get(after, limit) {
    const url = new URL(this.url);
    if (after !== '') url.searchParams.set(this.settings.after_parameter || 'after', after);
    url.searchParams.set(this.settings.limit_parameter || 'limit', String(limit));
    const bytes = await this.request(url, await this.gateway.resolve(url.hostname, this.port()));
    const text = bytes.toString('latin1');
    const lines = (text.startsWith(BYTE_ORDER_MARK) ? text.slice(BYTE_ORDER_MARK.length) : text).split('\n');
    return lines.filter((line) => line.trim() !== '');
  }

  // To the address that the gateway allowed, whatever the name means by then.
  request(url, found) {
    const { token, ca_file: authority } = this.settings;
    const options = {
      timeout: this.gateway.millisecondsLeft(),
      headers: { accept: 'application/x-ndjson', ...(token ? { authorization: `Bearer ${token}` } : {}) },
      lookup: (host, wanted, done) => (wanted.all ? done(null, [found]) : done(null, found.address, found.family)),
      ...(authority ? { ca: fs.readFileSync(authority) } : {}),
    };
    return new Promise((resolve, reject) => {
      const request = (url.protocol === 'https:' ? https : http).get(url, options, (answer) => {
        const refused = this.refusal(answer);
        if (refused) {
          answer.destroy();
          return reject(refused);
        }
        const pieces = [];
        let size = 0;
        answer.on('data', (piece) => {
          pieces.push(piece);
          size += piece.length;
          if (size > ANSWER_BYTES_MAX) {
            answer.destroy();
            reject(Fault.config('answer_too_large', 'more than 64 MiB', url.pathname, 'does it heed the limit?'));
          }
        });
        answer.on('end', () => resolve(Buffer.concat(pieces)));
        answer.on('aborted', () => reject(Fault.transient('cut_off', 'the answer was cut off', url.host, 'nothing: it is tried again')));
      });
      request.on('timeout', () => request.destroy(new Error('no answer in time')));
      request.on('error', (error) => reject(Fault.transient('not_reached', error.code || error.message, url.host, 'is it up, does a firewall stand between')));
    });
  }

  refusal({ statusCode, headers }) {
    const where = this.url.host;
    if (statusCode === 200) return null;
    if (statusCode === 401 || statusCode === 403) return Fault.config('not_authorized', `status ${statusCode}`, where, 'check the token');
    if (statusCode === 429 || statusCode >= 500) {
      const wait = Number(headers['retry-after']);
      return Fault.transient('other_side_busy', `status ${statusCode}`, where, 'nothing: it is tried again', Number.isInteger(wait) && wait >= 0 ? wait : undefined);
    }
    return Fault.config('unexpected_status', `status ${statusCode}`, where, 'check the address; redirects are not followed');
  }
}

serve(JsonLines);
