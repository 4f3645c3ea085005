// The studio: files in, films out, and everything that happens between.

import { find } from '../page/dom.js';
import { dress } from '../page/icons.js';
import { showHeader } from '../page/header.js';
import { askToSignIn } from '../page/sign-in.js';
import { session } from '../session/session.js';
import { AssetList } from './asset-list.js';
import { UploadQueue } from './upload-queue.js';

const desk = find('#desk');
const gate = find('#gate');
const drop = find('#drop');
const chooser = find('#files');
const status = find('#status');
const more = find('#more');
const confirmation = find('#confirm-delete');

const assets = new AssetList(find('#assets'), confirmDelete);
const uploads = new UploadQueue(find('#uploads'), async (assetId) => {
  await assets.addNew(assetId);
  showEmptiness();
});
let condemned = null;

dress(find('#choose'), 'upload');
find('#choose').addEventListener('click', () => chooser.click());
find('#gate-action').addEventListener('click', () => askToSignIn());
more.addEventListener('click', () => load());
chooser.addEventListener('change', () => {
  uploads.add(chooser.files);
  chooser.value = '';
});
takeDrops();

confirmation.addEventListener('close', () => { if (confirmation.returnValue === 'delete') remove(condemned); });

const showAccount = showHeader();
session.addEventListener('change', enter);
await session.restore();
showAccount();
if (!session.user) await enter();

// Editors get the desk; everybody else is told what is missing.
async function enter() {
  desk.hidden = !session.isEditor;
  gate.hidden = session.isEditor;
  assets.clear();
  if (session.isEditor) return load();

  find('#gate-heading').textContent = session.user ? 'Your account may watch, but not upload' : 'Sign in to the studio';
  find('#gate-text').textContent = session.user
    ? 'Uploading needs an editor’s account. Ask whoever runs this site to make you an editor.'
    : 'The studio is where films are uploaded and published.';
  find('#gate-action').hidden = session.user !== null;
  return undefined;
}

async function load() {
  more.disabled = true;
  status.textContent = '';
  try {
    await assets.load();
    showEmptiness();
    more.textContent = 'Show more';
    more.hidden = !assets.hasMore;
  } catch (error) {
    status.textContent = [error.message, error.hint].filter(Boolean).join(' ');
    more.textContent = 'Try again';
    more.hidden = false;
  } finally {
    more.disabled = false;
  }
}

function showEmptiness() {
  status.textContent = assets.isEmpty ? 'Nothing here yet. Drop a film above to begin.' : '';
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
    if (session.isEditor && dataTransfer.files.length > 0) uploads.add(dataTransfer.files);
  });
}

function confirmDelete(asset) {
  condemned = asset;
  find('#condemned').textContent = asset.title;
  confirmation.returnValue = '';
  confirmation.showModal();
}

async function remove(asset) {
  try {
    await session.send('DELETE', `/api/assets/${asset.id}`);
  } catch (error) {
    // Gone already is gone.
    if (error.status !== 404) {
      status.textContent = `“${asset.title}” was not deleted. ${error.message}`;
      return;
    }
  }
  assets.forget(asset.id);
  showEmptiness();
}
