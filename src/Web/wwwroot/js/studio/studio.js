// The studio: files in, films out, and everything that happens between. Which part is shown stands in the address: #films, #film/{id}, #webhooks.

import { confirm } from '../page/confirm.js';
import { element, find } from '../page/dom.js';
import { dress } from '../page/icons.js';
import { showHeader } from '../page/header.js';
import { askToSignIn } from '../page/sign-in.js';
import { session } from '../session/session.js';
import { AssetList } from './asset-list.js';
import { PRIORITIES } from './asset-state.js';
import { FilmView } from './film-view.js';
import { Filter } from './filter.js';
import { TeamStream } from './team-stream.js';
import { UploadQueue } from './upload-queue.js';
import { WebhooksView } from './webhooks-view.js';

const desk = find('#desk');
const gate = find('#gate');
const tabs = find('#tabs');
const drop = find('#drop');
const chooser = find('#files');
const status = find('#status');
const line = find('#line');
const more = find('#more');
const views = { films: find('#films-view'), film: find('#film-view'), webhooks: find('#webhooks-view') };

const actions = { cancel, remove, encode };
const assets = new AssetList(find('#assets'), actions);
const film = new FilmView(views.film, actions);
const webhooks = new WebhooksView(views.webhooks);
const filter = new Filter(find('#filter'), () => load(true));
const stream = new TeamStream();
const uploads = new UploadQueue(find('#uploads'), async (assetId) => {
  take(await (await session.send('GET', `/api/assets/${assetId}`)).json());
});

dress(find('#choose'), 'upload');
find('#choose').addEventListener('click', () => chooser.click());
find('#gate-action').addEventListener('click', () => askToSignIn());
more.addEventListener('click', () => load(assets.isEmpty));
chooser.addEventListener('change', () => {
  send(chooser.files);
  chooser.value = '';
});
takeDrops();

stream.addEventListener('asset', ({ detail }) => take(detail));
stream.addEventListener('deleted', ({ detail }) => forget(detail.id));
stream.addEventListener('reset', () => load(true));
stream.addEventListener('line', ({ detail }) => { line.textContent = detail ? '' : 'The connection is lost; what you see may be old. Trying again…'; });
addEventListener('hashchange', () => show(true));

const showAccount = showHeader();
session.addEventListener('change', enter);
await session.restore();
showAccount();
if (!session.user) await enter();

// Editors get the desk; everybody else is told what is missing.
async function enter() {
  desk.hidden = tabs.hidden = !session.isEditor;
  gate.hidden = session.isEditor;
  stream.stop();
  line.textContent = '';
  assets.clear();
  film.close();
  webhooks.close();
  if (session.isEditor) {
    show();
    await load(true);
    return;
  }

  find('#gate-heading').textContent = session.user ? 'Your account may watch, but not upload' : 'Sign in to the studio';
  find('#gate-text').textContent = session.user
    ? 'Uploading needs an editor’s account. Ask whoever runs this site to make you an editor.'
    : 'The studio is where films are uploaded and published.';
  find('#gate-action').hidden = session.user !== null;
}

