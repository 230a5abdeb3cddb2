// connectors/json_lines_node/main.js - JSON lines over HTTP: GET url?after=VALUE&limit=N, one object a line, a page a request. The cursor
// is the value of `cursor_member` in the last line of the page.
'use strict';
const fs = require('fs');
const http = require('http');
const https = require('https');
const { Connector, Fault, serve } = require('./caseway_connector');

const ANSWER_BYTES_MAX = 64 * 1024 * 1024;

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
    const { lines } = await this.get('', 1);
    steps.push({ name: `GET ${this.url.pathname}`, good: true, detail: `${lines.length} lines` });
    return steps;
  }

  async discover() { return [{ name: this.url.pathname, media_type: 'application/x-ndjson' }]; }

  async read(cursor, records) {
    const after = this.after(cursor);
    const { lines, bytes } = await this.get(after, records);
    if (lines.length === 0) return { payloads: [], next: cursor, last: true };
    const value = this.cursorOf(lines[lines.length - 1], lines.length);
    const payload = { name: this.url.pathname, media_type: 'application/x-ndjson', data: bytes, records: lines.length };
    return { payloads: [payload], next: Buffer.from(JSON.stringify({ after: value })), last: lines.length < records };
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
      value = JSON.parse(line)[this.settings.cursor_member];
    } catch {
      throw Fault.config('not_json_lines', `line ${number} is no JSON object`, this.url.pathname, 'ask the department for one JSON object a line');
    }
    if (!['string', 'number'].includes(typeof value) || String(value).length > 1000) {
      throw Fault.config('cursor_member_missing', `line ${number} has no text or number of this name`, '/cursor_member', 'correct the setting');
    }
    return String(value);
  }

  port() { return Number(this.url.port || (this.url.protocol === 'https:' ? 443 : 80)); }

  // Each line as text, blank ones left out, and the bytes as they came.
  async get(after, limit) {
    const url = new URL(this.url);
    if (after !== '') url.searchParams.set(this.settings.after_parameter || 'after', after);
    url.searchParams.set(this.settings.limit_parameter || 'limit', String(limit));
    const bytes = await this.request(url, await this.gateway.resolve(url.hostname, this.port()));
    return { bytes, lines: bytes.toString('utf8').split('\n').filter((line) => line.trim() !== '') };
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
