// What this browser calls itself, so that its user finds it among the devices.

const KEY = 'movento-device';

/** `{ deviceId, deviceName }`; the id stays the same for as long as the browser keeps it. */
export function device() {
  let deviceId = null;
  try {
    deviceId = localStorage.getItem(KEY);
    if (!/^[0-9a-f]{32}$/.test(deviceId ?? '')) {
      deviceId = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
      localStorage.setItem(KEY, deviceId);
    }
  } catch {
    // A browser that keeps nothing is named after its sign-in.
  }
  return { ...(deviceId ? { deviceId } : {}), deviceName: nameOf(navigator.userAgent) };
}

function nameOf(agent) {
  const browser = [['Edg/', 'Edge'], ['OPR/', 'Opera'], ['Firefox/', 'Firefox'], ['Chrome/', 'Chrome'], ['Safari/', 'Safari']].find(([mark]) => agent.includes(mark))?.[1] ?? 'A browser';
  const system = [['Android', 'Android'], ['iPhone', 'iPhone'], ['iPad', 'iPad'], ['Windows', 'Windows'], ['Mac OS', 'Mac'], ['Linux', 'Linux']].find(([mark]) => agent.includes(mark))?.[1];
  return system ? `${browser} on ${system}` : browser;
}
