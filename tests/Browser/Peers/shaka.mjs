import '/packages/shaka-player/dist/shaka-player.compiled.js';
import { offer, video } from './peer.mjs';

const { shaka } = window;
const player = new shaka.Player();

// Of ClearKey in HLS it knows the KEYFORMAT identity alone, which cbcs cannot have: there the page asks for the licence, as it knows a key's id
// from the playlist, and hands the keys in.
async function keysOf(url, license) {
  const playlist = await (await fetch(url)).text();
  const [, hexadecimal] = /KEYFORMAT="org\.w3\.clearkey".*KEYID=0x([0-9a-f]{32})/.exec(playlist);
  const kid = btoa(String.fromCharCode(...hexadecimal.match(/../g).map((byte) => parseInt(byte, 16)))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  const { keys } = await (await fetch(license, { method: 'POST', body: JSON.stringify({ kids: [kid], type: 'temporary' }) })).json();
  const toHexadecimal = (text) => [...atob(text.replaceAll('-', '+').replaceAll('_', '/'))].map((byte) => byte.charCodeAt(0).toString(16).padStart(2, '0')).join('');
  return {
    drm: { clearKeys: Object.fromEntries(keys.map((key) => [toHexadecimal(key.kid), toHexadecimal(key.k)])) },
    manifest: { ignoreDrmInfo: true },
  };
}

const peer = offer({
  async load(url, license, start) {
    await player.attach(video);
    // CMCD as version 2 has it, in the query, and as reports of what happens. Not with keys: shaka-player hangs its query onto their data: URLs too.
    const eventTargets = [{ mode: 'event', enabled: true, url: new URL('cmcd', url).href, events: ['ps', 't'], interval: 2, includeKeys: [], useHeaders: false, version: 2 }];
    if (!license) player.configure({ cmcd: { enabled: true, version: 2, useHeaders: false, eventTargets } });
    if (license) player.configure(url.endsWith('.m3u8') ? await keysOf(url, license) : { drm: { servers: { 'org.w3.clearkey': license } } });

    await player.load(url, start);
    await video.play();
  },
  rungs: () => {
    const language = player.getVariantTracks().find(({ active }) => active)?.language;
    const tracks = player.getVariantTracks().filter((track) => track.language === language);
    return [...new Map(tracks.map(({ height }) => [height, { id: height, height }])).values()];
  },
  choose: (height) => {
    player.configure({ abr: { enabled: false } });
    const active = player.getVariantTracks().find((track) => track.active);
    const same = (track) => track.height === height && track.audioId === active?.audioId;
    player.selectVariantTrack(player.getVariantTracks().find(same), true);
  },
  // As a remote control does; one-fold is back to normal.
  wind: (rate) => (rate === 1 ? player.cancelTrickPlay() : player.trickPlay(rate)),
  textTracks: () => player.getTextTracks().length,
  showText: async () => { await player.selectTextTrack(player.getTextTracks()[0]); },
  audioTracks: () => new Set(player.getVariantTracks().filter(({ audioId }) => audioId !== null).map(({ audioId }) => audioId)).size,
});

player.addEventListener('error', ({ detail }) => peer.errors.push(`${detail.code}: ${detail.message ?? ''} ${String(detail.data?.slice(0, 2))}`));
