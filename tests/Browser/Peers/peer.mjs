// What every player's page shares: the video, what went wrong, and what has been decoded.
//
// window.peer, for the tests:
//   load(url, license, start)  loads a presentation and starts to play; license: where ClearKey asks, or null; start: seconds, or nothing
//   rungs()        [{ id, height }], as the player understood them
//   choose(id)     plays this rung from now on, whatever the line carries
//   wind(rate)     plays so many times as fast, in the track that is made for it if there is one (shaka-player)
//   audioTracks()  how many there are to choose from
//   textTracks()   how many subtitles there are to choose from
//   showText()     shows the first of them
//   words()        what of it the player has understood so far, as text
//   errors         what the player called an error, as text; must stay empty

export const video = document.querySelector('video');

export function offer(player) {
  const words = () => [...video.textTracks].flatMap((track) => [...(track.cues ?? [])]).map((cue) => cue.text).join(' ');
  const peer = { errors: [], words, ...player };
  video.addEventListener('error', () => peer.errors.push(`video element: ${video.error?.message}`));
  window.peer = peer;
  return peer;
}
