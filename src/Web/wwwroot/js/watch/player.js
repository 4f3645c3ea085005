// The player: one video element, its playback, and its state where everybody can read it.
//
// The element #player carries, for styles, for tests and for the curious:
//   data-state         idle, loading, playing, paused, buffering, ended or error
//   data-error         in state error: unauthenticated, not_found, forbidden, network, unsupported, media or server
//   data-connection    "lost" while the network is away and the player keeps trying
//   data-quality       "auto", or the height of the chosen rung
//   data-level-height  the height of the rung that the picture comes from
//   data-audio         the index of the playing audio track
//   data-subtitles     the index of the subtitles that are shown, or "off"
//   data-picture       "moving", or "none" for sound alone; absent until it is known

import { HlsPlayback } from './hls-playback.js';
import { NativePlayback } from './native-playback.js';
import { keepPosition, resumePosition } from '../viewing/history.js';

// How often a running film's position is kept.
const REMEMBER_MS = 5_000;

/** Events: `change` (anything to show), `failure` (detail: a code), `whole` (the film that plays is made to its end now). */
export class Player extends EventTarget {
  playback = null;

  #root;
  #assetId;
  #rememberedAt = 0;
  #subtitle = -1;

  constructor(root, video, assetId) {
    super();
    this.#root = root;
    this.video = video;
    this.#assetId = assetId;

    const on = (names, handler) => names.split(' ').forEach((name) => video.addEventListener(name, handler));
    on('playing', () => this.#enter('playing'));
    on('pause', () => { if (!video.ended) this.#enter('paused'); this.#remember(true); });
    on('waiting seeking', () => { if (this.isStarted) this.#enter('buffering'); });
    on('seeked canplay', () => { if (this.isStarted) this.#enter(video.paused ? 'paused' : 'playing'); });
    on('ended', () => { this.#enter('ended'); this.#remember(true); });
    on('timeupdate', () => { if (performance.now() - this.#rememberedAt > REMEMBER_MS) this.#remember(); });
    on('timeupdate durationchange progress volumechange ratechange', () => this.#changed());
    addEventListener('pagehide', () => this.#remember(true));
  }

  get state() {
    return this.#root.dataset.state;
  }

  /** Whether there is something to control: a picture was shown, and nothing has failed since. */
  get isStarted() {
    return !['idle', 'loading', 'error'].includes(this.state);
  }

  /** Plays what the grant opens, from where its viewer stopped. */
  async play(grant) {
    this.playback?.stop();
    this.#enter('loading');
    delete this.#root.dataset.connection;

    if (HlsPlayback.isSupported) this.playback = new HlsPlayback(this.video, grant);
    else if (NativePlayback.isSupportedBy(this.video)) this.playback = new NativePlayback(this.video, grant);
    else return this.fail('unsupported');

    const { playback } = this;
    playback.addEventListener('change', () => this.#changed());
    playback.addEventListener('failure', ({ detail }) => this.fail(detail));
    playback.addEventListener('whole', () => this.dispatchEvent(new Event('whole')));
    playback.addEventListener('stalled', () => { this.#root.dataset.connection = 'lost'; this.#changed(); });
    playback.addEventListener('resumed', () => { delete this.#root.dataset.connection; this.#changed(); });

    try {
      const [position] = await Promise.all([resumePosition(this.#assetId), grant.url()]);
      // Another attempt may have begun meanwhile, or this one have failed.
      if (this.playback !== playback) return;
      await playback.start(position);
    } catch (error) {
      return this.fail((grant.refusal ?? error).code ?? 'media');
    }
    return this.#begin();
  }

  /** Pauses what plays, plays what rests; a film that has ended begins again. */
  toggle() {
    if (!this.isStarted) return;
    if (this.video.paused || this.video.ended) this.#begin();
    else this.video.pause();
  }

  seek(seconds) {
    if (!this.isStarted || !Number.isFinite(this.video.duration)) return;
    this.video.currentTime = Math.min(Math.max(seconds, 0), this.video.duration);
    this.#changed();
  }

  skip(seconds) {
    this.seek(this.video.currentTime + seconds);
  }

  /** Chooses a rung by its index; -1 leaves the choice to the player. */
  choose(index) {
    this.playback.quality = index;
  }

  /** Subtitles off, or on again: those that were shown last, else the first. */
  toggleSubtitles() {
    const { playback } = this;
    if (!playback || playback.subtitles.length === 0) return;
    const { subtitle, subtitles } = playback;
    if (subtitle >= 0) this.#subtitle = subtitle;
    playback.subtitle = subtitle >= 0 ? -1 : (subtitles.find(({ index }) => index === this.#subtitle) ?? subtitles[0]).index;
  }

  setVolume(volume) {
    this.video.volume = Math.min(Math.max(volume, 0), 1);
    this.video.muted = this.video.volume === 0;
  }

  /** Ends playback; `code` says why. */
  fail(code) {
    this.#remember(true);
    this.playback?.stop();
    this.playback = null;
    this.#root.dataset.error = code;
    this.#enter('error');
    this.dispatchEvent(new CustomEvent('failure', { detail: code }));
  }

  // Browsers refuse to start with sound where nobody has touched the page yet: then start without, and say so.
  async #begin() {
    try {
      await this.video.play();
    } catch (error) {
      if (error.name !== 'NotAllowedError') return;
      this.video.muted = true;
      this.#root.dataset.silenced = 'true';
      await this.video.play().catch(() => this.#enter('paused'));
    }
  }

  #remember(isLast = false) {
    if (!this.isStarted && this.state !== 'error') return;
    if (!this.video.currentTime && this.state !== 'ended') return;
    this.#rememberedAt = performance.now();
    keepPosition(this.#assetId, this.video.currentTime, this.video.duration, isLast);
  }

  #enter(state) {
    // What the element still says after a failure is no news; only another attempt is.
    if (this.state === 'error' && state !== 'error' && state !== 'loading') return;
    this.#root.dataset.state = state;
    if (state !== 'error') delete this.#root.dataset.error;
    this.#changed();
  }

  #changed() {
    const { playback } = this;
    if (playback) {
      const chosen = playback.rungs.find(({ index }) => index === playback.quality);
      this.#root.dataset.quality = chosen ? chosen.height : 'auto';
      this.#root.dataset.levelHeight = playback.shownRung?.height ?? '';
      this.#root.dataset.audio = playback.audioTrack;
      this.#root.dataset.subtitles = playback.subtitle < 0 ? 'off' : playback.subtitle;
    }
    if (!this.video.muted) delete this.#root.dataset.silenced;
    this.dispatchEvent(new Event('change'));
  }
}
