// Where viewers are in films. Who is signed in has it said to /api/viewing, and goes on there on any device; what cannot be said now waits in this browser, and is
// said when the network is back. The same word twice changes nothing, and of each film the newest stands. Without an account, this browser alone remembers.

import { session } from '../session/session.js';
import { rememberedPosition, rememberPosition } from './positions.js';

const KEY = 'movento.unsaid';

// Of one request (docs/formats/http-api.md); of more films the oldest words are lost.
const MOST = 100;

// Older words are refused.
const OLDEST_MS = 29 * 86_400_000;

// How often it is said while a film plays; whatever ends it says it at once.
const SAY_MS = 10_000;

// A film does not wait longer for where to begin.
const RESUME_MS = 4_000;

let saidAt = -SAY_MS;
let saying = null;

addEventListener('online', () => say());
session.addEventListener('change', () => say());

/** Seconds to start at; 0 for the beginning. Never rejects. */
export async function resumePosition(assetId) {
  const viewer = session.viewer;
  if (!viewer) return rememberedPosition(assetId, null);
  try {
    await say();
    const response = await session.send('GET', `/api/viewing/history/${assetId}`, { signal: AbortSignal.timeout(RESUME_MS) });
    return read()[`${viewer} ${assetId}`]?.position ?? (await response.json()).position;
  } catch (error) {
    // What the account does not know (any more) may have been watched without it.
    return rememberedPosition(assetId, error.status === 404 ? null : viewer);
  }
}

/** Keeps where the viewer is. `isLast`: nothing more may come, as the page goes or the film rests. */
export function keepPosition(assetId, seconds, duration, isLast) {
  rememberPosition(assetId, seconds, duration, session.viewer);
  if (!session.viewer || !Number.isFinite(duration) || duration <= 0) return;
  const words = read();
  words[`${session.viewer} ${assetId}`] = { position: Math.round(Math.min(seconds, duration) * 10) / 10, duration, at: Date.now() };
  write(words);
  if (isLast || performance.now() - saidAt >= SAY_MS) say(isLast);
}

/** Says what waits to be said. Never rejects. */
function say(isLast = false) {
  // Who leaves does not wait for what is on its way.
  if (saying && !isLast) return saying;
  const mine = saying = sayAll(isLast).finally(() => { if (saying === mine) saying = null; });
  return mine;
}

async function sayAll(isLast) {
  const own = Object.entries(read()).filter(([key]) => key.startsWith(`${session.viewer} `));
  if (!session.viewer || own.length === 0) return;
  saidAt = performance.now();
  const items = own.map(([key, { position, duration, at }]) => ({ assetId: key.split(' ')[1], position, duration, watchedAt: new Date(at).toISOString() }));
  try {
    await session.send('POST', '/api/viewing/heartbeats', { json: { sentAt: new Date().toISOString(), items }, keepalive: isLast });
  } catch (error) {
    // What is wrong stays wrong; everything else is said again.
    if (error.isPassing || error.status === 401) return;
  }
  const words = read();
  for (const [key, { at }] of own) if (words[key]?.at === at) delete words[key];
  write(words);
}

function read() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    if (!kept || typeof kept !== 'object' || Array.isArray(kept)) return {};
    return Object.fromEntries(Object.entries(kept).filter(([, word]) => word?.at > Date.now() - OLDEST_MS));
  } catch {
    return {};
  }
}

function write(words) {
  const newest = Object.entries(words).sort(([, a], [, b]) => b.at - a.at).slice(0, MOST);
  try {
    localStorage.setItem(KEY, JSON.stringify(Object.fromEntries(newest)));
  } catch {
    // Storage is full or forbidden: a word that cannot be said at once is lost.
  }
}
