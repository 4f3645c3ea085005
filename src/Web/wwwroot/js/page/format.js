// Numbers as people read them.

// A minute of 24 frames a second ends at 59.99… once it has gone through a media timescale.
const ROUNDING_SECONDS = 0.05;

/** 3725 → "1:02:05". */
export function clock(seconds) {
  if (!Number.isFinite(seconds) || seconds < 0) return '0:00';
  const whole = Math.floor(seconds + ROUNDING_SECONDS);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const tail = `${String(minutes).padStart(hours ? 2 : 1, '0')}:${String(rest).padStart(2, '0')}`;
  return hours ? `${hours}:${tail}` : tail;
}

/** 3725 → "1 hour 2 minutes", for screen readers. */
export function spoken(seconds) {
  const whole = Math.max(0, Math.round(seconds || 0));
  const parts = [[Math.floor(whole / 3600), 'hour'], [Math.floor(whole / 60) % 60, 'minute'], [whole % 60, 'second']]
    .filter(([count]) => count > 0)
    .slice(0, 2)
    .map(([count, unit]) => `${count} ${unit}${count === 1 ? '' : 's'}`);
  return parts.join(' ') || '0 seconds';
}

/** 1288490188 → "1.2 GiB". */
export function bytes(count) {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = count < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(count) / 10));
  return `${(count / 1024 ** power).toFixed(power && count / 1024 ** power < 100 ? 1 : 0)} ${units[power]}`;
}

/** The name by which people know a picture size: its shorter side. */
export function resolution(width, height) {
  return width && height ? `${Math.min(width, height)}p` : 'Audio';
}

export function date(text) {
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? '' : time.toLocaleDateString(undefined, { dateStyle: 'medium' });
}

/** Day and time of day. */
export function moment(text) {
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? '' : time.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}

/** "3 minutes ago", "in 2 hours". */
export function relative(text, now = Date.now()) {
  const seconds = (Date.parse(text) - now) / 1000;
  if (!Number.isFinite(seconds)) return '';
  const [size, unit] = [[86_400, 'day'], [3_600, 'hour'], [60, 'minute']].find(([length]) => Math.abs(seconds) >= length) ?? [1, 'second'];
  return new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' }).format(Math.round(seconds / size), unit);
}

/** 4812000 → "4.81 Mbit/s". */
export function bitrate(bitsASecond) {
  return bitsASecond >= 1e6 ? `${(bitsASecond / 1e6).toFixed(2)} Mbit/s` : `${Math.round(bitsASecond / 1e3)} kbit/s`;
}
