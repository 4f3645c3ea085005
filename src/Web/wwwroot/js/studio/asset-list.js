// The editor's own assets, newest first, and a live view of those that are being worked on.

import { element } from '../page/dom.js';
import { session } from '../session/session.js';
import { AssetRow, isSettled } from './asset-row.js';
import { readEvents } from './events.js';

const PAGE = 20;

// A browser keeps six connections to a server (HTTP/1.1): leave some for everything else.
const MOST_STREAMS = 3;

// A stream that ended before its asset had settled is opened again after this.
const REOPEN_MS = 2_000;

export class AssetList {
  #list;
  #remove;
  #rows = new Map();
  #streams = new Map();
  #next = null;

  /** `remove(asset)` is called when an asset's delete button is pressed. */
  constructor(list, remove) {
    this.#list = list;
    this.#remove = remove;
  }

  get isEmpty() {
    return this.#rows.size === 0;
  }

  get hasMore() {
    return this.#next !== null;
  }

  /** Loads the next page; the first one replaces what is there. Rejects with an ApiError. */
  async load() {
    const query = new URLSearchParams({ limit: PAGE, ...(this.#next ? { after: this.#next } : {}) });
    const page = await (await session.send('GET', `/api/assets?${query}`)).json();
    if (!this.#next) this.clear();
    for (const asset of page.items) if (!this.#rows.has(asset.id)) this.#list.append(this.#rowOf(asset).element);
    this.#next = page.next ?? null;
    this.#follow();
  }

  /** Puts an asset that has just been uploaded at the top. */
  async addNew(assetId) {
    const asset = await (await session.send('GET', `/api/assets/${assetId}`)).json();
    if (this.#rows.has(assetId)) this.#rows.get(assetId).show(asset);
    else this.#list.prepend(this.#rowOf(asset).element);
    this.#follow();
  }

  forget(assetId) {
    this.#streams.get(assetId)?.abort();
    this.#rows.get(assetId)?.element.remove();
    this.#rows.delete(assetId);
    this.#follow();
  }

  clear() {
    for (const stream of this.#streams.values()) stream.abort();
    this.#rows.clear();
    this.#list.replaceChildren();
    this.#next = null;
  }

  #rowOf(asset) {
    const row = new AssetRow(asset, this.#remove);
    this.#rows.set(asset.id, row);
    return row;
  }

  // Jobs are done in the order in which they came, so the oldest unsettled ones are the ones that move.
  #follow() {
    const oldest = [...this.#rows.values()].map(({ asset }) => asset).filter((asset) => !isSettled(asset)).sort((a, b) => (a.id < b.id ? -1 : 1));
    for (const { id } of oldest.slice(0, MOST_STREAMS)) if (!this.#streams.has(id)) this.#watch(id);
  }

  async #watch(id) {
    const stream = new AbortController();
    this.#streams.set(id, stream);
    try {
      const response = await session.send('GET', `/api/assets/${id}/events`, { signal: stream.signal });
      for await (const { event, data } of readEvents(response)) {
        if (stream.signal.aborted) break;
        if (event === 'asset') this.#rows.get(id)?.show(JSON.parse(data));
      }
    } catch (error) {
      if (error.status === 404) this.#rows.delete(id);
      else if (!stream.signal.aborted && error.status === 401) return;
    } finally {
      this.#streams.delete(id);
    }
    const row = this.#rows.get(id);
    if (stream.signal.aborted || !row || isSettled(row.asset)) this.#follow();
    else setTimeout(() => this.#follow(), REOPEN_MS);
  }
}
