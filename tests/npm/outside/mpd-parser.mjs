// FOLDER: what videojs' mpd-parser reads of manifest.mpd (each track's segments from its sidx) and of segments/manifest.mpd, as JSON.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ISOBoxer from 'codem-isoboxer';
import { addSidxSegmentsToPlaylist, parse } from 'mpd-parser';

const folder = process.argv[2];

const tracksOf = manifest => [
  ...manifest.playlists,
  ...['AUDIO', 'SUBTITLES'].flatMap(type => Object.values(manifest.mediaGroups[type]).flatMap(group => Object.values(group).flatMap(rendition => rendition.playlists))),
];

// The players hand the sidx over as an object of mux.js' shape.
const readIndex = ({ resolvedUri, byterange: { offset, length } }) => {
  const file = readFileSync(join(folder, new URL(resolvedUri).pathname));
  const bytes = file.buffer.slice(file.byteOffset + Number(offset), file.byteOffset + Number(offset) + Number(length));
  const [sidx] = ISOBoxer.parseBuffer(bytes).fetchAll('sidx');
  return {
    timescale: sidx.timescale,
    firstOffset: sidx.first_offset,
    references: sidx.references.map(reference => ({
      referenceType: reference.reference_type, referencedSize: reference.referenced_size, subsegmentDuration: reference.subsegment_duration,
    })),
  };
};

const read = name => {
  const manifest = parse(readFileSync(join(folder, name), 'utf8'), { manifestUri: `https://host/${name}` });
  return {
    seconds: manifest.duration,
    tracks: tracksOf(manifest).map(track => {
      if (track.sidx) addSidxSegmentsToPlaylist(track, readIndex(track.sidx), track.sidx.resolvedUri);
      return {
        id: track.attributes.NAME,
        codecs: track.attributes.CODECS,
        segments: track.segments.length,
        seconds: track.segments.reduce((sum, segment) => sum + segment.duration, 0),
        bytes: track.segments.reduce((sum, segment) => sum + Number(segment.byterange?.length ?? 0), 0),
      };
    }),
  };
};

console.log(JSON.stringify({ indexed: read('manifest.mpd'), templated: read('segments/manifest.mpd') }));
