// Playback through Media Source Extensions: hls.js reads the playlists, chooses the rung and feeds the video element.

import Hls from '../../lib/hls.js-1.7.4/hls.min.mjs';
import { rememberSubtitles, rememberedSubtitles } from './subtitle-choice.js';

const BANDWIDTH_KEY = 'movento.bandwidth';

// A decoder that fails again this soon after it was restarted will not recover by another restart.
const RECOVERY_WINDOW_MS = 20_000;

// After hls.js has given up on a request: wait, and try again for as long as the viewer stays.
const RETRY_MS = 4_000;

// While a film is made: how often to look whether it is whole. The playlist is a few hundred bytes.
const GROWTH_MS = 4_000;

// So much of what is buffered plays on, while another rung is fetched.
const KEPT_SECONDS = 3;

// Sound and pictures of one film do not end in the same moment.
const END_SECONDS = 1;

/**
 * Events: `change` (rungs, quality, audio tracks or subtitles), `stalled` and `resumed` (network), `failure` (detail: a code), `whole` (a film that
 * was still made when it began is whole, and has all its rungs).
 */
export class HlsPlayback extends EventTarget {
  static get isSupported() {
    return Hls.isSupported();
  }

  #hls;
  #video;
  #grant;
  #recoveredAt = -Infinity;
  #retry = null;
  #growth = null;
  #successor = null;
  #keyHolder = null;
  #isWhole = false;
  #shown = -1;

  constructor(video, grant) {
    super();
    this.#video = video;
    this.#grant = grant;
  }