// Shows the part that the address names. Who asked for it wants to be there; who has just come is at the top of the page.
function show(takesFocus = false) {
  if (!session.isEditor) return;
  const [name, id] = location.hash.slice(1).split('/');
  const view = name in views && (name !== 'film' || id) ? name : 'films';
  for (const [key, part] of Object.entries(views)) part.hidden = key !== view;
  for (const link of tabs.children) {
    if (link.dataset.view === (view === 'film' ? 'films' : view)) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  film.close();
  webhooks.close();
  if (view === 'film') film.open(id, takesFocus);
  else if (view === 'webhooks') webhooks.open(takesFocus);
  else if (takesFocus) find('#main').focus({ preventScroll: true });
  scrollTo(0, 0);
}

async function load(anew) {
  more.disabled = true;
  status.textContent = '';
  try {
    await (anew ? assets.begin(filter.query) : assets.more());
    if (!stream.isRunning && assets.place) stream.start(assets.place);
    showEmptiness();
    more.textContent = 'Show more';
    more.hidden = !assets.hasMore;
  } catch (error) {
    status.textContent = sentence(error);
    more.textContent = 'Try again';
    more.hidden = false;
  } finally {
    more.disabled = false;
  }
}

function showEmptiness() {
  status.textContent = !assets.isEmpty ? '' : filter.isSet ? 'No film is like that.' : 'Nothing here yet. Drop a film above to begin.';
}

function take(asset) {
  // It is seen above already, with its bar.
  if (asset.state === 'receiving' && uploads.isSending(asset.id)) assets.forget(asset.id);
  else assets.take(asset);
  film.take(asset);
  showEmptiness();
}

function forget(assetId) {
  assets.forget(assetId);
  film.forget(assetId);
  showEmptiness();
}

function send(files) {
  uploads.add(files, Number(find('#priority').value));
}

function takeDrops() {
  // A file that misses the target must not replace the page.
  for (const event of ['dragover', 'drop']) addEventListener(event, (happened) => happened.preventDefault());
  let depth = 0;
  addEventListener('dragenter', () => { depth++; drop.dataset.over = 'true'; });
  addEventListener('dragleave', () => { if (--depth === 0) delete drop.dataset.over; });
  addEventListener('drop', ({ dataTransfer }) => {
    depth = 0;
    delete drop.dataset.over;
    if (!session.isEditor || dataTransfer.files.length === 0 || film.takeFiles(dataTransfer.files)) return;
    location.hash = '#films';
    send(dataTransfer.files);
  });
}

async function remove(asset) {
  const answer = await confirm({
    heading: 'Delete this film?', subject: asset.title, act: 'Delete',
    text: 'It disappears for every viewer, with its source and all its versions. This cannot be undone.',
  });
  if (answer) await ask(`“${asset.title}” was not deleted.`, 'DELETE', `/api/assets/${asset.id}`, () => forget(asset.id));
}

async function cancel(asset) {
  const answer = await confirm({
    heading: 'Stop the work on this film?', subject: asset.title, keep: 'Go on', act: 'Stop it',
    text: asset.version ? 'The version that plays goes on playing.'
      : asset.state === 'receiving' ? 'What has arrived of it is removed.'
        : 'What was encoded so far is lost. The file that was sent is kept, and can be encoded again.',
  });
  if (answer) await ask(`The work on “${asset.title}” was not stopped.`, 'POST', `/api/assets/${asset.id}/cancel`, (kept) => (kept ? take(kept) : forget(asset.id)));
}

async function encode(asset) {
  const answer = await confirm({
    heading: 'Encode this film again?', subject: asset.title, keep: 'Leave it', act: 'Encode again', danger: false,
    text: asset.version
      ? 'A new version is made from the file that was sent. The one that plays goes on playing until the new one is whole.'
      : 'It is made anew from the file that was sent.',
    content: element('label', { class: 'field' }, element('span', { textContent: 'Priority' }),
      element('select', { name: 'priority' }, ...PRIORITIES.map(([value, textContent]) => element('option', { value, textContent, selected: value === asset.priority })))),
  });
  if (!answer) return;
  await ask(`“${asset.title}” is not encoded again.`, 'POST', `/api/assets/${asset.id}/versions`, take, { priority: Number(answer.priority) });
}

// Sends what was asked for; `done(asset)` gets what the server made of it, null for nothing.
async function ask(failure, method, path, done, json) {
  try {
    const response = await session.send(method, path, { json });
    done(response.status === 204 ? null : await response.json());
  } catch (error) {
    // Gone already is gone.
    if (error.status === 404) forget(path.split('/')[3]);
    else await confirm({ heading: 'That did not work', text: `${failure} ${sentence(error)}`, keep: 'Close', act: 'Try again', danger: false })
      .then((again) => again && ask(failure, method, path, done, json));
  }
}

function sentence(error) {
  return [error.message, error.hint].filter(Boolean).join(' ');
}
