// The keys that viewers expect of a player. They work wherever nothing else wants them.

const SKIP_SECONDS = 5;
const VOLUME_STEP = 0.1;

export function listenForShortcuts(player, controls) {
  const keys = {
    ' ': () => player.toggle(),
    k: () => player.toggle(),
    ArrowLeft: () => player.skip(-SKIP_SECONDS),
    ArrowRight: () => player.skip(SKIP_SECONDS),
    ArrowUp: () => player.setVolume(player.video.volume + VOLUME_STEP),
    ArrowDown: () => player.setVolume(player.video.volume - VOLUME_STEP),
    f: () => controls.toggleFullscreen(),
    c: () => player.toggleSubtitles(),
    m: () => { player.video.muted = !player.video.muted; },
    Home: () => player.seek(0),
    End: () => player.seek(player.video.duration),
  };

  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented && event.target?.dataset?.part !== 'seek') return;
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
    if (isTakenBy(event.target, event.key)) return;
    const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act) return;
    event.preventDefault();
    controls.wake();
    act();
  });
}

// Space presses the focused button, arrows move the focused volume slider, letters go into a field.
function isTakenBy(target, key) {
  if (target.dataset?.part === 'seek') return false;
  if (target.matches?.('input[type=range]')) return key.startsWith('Arrow') || key === 'Home' || key === 'End';
  if (target.matches?.('input, textarea, select')) return true;
  return target.matches?.('button, a') && (key === ' ' || key === 'Enter');
}
