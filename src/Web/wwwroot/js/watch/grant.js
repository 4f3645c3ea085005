// The right to play one asset: a signed URL on the edge, which ends after a while and is renewed without a break.

import { session } from '../session/session.js';

// Ask for the next one this long before the end.
const MARGIN_MS = 30_000;

// Requests under the previous token may still come back refused for this long after a renewal.
const SETTLE_MS = 2_000;

// The token is the path segment before "assets" (docs/formats/playback-token.md).
const TOKEN = /\/([A-Za-z0-9_-]+)(?=\/assets\/)/;

export class Grant {
  /** The ApiError of the last request for a grant, or null. */
  refusal = null;

  #assetId;
  #current = null;
  #began = 0;
  #ends = 0;
  #renewal = null;

  constructor(assetId) {
    this.#assetId = assetId;
  }

  /** The URL of the multivariant playlist, under a token that is still good. Rejects with an ApiError. */
  async url() {
    if (!this.#current || performance.now() >= this.#ends) await this.#renew();
    return this.#current.hlsUrl;
  }

  /** Any URL of the presentation, under a token that is still good. */
  async readdress(url) {
    const [, token] = TOKEN.exec(await this.url());
    return url.replace(TOKEN, `/${token}`);
  }

  /** The edge refused a token. Unless a newer one has just come, the next request asks for one. */
  refused() {
    if (performance.now() - this.#began > SETTLE_MS) this.#ends = 0;
  }

  #renew() {
    this.#renewal ??= this.#ask().finally(() => { this.#renewal = null; });
    return this.#renewal;
  }

  async #ask() {
    try {
      const response = await session.send('POST', `/api/streaming/${this.#assetId}/grant`);
      const grant = await response.json();
      // The server's own clock says how long the grant lives; this machine's may be wrong.
      const now = Date.parse(response.headers.get('date')) || Date.now();
      const life = Date.parse(grant.expiresAt) - now;
      this.#began = performance.now();
      this.#ends = this.#began + Math.max(life - MARGIN_MS, life / 2);
      this.#current = grant;
      this.refusal = null;
    } catch (error) {
      this.refusal = error;
      throw error;
    }
  }
}
