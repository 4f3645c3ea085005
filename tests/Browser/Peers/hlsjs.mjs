import Hls from '/packages/hls.js/dist/hls.min.mjs';
import { offer, video } from './peer.mjs';

const hls = new Hls();

const peer = offer({
  async load(url, license, start) {
    if (license) Object.assign(hls.config, { emeEnabled: true, drmSystems: { 'org.w3.clearkey': { licenseUrl: license } } });
    if (start !== undefined) hls.config.startPosition = start;
    hls.loadSource(url);
    hls.attachMedia(video);
    await new Promise((resolve) => { hls.once(Hls.Events.MANIFEST_PARSED, resolve); });
    await video.play();
  },
  rungs: () => hls.levels.map(({ height }, id) => ({ id, height })),
  choose: (id) => { hls.currentLevel = id; },
  audioTracks: () => hls.audioTracks.length,
  textTracks: () => hls.subtitleTracks.length,
  showText: () => { hls.subtitleDisplay = true; hls.subtitleTrack = 0; },
});

hls.on(Hls.Events.ERROR, (_, { fatal, type, details, error }) => {
  if (fatal) peer.errors.push(`${type} ${details}: ${error?.message}`);
});
