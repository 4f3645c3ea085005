import Hls from '/packages/hls.js/dist/hls.min.mjs';
import { offer, video } from './peer.mjs';

// CMCD as version 1 has it, in header fields of a request across origins. With ?buffer=N it fetches no more than N seconds ahead,
// and waits and tries as long as a busy machine may need to start a process; by itself it would for half a minute.
const buffer = Number(new URLSearchParams(location.search).get('buffer'));
const hls = new Hls({ cmcd: { useHeaders: true }, ...(buffer && { maxBufferLength: buffer, maxMaxBufferLength: buffer }) });
if (buffer) {
  const { fragLoadPolicy, playlistLoadPolicy } = hls.config;
  for (const { default: policy } of [fragLoadPolicy, playlistLoadPolicy]) {
    policy.maxTimeToFirstByteMs = 60_000;
    for (const retry of [policy.errorRetry, policy.timeoutRetry]) Object.assign(retry, { maxNumRetry: 300, retryDelayMs: 500, maxRetryDelayMs: 2000 });
  }
}

const peer = offer({
  async load(url, license, start) {
    if (license) Object.assign(hls.config, { emeEnabled: true, drmSystems: { 'org.w3.clearkey': { licenseUrl: license } } });
    if (start !== undefined) hls.config.startPosition = start;
    hls.loadSource(url);
    hls.attachMedia(video);
    await new Promise((resolve) => { hls.once(Hls.Events.MANIFEST_PARSED, resolve); });
    await video.play();
  },
  // With the sound that plays: a rung is a level with each group of sound.
  rungs: () => {
    const group = hls.audioTracks[hls.audioTrack]?.groupId;
    return hls.levels.map((level, id) => ({ level, id }))
      .filter(({ level }) => group === undefined || level.hasAudioGroup(group)).map(({ level, id }) => ({ id, height: level.height }));
  },
  choose: (id) => { hls.currentLevel = id; },
  audioTracks: () => hls.audioTracks.length,
  textTracks: () => hls.subtitleTracks.length,
  showText: () => { hls.subtitleDisplay = true; hls.subtitleTrack = 0; },
});

hls.on(Hls.Events.ERROR, (_, { fatal, type, details, error }) => {
  if (fatal) peer.errors.push(`${type} ${details}: ${error?.message}`);
});
