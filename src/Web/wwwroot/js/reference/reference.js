// The API reference: every operation of the server's own OpenAPI document, by area; what is not open is not built.

import { showHeader } from '../page/header.js';
import { element, find } from '../page/dom.js';
import { session } from '../session/session.js';
import { operationEntry } from './operation.js';
import { written } from './written.js';

const methods = ['get', 'head', 'post', 'put', 'patch', 'delete', 'options'];

/** The operations by area, in the document's order of areas. */
function areasOf(document_) {
  const areas = new Map(document_.tags.map((tag) => [tag.name, { ...tag, operations: [] }]));
  for (const [path, item] of Object.entries(document_.paths)) {
    for (const method of methods) {
      const operation = item[method];
      if (operation) areas.get(operation.tags[0]).operations.push({ path, method, ...operation });
    }
  }
  return [...areas.values()];
}

function idOf(area) {
  return `area-${area.name.toLowerCase().replaceAll(/[^a-z]+/g, '-')}`;
}

function show(document_) {
  const areas = areasOf(document_);
  find('#about').replaceChildren(...written(document_.info.description));
  const entries = [];
  for (const area of areas) {
    const made = area.operations.map((operation) => operationEntry(operation, document_));
    const section = element('section', { id: idOf(area), 'aria-labelledby': `${idOf(area)}-heading` },
      element('h2', { id: `${idOf(area)}-heading`, textContent: area.name }),
      element('p', { class: 'muted', textContent: area.description }),
      ...made.map((entry) => entry.element));
    const link = element('li', {}, element('a', { href: `#${idOf(area)}`, textContent: area.name }));
    find('#areas').append(section);
    find('#area-list').append(link);
    entries.push({ section, link, made });
  }
  find('#status').textContent = '';
  return entries;
}

function filter(entries, text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  let left = 0;
  for (const { section, link, made } of entries) {
    let shown = 0;
    for (const entry of made) {
      const fits = words.every((word) => entry.text.includes(word));
      entry.element.hidden = !fits;
      if (fits) shown += 1;
    }
    section.hidden = shown === 0;
    link.hidden = shown === 0;
    left += shown;
  }
  find('#status').textContent = left === 0 ? 'No operation is like that.' : '';
}

// A link to an operation opens it.
function openNamed() {
  const named = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!named) return;
  if (named.tagName === 'DETAILS') named.open = true;
  named.scrollIntoView();
}

async function start() {
  const showAccount = showHeader();
  session.restore().then(showAccount);
  const answer = await fetch(find('#document').href);
  if (!answer.ok) throw new Error(`The server answered ${answer.status}.`);
  const entries = show(await answer.json());
  find('#filter').addEventListener('input', (event) => filter(entries, event.target.value));
  addEventListener('hashchange', openNamed);
  openNamed();
}

start().catch((error) => {
  const status = find('#status');
  status.textContent = `The document could not be read. ${error.message}`;
  status.classList.add('error');
});
