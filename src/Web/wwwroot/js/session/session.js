// Who is signed in. The access token lives in this module's memory and nowhere else; the refresh token is a cookie
// that scripts cannot read. Tokens are renewed when they are about to be needed, one renewal at a time.

import { ApiError, send } from './api.js';

// Renew this long before the end, so that a token does not expire on its way to the server.
const MARGIN_MS = 45_000;

// Refresh cookies rotate: two tabs that send the same one would look like a theft. The lock spans all tabs.
const exclusively = (work) => (navigator.locks ? navigator.locks.request('movento-refresh', work) : work());

// What the server says again of its own accord: nothing is decided by it here.
const claimsOf = (token) => JSON.parse(atob(token.split('.')[1].replace(/-/g, '+').replace(/_/g, '/')));

class Session extends EventTarget {
  /** `{id, email, name, roles}`, or null. */
  user = null;

  /** The id of the profile that watches, or null. */
  profileId = null;

  /** Who watches, the account and the profile where one is chosen, as one text; null where nobody is signed in. */
  viewer = null;

  /** For whom films may be that are shown, in years; null for everybody. */
  maximumAge = null;

  #token = null;
  #tokenEnds = 0;
  #renewal = null;
  #tabs = new BroadcastChannel('movento-session');

  constructor() {
    super();
    this.#tabs.onmessage = ({ data }) => (data === 'signed-out' ? this.#forget() : this.#renew().catch(() => {}));
  }

  get isEditor() {
    return this.user?.roles?.includes('editor') ?? false;
  }

  get isAdmin() {
    return this.user?.roles?.includes('admin') ?? false;
  }

  /** Picks up the session that the cookie holds, if any. Never rejects: without an answer nobody is signed in yet. */
  async restore() {
    await this.#renew().catch(() => {});
    return this.user;
  }

  /** Resolves to null, or, where the account has a second factor or must have one, to `{ticket, mustEnrol}`. */
  async signIn(email, password) {
    return this.#open('/api/auth/login', { email, password });
  }

  async signInWithCode(ticket, code) {
    await this.#open('/api/auth/login/second-factor', { ticket, code });
  }

  /** Turns a second factor on by its first code, and signs in; resolves to its recovery codes. */
  async signInEnrolling(ticket, code) {
    return (await this.#open('/api/auth/login/enrolment/confirm', { ticket, code })).recoveryCodes;
  }

  /** Proves once more who is signed in: for what may undo an account. */
  async reauthenticate(password, code) {
    const token = await this.token();
    await exclusively(async () => this.#accept(await (await send('POST', '/api/auth/reauthenticate', { token, json: { password, code } })).json()));
  }

  /** Says who of the account watches from now on; null for nobody in particular. */
  async watchAs(profileId) {
    this.#accept(await (await this.send('PUT', '/api/auth/profile', { json: { profileId } })).json());
  }

  /** Resolves to `{user, isConfirmationRequired}`. */
  async register(email, password, name) {
    return (await send('POST', '/api/auth/register', { json: { email, password, name: name || undefined } })).json();
  }

  /** Signs in with the one-time code of a sign-in link; resolves as signIn does. */
  async exchange(code) {
    return this.#open('/api/auth/exchange', { code });
  }

  async signOut() {
    try {
      await exclusively(() => send('POST', '/api/auth/logout'));
    } finally {
      this.#forget();
      this.#tabs.postMessage('signed-out');
    }
  }

  /** A request as the signed-in user. A refused token is renewed once; then the refusal stands. */
  async send(method, path, options = {}) {
    const token = await this.token();
    try {
      return await send(method, path, { ...options, token });
    } catch (error) {
      if (error.status !== 401) throw error;
    }
    if (token === this.#token) this.#tokenEnds = 0;
    return send(method, path, { ...options, token: await this.token() });
  }

  /** A token that is good for the next moments. Rejects with `unauthenticated` where nobody is signed in. */
  async token() {
    if (performance.now() >= this.#tokenEnds) await this.#renew();
    if (!this.#token) throw new ApiError(401, 'unauthenticated', 'You are not signed in.');
    return this.#token;
  }

  #renew() {
    this.#renewal ??= exclusively(() => this.#refresh()).finally(() => { this.#renewal = null; });
    return this.#renewal;
  }

  async #refresh() {
    try {
      this.#accept(await (await send('POST', '/api/auth/refresh')).json());
    } catch (error) {
      if (error.status === 401) this.#forget();
      else throw error;
    }
  }

  async #open(path, credentials) {
    const answer = await exclusively(async () => {
      const given = await (await send('POST', path, { json: credentials })).json();
      if (!given.ticket) this.#accept(given);
      return given;
    });
    if (answer.ticket) return answer;
    this.#tabs.postMessage('signed-in');
    return answer.recoveryCodes ? answer : null;
  }

  #accept({ accessToken, expiresIn, user }) {
    this.#token = accessToken;
    this.#tokenEnds = performance.now() + Math.max(expiresIn * 1000 - MARGIN_MS, expiresIn * 500);
    const { profile, age } = claimsOf(accessToken);
    const viewer = profile ? `${user.id}/${profile}` : user.id;
    const changed = this.viewer !== viewer;
    this.user = user;
    this.profileId = profile ?? null;
    this.viewer = viewer;
    this.maximumAge = age ?? null;
    if (changed) this.dispatchEvent(new Event('change'));
  }

  #forget() {
    const changed = this.user !== null;
    this.#token = null;
    this.#tokenEnds = 0;
    this.user = null;
    this.profileId = null;
    this.viewer = null;
    this.maximumAge = null;
    if (changed) this.dispatchEvent(new Event('change'));
  }
}

export const session = new Session();
