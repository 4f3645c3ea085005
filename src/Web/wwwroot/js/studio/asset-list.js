// The team's assets that a filter lets through, newest first, kept right by what the team's stream tells.

import { session } from '../session/session.js';
import { isNews } from './asset-state.js';
import { AssetRow } from './asset-row.js';

const PAGE = 20;

export class AssetList {
  /** Where the team's stream goes on after the first page: `events` of the answer. */
  place = null;

  #list;
  #actions;
  #rows = new Map();
  #next = null;
  #filter = {};
  #loads = 0;

  /** `actions` are those of an AssetRow. */
  constructor(list, actions) {
    this.#list = list;
    this.#actions = actions;
  }

  get isEmpty() {
    return this.#rows.size === 0;
  }

  get hasMore() {
    return this.#next !== null;
  }

  /** Loads the first page of what `filter` (parameters of the API) lets through, in place of what is there. Rejects with an ApiError. */
  async begin(filter) {
    this.#filter = filter;
    await this.#load(null);
  }

  /** Loads the next page. Rejects with an ApiError. */
  async more() {
    await this.#load(this.#next);
  }

  /** Shows what has become of an asset; a new one that the filter lets through comes to the top. */
  take(asset) {
    const row = this.#rows.get(asset.id);
    if (row) {
      if (isNews(asset, row.asset)) row.show(asset);
      return;
    }
    // Ids count up: one that is older than what is shown belongs to a page that was not asked for.
    const newest = this.#list.firstElementChild?.dataset.asset ?? '';
    if (asset.id > newest && this.#lets(asset)) this.#list.prepend(this.#rowOf(asset).element);
  }

  forget(assetId) {
    this.#rows.get(assetId)?.element.remove();
    this.#rows.delete(assetId);
  }

  clear() {
    this.#loads++;
    this.#rows.clear();
    this.#list.replaceChildren();
    this.#next = null;
  }

  async #load(after) {
    const load = ++this.#loads;
    const query = new URLSearchParams({ ...this.#filter, limit: PAGE, ...(after ? { after } : {}) });
    const page = await (await session.send('GET', `/api/assets?${query}`)).json();
    // Another filter was chosen meanwhile.
    if (load !== this.#loads) return;
    if (!after) {
      this.clear();
      this.place = page.events;
    }
    for (const asset of page.items) if (!this.#rows.has(asset.id)) this.#list.append(this.#rowOf(asset).element);
    this.#next = page.next ?? null;
  }

  #lets({ title, state, job, createdAt }) {
    const { title: part, state: states, createdFrom } = this.#filter;
    if (part && !title.toLowerCase().includes(part.toLowerCase())) return false;
    if (states && !states.split(',').some((wanted) => wanted === state || wanted === job?.state)) return false;
    return !createdFrom || Date.parse(createdAt) >= Date.parse(createdFrom);
  }

  #rowOf(asset) {
    const row = new AssetRow(asset, this.#actions);
    this.#rows.set(asset.id, row);
    return row;
  }
}
