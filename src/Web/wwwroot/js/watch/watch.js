// The watch page, from the address to the running picture.

import { find } from '../page/dom.js';
import { date, resolution, spoken } from '../page/format.js';
import { showHeader } from '../page/header.js';
import { askToSignIn } from '../page/sign-in.js';
import { send } from '../session/api.js';
import { session } from '../session/session.js';
import { card } from '../catalogue/card.js';
import { loadChapters } from './chapters.js';
import { device } from './device.js';
import { Controls } from './controls.js';
import { Grant } from './grant.js';
import { Player } from './player.js';
import { listenForShortcuts } from './shortcuts.js';

const MORE_FILMS = 6;

// How often a page that found no place looks for one.
const LOOK_MS = 5_000;

// Sound alone needs no more room than its controls.
const AUDIO_RATIO = 5;

const FAILURES = {
  unauthenticated: ['Sign in to watch', 'Films play for people with an account.', 'Sign in'],
  not_found: ['This film is not here', 'It may have been removed, or the link is wrong.', null],
  plan_required: ['This film needs a plan', 'Choose one, and it plays.', 'See the plans'],
  plan_ended: ['Your plan is over', 'Choose one again to go on watching.', 'See the plans'],
  payment_overdue: ['Your plan is not paid', 'The last payment failed. Pay it to go on watching.', 'To your account'],
  rental_required: ['This film is for rent', 'It is not part of a plan.', 'Rent it'],
  rental_ended: ['Your rental is over', 'The time for which you rented this film has ended.', 'Rent it again'],
  stream_limit_reached: ['Too many screens', 'As many films are playing as your plan allows. Once one of them has stopped, this one begins.', 'See the devices'],
  stream_ended: ['Stopped', 'Another device took the place of this one.', 'Play here'],
  not_for_profile: ['Not for this profile', 'This film is not for the profile that watches. Another profile of the account may be open to it.', null],
  forbidden: ['Playing was refused', 'The right to watch this film has ended or was withdrawn.', 'Try again'],
  network: ['No connection', 'The server cannot be reached. Check your connection.', 'Try again'],
  unsupported: ['This browser cannot play the film', 'It has neither Media Source Extensions nor HLS. A current browser plays it.', null],
  media: ['The film could not be played', 'The picture or the sound could not be decoded.', 'Try again'],
};
const OTHER_FAILURE = ['Something went wrong', 'The server could not answer. Please try again in a moment.', 'Try again'];

const assetId = location.pathname.split('/').pop();
const root = find('#player');
const player = new Player(root, find('video', root), assetId);
const controls = new Controls(root, player);
listenForShortcuts(player, controls);
const showAccount = showHeader();
let notice = '';
let grant = null;
let looking = 0;

player.addEventListener('failure', ({ detail }) => showFailure(detail));
player.addEventListener('whole', () => { showFacts(); showChapters(grant); });
find('#message-action').addEventListener('click', () => tryAgain());
// Whoever signs out, here or in another tab, has stopped watching; whoever signs in wants to go on.
let isEntering = true;
session.addEventListener('change', () => {
  if (!isEntering && (!session.user || root.dataset.error === 'unauthenticated')) watch();
});
// A sign-in link that is opened while its page is open changes only the fragment.
addEventListener('hashchange', () => enter());
// Whoever leaves makes room for another screen.
addEventListener('pagehide', () => { clearTimeout(looking); grant?.end(); });
addEventListener('pageshow', ({ persisted }) => { if (persisted) watch(); });

// The picture does not wait for the facts; what else there is comes last.
await Promise.all([showFacts(), enter()]);
await showMore();

async function enter() {
  isEntering = true;
  // 1. A sign-in link: the code works once, so it leaves the address bar before anything else can see it.
  const code = new URLSearchParams(location.hash.slice(1)).get('code');
  if (code) history.replaceState(null, '', location.pathname + location.search);

  // 2. Who is here.
  await (code ? signInWith(code) : session.restore());
  showAccount();
  isEntering = false;

  // 3. The right to play, and then the picture.
  if (!player.isStarted) await watch();
}

async function signInWith(code) {
  notice = '';
  try {
    await session.exchange(code);
  } catch (error) {
    // A link that was used before may belong to somebody who is signed in all the same.
    if (!(await session.restore())) {
      notice = error.code === 'invalid_code' ? 'This sign-in link has been used already, or is too old.' : error.message;
    }
  }
}

