// A connector that reads numbered cases. Replace read() by what asks your system; the rest is the shape that every connector has.
'use strict';
const { Connector, Fault, serve } = require('./caseway_connector');

class NumberedCases extends Connector {
  total() { return this.settings.records ?? 25; }

  async check() {
    // reach the other side as read() would, and change nothing there
    return [{ name: 'count the cases', good: true, detail: `${this.total()} cases` }];
  }

  async discover() { return [{ name: 'cases', media_type: 'application/json' }]; }

  async read(cursor, records) {
    const done = this.position(cursor);
    if (done >= this.total()) return { payloads: [], next: cursor, last: true };
    const upto = Math.min(done + records, this.total());
    const cases = [];
    for (let number = done + 1; number <= upto; number++) cases.push({ case_no: `${this.settings.prefix}${number}` });
    const data = Buffer.from(JSON.stringify({ cases }));
    // the cursor is all that the next read knows: a restart must not matter. Where the source ends before the total that it
    // told, say so on the last page, with the cursor where this pass began: ended_early: '12 of 25 cases'
    return { payloads: [{ name: 'cases', media_type: 'application/json', data, records: cases.length }], next: Buffer.from(String(upto)), last: upto === this.total() };
  }

  position(cursor) {
    const text = cursor.toString();
    if (text !== '' && !/^\d{1,9}$/.test(text)) throw Fault.system('bad_cursor', 'the cursor is not one of this connector', '', 'start it from the beginning');
    return Number(text);
  }

  async acknowledge(cursor) {} // what was read before `cursor` is committed: archive it, set its flag; twice must do no harm

  async write(items) { return items.map(() => ({ outcome: 'written' })); } // or same, refused (with a reason), retry: one each, in order
}

serve(NumberedCases);
