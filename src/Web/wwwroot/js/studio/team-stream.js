// The one stream of everything that happens to the team's films. It goes on where it was when the line comes back.

import { session } from '../session/session.js';
import { readEvents } from './events.js';

// The server says something every fifteen seconds; three times that long without a word is a dead line.
const SILENCE_MS = 45_000;

// The pauses before the stream is opened again double from one to the other.
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

/** Events: `asset` and `deleted` (detail: what came), `reset` (read everything anew), `line` (detail: whether there is one). */
export class TeamStream extends EventTarget {
  #place = null;
  #running = null;

  get isRunning() {
    return this.#running !== null;
  }

  /** Follows what happens after `place`: `events` of a list of assets. */
  start(place) {
    this.stop();
    this.#place = place;
    this.#running = new AbortController();
    this.#follow(this.#running.signal);
  }

  stop() {
    this.#running?.abort();
    this.#running = null;
  }

  async #follow(stopped) {
    for (let pause = FIRST_PAUSE_MS; !stopped.aborted; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
      try {
        await this.#read(stopped, () => { pause = FIRST_PAUSE_MS / 2; });
      } catch (error) {
        // Whoever is not signed in any more, or no editor, is told by the page.
        if (error.status === 401 || error.status === 403) {
          if (!stopped.aborted) this.stop();
          return;
        }
      }
      if (stopped.aborted) return;
      this.#tell('line', false);
      await elapsed(pause, stopped);
    }
  }

  async #read(stopped, opened) {
    const dead = new AbortController();
    let silence = null;
    const heard = () => {
      clearTimeout(silence);
      silence = setTimeout(() => dead.abort(), SILENCE_MS);
    };
    heard();
    try {
      const response = await session.send('GET', `/api/assets/events?${new URLSearchParams({ lastEventId: this.#place })}`,
        { signal: AbortSignal.any([stopped, dead.signal]) });
      opened();
      this.#tell('line', true);
      for await (const { id, event, data } of readEvents(response, heard)) {
        if (stopped.aborted) return;
        if (id) this.#place = id;
        if (event === 'asset' || event === 'deleted' || event === 'reset') this.#tell(event, JSON.parse(data));
      }
    } finally {
      clearTimeout(silence);
    }
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

function elapsed(milliseconds, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => { clearTimeout(timer); resolve(); }, { once: true });
  });
}
