import '/packages/dashjs/dist/modern/umd/dash.all.min.js';
import { offer, video } from './peer.mjs';

const { dashjs } = window;
const player = dashjs.MediaPlayer().create();

const peer = offer({
  async load(url, license, start) {
    const initialized = new Promise((resolve) => { player.on(dashjs.MediaPlayer.events.STREAM_INITIALIZED, resolve); });
    player.initialize(video, url, true, start ?? NaN);
    if (license) player.setProtectionData({ 'org.w3.clearkey': { serverURL: license } });
    await initialized;
  },
  rungs: () => player.getRepresentationsByType('video').map(({ id, height }) => ({ id, height })),
  choose: (id) => {
    player.updateSettings({ streaming: { abr: { autoSwitchBitrate: { video: false } } } });
    player.setRepresentationForTypeById('video', id, true);
  },
  textTracks: () => player.getTracksFor('text').length,
  showText: () => { player.enableText(true); player.setTextTrack(0); },
  audioTracks: () => player.getTracksFor('audio').length,
});

player.on(dashjs.MediaPlayer.events.ERROR, ({ error }) => peer.errors.push(`${error.code}: ${error.message}`));