  /** Loads the presentation and shows its picture at `position`, in seconds. */
  async start(position) {
    const url = await this.#grant.url();
    this.#adopt(this.#make(url, position));
    this.#hls.loadSource(url);
    this.#hls.attachMedia(this.#video);
    if (this.#grant.isGrowing) this.#lookForGrowth();
  }

  #make(url, position, others = {}) {
    return new Hls({
      // CMAF needs no transmuxing: a worker would cost more than it saves.
      enableWorker: false,
      // Said outright: of a film that is still made, the default is where it ends now.
      startPosition: position,
      capLevelToPlayerSize: true,
      maxBufferLength: 30,
      maxMaxBufferLength: 60,
      backBufferLength: 60,
      abrEwmaDefaultEstimate: rememberedBandwidth(),
      // The edge makes figures of how playback goes (docs/formats/edge.md), under an id that hls.js makes for this playback alone.
      cmcd: { version: 2 },
      xhrSetup: (request, address) => this.#send(request, address),
      // Films encrypted for ClearKey; AES-128 needs nothing, and a film in the clear asks for no licence.
      emeEnabled: true,
      drmSystems: { 'org.w3.clearkey': { licenseUrl: new URL('license', url).href } },
      licenseXhrSetup: async (request, address) => request.open('POST', await this.#grant.readdress(address), true),
      manifestLoadPolicy: patient(Hls.DefaultConfig.manifestLoadPolicy, this.#grant),
      playlistLoadPolicy: patient(Hls.DefaultConfig.playlistLoadPolicy, this.#grant),
      fragLoadPolicy: patient(Hls.DefaultConfig.fragLoadPolicy, this.#grant),
      ...others,
    });
  }

  // From now on this instance is the one that plays.
  #adopt(hls) {
    this.#hls = hls;
    const changed = () => this.dispatchEvent(new Event('change'));
    for (const event of ['MANIFEST_PARSED', 'LEVEL_SWITCHING', 'AUDIO_TRACKS_UPDATED', 'AUDIO_TRACK_SWITCHED', 'SUBTITLE_TRACK_SWITCH', 'LEVELS_UPDATED']) {
      hls.on(Hls.Events[event], changed);
    }
    // What its viewer chose, of this film or of one before, is above what a source calls its default, which hls.js takes once it has said what there is.
    hls.once(Hls.Events.SUBTITLE_TRACKS_UPDATED, () => queueMicrotask(() => { this.#chooseRemembered(hls); changed(); }));
    // Of the moment when the picture comes from another rung, not of the moment when its loading begins.
    hls.on(Hls.Events.LEVEL_SWITCHED, (_, { level }) => { this.#shown = level; changed(); });
    hls.on(Hls.Events.FRAG_BUFFERED, (_, { frag }) => {
      rememberBandwidth(hls.bandwidthEstimate);
      // Sound begins with a frame that an edit list leaves out, of which hls.js knows nothing: a last segment of one frame it looks for behind where that is,
      // takes it for lost, and the film never comes to its end.
      if (frag.type === 'audio' && frag.endList) hls.trigger(Hls.Events.BUFFER_EOS, { type: 'audio' });
      this.dispatchEvent(new Event('resumed'));
    });
    hls.on(Hls.Events.ERROR, (_, data) => { if (hls === this.#hls) this.#failed(data); });
  }

  stop() {
    clearTimeout(this.#retry);
    clearTimeout(this.#growth);
    removeEventListener('online', this.#resume);
    this.#successor?.destroy();
    this.#hls?.destroy();
    this.#keyHolder?.destroy();
    this.#successor = this.#hls = this.#keyHolder = null;
  }

  /** `[{ index, width, height, bitrate }]` with the sound that plays, the highest first. */
  get rungs() {
    // A rung is a level with each group of sound, stereo and 5.1: those of another one would be the same pictures again.
    const group = this.#hls?.audioTracks[this.#hls.audioTrack]?.groupId;
    return (this.#hls?.levels ?? [])
      .map((level, index) => ({ level, index }))
      .filter(({ level }) => level.height > 0 && (group === undefined || level.hasAudioGroup(group)))
      .map(({ level: { width, height, bitrate }, index }) => ({ index, width, height, bitrate }))
      .sort((a, b) => b.height - a.height || b.bitrate - a.bitrate);
  }

  /** The rung that the picture comes from, or null. */
  get shownRung() {
    return this.rungs.find(({ index }) => index === this.#shown) ?? null;
  }

  /** The chosen rung's index, or -1 for automatic. */
  get quality() {
    return !this.#hls || this.#hls.autoLevelEnabled ? -1 : this.#hls.manualLevel;
  }

  set quality(index) {
    // Keeps what plays now and replaces what is buffered after it: the choice is seen within moments, without a stop.
    this.#hls.nextLevel = index;
    // hls.js replaces nothing where it expects a segment to take longer than what is buffered lasts, and guesses that of a line that a busy machine made look slow.
    // What is buffered to the film's end would be played to the end then.
    const { buffered, duration } = this.#video;
    if (buffered.length > 0 && buffered.end(buffered.length - 1) > duration - END_SECONDS) this.#makeRoom(this.#hls);
    this.dispatchEvent(new Event('change'));
  }

  /** `[{ index, name, language }]`. */
  get audioTracks() {
    return (this.#hls?.audioTracks ?? []).map(({ name, lang }, index) => ({ index, name, language: lang }));
  }

  get audioTrack() {
    return this.#hls?.audioTrack ?? -1;
  }

  set audioTrack(index) {
    this.#hls.audioTrack = index;
    this.dispatchEvent(new Event('change'));
  }

  /** `[{ index, name, language }]` of the subtitles that a viewer chooses from. Forced ones, of what is foreign in the film's own language, are shown without. */
  get subtitles() {
    return this.#hls ? choosable(this.#hls) : [];
  }

  /** The index of what is shown of `subtitles`, or -1. */
  get subtitle() {
    const shown = this.#hls?.subtitleTrack ?? -1;
    return this.subtitles.some(({ index }) => index === shown) ? shown : -1;
  }

  set subtitle(index) {
    const track = this.#hls.subtitleTracks[index];
    rememberSubtitles(track ? { name: track.name, language: track.lang } : null);
    this.#hls.subtitleTrack = track ? index : forcedWith(this.#hls);
    this.dispatchEvent(new Event('change'));
  }

  #chooseRemembered(hls) {
    const choice = rememberedSubtitles();
    if (choice === undefined) return;
    const tracks = choosable(hls);
    const found = choice && (tracks.find(({ name, language }) => name === choice.name && language === choice.language)
      ?? tracks.find(({ language }) => language && language === choice.language));
    hls.subtitleTrack = found ? found.index : forcedWith(hls);
  }

  // While a film is made its multivariant playlist redirects to where it grows (docs/formats/urls.md), with one rung; players read that once.
  #lookForGrowth() {
    this.#growth = setTimeout(async () => {
      try {
        const answer = await fetch(await this.#grant.url(), { cache: 'no-store', signal: AbortSignal.timeout(GROWTH_MS) });
        if (answer.status === 403) this.#grant.refused(answer.url);
        if (answer.ok && !answer.redirected && this.#hls) await this.#takeLadder();
      } catch {
        // The next look may say more.
      }
      if (this.#hls && !this.#isWhole) this.#lookForGrowth();
    }, GROWTH_MS);
  }

  // Reads the playlist anew with an instance of its own, and hands that one the media element with all that is buffered: the picture goes on, and
  // what comes after it is chosen from the whole ladder.
  async #takeLadder() {
    const before = this.#hls;
    const url = await this.#grant.url();
    const { lang, name } = before.audioTracks[before.audioTrack] ?? {};
    // The keys of an encrypted film belong to the media element and to the sessions of the instance that asked for them. They are those of all rungs, and no
    // browser takes others while it plays: so that instance stays until the end, and the next one asks for none.
    const hasKeys = Boolean(this.#video.mediaKeys);
    const next = this.#make(url, this.#video.currentTime, {
      abrEwmaDefaultEstimate: before.bandwidthEstimate,
      audioPreference: lang || name ? { lang, name } : undefined,
      ...(hasKeys && { emeController: KeysAtHand }),
    });
    this.#successor = next;
    try {
      await new Promise((resolve, reject) => {
        next.on(Hls.Events.MANIFEST_PARSED, resolve);
        next.on(Hls.Events.ERROR, (_, { fatal, details }) => { if (fatal) reject(new Error(details)); });
        next.on(Hls.Events.DESTROYING, () => reject(new Error('stopped')));
        next.loadSource(url);
      });
    } catch (error) {
      if (this.#successor === next) { this.#successor = null; next.destroy(); }
      throw error;
    }

    this.#successor = null;
    this.#isWhole = true;
    const media = before.transferMedia();
    if (hasKeys) {
      before.stopLoad();
      this.#keyHolder = before;
    } else {
      before.destroy();
    }
    this.#shown = -1;
    this.#adopt(next);
    next.attachMedia(media ?? this.#video);
    // What is buffered is of the first rung: soon after the picture that is seen, it makes room for a better one, if the line carries that.
    next.once(Hls.Events.MEDIA_ATTACHED, () => {
      if (!(next.levels[next.nextAutoLevel]?.height > this.#video.videoHeight)) return;
      this.#makeRoom(next);
    });
    this.dispatchEvent(new Event('change'));
    this.dispatchEvent(new Event('whole'));
  }

  // For pictures of another rung, soon after the one that is seen.
  #makeRoom(hls) {
    hls.trigger(Hls.Events.BUFFER_FLUSHING, { startOffset: this.#video.currentTime + KEPT_SECONDS, endOffset: Infinity, type: 'video' });
  }

  // Each request goes out under the newest token, whatever the playlist was loaded with.
  async #send(request, address) {
    const url = await this.#grant.readdress(address);
    request.open('GET', url, true);
    request.addEventListener('load', () => { if (request.status === 403) this.#grant.refused(url); });
  }

  #failed(data) {
    if (!data.fatal) return;
    const refusal = this.#grant.refusal;
    if (refusal && !refusal.isPassing) return this.#fail(refusal.code);

    const status = data.response?.code ?? 0;
    if (data.type === Hls.ErrorTypes.NETWORK_ERROR) {
      if (status === 404 || status === 410) return this.#fail('not_found');
      if (status === 403) return this.#fail('forbidden');
      this.dispatchEvent(new Event('stalled'));
      addEventListener('online', this.#resume);
      this.#retry = setTimeout(this.#resume, RETRY_MS);
      return undefined;
    }
    if (data.type === Hls.ErrorTypes.MEDIA_ERROR && performance.now() - this.#recoveredAt > RECOVERY_WINDOW_MS) {
      this.#recoveredAt = performance.now();
      return this.#hls.recoverMediaError();
    }
    console.error('Playback failed:', data.type, data.details, data.error);
    return this.#fail('media');
  }

  #resume = async () => {
    clearTimeout(this.#retry);
    removeEventListener('online', this.#resume);
    const hls = this.#hls;
    if (!hls) return;
    // Without a playlist there is nothing to go on with: load it first.
    if (hls.levels.length === 0) hls.loadSource(await this.#grant.url().catch(() => hls.url));
    else hls.startLoad();
  };

  #fail(code) {
    this.dispatchEvent(new CustomEvent('failure', { detail: code }));
  }
}

// In place of hls.js's own controller of keys: whoever had the media element before has asked for all of them.
class KeysAtHand {
  static CDMCleanupPromise = null;

  selectKeySystemFormat = async () => 'org.w3.clearkey';

  loadKey = async () => {};

  loadClear = () => null;

  destroy() {}
}

// hls.js gives up on every 4xx and on lost connections. A 403 is a token that ended on the way: the next try has a new one.
function patient(policy, grant) {
  const retry = {
    ...policy.default.errorRetry,
    maxNumRetry: 4,
    retryDelayMs: 500,
    maxRetryDelayMs: 4_000,
    shouldRetry: (limits, count, isTimeout, response, byDefault) => {
      if (response?.code === 403) return count < 2;
      const isLost = !response?.code;
      return byDefault || (isLost && count < limits.maxNumRetry && (!grant.refusal || grant.refusal.isPassing));
    },
  };
  return { default: { ...policy.default, errorRetry: retry } };
}

// The subtitles that are not forced.
function choosable(hls) {
  return hls.subtitleTracks
    .map(({ name, lang, forced }, index) => ({ index, name, language: lang, forced }))
    .filter(({ forced }) => !forced);
}

// The forced subtitles of the language that is heard, or -1.
function forcedWith(hls) {
  const heard = hls.audioTracks[hls.audioTrack]?.lang;
  return hls.subtitleTracks.findIndex(({ forced, lang }) => forced && (!heard || lang === heard));
}

function rememberedBandwidth() {
  // 2 Mbit/s where nothing was measured yet: most lines carry it, and a wrong guess is corrected after one segment.
  try {
    return Math.min(Math.max(Number(localStorage.getItem(BANDWIDTH_KEY)) || 2e6, 3e5), 5e7);
  } catch {
    return 2e6;
  }
}

function rememberBandwidth(estimate) {
  try {
    if (estimate > 0) localStorage.setItem(BANDWIDTH_KEY, String(Math.round(estimate)));
  } catch {
    // Storage is full or forbidden: the next film starts with the default.
  }
}
