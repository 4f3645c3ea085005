// What a browser calls itself, as people call it.

const BROWSERS = [[/\bEdg(e|A|iOS)?\//, 'Edge'], [/\bOPR\//, 'Opera'], [/\bFirefox\/|\bFxiOS\//, 'Firefox'], [/Chrom(e|ium)\/|\bCriOS\//, 'Chrome'], [/\bSafari\//, 'Safari']];
const SYSTEMS = [[/\bAndroid\b/, 'Android'], [/\biPhone\b|\biPod\b/, 'iPhone'], [/\biPad\b/, 'iPad'], [/\bWindows\b/, 'Windows'], [/\bMac OS X\b/, 'Mac'], [/\bCrOS\b/, 'ChromeOS'], [/\bLinux\b/, 'Linux']];

/** "Firefox on Windows"; what is none of these is given as it is. */
export function clientName(agent) {
  const named = (names) => names.find(([pattern]) => pattern.test(agent))?.[1];
  const [browser, system] = [named(BROWSERS), named(SYSTEMS)];
  if (browser) return system ? `${browser} on ${system}` : browser;
  return agent.split(' ')[0].slice(0, 60) || 'An unnamed program';
}
