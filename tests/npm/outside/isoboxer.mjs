// FILE…: what codem-isoboxer, dash.js' box reader, reads of CMAF files: the index, and every fragment's decode time and run; as JSON.
import { readFileSync } from 'node:fs';
import ISOBoxer from 'codem-isoboxer';

const read = path => {
  const bytes = readFileSync(path);
  const file = ISOBoxer.parseBuffer(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  const [sidx] = file.fetchAll('sidx');
  return {
    incomplete: file._incomplete ?? false,
    timescale: sidx.timescale,
    segments: sidx.references.length,
    indexedBytes: sidx.references.reduce((sum, reference) => sum + reference.referenced_size, 0),
    indexedTicks: sidx.references.reduce((sum, reference) => sum + reference.subsegment_duration, 0),
    decodeTimes: file.fetchAll('tfdt').map(tfdt => tfdt.baseMediaDecodeTime),
    samples: file.fetchAll('trun').reduce((sum, trun) => sum + trun.sample_count, 0),
  };
};

console.log(JSON.stringify(process.argv.slice(2).map(read)));
