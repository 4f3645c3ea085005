// Who watches with the account: a name, a language, and for whom films are.

import { actButton } from '../page/act.js';
import { confirm } from '../page/confirm.js';
import { element, find } from '../page/dom.js';
import { askBySheet, field } from '../page/form-sheet.js';
import { recently } from '../page/reauthenticate.js';
import { session } from '../session/session.js';

const PATH = '/api/users/me/profiles';
const MOST = 8;
const EVERYTHING = 21;
const KIDS = 12;
const AGES = [EVERYTHING, 18, 16, KIDS, 6, 0];
const LANGUAGES = ['ar', 'cs', 'da', 'de', 'en', 'es', 'fi', 'fr', 'hi', 'hu', 'it', 'ja', 'ko', 'nl', 'no', 'pl', 'pt', 'pt-BR', 'ru', 'sv', 'tr', 'uk', 'vi', 'zh'];

const status = find('#status');
const list = find('#profile-list');
const add = find('#add-profile');
add.addEventListener('click', () => edit(null));

export async function showProfiles() {
  const { items } = await (await session.send('GET', PATH)).json();
  add.hidden = items.length >= MOST;
  list.replaceChildren(...items.map(card));
}

function card(profile) {
  const isWatching = profile.id === session.profileId;
  return element('li', { class: 'panel', 'data-profile': profile.id, 'data-current': String(isWatching) },
    element('div', {},
      element('h3', { textContent: profile.name }),
      element('p', { class: 'muted', textContent: [profile.isKids ? 'A child' : null, ageWords(profile.maximumAge), languageName(profile.language)].filter(Boolean).join(' · ') })),
    element('div', { class: 'buttons' },
      isWatching
        ? button('Stop watching as this', 'quiet', () => watchAs(null))
        : button('Watch as this', 'quiet', () => watchAs(profile.id)),
      button('Change', 'quiet', () => edit(profile)),
      button('Remove', 'quiet danger', () => remove(profile))));
}

// Out of a profile with a bound of age only with the password, and within one nothing else changes either.
async function watchAs(id) {
  await recently(() => session.watchAs(id));
  await showProfiles();
}

async function edit(profile) {
  const input = (properties) => element('input', { type: 'text', ...properties });
  const ages = [...new Set([...AGES, profile?.maximumAge ?? EVERYTHING])].sort((one, other) => other - one);
  const languages = [...new Set([...LANGUAGES, profile?.language ?? 'en'])];
  const age = select('maximumAge', ages.map((years) => [years, ageWords(years)]), profile?.maximumAge ?? EVERYTHING);
  const kids = element('input', { type: 'checkbox', name: 'isKids', checked: profile?.isKids ?? false });
  // A child's profile ends at twelve, whatever is chosen.
  const bound = () => {
    for (const option of age.options) option.disabled = kids.checked && Number(option.value) > KIDS;
    if (age.selectedOptions[0]?.disabled) age.value = String(KIDS);
  };
  kids.addEventListener('change', bound);
  bound();
  const saved = await askBySheet({
    heading: profile ? 'Change this profile' : 'Add a profile',
    act: profile ? 'Save' : 'Add',
    fields: [
      field('Name', input({ name: 'name', required: true, maxLength: 50, value: profile?.name ?? '' })),
      element('label', { class: 'check' }, kids, element('span', { textContent: 'It is a child’s' })),
      field('Films', age),
      field('Language', select('language', languages.map((tag) => [tag, languageName(tag)]), profile?.language ?? 'en')),
    ],
    send: ({ elements }) => recently(() => session.send(profile ? 'PATCH' : 'POST', profile ? `${PATH}/${profile.id}` : PATH, {
      json: { name: elements.name.value, isKids: kids.checked, maximumAge: Number(age.value), language: elements.language.value },
    })),
  });
  if (!saved) return;
  // The token that is held says what the profile was.
  if (profile && profile.id === session.profileId) await session.watchAs(profile.id);
  await showProfiles();
}

async function remove(profile) {
  if (!await confirm({ heading: 'Remove this profile?', subject: profile.name, text: `What was watched in it is forgotten, and where it would go on.${profile.maximumAge < EVERYTHING ? ' Other devices that watch in it have to sign in again.' : ''}`, act: 'Remove it' })) return;
  if (await recently(() => session.send('DELETE', `${PATH}/${profile.id}`)) === null) return;
  if (profile.id === session.profileId) await session.watchAs(null);
  await showProfiles();
}

function select(name, options, value) {
  const made = element('select', { name }, ...options.map(([key, text]) => element('option', { value: String(key), textContent: text })));
  made.value = String(value);
  return made;
}

function ageWords(years) {
  if (years >= EVERYTHING) return 'Every film';
  return years === 0 ? 'For everybody' : `Up to ${years}`;
}

function languageName(tag) {
  return new Intl.DisplayNames(undefined, { type: 'language', fallback: 'code' }).of(tag);
}

const button = (text, kind, act) => actButton(text, kind, status, act);
