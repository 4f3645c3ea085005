// The chapters of a film (chapters.json, Apple's format), and which of them is which moment's.

// A list that is longer belongs to no film.
const MOST = 1_000;

/** `[{ start, end, title }]` in order, in seconds; empty where there are none. */
export async function loadChapters(grant) {
  try {
    const answer = await fetch(new URL('chapters.json', await grant.url()), { signal: AbortSignal.timeout(10_000) });
    if (!answer.ok) return [];
    return (await answer.json()).slice(0, MOST)
      .map((chapter, index) => ({
        start: chapter['start-time'], end: chapter['start-time'] + chapter.duration, title: chapter.titles?.[0]?.title || `Chapter ${index + 1}`,
      }))
      .filter(({ start, end }) => Number.isFinite(start) && end > start);
  } catch {
    // A film without chapters is still a film.
    return [];
  }
}

/** The index of the chapter that is at `seconds`, or -1. */
export const chapterAt = (chapters, seconds) => chapters.findLastIndex(({ start, end }) => start <= seconds && seconds < end);
