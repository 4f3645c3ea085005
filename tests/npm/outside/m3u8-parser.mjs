// FOLDER: what videojs' m3u8-parser reads of master.m3u8 and every playlist that it names, as JSON.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Parser } from 'm3u8-parser';

const folder = process.argv[2];

const read = name => {
  const parser = new Parser();
  parser.push(readFileSync(join(folder, name), 'utf8'));
  parser.end();
  return parser.manifest;
};

const master = read('master.m3u8');
const uris = [
  ...master.playlists.map(variant => variant.uri),
  ...['AUDIO', 'SUBTITLES'].flatMap(type => Object.values(master.mediaGroups[type]).flatMap(group => Object.values(group).map(rendition => rendition.uri))),
];
const playlists = [...new Set(uris)].map(uri => {
  const { segments, endList, targetDuration } = read(uri);
  return {
    id: uri.replace('.m3u8', ''),
    segments: segments.length,
    seconds: segments.reduce((sum, segment) => sum + segment.duration, 0),
    bytes: segments.reduce((sum, segment) => sum + (segment.byterange?.length ?? 0), 0),
    longest: Math.max(...segments.map(segment => segment.duration)),
    targetDuration,
    endList,
  };
});
console.log(JSON.stringify({
  playlists,
  variants: master.playlists.map(({ uri, attributes }) => ({ uri, width: attributes.RESOLUTION?.width, height: attributes.RESOLUTION?.height, codecs: attributes.CODECS, bandwidth: attributes.BANDWIDTH })),
}));
