// Playback by the browser itself, where it reads HLS and has no Media Source Extensions (Safari on older iPhones).
// The browser chooses the rung; the same members as HlsPlayback, with nothing to choose from.

export class NativePlayback extends EventTarget {
  static isSupportedBy(video) {
    return video.canPlayType('application/vnd.apple.mpegurl') !== '';
  }

  rungs = [];
  quality = -1;

  #video;
  #grant;
  #position = 0;
  #renewedAt = -Infinity;

  constructor(video, grant) {
    super();
    this.#video = video;
    this.#grant = grant;
  }

  async start(position) {
    this.#position = position;
    this.#video.addEventListener('loadedmetadata', this.#seek);
    this.#video.addEventListener('error', this.#renew);
    this.#video.addEventListener('resize', this.#changed);
    for (const event of ['addtrack', 'change']) this.#video.textTracks.addEventListener(event, this.#changed);
    this.#video.src = await this.#grant.url();
  }

  stop() {
    this.#video.removeEventListener('loadedmetadata', this.#seek);
    this.#video.removeEventListener('error', this.#renew);
    this.#video.removeEventListener('resize', this.#changed);
    for (const event of ['addtrack', 'change']) this.#video.textTracks.removeEventListener(event, this.#changed);
    this.#video.removeAttribute('src');
    this.#video.load();
  }

  get shownRung() {
    const { videoWidth: width, videoHeight: height } = this.#video;
    return height ? { index: -1, width, height, bitrate: 0 } : null;
  }

  get audioTracks() {
    return Array.from(this.#video.audioTracks ?? [], ({ label, language }, index) => ({ index, name: label, language }));
  }

  get audioTrack() {
    return Array.from(this.#video.audioTracks ?? []).findIndex(({ enabled }) => enabled);
  }

  set audioTrack(chosen) {
    Array.from(this.#video.audioTracks ?? []).forEach((track, index) => { track.enabled = index === chosen; });
    this.#changed();
  }

  /** As of HlsPlayback; forced ones the browser shows by itself. */
  get subtitles() {
    return Array.from(this.#video.textTracks, ({ kind, label, language }, index) => ({ index, kind, name: label, language }))
      .filter(({ kind }) => kind === 'subtitles' || kind === 'captions');
  }

  get subtitle() {
    return this.subtitles.find(({ index }) => this.#video.textTracks[index].mode === 'showing')?.index ?? -1;
  }

  set subtitle(chosen) {
    for (const { index } of this.subtitles) this.#video.textTracks[index].mode = index === chosen ? 'showing' : 'disabled';
    this.#changed();
  }

  #changed = () => this.dispatchEvent(new Event('change'));

  #seek = () => {
    if (this.#position > 0) this.#video.currentTime = this.#position;
    this.#changed();
  };

  // The element does not say why it failed. An ended token is the likely reason: try once with a new one.
  #renew = async () => {
    if (performance.now() - this.#renewedAt < 10_000) return this.#fail('media');
    this.#renewedAt = performance.now();
    this.#position = this.#video.currentTime || this.#position;
    this.#grant.refused(this.#video.src);
    try {
      this.#video.src = await this.#grant.url();
      await this.#video.play();
    } catch (error) {
      if (this.#grant.refusal) this.#fail(this.#grant.refusal.code);
      else if (error.name !== 'NotAllowedError') this.#fail('media');
    }
    return undefined;
  };

  #fail(code) {
    this.dispatchEvent(new CustomEvent('failure', { detail: code }));
  }
}
