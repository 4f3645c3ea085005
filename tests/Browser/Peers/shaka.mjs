import '/packages/shaka-player/dist/shaka-player.compiled.js';
import { offer, video } from './peer.mjs';

const { shaka } = window;
const player = new shaka.Player();

const peer = offer({
  async load(url, license) {
    await player.attach(video);
    if (license) {
      player.configure({
        drm: { servers: { 'org.w3.clearkey': license } },
        // It knows no KEYFORMAT of ClearKey in HLS, but takes the keys' ids from the media.
        manifest: { ignoreDrmInfo: url.endsWith('.m3u8') },
      });
    }

    await player.load(url);
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
  audioTracks: () => new Set(player.getVariantTracks().filter(({ audioId }) => audioId !== null).map(({ audioId }) => audioId)).size,
});

player.addEventListener('error', ({ detail }) => peer.errors.push(`${detail.code}: ${detail.message ?? JSON.stringify(detail.data)}`));
