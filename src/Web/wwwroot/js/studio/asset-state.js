// What an asset's words mean to people.

export const STATES = {
  receiving: 'Receiving', queued: 'Queued', processing: 'Processing', published: 'Published', rejected: 'Rejected', cancelled: 'Cancelled',
};

export const STAGES = { upload: 'Upload', probe: 'Check', ladder: 'Plan', encode: 'Encode', package: 'Package', publish: 'Publish' };

export const PRIORITIES = [[1, 'High: before everything else'], [0, 'Normal'], [-1, 'Low: when nothing else waits']];

/** What is being done: of a published film the job for its next version, else the asset itself. */
export const workOf = ({ state, job }) => job?.state ?? state;

/** Whether somebody works on it, or will. */
export const isAtWork = (asset) => ['receiving', 'queued', 'processing'].includes(workOf(asset));

/** Why nothing came of the last attempt, or null. */
export const rejectionOf = ({ rejection, job }) => rejection ?? job?.rejection ?? null;

/** `encode` of an asset that is encoded: `{ name, progress }`; null where nothing runs. */
export const runningStage = ({ stages }) => stages?.find(({ state }) => state === 'running') ?? null;

/** One sentence about what is being done, for lists. */
export function progressSentence(asset) {
  const work = workOf(asset);
  if (work === 'queued') return asset.version ? `Version ${asset.version} plays; the next one waits for a worker` : 'Waits for a worker';
  const stage = runningStage(asset);
  if (!stage) return '';
  const done = `${STAGES[stage.name] ?? stage.name} · ${Math.floor((stage.progress ?? 0) * 100)} %`;
  if (asset.version) return `Next version: ${done}`;
  return asset.playableVersion && work === 'processing' ? `${done} · plays already` : done;
}

/** Whether `asset` says more than `known`, or something newer. What comes by stream and what was asked for may cross. */
export const isNews = (asset, known) => Date.parse(asset.updatedAt) >= Date.parse(known.updatedAt);
