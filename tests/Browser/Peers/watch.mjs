// The playback of our own watch page, with a right to play that never ends.

import { HlsPlayback } from '/pages/js/watch/hls-playback.js';
import { offer, video } from './peer.mjs';

let playback;

const peer = offer({
  wholes: 0,
  waits: 0,
  async load(url, _, start = 0) {
    playback = new HlsPlayback(video, { url: async () => url, readdress: async (address) => address, refused: () => {}, refusal: null, isGrowing: true });
    playback.addEventListener('failure', ({ detail }) => peer.errors.push(detail));
    playback.addEventListener('whole', () => { peer.wholes++; });
    await playback.start(start);
    await video.play();
    video.addEventListener('waiting', () => { peer.waits++; });
  },
  rungs: () => playback.rungs.map(({ index, height }) => ({ id: index, height })),
  choose: (id) => { playback.quality = id; },
  audioTracks: () => playback.audioTracks.length,
});
