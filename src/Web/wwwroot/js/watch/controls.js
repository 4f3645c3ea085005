// The control bar: shows what the player does and hands on what the viewer wants.

import { element, find } from '../page/dom.js';
import { clock, resolution, spoken } from '../page/format.js';
import { dress } from '../page/icons.js';
import { chapterAt } from './chapters.js';
import { Menu } from './menu.js';

// The bar leaves a running picture after this long without a movement.
const IDLE_MS = 2_800;

export class Controls {
  #root;
  #player;
  #idle = null;
  #scrubbing = false;
  #chapters = [];
  #marked = '';
  #shownChapter = null;

  constructor(root, player) {
    this.#root = root;
    this.#player = player;
    for (const name of ['toggle', 'mute', 'volume', 'seek', 'played', 'buffered', 'time', 'duration', 'fullscreen', 'status', 'unmute', 'marks']) {
      this[name] = find(`[data-part=${name}]`, root);
    }
    this.qualityButton = find('[data-part=quality]', root);
    this.audioButton = find('[data-part=audio]', root);
    this.subtitleButton = find('[data-part=subtitles]', root);
    this.chapterButton = find('[data-part=chapters]', root);
    this.chapterMenu = new Menu(this.chapterButton, find('#chapter-menu', root), (value) => this.#enterChapter(Number(value)));
    this.qualityMenu = new Menu(this.qualityButton, find('#quality-menu', root), (value) => player.choose(Number(value)));
    this.audioMenu = new Menu(this.audioButton, find('#audio-menu', root), (value) => { player.playback.audioTrack = Number(value); });
    this.subtitleMenu = new Menu(this.subtitleButton, find('#subtitle-menu', root), (value) => { player.playback.subtitle = Number(value); });
    dress(this.subtitleButton, 'subtitles', 'Subtitles (c)');
    dress(this.chapterButton, 'chapters', 'Chapters');
    dress(this.audioButton, 'audio', 'Audio track');
    dress(this.qualityButton, 'quality', 'Quality');
    dress(this.unmute, 'muted');

    this.toggle.addEventListener('click', () => player.toggle());
    this.mute.addEventListener('click', () => { player.video.muted = !player.video.muted; });
    this.unmute.addEventListener('click', () => { player.video.muted = false; });
    this.volume.addEventListener('input', () => player.setVolume(Number(this.volume.value)));
    this.fullscreen.addEventListener('click', () => this.toggleFullscreen());
    this.seek.addEventListener('input', () => { this.#scrubbing = true; this.#showTime(Number(this.seek.value)); });
    this.seek.addEventListener('change', () => { this.#scrubbing = false; player.seek(Number(this.seek.value)); });
    // The keys of the player (shortcuts.js) step by seconds; the slider's own would step by a thousandth of the film.
    this.seek.addEventListener('keydown', (event) => {
      if (['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'].includes(event.key)) event.preventDefault();
    });

    const picture = find('[data-part=picture]', root);
    picture.addEventListener('click', ({ pointerType }) => {
      // A finger first asks for the bar; a mouse has it already.
      if (pointerType === 'touch' && root.dataset.idle === 'true') this.wake();
      else player.toggle();
    });
    picture.addEventListener('dblclick', () => this.toggleFullscreen());
    for (const event of ['pointermove', 'pointerdown', 'keydown', 'focusin']) root.addEventListener(event, () => this.wake());
    root.addEventListener('pointerleave', () => this.#rest());
    document.addEventListener('fullscreenchange', () => this.show());
    player.addEventListener('change', () => this.show());
    this.show();
  }

  /** Marks where chapters begin, and offers them; see `loadChapters`. */
  showChapters(chapters) {
    this.#chapters = chapters;
    this.#shownChapter = null;
    this.#marked = '';
    this.chapterButton.hidden = chapters.length < 2;
    this.show();
  }

  /** Brings the bar back, and lets it go again while the picture runs. */
  wake() {
    delete this.#root.dataset.idle;
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.#rest(), IDLE_MS);
  }

  async toggleFullscreen() {
    if (document.fullscreenElement) await document.exitFullscreen();
    // iPhones let only the video itself fill the screen.
    else if (this.#root.requestFullscreen) await this.#root.requestFullscreen().catch(() => {});
    else this.#player.video.webkitEnterFullscreen?.();
  }

  show() {
    const { video, playback, state, isStarted } = this.#player;

    const isOver = state === 'ended';
    dress(this.toggle, isOver ? 'replay' : video.paused ? 'play' : 'pause', isOver ? 'Play again (space)' : video.paused ? 'Play (space)' : 'Pause (space)');
    dress(this.mute, video.muted ? 'muted' : 'volume', video.muted ? 'Sound on (m)' : 'Sound off (m)');
    dress(this.fullscreen, document.fullscreenElement ? 'leave' : 'enter', document.fullscreenElement ? 'Leave full screen (f)' : 'Full screen (f)');
    this.volume.value = video.muted ? 0 : video.volume;
    for (const part of [this.toggle, this.seek]) part.disabled = !isStarted;

    if (Number.isFinite(video.duration)) {
      this.seek.max = video.duration;
      this.duration.textContent = clock(video.duration);
      this.buffered.value = this.#bufferedEnd() / video.duration;
    }
    this.#showMarks(video.duration);
    if (!this.#scrubbing) this.#showTime(video.currentTime);
    this.status.textContent = this.#root.dataset.connection === 'lost' ? 'Connection lost. Trying again…' : '';
    if (state !== 'playing') this.wake();
    if (playback) this.#showMenus(playback);
  }

  #showTime(seconds) {
    const { duration } = this.#player.video;
    this.time.textContent = clock(seconds);
    this.seek.value = seconds;
    const chapter = this.#showChapter(seconds);
    this.seek.setAttribute('aria-valuetext', `${spoken(seconds)} of ${spoken(duration)}${chapter ? `, ${chapter.title}` : ''}`);
    this.played.value = duration > 0 ? seconds / duration : 0;
  }

  // The chapter that is played, or that a slider under way points to.
  #showChapter(seconds) {
    if (this.chapterButton.hidden) return null;
    const at = chapterAt(this.#chapters, seconds);
    const chapter = this.#chapters[at] ?? null;
    if (this.#shownChapter === at) return chapter;
    this.#shownChapter = at;
    const title = chapter?.title ?? 'Chapters';
    find('.value', this.chapterButton).textContent = title;
    this.chapterButton.setAttribute('aria-label', chapter ? `Chapters, now ${title}` : 'Chapters');
    this.chapterMenu.show(this.#chapters.map(({ start, title: label }, value) => ({ value, label, note: clock(start) })), at);
    return chapter;
  }

  #enterChapter(index) {
    this.#player.seek(this.#chapters[index].start);
  }

  #showMarks(duration) {
    const starts = duration > 0 ? this.#chapters.map(({ start }) => start).filter((start) => start > 0 && start < duration) : [];
    const key = `${duration} ${starts.length}`;
    if (key === this.#marked) return;
    this.#marked = key;
    this.marks.replaceChildren(...starts.map((start) => {
      const mark = element('span');
      mark.style.setProperty('--at', String(start / duration));
      return mark;
    }));
  }

  #showMenus(playback) {
    const { rungs, shownRung, audioTracks } = playback;
    const name = ({ width, height }) => resolution(width, height);
    this.qualityButton.hidden = rungs.length < 2;
    this.qualityMenu.show(
      [
        { value: -1, label: 'Auto', note: playback.quality < 0 && shownRung ? name(shownRung) : '' },
        ...rungs.map((rung) => ({ value: rung.index, label: name(rung), note: rung === shownRung ? 'now' : '' })),
      ],
      playback.quality);
    find('.value', this.qualityButton).textContent = shownRung ? name(shownRung) : '';
    this.audioButton.hidden = audioTracks.length < 2;
    this.audioMenu.show(
      audioTracks.map(({ index, name: label, language }) => ({ value: index, label: label || language || `Track ${index + 1}` })),
      playback.audioTrack);
    this.subtitleButton.hidden = playback.subtitles.length === 0;
    this.subtitleMenu.show(
      [
        { value: -1, label: 'Off' },
        ...playback.subtitles.map(({ index, name: label, language }, at) => ({ value: index, label: label || language || `Subtitles ${at + 1}` })),
      ],
      playback.subtitle);
  }

  #bufferedEnd() {
    const { buffered, currentTime } = this.#player.video;
    for (let index = 0; index < buffered.length; index++) {
      if (buffered.start(index) <= currentTime + 0.5 && buffered.end(index) >= currentTime) return buffered.end(index);
    }
    return 0;
  }

  #rest() {
    const isBusy = this.#player.state !== 'playing' || this.qualityMenu.isOpen || this.audioMenu.isOpen || this.subtitleMenu.isOpen || this.chapterMenu.isOpen
      || this.#root.querySelector('.bar :focus-visible');
    if (!isBusy) this.#root.dataset.idle = 'true';
  }
}