async function showFacts() {
  const movie = await send('GET', `/api/movies/${assetId}`).then((response) => response.json()).catch(() => null);
  if (!movie) return;
  document.title = `${movie.title} · Movento`;
  find('#title').textContent = movie.title;
  find('#facts').textContent = [
    spoken(movie.durationSeconds), resolution(movie.width, movie.height), date(movie.publishedAt), movie.isGrowing ? 'still being encoded' : '']
    .filter(Boolean).join(' · ');
  root.setAttribute('aria-label', `Player: ${movie.title}`);
  if (movie.posterUrl) player.video.poster = movie.posterUrl;
  // Portrait films and old formats keep their shape.
  const hasPicture = movie.width > 0 && movie.height > 0;
  find('main').style.setProperty('--ratio', String(hasPicture ? movie.width / movie.height : AUDIO_RATIO));
  root.dataset.picture = hasPicture ? 'moving' : 'none';
}

async function watch(next = new Grant(assetId)) {
  clearTimeout(looking);
  find('#message').hidden = true;
  grant?.end();
  if (!session.user) return player.fail('unauthenticated');
  grant = next;
  grant.addEventListener('ended', ({ detail }) => player.fail(detail));
  showChapters(grant);
  return player.play(grant);
}

// Of a film that is still made there are none yet.
async function showChapters(grant) {
  controls.showChapters(await loadChapters(grant));
}

async function tryAgain() {
  if (root.dataset.error === 'unauthenticated') {
    await askToSignIn(notice);
    return;
  }
  if (['plan_required', 'plan_ended', 'payment_overdue', 'stream_limit_reached'].includes(root.dataset.error)) {
    location.assign('/account');
    return;
  }
  if (['rental_required', 'rental_ended'].includes(root.dataset.error)) {
    await rent();
    return;
  }
  if (!session.user) await session.restore();
  await watch();
}

async function rent() {
  try {
    location.assign((await (await session.send('POST', '/api/payments/checkout', { json: { assetId } })).json()).url);
  } catch (error) {
    find('#message-text').textContent = error.message;
  }
}

function showFailure(code) {
  const [heading, text, action] = FAILURES[code] ?? OTHER_FAILURE;
  const isMissing = code === 'not_found' && find('#title').textContent === '';
  if (isMissing) document.title = 'Not found · Movento';
  find('#message-heading').textContent = heading;
  find('#message-text').textContent = [code === 'unauthenticated' ? notice : '', text].filter(Boolean).join(' ');
  find('#message-action').textContent = action ?? '';
  find('#message-action').hidden = action === null;
  find('#message').hidden = false;
  if (code !== 'stream_limit_reached') return;
  sayWhere();
  lookForRoom();
}

// A place that becomes free is taken by the page that somebody looks at.
function lookForRoom() {
  clearTimeout(looking);
  looking = setTimeout(async () => {
    const next = new Grant(assetId);
    const refusal = document.hidden ? { isPassing: true } : await next.url().then(() => null, (error) => error);
    if (root.dataset.error !== 'stream_limit_reached') next.end();
    else if (!refusal) await watch(next);
    else if (refusal.isPassing || refusal.code === 'stream_limit_reached') lookForRoom();
    else player.fail(refusal.code ?? 'server');
  }, LOOK_MS);
}

// Whoever knows where films play can stop one there.
async function sayWhere() {
  const devices = await session.send('GET', '/api/streaming/devices?limit=100').then((response) => response.json()).catch(() => null);
  const names = (devices?.items ?? []).filter(({ id, streams }) => streams.length > 0 && id !== device().deviceId).map(({ name }) => name ?? 'a device without a name');
  if (names.length === 0 || root.dataset.error !== 'stream_limit_reached') return;
  find('#message-text').textContent += ` Now playing: ${names.join(', ')}.`;
}

async function showMore() {
  const films = await send('GET', `/api/movies?limit=${MORE_FILMS + 1}`).then((response) => response.json()).catch(() => null);
  const others = (films?.items ?? []).filter(({ id }) => id !== assetId).slice(0, MORE_FILMS);
  if (others.length === 0) return;
  find('#more-films').replaceChildren(...others.map(card));
  find('#more').hidden = false;
}
