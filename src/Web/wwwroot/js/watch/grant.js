// The right to play one asset: a signed URL on the edge, which ends after a while and is renewed without a break. It holds one of the account's places, which
// heartbeats keep.

import { device } from './device.js';
import { session } from '../session/session.js';

// Ask for the next one this long before the end.
const MARGIN_MS = 30_000;

// The token is the path segment before "assets" (docs/formats/playback-token.md).
const TOKEN = /\/([A-Za-z0-9_-]+)(?=\/assets\/)/;

/** Events: `ended` (detail: a code), when somebody else has its place, or nothing is paid for any more. */
export class Grant extends EventTarget {
  /** The ApiError of the last request for a grant, or null. */
  refusal = null;

  #assetId;
  #current = null;
  #ends = 0;
  #renewal = null;
  #heartbeat = 0;

  constructor(assetId) {
    super();
    this.#assetId = assetId;
  }

  /** The URL of the multivariant playlist, under a token that is still good. Rejects with an ApiError. */
  async url() {
    if (!this.#current || performance.now() >= this.#ends) await this.#renew();
    return this.#current.hlsUrl;
  }

  /** Whether the film was still made when the right to play it was given. */
  get isGrowing() {
    return this.#current?.isGrowing ?? false;
  }

  /** Any URL of the presentation, under a token that is still good. */
  async readdress(url) {
    const [, token] = TOKEN.exec(await this.url());
    return url.replace(TOKEN, `/${token}`);
  }

  /** The edge refused this URL. Unless a newer token stands already, the next request asks for one. */
  refused(url) {
    if (this.#current && TOKEN.exec(url)?.[1] === TOKEN.exec(this.#current.hlsUrl)[1]) this.#ends = 0;
  }

  /** Plays no more: the place is free, and the URLs open nothing. Survives the page. */
  end() {
    clearInterval(this.#heartbeat);
    const ended = this.#current;
    this.#current = null;
    if (ended) session.send('DELETE', `/api/streaming/sessions/${ended.session}`, { keepalive: true }).catch(() => {});
  }

  #renew() {
    this.#renewal ??= this.#ask().finally(() => { this.#renewal = null; });
    return this.#renewal;
  }

  async #ask() {
    try {
      const response = await session.send('POST', `/api/streaming/${this.#assetId}/grant?${new URLSearchParams(device())}`);
      const grant = await response.json();
      // The server's own clock says how long the grant lives; this machine's may be wrong.
      const now = Date.parse(response.headers.get('date')) || Date.now();
      const life = Date.parse(grant.expiresAt) - now;
      this.#ends = performance.now() + Math.max(life - MARGIN_MS, life / 2);
      this.#current = grant;
      clearInterval(this.#heartbeat);
      this.#heartbeat = setInterval(() => this.#beat(grant), grant.heartbeatSeconds * 1000);
      this.refusal = null;
    } catch (error) {
      this.refusal = error;
      throw error;
    }
  }

  async #beat(grant) {
    try {
      await session.send('POST', '/api/streaming/heartbeats', { json: { session: grant.session } });
    } catch (error) {
      // What passes is asked again at the next beat; a newer grant has its own.
      if (error.isPassing || error.status === 401 || grant !== this.#current) return;
      clearInterval(this.#heartbeat);
      this.#current = null;
      this.dispatchEvent(new CustomEvent('ended', { detail: error.code }));
    }
  }
}
