// Where this browser stopped watching each film: kept locally, for the newest hundred, with who watched.

const KEY = 'movento.positions';
const MOST = 100;

// Closer to the start than this is no place to come back to; closer to the end is a film that was watched.
const START_SECONDS = 5;
const WATCHED_SHARE = 0.97;

function read() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    return kept && typeof kept === 'object' && !Array.isArray(kept) ? kept : {};
  } catch {
    return {};
  }
}

function write(positions) {
  const newest = Object.entries(positions).sort(([, a], [, b]) => (b?.at ?? 0) - (a?.at ?? 0)).slice(0, MOST);
  try {
    localStorage.setItem(KEY, JSON.stringify(Object.fromEntries(newest)));
  } catch {
    // Storage is full or forbidden: the film starts at its beginning next time.
  }
}

/** Seconds to start at; 0 for the beginning, or where somebody other than `viewer` watched. What was watched by nobody in particular is everybody's. */
export function rememberedPosition(assetId, viewer) {
  const { seconds, by = null } = read()[assetId] ?? {};
  return Number.isFinite(seconds) && seconds > 0 && (by === null || by === viewer) ? seconds : 0;
}

/** The part that was watched, from 0 to 1; 0 for none. */
export function rememberedShare(assetId) {
  const { seconds, duration } = read()[assetId] ?? {};
  return Number.isFinite(seconds) && duration > 0 ? Math.min(1, seconds / duration) : 0;
}

/** `viewer` is null for nobody in particular. */
export function rememberPosition(assetId, seconds, duration, viewer) {
  if (!Number.isFinite(duration) || duration <= 0) return;
  const positions = read();
  if (seconds < START_SECONDS || seconds > duration * WATCHED_SHARE) delete positions[assetId];
  else positions[assetId] = { seconds: Math.round(seconds * 10) / 10, duration, at: Date.now(), ...(viewer ? { by: viewer } : {}) };
  write(positions);
}
