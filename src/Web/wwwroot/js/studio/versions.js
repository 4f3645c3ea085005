// The versions of a film whose media is there, and the receipt of each: what was asked of the encoders, and what came of it.

import { element } from '../page/dom.js';
import { bitrate, bytes, moment, relative, resolution } from '../page/format.js';
import { session } from '../session/session.js';
import { STAGES } from './asset-state.js';
import { noteList } from './notes.js';

export class Versions {
  #assetId;
  #list = element('ul', { class: 'versions' });
  #status = element('p', { class: 'muted', role: 'status' });
  #loads = 0;

  constructor(assetId) {
    this.#assetId = assetId;
    this.element = element('section', { class: 'panel', 'aria-label': 'Versions' }, element('h3', { textContent: 'Versions' }), this.#status, this.#list);
  }

  async load() {
    const load = ++this.#loads;
    try {
      const { items } = await (await session.send('GET', `/api/assets/${this.#assetId}/versions`)).json();
      if (load !== this.#loads) return;
      this.element.hidden = items.length === 0;
      this.#status.textContent = '';
      this.#list.replaceChildren(...items.map((version, index) => this.#row(version, index === 0)));
    } catch (error) {
      this.#status.textContent = error.message;
    }
  }

  #row({ version, publishedAt, retiredAt }, isNewest) {
    const content = element('div', { class: 'receipt' });
    const details = element('details', { ontoggle: () => { if (details.open && !content.hasChildNodes()) this.#open(version, content); } },
      element('summary', {},
        element('span', { class: 'name', textContent: `Version ${version}` }),
        element('span', { class: 'muted', textContent: moment(publishedAt) }),
        element('span', { class: 'state', textContent: retiredAt ? `Replaced ${relative(retiredAt)}` : 'Plays now', 'data-plays': String(!retiredAt) })),
      content);
    details.dataset.version = version;
    if (isNewest) details.open = true;
    return element('li', {}, details);
  }

  async #open(version, content) {
    content.replaceChildren(element('p', { class: 'muted', role: 'status', textContent: 'Loading the receipt…' }));
    try {
      const receipt = await (await session.send('GET', `/api/assets/${this.#assetId}/versions/${version}/receipt`)).json();
      content.replaceChildren(...describe(receipt, `${this.#assetId}-v${version}-receipt.json`));
    } catch (error) {
      content.replaceChildren(element('p', { class: 'error', role: 'alert', textContent: error.message }),
        element('button', { type: 'button', class: 'quiet', textContent: 'Try again', onclick: () => this.#open(version, content) }));
    }
  }
}

function describe(receipt, fileName) {
  const { source, tools, rungs = [], tasks = [], stageSeconds = {}, outputs = [], loudness = [], notes = [], madeFrom } = receipt;
  const facts = [
    ['Source', `${bytes(source.bytes)} · SHA-256 ${source.sha256.slice(0, 12)}…`, source.sha256],
    ['Made of it', `${outputs.length} files, ${bytes(outputs.reduce((sum, output) => sum + output.bytes, 0))}`],
    ['Runs of ffmpeg', `${tasks.length}, ${Math.round(tasks.reduce((sum, task) => sum + task.seconds, 0))} s in all`],
    ['Stages', Object.entries(stageSeconds).map(([name, seconds]) => `${STAGES[name] ?? name} ${seconds.toFixed(1)} s`).join(' · ')],
    ['Loudness', loudness.map(({ rendition, integrated, gain }) => `${rendition}: ${integrated.toFixed(1)} LUFS, ${gain >= 0 ? '+' : ''}${gain.toFixed(1)} dB`).join(' · ')],
    ['Tools', `Movento ${tools.movento.replace(/(\+.{7}).*/, '$1')} · ${tools.ffmpeg.split(' Copyright')[0]}`],
    ['Media', madeFrom ? `that of version ${madeFrom}: nothing was encoded for this one` : ''],
  ];
  return [
    rungs.length > 0 ? rungTable(rungs) : null,
    element('dl', { class: 'facts' }, ...facts.filter(([, value]) => value).map(([name, value, title]) => element('div', {},
      element('dt', { textContent: name }), element('dd', { textContent: value, title })))),
    notes.length > 0 ? noteList(notes) : null,
    element('div', { class: 'buttons' },
      element('button', { type: 'button', class: 'quiet', textContent: 'Save the receipt', onclick: () => save(receipt, fileName) })),
  ].filter(Boolean);
}

function rungTable(rungs) {
  const columns = ['Rung', 'Codec', 'Average', 'Peak', 'Cap', 'CRF', 'SSIM'];
  return element('div', { class: 'scroll', tabIndex: 0, role: 'region', 'aria-label': 'Rungs of this version' },
    element('table', {},
      element('thead', {}, element('tr', {}, ...columns.map((textContent) => element('th', { scope: 'col', textContent })))),
      element('tbody', {}, ...rungs.map((rung) => element('tr', {},
        element('th', { scope: 'row' }, resolution(rung.width, rung.height), element('span', { class: 'muted', textContent: ` ${rung.width} × ${rung.height}` })),
        ...[
          rung.codecs, bitrate(rung.averageBitrate), bitrate(rung.peakBitrate),
          ...(rung.isPassedThrough
            ? ['as it came', '–', '–']
            : [bitrate(rung.bitrateCap), rung.constantRateFactor.toFixed(1), rung.ssim === null ? '–' : rung.ssim.toFixed(4)]),
        ].map((textContent) => element('td', { textContent })))))));
}

function save(receipt, fileName) {
  const url = URL.createObjectURL(new Blob([JSON.stringify(receipt, null, 2)], { type: 'application/json' }));
  element('a', { href: url, download: fileName }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
