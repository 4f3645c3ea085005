// COUNT: CMCD as the common media library of SVTA encodes it, as a query and as header fields of both versions and as a line of a report, with what it says: JSON.
import { encodeCmcd, toCmcdHeaders, toCmcdQuery } from '@svta/cml-cmcd';
import { SfItem } from '@svta/cml-structured-field-values';

// The same numbers in every run (mulberry32).
let state = 5004;
const random = () => {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};
const below = limit => Math.floor(random() * limit);
const maybe = (value, chance = 0.6) => (random() < chance ? value() : undefined);
const pick = values => values[below(values.length)];
const hundreds = limit => 100 * (1 + below(limit));

const cases = Array.from({ length: Number(process.argv[2]) }, () => {
  const said = {
    sid: pick(['6e2fb550-c457-11e9-bb97-0800200c9a66', 'x', 'a b,c;d=(e)', 'v=2,bl=1', 'a%20&b', 's'.repeat(64)]),
    br: maybe(() => 1 + below(20000)), tb: maybe(() => 1 + below(40000)), d: maybe(() => below(20000)), bl: maybe(() => hundreds(600)),
    mtp: maybe(() => hundreds(900)), ot: maybe(() => pick(['v', 'a', 'av', 'm', 'i', 'c', 'tt', 'k', 'o'])), sf: maybe(() => pick(['h', 'd', 's', 'o'])),
    st: maybe(() => pick(['v', 'l'])), bs: maybe(() => true, 0.3), su: maybe(() => true, 0.3),
  };
  const noise = {
    cid: maybe(() => pick(['film', 'a "quoted", one \\', 'bl=5'])), pr: maybe(() => pick([0, 1.25, 2])), rtp: maybe(() => hundreds(900)),
    nor: pick(['..%2Fv720%2F2.m4s', 'a(b),c.mp4']), dl: maybe(() => hundreds(600)), 'com.example-key': maybe(() => pick(['a,b', 5, true])),
  };
  const said2 = {
    msd: maybe(() => below(9000), 0.3), sta: maybe(() => pick(['s', 'p', 'k', 'r', 'a', 'w', 'e', 'f', 'q', 'd'])),
    bsd: maybe(() => below(9000), 0.3), bsa: maybe(() => below(9), 0.3), bsda: maybe(() => below(90000), 0.3), ts: 1700000000000 + below(100000000), dfa: maybe(() => below(100), 0.3),
  };
  const lists = {};
  for (const key of ['br', 'bl', 'mtp', 'tb', 'bsd', 'bsa', 'bsda']) {
    const value = said[key] ?? said2[key];
    // Of pictures and sound, in either order, or of one of both.
    if (value !== undefined) lists[key] = pick([[value], [new SfItem(value, { v: true }), new SfItem(7, { a: true })], [new SfItem(7, { a: true }), new SfItem(value, { v: true })]]);
  }
  if (said.bs) lists.bs = [true];
  const one = { ...said, ...noise };
  const two = { ...said, ...noise, ...said2, ...lists, v: 2, sn: below(100) };
  return {
    one: { said, query: toCmcdQuery(one, { version: 1 }), fields: toCmcdHeaders(one, { version: 1 }) },
    two: {
      said: { ...said, ...said2, v: 2 }, query: toCmcdQuery(two, { version: 2 }), fields: toCmcdHeaders(two, { version: 2 }),
      line: encodeCmcd({ ...two, e: 'ps' }, { version: 2, reportingMode: 'event' }),
    },
  };
});

console.log(JSON.stringify(cases));
